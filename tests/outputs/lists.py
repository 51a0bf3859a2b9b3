"""What tests of several outputs share: lists, and the one paper that every entry may be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enrich.outputs.annotate.edit import Annotated
from enrich.parsing import ListText

REPO = Path(__file__).resolve().parents[2]
REAL = REPO / "data" / "raw" / "awesome-deep-learning-for-video-analysis.md"
PAPER: dict[str, Any] = {
    "is_withdrawn": False, "arxiv_id": "1811.08383", "year": 2019, "citation_count": 1234,
    "venue": "A | B *c* <d> [e](f) -->", "s2_paper_id": "f" * 40,
    "counts_observed_at": datetime(2026, 1, 2, tzinfo=UTC),
}  # fmt: skip

Mark = Callable[..., Annotated]


def text_of(data: bytes | str, name: str = "list.md") -> ListText:
    """A list's text without a file."""
    data = data.encode() if isinstance(data, str) else data
    return ListText(name, "list", name, data, hashlib.sha256(data).hexdigest())


# A list with one problem of each kind.
FAULTY = """\
# A list with faults

## Papers

- TSM: Temporal Shift Module for Efficient Video Understanding [[Paper]](https://arxiv.org/abs/1811.08383)
- VideoBERT: A Joint Model for Video and Language Representation Learning [[Paper]](https://arxiv.org/abs/1904.99999v2)
- Look, Listen and Learn [[Paper]](https://arxiv.org/pdf/1811.08383.pdf)
- Objects that Sound [[Paper]](https://arxiv.org/abs/1712.066)
- Learning to Seperate Object Sounds by Watching Unlabelled Video. *arXiv 2018* [[Paper]](https://arxiv.org/pdf/1804.01665.pdf)
- Long-Term Feature Banks for Detailed Video Understanding (*CVPR2019*) [[Paper]](https://arxiv.org/pdf/1812.05038.pdf)
- Long-Term Feature Banks for Detailed Video Understanding (*CVPR2019*) [[Paper]](https://arxiv.org/pdf/1812.05038.pdf)
- HowTo100M: Learning a Text-Video Embedding by Watching Hundred Million Narrated Video Clips, arXiv 2019 [[Paper]](https://arxiv.org/abs/1906.03327)

## Again

- AENet: Learning Deep Audio Features for Video Analysis [[Paper]](https://arxiv.org/pdf/1701.00599.pdf)

## And again

- AENet: Learning Deep Audio Features for Video Analysis [[Paper]](https://arxiv.org/pdf/1701.00599.pdf)
"""  # noqa: E501
