"""The records of papers, and how each of their fields appears in the tables.

A new fact about papers is declared once, in `PaperFacts` or `Identifiers`: the column of `papers`,
its description, the merge precedence and the store's form follow from the declaration. Only the
parser of the service that supplies the fact has to fill it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_type_hints

Service = Literal["arxiv", "semantic_scholar"]
Source = Literal["arxiv", "semantic_scholar", "index"]
Metric = Literal["citation_count", "influential_citation_count", "reference_count"]
# complete: every reference is known; none_known: Semantic Scholar has none; elided: the publisher
# withholds them; failed: the request failed or was cut short; not_asked: this run did not ask.
ReferencesStatus = Literal["complete", "none_known", "elided", "failed", "not_asked"]

# The names people read.
SERVICE_NAMES: Final[Mapping[str, str]] = {
    "arxiv": "arXiv",
    "semantic_scholar": "Semantic Scholar",
}
SOURCE_NAMES: Final[Mapping[str, str]] = {**SERVICE_NAMES, "index": "local index"}

# The sources of a field in order of trust: what the first lacks is taken from the next.
ARXIV_FIRST: Final[tuple[Source, ...]] = ("arxiv", "semantic_scholar", "index")
S2_FIRST: Final[tuple[Source, ...]] = ("semantic_scholar", "index", "arxiv")
ARXIV_ONLY: Final[tuple[Source, ...]] = ("arxiv", "index")
S2_ONLY: Final[tuple[Source, ...]] = ("semantic_scholar", "index")


@dataclass(frozen=True, slots=True)
class Column:
    """How a field of a paper appears as a column of the table `papers`.

    Attributes:
        meaning: The description, one phrase, as the data dictionary prints it.
        sources: The sources that may supply the field, most trusted first; empty when the field
            is derived.
        bits: Width of an integer column.
        in_enriched: Whether the table `enriched` has the column too.
    """

    meaning: str
    sources: tuple[Source, ...] = ()
    bits: int = 32
    in_enriched: bool = True


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Identifiers of one paper, normalised and bare; None where unknown.

    `arxiv_id` has no version (`1811.08383`, `cs/0501001`), `doi` is lower case without a resolver
    and is the publisher's (arXiv's own DOI is turned into `arxiv_id`), `s2_paper_id` is 40 hex,
    `pmcid` is digits without `PMC`.
    """

    arxiv_id: Annotated[str | None, Column("Bare and without version", ARXIV_FIRST)] = None
    arxiv_version: Annotated[
        int | None, Column("Newest version that arXiv lists", ARXIV_ONLY, bits=16)
    ] = None
    doi: Annotated[
        str | None,
        Column("The publisher's DOI; arXiv's own is derivable from arxiv_id", S2_FIRST),
    ] = None
    s2_paper_id: Annotated[
        str | None,
        Column("Semantic Scholar's paper id, 40 hex digits; merges change it", S2_ONLY),
    ] = None
    s2_corpus_id: Annotated[
        int | None, Column("Semantic Scholar's corpus id", S2_ONLY, bits=64)
    ] = None
    acl_id: Annotated[str | None, Column("ACL Anthology id", S2_FIRST)] = None
    openreview_id: Annotated[str | None, Column("OpenReview id", S2_FIRST, in_enriched=False)] = (
        None
    )
    dblp_id: Annotated[str | None, Column("DBLP key", S2_FIRST, in_enriched=False)] = None
    pmid: Annotated[str | None, Column("PubMed id", S2_FIRST, in_enriched=False)] = None
    mag_id: Annotated[
        str | None, Column("Microsoft Academic Graph id", S2_FIRST, in_enriched=False)
    ] = None
    pmcid: Annotated[
        str | None, Column("PubMed Central id, digits only", S2_FIRST, in_enriched=False)
    ] = None


NO_IDENTIFIERS = Identifiers()


@dataclass(frozen=True, slots=True)
class Author:
    """One author of a record, in the order of the record."""

    name: str
    s2_author_id: str | None = None
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What sources state about a paper; shared by `Record` (one source) and `Paper` (merged).

    Facts that a source does not have are None or empty.
    """

    abstract: Annotated[
        str | None, Column("arXiv's abstract first, Semantic Scholar's otherwise", ARXIV_FIRST)
    ] = None
    tldr: Annotated[
        str | None, Column("Semantic Scholar's one-sentence summary, made by a model", S2_ONLY)
    ] = None
    arxiv_primary_category: Annotated[str | None, Column("For example cs.CV", ARXIV_ONLY)] = None
    arxiv_categories: Annotated[
        tuple[str, ...], Column("All categories, the primary one included", ARXIV_ONLY)
    ] = ()
    arxiv_comment: Annotated[
        str | None, Column("The authors' comment on arXiv", ARXIV_ONLY, in_enriched=False)
    ] = None
    journal_ref: Annotated[
        str | None, Column("Journal reference the authors gave to arXiv", ARXIV_ONLY)
    ] = None
    authors: Annotated[tuple[Author, ...], Column("Authors in order", ARXIV_FIRST)] = ()
    year: Annotated[int | None, Column("Year of publication", S2_FIRST, bits=16)] = None
    venue: Annotated[str | None, Column("Where it was published", S2_FIRST)] = None
    journal_volume: Annotated[
        str | None, Column("Volume of the journal", S2_ONLY, in_enriched=False)
    ] = None
    journal_pages: Annotated[
        str | None, Column("Pages in the journal or proceedings", S2_ONLY, in_enriched=False)
    ] = None
    publication_types: Annotated[
        tuple[str, ...],
        Column("For example Conference, JournalArticle", S2_ONLY, in_enriched=False),
    ] = ()
    published_on: Annotated[date | None, Column("Date of the publication", S2_ONLY)] = None
    arxiv_published_at: Annotated[datetime | None, Column("First version on arXiv", ARXIV_ONLY)] = (
        None
    )
    arxiv_updated_at: Annotated[datetime | None, Column("Newest version on arXiv", ARXIV_ONLY)] = (
        None
    )
    citation_count: Annotated[
        int | None,
        Column("Semantic Scholar's, as of counts_observed_at; null is unknown", S2_ONLY),
    ] = None
    influential_citation_count: Annotated[
        int | None, Column("Semantic Scholar's, as of counts_observed_at", S2_ONLY)
    ] = None
    reference_count: Annotated[
        int | None, Column("Semantic Scholar's, as of counts_observed_at", S2_ONLY)
    ] = None
    counts_observed_at: Annotated[datetime | None, Column("When the counts were true", S2_ONLY)] = (
        None
    )
    fields_of_study: Annotated[tuple[str, ...], Column("Semantic Scholar's", S2_ONLY)] = ()
    open_access_pdf: Annotated[
        str | None, Column("Address of a free document, a PDF as a rule", S2_ONLY)
    ] = None
    open_access_url: Annotated[
        str | None,
        Column("Address of a free copy that is a landing page and no document", S2_ONLY),
    ] = None
    open_access_status: Annotated[
        str | None, Column("GOLD, GREEN, BRONZE, HYBRID, CLOSED …: Semantic Scholar's", S2_ONLY)
    ] = None
    open_access_license: Annotated[
        str | None, Column("Licence of the free copy, as Semantic Scholar writes it", S2_ONLY)
    ] = None
    is_open_access: Annotated[
        bool | None, Column("Whether it can be read free of charge", S2_ONLY)
    ] = None
    abstract_elided: Annotated[
        str | None,
        Column(
            "Semantic Scholar's notice where the publisher withholds the abstract",
            S2_ONLY,
            in_enriched=False,
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Record(PaperFacts):
    """One paper as one source describes it: arXiv, Semantic Scholar or the local index.

    `fetched_at` is when the record was received; `counts_observed_at` when its counts were true
    (an index carries its release date).
    """

    source: Source
    source_id: str
    title: str
    ids: Identifiers
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Paper(PaperFacts):
    """One distinct paper, merged from the records of its sources by `papers/merge.py`.

    `paper_id` never changes once given; `aliases` are all ids it has been known by
    (`arxiv:…`, `doi:…`, `s2:…`, `corpus:…`, `acl:…`), sorted.
    """

    paper_id: Annotated[
        str,
        Column(
            "Ours; once given to a paper it never changes in later snapshots; unique within a "
            "snapshot",
            in_enriched=False,
        ),
    ]
    title: Annotated[str, Column("Title as the sources give it", ARXIV_FIRST)]
    ids: Identifiers
    fetched_at: Annotated[datetime, Column("When the oldest of the records used was fetched")]
    sources: Annotated[tuple[str, ...], Column("Which services supplied the row")]
    aliases: Annotated[
        tuple[str, ...], Column("All ids the paper has been known by, sorted", in_enriched=False)
    ] = ()
    abstract_source: Annotated[str | None, Column("Which source the abstract is from")] = None
    is_withdrawn: Annotated[bool | None, Column("Withdrawn from arXiv")] = None
    withdrawal_note: Annotated[
        str | None, Column("What arXiv says of the withdrawal", in_enriched=False)
    ] = None
    references_status: Annotated[
        ReferencesStatus,
        Column(
            "complete; none_known: Semantic Scholar has none; elided: withheld by the publisher; "
            "failed: the request failed or was cut short; not_asked",
            in_enriched=False,
        ),
    ] = "not_asked"
    references_known: Annotated[
        int | None,
        Column("How many rows `references` has of the paper; null if not asked", in_enriched=False),
    ] = None
    references_observed_at: Annotated[
        datetime | None, Column("When the references were asked for", in_enriched=False)
    ] = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a bibliography.

    `ids` are empty where Semantic Scholar could not resolve the work: then only what the
    bibliography itself prints is known.
    """

    title: str | None
    ids: Identifiers = NO_IDENTIFIERS
    year: int | None = None
    venue: str | None = None
    citation_count: int | None = None
    authors: tuple[str, ...] = ()

    @property
    def is_resolved(self) -> bool:
        """Whether Semantic Scholar knows which work it is."""
        return self.ids.s2_paper_id is not None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recent work that may belong to a list, best rank first.

    Semantic Scholar recommended it, or arXiv announced it and it cites or resembles the list.
    `first_seen` and `last_seen` are the times of the first and the last answer that held it;
    `reason` is one sentence, empty for Semantic Scholar, which gives none.
    """

    work: Reference
    rank: int
    first_seen: datetime
    last_seen: datetime
    service: Service = "semantic_scholar"
    reason: str = ""


def columns_of(record: type[Paper | PaperFacts | Identifiers]) -> dict[str, tuple[object, Column]]:
    """Field name -> (its type, its column) of the fields that are declared as columns."""
    hints = get_type_hints(record, include_extras=True)
    return {
        name: (hint.__origin__, hint.__metadata__[0])
        for name, hint in hints.items()
        if hasattr(hint, "__metadata__")
    }
