"""The words by which an entry names its preprint are found whole, or not at all."""

from __future__ import annotations

import pytest

from enrich.outputs.lint.preprint_phrase import preprint_phrase


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Title. *arXiv 2018* [[Paper]](https://arxiv.org/abs/1804.01665)",
         "Title. *CVPR* [[Paper]](https://arxiv.org/abs/1804.01665)"),
        ("Title, arXiv preprint arXiv:1901.09107 (2019).", "Title, CVPR."),
        ("Title. CoRR, abs/1901.09107, 2019", "Title. CVPR"),
        ("Title. arXiv:1901.09107v2 [cs.CV], 2019", "Title. CVPR"),
        ("Title (arXiv, 2019)", "Title (CVPR)"),
        ("Title (arXiv'19)", "Title (CVPR)"),
        ("Title [arXiv](https://arxiv.org/abs/1901.09107) bioRxiv 2020",
         "Title [arXiv](https://arxiv.org/abs/1901.09107) CVPR"),
        ("Title. In **arXiv** 2019", "Title. In **CVPR** 2019"),
    ],
)  # fmt: skip
def test_the_phrase_is_replaced_whole(text: str, replaced: str) -> None:
    """Server, id, category and year are one phrase; links and what is in them are none of it."""
    phrase = preprint_phrase(text)
    assert phrase is not None
    assert text[: phrase.start] + "CVPR" + text[phrase.end :] == replaced


@pytest.mark.parametrize(
    "text",
    [
        "Title. CVPR 2019", "Title [arXiv](https://arxiv.org/abs/1901.09107)",
        "Title. arXiv 2018, also CoRR elsewhere 2019 and arXiv 2020", "A preprint of 2019",
        "Title. arXiv 12.3.2019", "A study of SSRNs and arXivology",
    ],
)  # fmt: skip
def test_no_phrase_where_it_is_not_certain(text: str) -> None:
    """None, several, or one before a date that is not read: nothing is replaced."""
    assert preprint_phrase(text) is None
