"""The records a report is made of: the only input of the page.

Every text in here comes from a list or a service and is not yet escaped; every link is already
known to be http or https.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from enrich.outputs.addresses import Address
from enrich.records import Issue

# In the order in which the page shows them.
STATUSES = ("resolved", "unresolved", "ambiguous", "conflict", "pending", "not_a_paper")
LABELS = {
    "resolved": "Resolved",
    "unresolved": "Unresolved",
    "ambiguous": "Ambiguous",
    "conflict": "Conflict",
    "pending": "Pending",
    "not_a_paper": "Not a paper",
}
NO_TITLE = "(no title)"
# Statuses that a person or a later run may still change.
OPEN_STATUSES = ("unresolved", "ambiguous", "conflict", "pending")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One distinct paper, as far as the report shows it.

    Attributes:
        venue: The acronym of its venue, or the name where none is known; None for preprints.
        venue_name: The venue's name as the source gives it.
        rate: Citations per year of age; the year of publication counts as one.
        history: Its counts in the snapshots of `Report.days`, None where not counted.
        bibtex: Its BibTeX entry; None where the list's history cannot be read.
    """

    paper_id: str
    title: str
    abstract: str | None = None
    abstract_source: str | None = None
    tldr: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    venue_name: str | None = None
    citations: int | None = None
    rate: float | None = None
    history: tuple[int | None, ...] = ()
    influential: int | None = None
    counted_on: date | None = None
    categories: tuple[str, ...] = ()
    withdrawn: str | None = None
    bibtex: str | None = None
    links: tuple[Address, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate of an entry that was not accepted."""

    title: str
    year: int | None
    score: float | None
    reason: str | None
    link: Address | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the list and what became of it; `line` is 1-based in the source."""

    entry_id: str
    position: int
    line: int
    title: str
    kind: str
    section: tuple[str, ...]
    status: str
    reason: str
    paper_id: str | None = None
    method: str | None = None
    score: float | None = None
    year: int | None = None
    authors_text: str | None = None
    venue_text: str | None = None
    note: str | None = None
    links: tuple[Address, ...] = ()
    candidates: tuple[CandidateRow, ...] = ()


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """One snapshot in the list's history.

    `citations` is over the `counted` papers whose count was known; `same_papers` over those whose
    count was known in every snapshot shown, so that it moves only when citations do.
    """

    snapshot: str
    at: datetime
    entries: int
    resolved: int
    counted: int
    citations: int
    same_papers: int


@dataclass(frozen=True, slots=True)
class Gain:
    """A paper whose citations were counted in two snapshots; `entry_id` is one of its entries."""

    entry_id: str | None
    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in words; `entry_id` is an entry of this snapshot, None if it has none."""

    text: str
    entry_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind (`what` as in `snapshot.compare`), one line each."""

    what: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the snapshot before.

    `gained` is over the `compared` papers whose citations were counted in both.
    """

    since_at: datetime
    groups: tuple[ChangeGroup, ...] = ()
    gained: int = 0
    compared: int = 0
    top: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows of one snapshot of one list.

    Attributes:
        location: The list's address, or its file's name; never a path of this machine.
        services: What each service was asked, as the manifest has it.
        days: The days of the snapshots that papers' `history` is over.
        unread: Earlier snapshots that could not be read and are missing from `growth`.
    """

    slug: str
    title: str
    location: str
    snapshot: str
    mode: str
    finished: datetime
    incomplete: bool
    versions: Mapping[str, str]
    entries: tuple[EntryRow, ...]
    papers: Mapping[str, PaperRow]
    issues: tuple[Issue, ...] = ()
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    growth: tuple[GrowthPoint, ...] = ()
    days: tuple[date, ...] = ()
    changes: Changes | None = None
    unread: tuple[str, ...] = ()
