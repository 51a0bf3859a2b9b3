"""One line of a dump -> one row of the index. Pure; a line that breaks a rule raises Broken.

Formats: arXiv's metadata snapshot (Kaggle `Cornell-University/arxiv`), Semantic Scholar Datasets
`papers`, `abstracts` and `paper-ids`; Parquet with the same columns gives the same dicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from enrich.index import ids

Line = Mapping[str, Any]
Row = dict[str, Any]

_MONTHS: Final = {
    name: number + 1
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    )
}
_S2_URL: Final = re.compile(
    r"https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/]*/)?([0-9a-f]{40})"
)
# Titles longer than this are whole texts in the wrong field.
LONGEST_TITLE: Final = 2_000
_YEARS: Final = range(1500, 2200)
_INT32 = 2**31


class Broken(ValueError):
    """A line that cannot become a row; the message is the kind of fault, without its values."""


def text(value: object) -> str | None:
    """`value` with white space (and NUL) made single spaces; None where nothing is left."""
    if not value or not isinstance(value, str):
        return None
    if "\0" in value:
        value = value.replace("\0", " ")
    return " ".join(value.split()) or None


def arxiv(line: Line) -> Row:
    """A row of `arxiv`; `note` says if the id was repaired."""
    title = _title(line)
    versions = line.get("versions")
    created = _moment(line.get("created"))
    updated = _moment(line.get("updated") or line.get("update_date"))
    version = None
    if isinstance(versions, list) and versions:
        stamps = [_moment(v.get("created")) for v in versions if isinstance(v, dict)]
        created = (stamps[0] if stamps else None) or created
        updated = (stamps[-1] if stamps else None) or updated
        version = len(versions)
    given = line["id"] if "id" in line else line.get("arxiv_id")
    arxiv_id, note = ids.arxiv_id(given), None
    if arxiv_id is None:
        arxiv_id = ids.repaired_arxiv_id(given, created.date() if created else None)
        note = "damaged arXiv id repaired"
        if arxiv_id is None:
            raise Broken("no valid arXiv id")
    categories = _words(line.get("categories"))
    doi = ids.doi(line.get("doi"))
    return {
        "arxiv_id": arxiv_id,
        "note": note,
        "paper": "arxiv:" + arxiv_id,
        "title": title,
        "abstract": text(line.get("abstract")),
        "authors": _arxiv_authors(line),
        "year": created.year if created else None,
        "doi": None if doi and ids.arxiv_id_of_doi(doi) else doi,
        "arxiv_version": version,
        "arxiv_primary_category": text(line.get("primary_category"))
        or (categories[0] if categories else None),
        "arxiv_categories": categories,
        "arxiv_comment": text(line.get("comments")),
        "journal_ref": text(line.get("journal-ref", line.get("journal_ref"))),
        "arxiv_published_at": created,
        "arxiv_updated_at": updated or created,
        "touched": _day(line.get("update_date") or line.get("updated")),
    }


def s2_papers(line: Line) -> Row:
    """A row of `s2_papers`; `note` says if an external id was refused."""
    corpus_id = ids.corpus_id(line.get("corpusid"))
    if corpus_id is None:
        raise Broken("no valid corpusid")
    title = _title(line)
    external = line.get("externalids")
    if isinstance(external, list):  # a map of Parquet
        external = dict(pair for pair in external if isinstance(pair, tuple))
    external = external if isinstance(external, dict) else {}
    given = external.get("ArXiv")
    arxiv_id, note = ids.arxiv_id(given), None
    doi = ids.doi(external.get("DOI"))
    if doi and (of_doi := ids.arxiv_id_of_doi(doi)):
        arxiv_id, doi = arxiv_id or of_doi, None
    if given is not None and arxiv_id is None:
        arxiv_id = ids.repaired_arxiv_id(given)
        note = "damaged arXiv id repaired" if arxiv_id else "external arXiv id refused"
    url = _S2_URL.match(v) if isinstance(v := line.get("url"), str) else None
    fields = (f for f in _list(line.get("s2fieldsofstudy")) if isinstance(f, dict))
    categories = dict.fromkeys(text(f.get("category")) for f in fields)
    year = line.get("year")
    authors = [
        (name, ids.number_text(author.get("authorId")))
        for author in _list(line.get("authors"))
        if isinstance(author, dict) and (name := text(author.get("name")))
    ]
    return {
        "s2_corpus_id": corpus_id,
        "note": note,
        "paper": "arxiv:" + arxiv_id if arxiv_id else f"corpus:{corpus_id}",
        "title": title,
        "arxiv_id": arxiv_id,
        "doi": doi,
        "s2_paper_id": url[1] if url else None,
        "acl_id": ids.token(external.get("ACL")),
        "dblp_id": ids.token(external.get("DBLP")),
        "pmid": ids.number_text(external.get("PubMed")),
        "mag_id": ids.number_text(external.get("MAG")),
        "authors": [name for name, _ in authors],
        "s2_author_ids": [author_id for _, author_id in authors],
        "year": year if isinstance(year, int) and year in _YEARS else None,
        "venue": text(line.get("venue")),
        "publication_types": _words(line.get("publicationtypes")),
        "published_on": _day(line.get("publicationdate")),
        "citation_count": _count(line.get("citationcount")),
        "influential_citation_count": _count(line.get("influentialcitationcount")),
        "reference_count": _count(line.get("referencecount")),
        "is_open_access": v if isinstance(v := line.get("isopenaccess"), bool) else None,
        "fields_of_study": [name for name in categories if name],
    }


def abstracts(line: Line) -> Row:
    """A row of abstracts, of Semantic Scholar (`corpusid`) or of arXiv records (`arxiv_id`)."""
    corpus_id, arxiv_id = ids.corpus_id(line.get("corpusid")), ids.arxiv_id(line.get("arxiv_id"))
    abstract = text(line.get("abstract"))
    if corpus_id is None and arxiv_id is None:
        raise Broken("no valid id")
    if abstract is None:
        raise Broken("no abstract")
    access = line.get("openaccessinfo")
    pdf = text(access.get("url")) if isinstance(access, dict) else None
    return {
        "s2_corpus_id": corpus_id,
        "arxiv_id": arxiv_id,
        "abstract": abstract,
        "open_access_pdf": pdf if pdf and pdf.startswith(("http://", "https://")) else None,
    }


def s2_ids(line: Line) -> Row:
    """A row of Semantic Scholar's `paper-ids`."""
    corpus_id, sha = ids.corpus_id(line.get("corpusid")), ids.s2_paper_id(line.get("sha"))
    if corpus_id is None or sha is None:
        raise Broken("no valid corpusid and sha")
    return {
        "s2_paper_id": sha,
        "s2_corpus_id": corpus_id,
        "is_primary": line.get("primary") is True,
    }


def deleted(line: Line) -> Row:
    """A row of a diff's delete file: a removed corpusid."""
    corpus_id = ids.corpus_id(line.get("corpusid"))
    if corpus_id is None:
        raise Broken("no valid corpusid")
    return {"s2_corpus_id": corpus_id}


def citations(line: Line) -> Row:
    """A row of Semantic Scholar's `citations`; `cited_corpus_id` is null where it has no record."""
    citing = ids.corpus_id(line.get("citingcorpusid"))
    if citing is None:
        raise Broken("no valid citingcorpusid")
    return {
        "s2_corpus_id": citing,
        "cited_corpus_id": ids.corpus_id(line.get("citedcorpusid")),
        "citation_id": ids.corpus_id(line.get("citationid")),
    }


PARSERS: Final[dict[str, Callable[[Line], Row]]] = {
    "arxiv": arxiv,
    "s2_papers": s2_papers,
    "arxiv_abstracts": abstracts,
    "s2_abstracts": abstracts,
    "s2_ids": s2_ids,
    "s2_deleted": deleted,
    "s2_citations": citations,
}


def _title(line: Line) -> str:
    title = text(line.get("title"))
    if title is None or len(title) > LONGEST_TITLE:
        raise Broken("no title" if title is None else "title too long")
    return title


def _arxiv_authors(line: Line) -> list[str]:
    parsed = line.get("authors_parsed")
    if isinstance(parsed, list) and parsed:
        names = [
            text(" ".join(str(part) for part in (*name[1:2], *name[:1], *name[2:3]) if part))
            for name in parsed
            if isinstance(name, list)
        ]
    elif isinstance(given := line.get("authors"), str):
        return [name for name in (text(given) or "").replace(" ,", ",").split(", ") if name]
    else:
        names = [text(name) for name in _list(given)]
    return [name for name in names if name]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: object) -> list[str]:
    """A list of strings, or one string parted by spaces or commas."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [w for w in value if isinstance(w, str) and w] if isinstance(value, list) else []


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _INT32 else None


def _day(value: object) -> date | None:
    if isinstance(value, str):
        return _day_of(value[:10])
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


@lru_cache(maxsize=32_768)
def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    """`Mon, 2 Apr 2007 19:18:42 GMT` (arXiv's versions) or an ISO day, as UTC."""
    if value is None:
        return None
    if isinstance(value, str) and value.endswith("GMT"):
        try:
            _, day, month, year, clock, _ = value.split()
            hour, minute, second = clock.split(":")
            return datetime(
                int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC
            )
        except (ValueError, KeyError):
            return None
    return _midnight(on) if (on := _day(value)) else None


@lru_cache(maxsize=32_768)
def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
