"""Entries, records and candidates in one line each."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

from enrich.records import Author, Candidate, Entry, Identifiers, Method, Record, Source

WHEN = datetime(2026, 11, 22, tzinfo=UTC)


def entry(title: str, authors: str | None = None, year: int | None = None, **more: Any) -> Entry:
    """An entry of a list; a paper unless told otherwise."""
    facts: dict[str, Any] = {"entry_id": "e", "kind": "paper", "kind_reason": "test"} | more
    return Entry(
        position=0, section=(), line_start=1, line_end=1, raw=title, title=title,
        authors_text=authors, year=year, **facts,
    )  # fmt: skip


def arxiv(title: str, number: str, *names: str, year: int | None = None, **more: Any) -> Record:
    """A record of arXiv."""
    return _record("arxiv", number, title, names, year, Identifiers(arxiv_id=number), more)


def s2(title: str, name: str, *names: str, year: int | None = None, **more: Any) -> Record:
    """A record of Semantic Scholar; its 40-hex id is made of `name`."""
    sha = sha1(name.encode()).hexdigest()
    ids = Identifiers(s2_paper_id=sha, **more.pop("ids", {}))
    return _record("semantic_scholar", sha, title, names, year, ids, more)


def _record(
    source: Source, own: str, title: str, names: tuple[str, ...], year: int | None,
    ids: Identifiers, more: dict[str, Any],
) -> Record:  # fmt: skip
    facts: dict[str, Any] = {"fetched_at": WHEN} | more
    authors = facts.pop("authors", tuple(Author(name) for name in names))
    return Record(source, own, title, ids, authors=authors, year=year, **facts)


def by(method: Method, *records: Record) -> list[Candidate]:
    """The records as candidates of one method."""
    return [Candidate(record, method) for record in records]


def searched(*records: Record) -> list[Candidate]:
    """The records as title searches at their own services would give them."""
    methods: dict[Source, Method] = {
        "arxiv": "title:arxiv", "semantic_scholar": "title:s2", "index": "title:index",
    }  # fmt: skip
    return [Candidate(record, methods[record.source]) for record in records]
