"""Bibliographic reference of one paper: the published version, with its preprint kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any, Literal

from enrich.outputs.addresses import best_address
from enrich.outputs.escape import one_line
from enrich.outputs.export.people import Person, person
from enrich.outputs.export.tex import untex
from enrich.papers.venues import publication

Form = Literal["article", "inproceedings", "book", "incollection", "phdthesis", "misc"]
# Words and acronyms that mark a venue as a conference.
_MEETING = re.compile(
    r"\b(?:conference|conf\.?|proceedings|symposium|workshops?|congress|meeting|"
    r"Computer Vision and Pattern Recognition|Neural Information Processing Systems|"
    r"Learning Representations|Artificial Intelligence and Statistics|Interspeech|"
    r"(?:CVPR|ICCV|ECCV|ACL|EMNLP|NAACL|ICML|ICLR|NIPS|NeurIPS|AAAI|IJCAI|BMVC|WACV|KDD|SIGIR))\b",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
# Markup that services leave in titles.
_TAG = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|scp|tt|span)(?: [^<>]*)?>", re.IGNORECASE)
# `1811.08383` and `cs/0501001` both begin with year and month.
_ARXIV_YEAR = re.compile(r"(?:[a-z.\-]+/)?(\d\d)(\d\d)", re.IGNORECASE)
# Semantic Scholar's publication types in order of precedence.
_FORMS: tuple[tuple[str, Form], ...] = (
    ("BookSection", "incollection"),
    ("Book", "book"),
    ("JournalArticle", "article"),
    ("Conference", "inproceedings"),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One paper to be cited; `key` is its citation key."""

    paper_id: str
    form: Form
    title: str
    authors: tuple[Person, ...]
    year: int | None
    on: date | None = None
    venue: str | None = None
    volume: str | None = None
    pages: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    arxiv_category: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    note: str | None = None
    abstract: str | None = None
    key: str = ""


def reference(row: Mapping[str, Any]) -> Reference:
    """The reference of one row of the `papers` table."""
    doi = row["doi"] and one_line(row["doi"])
    venue, published_doi = publication(row["venue"] and one_line(row["venue"]), doi)
    published = bool(venue or published_doi)
    arxiv_id = row["arxiv_id"]
    on = row["published_on"]
    preprint = row["arxiv_published_at"]
    year = row["year"]
    if not published and preprint is not None:
        on, year = preprint.date(), preprint.year
    elif year is None:
        year = on.year if on else _arxiv_year(arxiv_id)
    journal_ref = row["journal_ref"] and one_line(row["journal_ref"])
    notes = [f"Journal reference on arXiv: {journal_ref}"] if journal_ref and not venue else []
    if row["is_withdrawn"]:
        notes.append("Withdrawn from arXiv")
    return Reference(
        paper_id=row["paper_id"],
        form=_form(row["publication_types"] or [], venue) if published else "misc",
        title=title_text(row["title"] or ""),
        authors=tuple(
            person(untex(one_line(a["name"]))) for a in row["authors"] or [] if a["name"].strip()
        ),
        year=year,
        # A date of another year (an online-first day, a placeholder) would contradict the year.
        on=on if on is not None and on.year == year else None,
        venue=venue,
        volume=_text(row, "journal_volume") if published else None,
        pages=_text(row, "journal_pages") if published else None,
        doi=doi or None,
        arxiv_id=arxiv_id,
        arxiv_category=row["arxiv_primary_category"],
        pmid=_text(row, "pmid"),
        pmcid=_text(row, "pmcid"),
        url=best_address(row),
        note=". ".join(notes) or None,
        abstract=_text(row, "abstract"),
    )


def title_text(text: str) -> str:
    """A title as people read it: HTML's entities and tags and TeX's accents resolved."""
    text = _TAG.sub("", _ENTITY.sub(lambda match: unescape(match[0]), text))
    return untex(one_line(text))


def key_year(row: Mapping[str, Any]) -> int | None:
    """The year for a citation key: of the arXiv id, which no later publication changes."""
    return _arxiv_year(row["arxiv_id"]) or row["year"]


def _text(row: Mapping[str, Any], column: str) -> str | None:
    # Snapshots of an older schema lack the newer columns.
    return one_line(row.get(column)) or None


def _arxiv_year(arxiv_id: str | None) -> int | None:
    match = _ARXIV_YEAR.match(arxiv_id or "")
    if match is None:
        return None
    # arXiv began in 1991.
    return int(match[1]) + (1900 if int(match[1]) >= 91 else 2000)


def _form(types: list[str], venue: str | None) -> Form:
    """The BibTeX type of a published paper.

    Semantic Scholar gives papers of conferences both types: the venue's name decides those. With a
    publisher's DOI and nothing else known, an article is the most frequent case.
    """
    if venue is not None and _MEETING.search(venue) and "journal" not in venue.lower():
        return "inproceedings"
    return next((form for kind, form in _FORMS if kind in types), "article")
