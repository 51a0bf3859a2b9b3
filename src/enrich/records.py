"""The records passed between the packages: list text -> Entry -> Resolution -> Paper.

Everything here is frozen and free of I/O. Text is never "" where it means missing: it is None.
Times are aware UTC datetimes. `snapshot/tables.py` turns these records into the tables.
The records of papers are declared in `paper_records.py` and re-exported here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from enrich.paper_records import NO_IDENTIFIERS as NO_IDENTIFIERS
from enrich.paper_records import SERVICE_NAMES as SERVICE_NAMES
from enrich.paper_records import SOURCE_NAMES as SOURCE_NAMES
from enrich.paper_records import Author as Author
from enrich.paper_records import Identifiers as Identifiers
from enrich.paper_records import Metric as Metric
from enrich.paper_records import Paper as Paper
from enrich.paper_records import Recommendation as Recommendation
from enrich.paper_records import Record as Record
from enrich.paper_records import Reference as Reference
from enrich.paper_records import ReferencesStatus as ReferencesStatus
from enrich.paper_records import Service as Service
from enrich.paper_records import Source as Source

Role = Literal["paper", "code", "project", "dataset", "post", "video", "slides", "other"]
Kind = Literal["paper", "code", "dataset", "tutorial", "post", "list", "website", "other"]
Status = Literal["resolved", "unresolved", "conflict", "ambiguous", "pending", "not_a_paper"]
Method = Literal[
    "id:arxiv", "id:doi", "id:s2", "id:acl", "id:url",
    "title:s2", "title:arxiv", "title:index", "override",
]  # fmt: skip
Verdict = Literal["accepted", "rejected", "runner_up"]
Severity = Literal["error", "warning", "info"]
IssueCode = Literal[
    "dead_id", "id_conflict", "duplicate_entry", "title_differs", "missing_arxiv_link",
    "withdrawn", "now_published", "new_version", "identity_changed", "merged_ids",
    "malformed_entry", "passed_over", "unread_link", "layout_corrected",
    "stale_override", "contradicted_override", "new_field", "bad_field",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an entry: `label` as written, cleaned of markup; `line` is 1-based."""

    label: str
    url: str
    role: Role
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list says of one entry.

    `entry_id` is stable over re-runs and edits elsewhere. `ids` are the identifiers of the entry's
    own paper (the first paper link wins); `arxiv_ids` are all that stand in the entry, in order.
    `hints` are facts read from link addresses (a CVF file name), used where the list has no value.
    `section_year` and `section_venue` are stated only by a heading above the entry. `extra` holds
    what no other field does (further columns of a table or CSV file), as (header, text) pairs.
    """

    entry_id: str
    position: int
    section: tuple[str, ...]
    line_start: int
    line_end: int
    raw: str
    title: str
    kind: Kind
    kind_reason: str
    authors_text: str | None = None
    venue_text: str | None = None
    year: int | None = None
    note: str | None = None
    links: tuple[Link, ...] = ()
    ids: Identifiers = NO_IDENTIFIERS
    arxiv_ids: tuple[str, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    section_year: int | None = None
    section_venue: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding that the list's owner or the operator should check; `line` is 1-based."""

    severity: Severity
    code: IssueCode
    message: str
    entry_id: str | None = None
    line: int | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class StrayLink:
    """A link that belongs to no entry, and why: toc, badge, navigation, prose."""

    label: str
    url: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class SlotLayout:
    """Where the entries of a list hold one field, and how many of them do.

    `slot` names the place in words, `role` is title, authors, venue or date, `example` one text.
    """

    slot: str
    role: str
    entries: int
    example: str


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A whole list, read. Every link of the document is in an entry or in `stray_links`.

    `layouts` is what was inferred of the list's layout, the slots of most entries first.
    """

    title: str
    format: str
    encoding: str
    entries: tuple[Entry, ...]
    stray_links: tuple[StrayLink, ...] = ()
    issues: tuple[Issue, ...] = ()
    layouts: tuple[SlotLayout, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record put forward for an entry, and how it came up (the method it would count as)."""

    record: Record
    method: Method


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with its evidence; scores are 0-1, `year_delta` is candidate minus entry."""

    candidate: Candidate
    title_score: float
    author_score: float | None
    year_delta: int | None
    score: float
    decision: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Override:
    """What a person has decided about an entry; exactly one of the four actions is set."""

    entry: str
    reason: str
    pin: str | None = None
    reject: tuple[str, ...] = ()
    absent: bool = False
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """How an entry was resolved, with the evidence. `chosen` is set exactly when it is resolved."""

    entry_id: str
    status: Status
    reason: str
    rule_version: str
    method: Method | None = None
    score: float | None = None
    chosen: Candidate | None = None
    weighed: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One attempt to observe one number of one paper; a failed one has value None and a status."""

    paper_id: str
    source: Service
    metric: Metric
    value: int | None
    observed_at: datetime
    status: Literal["ok", "not_found", "throttled", "error", "carried_forward"]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Request statistics of one service in one run. Counts are requests, not rows."""

    service: Service
    base_url: str
    requests: tuple[tuple[str, int], ...] = ()
    retries: int = 0
    throttled: int = 0
    bytes_received: int = 0
    records_from_cache: int = 0
    records_fetched: int = 0
    health: Literal["ok", "degraded", "down", "unused"] = "unused"

    @property
    def total(self) -> int:
        """Requests over all endpoints."""
        return sum(count for _, count in self.requests)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the sources answered for the entries, one resolution per entry, in their order.

    `records` gives for each resolved entry every record that describes its paper (both services).
    `unasked` are the entries for which a source that was needed could not be asked. `deferred` are
    those whose titles were only asked for together with others, and not yet one at a time.
    """

    resolutions: tuple[Resolution, ...]
    records: dict[str, tuple[Record, ...]]
    unasked: frozenset[str]
    traffic: tuple[Traffic, ...]
    issues: tuple[Issue, ...] = ()
    deferred: frozenset[str] = frozenset()

    def joined(self, stored: Findings, order: Sequence[str]) -> Findings:
        """These findings with those of further entries, which were answered from the store.

        `order` are the entry_ids of both.
        """
        by_id = {r.entry_id: r for r in (*self.resolutions, *stored.resolutions)}
        return replace(
            self,
            resolutions=tuple(by_id[entry_id] for entry_id in order),
            records={**stored.records, **self.records},
            issues=(*self.issues, *stored.issues),
            deferred=self.deferred | stored.deferred,
        )


@dataclass(frozen=True, slots=True)
class ListRun:
    """One run over one list, complete: everything a snapshot is made of.

    `paper_of` maps entry_id to paper_id for resolved entries. `failed_observations` are of papers
    whose counts were due but whose source could not be asked. `unasked` are the
    entries for which something needed could not be asked; those excluded by `--only` are not among
    them. `deferred` are those whose titles were not yet searched one at a time. `references` maps
    paper_id to what is known of the bibliography, None where the run did not ask; `declined` are
    the works that the list's owner does not want suggested.
    """

    list_slug: str
    list_title: str
    location: str
    sha256: str
    mode: Literal["live", "sandbox", "offline"]
    rule_version: str
    started: datetime
    finished: datetime
    parsed: ParsedList
    resolutions: tuple[Resolution, ...]
    papers: tuple[Paper, ...]
    paper_of: dict[str, str]
    issues: tuple[Issue, ...]
    traffic: tuple[Traffic, ...]
    failed_observations: tuple[Observation, ...] = ()
    unasked: frozenset[str] = frozenset()
    deferred: frozenset[str] = frozenset()
    references: Mapping[str, tuple[Reference, ...]] | None = None
    declined: frozenset[str] = frozenset()
    recommended: tuple[Recommendation, ...] = ()

    @property
    def incomplete(self) -> bool:
        """True when a service that was needed could not be asked."""
        return bool(self.unasked) or any(o.status != "not_found" for o in self.failed_observations)
