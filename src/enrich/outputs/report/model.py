"""The records a report is made of: the only input of the page.

Every text in here comes from a list or a service and is not yet escaped; every link is already
known to be http or https.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from enrich.outputs.addresses import Address

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
    """One distinct paper, as far as the report shows it."""

    paper_id: str
    title: str
    abstract: str | None = None
    abstract_source: str | None = None
    tldr: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    citations: int | None = None
    influential: int | None = None
    counted_on: date | None = None
    categories: tuple[str, ...] = ()
    withdrawn: str | None = None
    links: tuple[Address, ...] = ()


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
class IssueRow:
    """Something the list's owner should look at."""

    severity: str
    code: str
    message: str
    line: int | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """What one service was asked in the run that made the snapshot."""

    name: str
    base_url: str
    requests: int
    fetched: int
    cached: int
    health: str


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
    """A paper whose citations were counted in two snapshots, and the difference."""

    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind (`what` as in `snapshot.compare`), one line each."""

    what: str
    lines: tuple[str, ...]


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

    `unread` are earlier snapshots that could not be read and are missing from `growth`.
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
    issues: tuple[IssueRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    growth: tuple[GrowthPoint, ...] = ()
    changes: Changes | None = None
    unread: tuple[str, ...] = ()
