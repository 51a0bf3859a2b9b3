"""Real papers that are near another one: a search never takes the one for the other."""

from __future__ import annotations

import pytest
from tests.papers.test_same_paper import facts
from tests.resolve.build import entry, s2, searched

from enrich.records import Record
from enrich.resolve import decide

PAIRS = facts("siblings.json")


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda record: record.source_id)
def test_a_sibling_by_the_same_authors_is_not_accepted(one: Record, other: Record) -> None:
    """Authors write series; with the right paper missing, its sibling must not take its place."""
    for mine, theirs in ((one, other), (other, one)):
        names = ", ".join(author.name for author in mine.authors)
        for listed in (entry(mine.title, names, mine.year), entry(mine.title)):
            twin = s2(theirs.title, theirs.source_id, *(a.name for a in theirs.authors))
            assert decide(listed, searched(theirs, twin)).chosen is None


def test_the_paper_itself_is_accepted_beside_its_siblings() -> None:
    """An equal title wins over everything that is only like it."""
    missed = []
    records = list({r.source_id: r for pair in PAIRS for r in pair}.values())
    for mine in records:
        near = [r for pair in PAIRS for r in pair if mine in pair]
        chosen = decide(entry(mine.title, mine.authors[0].name), searched(*near)).chosen
        if chosen is None or chosen.record.source_id != mine.source_id:
            missed.append(mine.title)
    assert not missed
