"""Entries that are only an identifier or an address."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.parsing.support import parse

from enrich.records import Author, Candidate, Identifiers, Record
from enrich.resolve import decide


def test_an_identifier_alone_is_believed() -> None:
    """A line that holds just an identifier has no title, and none that could contradict it."""
    entry = parse("1706.03762\n", "list.txt").entries[0]
    assert entry.title == ""
    record = Record(
        source="arxiv",
        source_id="1706.03762v7",
        title="Attention Is All You Need",
        ids=Identifiers(arxiv_id="1706.03762"),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        authors=(Author("Ashish Vaswani"),),
        year=2017,
    )
    found = decide(entry, [Candidate(record, "id:arxiv")])
    assert found.status == "resolved"
    assert found.method == "id:arxiv"
