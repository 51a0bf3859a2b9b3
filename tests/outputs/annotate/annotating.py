"""What the tests of marks share: the one paper that every entry may be, texts without files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enrich.outputs.annotate.edit import Annotated
from enrich.parsing import ListText

REPO = Path(__file__).resolve().parents[3]
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
