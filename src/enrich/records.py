"""The records that travel through the house, one way: list text -> Entry -> Resolution -> Paper.

Everything here is frozen and free of I/O. Text is never "" where it means missing: it is None.
Times are aware UTC datetimes. The tables of a snapshot are made from these records in `tables.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Role = Literal["paper", "code", "project", "dataset", "post", "video", "slides", "other"]
Kind = Literal["paper", "code", "dataset", "tutorial", "post", "list", "website", "other"]
Status = Literal["resolved", "unresolved", "conflict", "ambiguous", "pending", "not_a_paper"]
Method = Literal[
    "id:arxiv", "id:doi", "id:s2", "id:acl", "id:url",
    "title:s2", "title:arxiv", "title:index", "override",
]  # fmt: skip
Service = Literal["arxiv", "semantic_scholar"]
Source = Literal["arxiv", "semantic_scholar", "index"]
Verdict = Literal["accepted", "rejected", "runner_up"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Identifiers of one paper, normalised and bare; None where unknown.

    `arxiv_id` has no version (`1811.08383`, `cs/0501001`), `doi` is lower case without a resolver
    and is the publisher's (arXiv's own DOI is turned into `arxiv_id`), `s2_paper_id` is 40 hex,
    `pmcid` is digits without `PMC`.
    """

    arxiv_id: str | None = None
    arxiv_version: int | None = None
    doi: str | None = None
    s2_paper_id: str | None = None
    s2_corpus_id: int | None = None
    acl_id: str | None = None
    openreview_id: str | None = None
    dblp_id: str | None = None
    pmid: str | None = None
    mag_id: str | None = None
    pmcid: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an entry: `label` as written, cleaned of markup; `line` is 1-based."""

    label: str
    url: str
    role: Role
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list says of one thing.

    `entry_id` is stable over re-runs and edits elsewhere. `ids` are the identifiers of the entry's
    own paper (the first paper link wins); `arxiv_ids` are all that stand in the entry, in order.
    `hints` are facts read from link addresses (a CVF file name), used where the list is silent.
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
    ids: Identifiers = Identifiers()
    arxiv_ids: tuple[str, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """Something the list's owner or the operator should look at; `line` is 1-based."""

    severity: Severity
    code: str
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
class ParsedList:
    """A whole list, read. Every link of the document is in an entry or in `stray_links`."""

    title: str
    format: str
    encoding: str
    entries: tuple[Entry, ...]
    stray_links: tuple[StrayLink, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """One author of a record, in the order of the record."""

    name: str
    s2_author_id: str | None = None
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says of one paper: arXiv, Semantic Scholar or the local index.

    Fields a source does not have are None or empty. `fetched_at` is when the record was received;
    `counts_observed_at` when its counts were true (an index carries its release date).
    """

    source: Source
    source_id: str
    title: str
    ids: Identifiers
    fetched_at: datetime
    abstract: str | None = None
    tldr: str | None = None
    authors: tuple[Author, ...] = ()
    year: int | None = None
    venue: str | None = None
    publication_types: tuple[str, ...] = ()
    published_on: date | None = None
    # arXiv only
    arxiv_primary_category: str | None = None
    arxiv_categories: tuple[str, ...] = ()
    arxiv_comment: str | None = None
    journal_ref: str | None = None
    arxiv_published_at: datetime | None = None
    arxiv_updated_at: datetime | None = None
    # Semantic Scholar only
    citation_count: int | None = None
    influential_citation_count: int | None = None
    reference_count: int | None = None
    counts_observed_at: datetime | None = None
    fields_of_study: tuple[str, ...] = ()
    open_access_pdf: str | None = None
    is_open_access: bool | None = None


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
    """What became of an entry, with the evidence. `chosen` is set exactly when it is resolved."""

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
    """One look at one number of one paper. A failed look has value None and says so in `status`."""

    paper_id: str
    source: str
    metric: str
    value: int | None
    observed_at: datetime
    status: Literal["ok", "not_found", "throttled", "error", "carried_forward"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One distinct paper, merged from the sources by the precedence table of `merge.py`.

    `paper_id` never changes once given; `aliases` are all ids it has been known by
    (`arxiv:…`, `doi:…`, `s2:…`, `corpus:…`, `acl:…`), sorted.
    """

    paper_id: str
    title: str
    ids: Identifiers
    fetched_at: datetime
    sources: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    abstract: str | None = None
    abstract_source: str | None = None
    tldr: str | None = None
    authors: tuple[Author, ...] = ()
    year: int | None = None
    venue: str | None = None
    publication_types: tuple[str, ...] = ()
    published_on: date | None = None
    arxiv_primary_category: str | None = None
    arxiv_categories: tuple[str, ...] = ()
    arxiv_comment: str | None = None
    journal_ref: str | None = None
    arxiv_published_at: datetime | None = None
    arxiv_updated_at: datetime | None = None
    citation_count: int | None = None
    influential_citation_count: int | None = None
    reference_count: int | None = None
    counts_observed_at: datetime | None = None
    fields_of_study: tuple[str, ...] = ()
    open_access_pdf: str | None = None
    is_open_access: bool | None = None
    is_withdrawn: bool | None = None
    withdrawal_note: str | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one service was asked in one run, and how it bore it. Counts are requests, not rows."""

    service: str
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
    """All that the sources know of the entries: aligned with them, nothing missing.

    `records` gives for each resolved entry every record that describes its paper (both services).
    `unasked` are the entries for which a source that was needed could not be asked.
    """

    resolutions: tuple[Resolution, ...]
    records: dict[str, tuple[Record, ...]]
    unasked: frozenset[str]
    traffic: tuple[Traffic, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRun:
    """One run over one list, complete: everything a snapshot is made of.

    `paper_of` maps entry_id to paper_id for resolved entries. `failed_looks` are observations that
    could not be made (a paper whose counts were due but whose source could not be asked). `unasked`
    are the entries for which something needed could not be asked; those left out on purpose are not
    among them.
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
    failed_looks: tuple[Observation, ...] = ()
    unasked: frozenset[str] = frozenset()

    @property
    def incomplete(self) -> bool:
        """True when a service that was needed could not be asked."""
        return bool(self.unasked) or any(o.status != "not_found" for o in self.failed_looks)
