"""A Semantic Scholar row -> `Record`, field by field through typed accessors.

Pure. Fields: https://api.semanticscholar.org/api-docs/graph, any may be missing or null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from enrich.papers.identifiers import (
    normalise_acl_id,
    normalise_arxiv_id,
    normalise_dblp_id,
    normalise_doi,
    normalise_number,
    normalise_pmcid,
    normalise_s2_id,
)
from enrich.records import Author, Identifiers, Record
from enrich.services.fields import INT64, LONG_TEXT, Faults, FieldReader

COUNTS = ("citationCount", "influentialCitationCount", "referenceCount")
# Known to the service, answered now and then though not asked for, and not used.
_UNUSED = ("url", "citationStyles", "matchScore", "embedding")
# Of 675 recorded addresses these words keep 592.
_DOCUMENT = re.compile(
    r"pdf|/download|/bitstream/|/document/?$|viewcontent|type=printable", re.IGNORECASE
)
# As the notice names the abstract: `{'abstract'}` or among other fields.
_ELIDED = re.compile(r"elided by the publisher: \{[^}]*'abstract'")


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one row and the ids it gives itself; None where it has none."""

    paper_id: str | None
    corpus_id: int | None
    citation_count: int | None
    influential_citation_count: int | None
    reference_count: int | None


def counts_of(row: Mapping[str, Any], faults: Faults) -> Counts:
    """The counts of one row."""
    reader = FieldReader(row, faults)
    return Counts(paper_id_of(reader), _corpus_id(reader), *(reader.number(n) for n in COUNTS))


def record_of(
    row: Mapping[str, Any], now: datetime, faults: Faults
) -> tuple[Record | None, set[str]]:
    """The record of one row.

    Args:
        row: An object of the service's answer.
        now: When it was received.
        faults: Counts the fields that cannot be used.

    Returns:
        The record, None when the row has no id or no title; and the names of fields that are not
        known here.
    """
    reader = FieldReader(row, faults)
    paper_id = paper_id_of(reader)
    title = reader.text("title")
    if paper_id is None or title is None:
        reader.fault("paperId" if paper_id is None else "title", "needed for a record")
        return None, set()
    external = reader.row("externalIds")
    ids = identifiers_of(external, paper_id, _corpus_id(reader))
    journal = reader.row("journal")
    venues = [reader.text("venue"), reader.row("publicationVenue").text("name")]
    venues.append(journal.text("name"))
    has_counts = row.get("citationCount") is not None
    counts = [reader.number(name) for name in COUNTS]
    access = reader.row("openAccessPdf")
    link, notice = access.address("url"), access.text("disclaimer")
    fields = reader.texts("fieldsOfStudy")
    guessed = [f for kind in reader.rows("s2FieldsOfStudy") if (f := kind.text("category"))]
    record = Record(
        source="semantic_scholar",
        source_id=paper_id,
        title=title,
        ids=ids,
        fetched_at=now,
        abstract=reader.text("abstract", LONG_TEXT),
        tldr=reader.row("tldr").text("text"),
        authors=_authors(reader),
        year=reader.year("year", now),
        venue=next(filter(None, venues), None),
        publication_types=reader.texts("publicationTypes"),
        published_on=reader.day("publicationDate", now),
        citation_count=counts[0],
        influential_citation_count=counts[1],
        reference_count=counts[2],
        counts_observed_at=now if has_counts else None,
        fields_of_study=tuple(dict.fromkeys([*fields, *guessed])),
        journal_volume=journal.text("volume"),
        journal_pages=journal.text("pages"),
        open_access_pdf=link if link and is_document(link) else None,
        open_access_url=link if link and not is_document(link) else None,
        open_access_status=access.text("status"),
        open_access_license=access.text("license"),
        is_open_access=reader.flag("isOpenAccess"),
        abstract_elided=notice if notice and _ELIDED.search(notice) else None,
    )
    reader.ignore(*_UNUSED)
    unknown = reader.unknown() | external.unknown()
    return record, unknown


def _authors(reader: FieldReader) -> tuple[Author, ...]:
    authors = []
    for author in reader.rows("authors"):
        name = author.text("name")
        number = author.identifier("authorId", normalise_number)
        affiliations = author.texts("affiliations")
        if name is not None:
            authors.append(Author(name, number, affiliations))
    return tuple(authors)


def identifiers_of(external: FieldReader, paper_id: str, corpus_id: int | None) -> Identifiers:
    """The identifiers of a row, of its `externalIds` and its own two.

    Args:
        external: The row's `externalIds`.
        paper_id: The row's own paper id.
        corpus_id: The row's own corpus id, None where it has none.
    """
    doi = external.identifier("DOI", normalise_doi)
    arxiv = external.identifier("ArXiv", normalise_arxiv_id)
    if doi and doi.startswith("10.48550/arxiv."):
        arxiv, doi = arxiv or normalise_arxiv_id(doi), None
    own = _corpus_id(external, "CorpusId")
    return Identifiers(
        arxiv_id=arxiv[0] if arxiv else None,
        doi=doi,
        s2_paper_id=paper_id,
        s2_corpus_id=corpus_id or own,
        acl_id=external.identifier("ACL", normalise_acl_id),
        dblp_id=external.identifier("DBLP", normalise_dblp_id),
        pmid=external.identifier("PubMed", normalise_number),
        mag_id=external.identifier("MAG", normalise_number),
        pmcid=external.identifier("PubMedCentral", normalise_pmcid),
    )


def paper_id_of(reader: FieldReader) -> str | None:
    """The paper id of a row."""
    return reader.identifier("paperId", normalise_s2_id)


def _corpus_id(reader: FieldReader, name: str = "corpusId") -> int | None:
    return reader.number(name, 1, INT64)


def is_document(url: str) -> bool:
    """Whether an address is one of a document and not of a page about it.

    A doi.org address leads to a page, whatever its DOI holds.
    """
    parts = urlsplit(url)
    if parts.hostname in ("doi.org", "dx.doi.org"):
        return False
    return bool(_DOCUMENT.search(parts.path) or _DOCUMENT.search(parts.query))
