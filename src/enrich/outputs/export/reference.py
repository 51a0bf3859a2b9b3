"""What a reference manager is told of one paper: the published version, with its preprint kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any, Literal

from enrich.outputs.export.people import Person, person
from enrich.outputs.export.tex import untex
from enrich.papers.venues import publication

Form = Literal["article", "inproceedings", "book", "incollection", "phdthesis", "misc"]
_MEETING = re.compile(
    r"\b(?:conference|conf\.?|proceedings|symposium|workshops?|congress|meeting|"
    r"Computer Vision and Pattern Recognition|Neural Information Processing Systems|"
    r"Learning Representations|Artificial Intelligence and Statistics|Interspeech|"
    r"(?:CVPR|ICCV|ECCV|ACL|EMNLP|NAACL|ICML|ICLR|NIPS|NeurIPS|AAAI|IJCAI|BMVC|WACV|KDD|SIGIR))\b",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_TAG = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|scp|tt|span)(?: [^<>]*)?>", re.IGNORECASE)
_ARXIV_YEAR = re.compile(r"(?:[a-z.\-]+/)?(\d\d)(\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """One paper to be cited. `key_year` is the preprint's where there is one: it never changes."""

    paper_id: str
    form: Form
    title: str
    authors: tuple[Person, ...]
    year: int | None
    on: date | None = None
    venue: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    arxiv_category: str | None = None
    url: str | None = None
    note: str | None = None
    abstract: str | None = None
    key: str = ""


def reference(row: Mapping[str, Any]) -> Reference:
    """The reference of one row of the `papers` table."""
    doi = row["doi"] and clean(row["doi"])
    venue, published_doi = publication(row["venue"] and clean(row["venue"]), doi)
    published = bool(venue or published_doi)
    arxiv_id = row["arxiv_id"]
    on = row["published_on"]
    preprint = row["arxiv_published_at"]
    year = row["year"]
    if not published and preprint is not None:
        on, year = preprint.date(), preprint.year
    elif year is None:
        year = on.year if on else _arxiv_year(arxiv_id)
    journal_ref = row["journal_ref"] and clean(row["journal_ref"])
    notes = [f"Journal reference on arXiv: {journal_ref}"] if journal_ref and not venue else []
    if row["is_withdrawn"]:
        notes.append("Withdrawn from arXiv")
    return Reference(
        paper_id=row["paper_id"],
        form=_form(row["publication_types"] or [], venue) if published else "misc",
        title=title_text(row["title"] or ""),
        authors=tuple(
            person(untex(clean(a["name"]))) for a in row["authors"] or [] if a["name"].strip()
        ),
        year=year,
        # A date of another year (an online-first day, a placeholder) would contradict the year.
        on=on if on is not None and on.year == year else None,
        venue=venue,
        doi=doi or None,
        arxiv_id=arxiv_id,
        arxiv_category=row["arxiv_primary_category"],
        url=address(row),
        note=". ".join(notes) or None,
        abstract=row["abstract"] and clean(row["abstract"]),
    )


def address(row: Mapping[str, Any]) -> str | None:
    """Where the paper is found: its DOI, arXiv, the ACL Anthology, OpenReview, Semantic Scholar."""
    for column, prefix in (
        ("doi", "https://doi.org/"),
        ("arxiv_id", "https://arxiv.org/abs/"),
        ("acl_id", "https://aclanthology.org/"),
        ("openreview_id", "https://openreview.net/forum?id="),
        ("s2_paper_id", "https://www.semanticscholar.org/paper/"),
    ):
        if row.get(column):
            return f"{prefix}{escaped(row[column])}"
    return None


def escaped(text: str) -> str:
    """An identifier inside an address: what would end or open something there is percent-coded."""
    return "".join(
        "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace"))
        if c in '%{}\\<>"^`|#?[]()' or c.isspace() or not c.isprintable()
        else c
        for c in text
    )


def clean(text: str) -> str:
    """`text` on one line, in composed characters, without control and format characters."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    # Joiners are part of words in several scripts; marks of direction and fillers are not.
    return " ".join(
        "".join(
            c for c in kept if c in "\u200c\u200d" or unicodedata.category(c) not in ("Cf", "Cs")
        ).split()
    )


def title_text(text: str) -> str:
    """A title as people read it: HTML's entities and tags and TeX's accents resolved."""
    text = _TAG.sub("", _ENTITY.sub(lambda match: unescape(match[0]), text))
    return untex(clean(text))


def key_year(row: Mapping[str, Any]) -> int | None:
    """The year for a citation key: of the arXiv id, which no later publication changes."""
    return _arxiv_year(row["arxiv_id"]) or row["year"]


def _arxiv_year(arxiv_id: str | None) -> int | None:
    match = _ARXIV_YEAR.match(arxiv_id or "")
    if match is None:
        return None
    return int(match[1]) + (1900 if int(match[1]) >= 91 else 2000)


def _form(types: list[str], venue: str | None) -> Form:
    if venue is not None and _MEETING.search(venue) and "journal" not in venue.lower():
        return "inproceedings"
    # Semantic Scholar gives papers of conferences both types; the venue's name decides those.
    for kind, form in _FORMS:
        if kind in types:
            return form
    return "article" if venue is not None else "misc"


_FORMS: tuple[tuple[str, Form], ...] = (
    ("BookSection", "incollection"),
    ("Book", "book"),
    ("JournalArticle", "article"),
    ("Conference", "inproceedings"),
)
