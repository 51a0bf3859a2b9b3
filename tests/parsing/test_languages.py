"""References in the words and marks of several languages."""

from __future__ import annotations

import pytest

from .support import parse

PAPERS = (
    ("Kelp Forests Mapped from Kites", "Holm, G. {0} Berg, B.", 2017),
    ("Tidal Pools Counted by Quiet Drones", "Lund, A. {1}", 2018),
    ("Basalt Columns Sorted by Geologists", "Dahl, E., Moe, K. {0} Vik, S.", 2019),
)


@pytest.mark.parametrize("quotes", ["„{}“", "“{}”", "«{}»", "»{}«", "「{}」", "《{}》"])
@pytest.mark.parametrize(
    ("conjunction", "others"),
    [("and", "et al."), ("und", "u. a."), ("et", "et al."), ("y", "y otros"), ("и", "и др.")],
)
def test_a_quoted_title_behind_its_authors(quotes: str, conjunction: str, others: str) -> None:
    """Which marks quote and which word joins the last two names differs; the fields do not."""
    lines = [
        f"1. {names.format(conjunction, others)} ({year}). {quotes.format(title)}. In: ICLR. "
        f"[PDF](https://arxiv.org/abs/17{n:02}.02907)"
        for n, (title, names, year) in enumerate(PAPERS, 1)
    ]
    found = parse("# Papers\n\n" + "\n".join(lines) + "\n").entries
    assert [(e.title, e.authors_text, e.year, e.venue_text) for e in found] == [
        (title, names.format(conjunction, others), year, "ICLR") for title, names, year in PAPERS
    ]
