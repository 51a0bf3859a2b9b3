"""Compare two snapshots of a list. Pure: tables in, changes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from enrich.papers.venues import publication
from enrich.snapshot.schema import TableName, Tables

What = Literal[
    "new", "gone", "resolved", "no longer resolved", "another paper", "citations", "title",
    "version", "published", "withdrawn",
]  # fmt: skip

# The order and the headings of a person who reads it in the morning: news first, numbers last.
HEADINGS: Mapping[What, str] = {
    "new": "New in the list",
    "gone": "No longer in the list",
    "published": "Published",
    "withdrawn": "Withdrawn",
    "resolved": "Newly resolved",
    "no longer resolved": "No longer resolved",
    "another paper": "Another paper than before",
    "version": "New versions on arXiv",
    "title": "Changed titles",
    "citations": "Changed citation counts",
}

# The columns that are compared, by table.
NEEDED: Mapping[TableName, tuple[str, ...]] = {
    "entries": ("entry_id", "title", "status", "paper_id", "kind"),
    "papers": (
        "paper_id", "title", "arxiv_version", "venue", "doi", "citation_count", "is_withdrawn",
    ),
}  # fmt: skip

Rows = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the entry or paper `id`; None where there was or is no value."""

    what: What
    id: str
    title: str
    before: str | int | None
    after: str | int | None


def compare(before: Tables, after: Tables) -> tuple[Change, ...]:
    """Every change, grouped by kind; the largest changes of citations first."""
    entries = _by(before["entries"], "entry_id"), _by(after["entries"], "entry_id")
    papers = _by(before["papers"], "paper_id"), _by(after["papers"], "paper_id")
    changes = [*_entries(*entries), *_papers(*papers)]
    order = {what: place for place, what in enumerate(What.__args__)}  # type: ignore[attr-defined]
    return tuple(sorted(changes, key=lambda change: (order[change.what], -_moved(change))))


def _by(table: pa.Table, key: str) -> Rows:
    return {row[key]: row for row in table.to_pylist()}


def _moved(change: Change) -> int:
    if isinstance(change.before, int) and isinstance(change.after, int):
        return abs(change.after - change.before)
    return 0


def _entries(old: Rows, new: Rows) -> Iterator[Change]:
    for entry_id, row in new.items():
        if entry_id not in old:
            yield Change("new", entry_id, row["title"] or "", None, row["status"])
            continue
        last = old[entry_id]
        title = row["title"] or ""
        if last["status"] != "resolved" and row["status"] == "resolved":
            yield Change("resolved", entry_id, title, last["status"], row["paper_id"])
        elif last["status"] == "resolved" and row["status"] != "resolved":
            yield Change("no longer resolved", entry_id, title, last["paper_id"], row["status"])
        elif last["paper_id"] != row["paper_id"]:
            yield Change("another paper", entry_id, title, last["paper_id"], row["paper_id"])
    for entry_id, row in old.items():
        if entry_id not in new:
            yield Change("gone", entry_id, row["title"] or "", row["status"], None)


def _papers(old: Rows, new: Rows) -> Iterator[Change]:
    for paper_id, row in new.items():
        last = old.get(paper_id)
        if last is None:
            continue
        title = row["title"]
        counts = last["citation_count"], row["citation_count"]
        if None not in counts and counts[0] != counts[1]:
            yield Change("citations", paper_id, title, *counts)
        if last["title"] != title:
            yield Change("title", paper_id, title, last["title"], title)
        versions = last["arxiv_version"], row["arxiv_version"]
        if None not in versions and versions[0] != versions[1]:
            yield Change("version", paper_id, title, *versions)
        places = _place(last), _place(row)
        if places[1] is not None and places[0] != places[1]:
            yield Change("published", paper_id, title, *places)
        if row["is_withdrawn"] and last["is_withdrawn"] is False:
            yield Change("withdrawn", paper_id, title, None, "withdrawn")


def _place(paper: Mapping[str, Any]) -> str | None:
    """Venue and DOI of a published paper; None for a preprint."""
    venue, doi = publication(paper["venue"], paper["doi"])
    return ", ".join(part for part in (venue, doi and f"doi:{doi}") if part) or None
