"""Compose one `Record` from the index's rows of a paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from enrich.records import Author, Identifiers, Record

Row = dict[str, Any]

# Rows of a dump without a release day count as observed on this early day.
UNKNOWN_DAY: Final = datetime(2020, 1, 1, tzinfo=UTC)


def compose(
    title: str,
    arxiv: Row | None,
    s2: Row | None,
    arxiv_abstract: Row | None,
    s2_abstract: Row | None,
    sha: str | None,
    arxiv_as_of: datetime | None,
    s2_as_of: datetime | None,
) -> Record:
    """One record from arXiv's and Semantic Scholar's rows of one paper.

    arXiv's abstract, authors and DOI take precedence; Semantic Scholar's year does, because arXiv's
    is the preprint's.

    Args:
        title: The title that matched.
        arxiv: arXiv's row, or None.
        s2: Semantic Scholar's row, or None; one of the two is given.
        arxiv_abstract: The row of arXiv's abstracts, or None.
        s2_abstract: The row of Semantic Scholar's abstracts, or None.
        sha: The paper's primary Semantic Scholar id, if the index has it.
        arxiv_as_of: Release day of arXiv's dump, if known.
        s2_as_of: Release day of Semantic Scholar's dump; counts without one are left out.

    Returns:
        The record, with `source` "index".
    """
    a, s = arxiv or {}, s2 or {}
    # A count is only meaningful with the day it was observed.
    counts = s if s2_as_of else {}
    abstract = (arxiv_abstract or s2_abstract or {}).get("abstract")
    authors = _authors(a) or _authors(s)
    days = [day for day in (arxiv_as_of, s2_as_of) if day]
    return Record(
        source="index",
        source_id=a.get("paper") or s["paper"],
        title=title,
        ids=Identifiers(
            arxiv_id=a.get("arxiv_id") or s.get("arxiv_id"),
            arxiv_version=a.get("arxiv_version"),
            doi=a.get("doi") or s.get("doi"),
            s2_paper_id=sha or s.get("s2_paper_id"),
            s2_corpus_id=s.get("s2_corpus_id"),
            acl_id=s.get("acl_id"),
            dblp_id=s.get("dblp_id"),
            pmid=s.get("pmid"),
            mag_id=s.get("mag_id"),
        ),
        fetched_at=min(days, default=UNKNOWN_DAY),
        abstract=abstract,
        authors=authors,
        year=s.get("year") or a.get("year"),
        venue=s.get("venue"),
        publication_types=tuple(s.get("publication_types") or ()),
        published_on=s.get("published_on"),
        arxiv_primary_category=a.get("arxiv_primary_category"),
        arxiv_categories=tuple(a.get("arxiv_categories") or ()),
        arxiv_comment=a.get("arxiv_comment"),
        journal_ref=a.get("journal_ref"),
        arxiv_published_at=_utc(a.get("arxiv_published_at")),
        arxiv_updated_at=_utc(a.get("arxiv_updated_at")),
        citation_count=counts.get("citation_count"),
        influential_citation_count=counts.get("influential_citation_count"),
        reference_count=counts.get("reference_count"),
        counts_observed_at=s2_as_of if counts.get("citation_count") is not None else None,
        fields_of_study=tuple(s.get("fields_of_study") or ()),
        open_access_pdf=(s2_abstract or {}).get("open_access_pdf"),
        is_open_access=s.get("is_open_access"),
    )


def _authors(row: Row) -> tuple[Author, ...]:
    names = row.get("authors") or ()
    author_ids = row.get("s2_author_ids") or [None] * len(names)
    return tuple(Author(name, author_id) for name, author_id in zip(names, author_ids, strict=True))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
