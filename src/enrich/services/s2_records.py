"""A Semantic Scholar row -> `Record`, field by field; what is left over is a field we do not know.

Pure. Fields: https://api.semanticscholar.org/api-docs/graph, any may be missing or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from enrich.errors import BadAnswer
from enrich.papers.identifiers import normalise_acl_id, normalise_arxiv_id, normalise_doi
from enrich.records import Author, Identifiers, Record

# Known to the service, answered now and then though not asked for, and not used.
_UNUSED = ("url", "citationStyles", "matchScore", "embedding", "openAccessPdf.disclaimer")
COUNTS = ("citationCount", "influentialCitationCount", "referenceCount")


def record_of(row: dict[str, Any], now: datetime) -> tuple[Record, frozenset[str]]:
    """The record of one row, and the names of fields that were left over.

    Raises BadAnswer when the row has no paperId or no title, or a field of another type.
    """
    left = dict(row)
    try:
        record = _record(left, now)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadAnswer(
            f"A row of Semantic Scholar cannot be read: {type(error).__name__}: {error}.",
            "semantic_scholar",
        ) from error
    for name in _UNUSED:
        left.pop(name, None)
    return record, frozenset(left)


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one row; None where it has none."""

    citation_count: int | None
    influential_citation_count: int | None
    reference_count: int | None


def counts_of(row: Mapping[str, Any]) -> Counts:
    """The counts of one row."""
    return Counts(*(_number(row.get(name)) for name in COUNTS))


def _record(left: dict[str, Any], now: datetime) -> Record:
    paper_id = str(left.pop("paperId")).lower()
    title = _text(left.pop("title", None))
    if title is None:
        raise ValueError(f"the paper {paper_id} has no title")
    ids, unknown = _identifiers(left.pop("externalIds", None) or {}, paper_id, left)
    counted = "citationCount" in left
    counts = counts_of({name: left.pop(name, None) for name in COUNTS})
    place = left.pop("publicationVenue", None) or {}
    journal = left.pop("journal", None) or {}
    venue = _text(left.pop("venue", None)) or _text(place.get("name")) or _text(journal.get("name"))
    fields = left.pop("fieldsOfStudy", None) or []
    guessed = [f["category"] for f in left.pop("s2FieldsOfStudy", None) or []]
    published = left.pop("publicationDate", None)
    tldr = left.pop("tldr", None) or {}
    record = Record(
        source="semantic_scholar",
        source_id=paper_id,
        title=title,
        ids=ids,
        fetched_at=now,
        abstract=_text(left.pop("abstract", None)),
        tldr=_text(tldr.get("text")),
        authors=tuple(
            Author(name, _text(a.get("authorId")), tuple(a.get("affiliations") or ()))
            for a in left.pop("authors", None) or []
            if (name := _text(a.get("name")))
        ),
        year=_number(left.pop("year", None)),
        venue=venue,
        publication_types=tuple(left.pop("publicationTypes", None) or ()),
        published_on=date.fromisoformat(published) if published else None,
        counts_observed_at=now if counted else None,
        fields_of_study=tuple(dict.fromkeys([*fields, *guessed])),
        open_access_pdf=_text((left.pop("openAccessPdf", None) or {}).get("url")),
        is_open_access=left.pop("isOpenAccess", None),
        citation_count=counts.citation_count,
        influential_citation_count=counts.influential_citation_count,
        reference_count=counts.reference_count,
    )
    left.update(unknown)
    return record


def _identifiers(
    external: dict[str, Any], paper_id: str, left: dict[str, Any]
) -> tuple[Identifiers, dict[str, Any]]:
    external = dict(external)
    doi = normalise_doi(str(external.pop("DOI", None) or ""))
    arxiv = normalise_arxiv_id(str(external.pop("ArXiv", None) or ""))
    if doi and doi.startswith("10.48550/arxiv."):
        arxiv, doi = arxiv or normalise_arxiv_id(doi), None
    corpus = left.pop("corpusId", None) or external.pop("CorpusId", None)
    external.pop("CorpusId", None)
    external.pop("PubMedCentral", None)
    ids = Identifiers(
        arxiv_id=arxiv[0] if arxiv else None,
        doi=doi,
        s2_paper_id=paper_id,
        s2_corpus_id=_number(corpus),
        acl_id=normalise_acl_id(str(external.pop("ACL", None) or "")),
        dblp_id=_text(external.pop("DBLP", None)),
        pmid=_text(external.pop("PubMed", None)),
        mag_id=_text(external.pop("MAG", None)),
    )
    return ids, {f"externalIds.{name}": value for name, value in external.items()}


def _text(value: object) -> str | None:
    text = " ".join(str(value).split()) if value is not None else ""
    return text or None


def _number(value: object) -> int | None:
    return int(str(value)) if value is not None else None
