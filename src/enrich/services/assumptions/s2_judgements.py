"""Judgements of Semantic Scholar's answers: the objection that each raises, None for no objection.

Pure functions, one per assumption of the table in `semantic_scholar.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from enrich.papers.titles import title_key
from enrich.services.assumptions.check import KNOWN, ONE, OTHER, unknown_names
from enrich.services.fields import Faults
from enrich.services.s2_records import record_of

_FIELDS = ("externalIds", "title", "abstract", "authors", "year", "citationCount")


def missing_fields(rows: list[Any]) -> str | None:
    """Object to fields that no row of a sample has."""
    got = [row for row in rows if isinstance(row, dict)]
    missing = [name for name in _FIELDS if not any(row.get(name) for row in got)]
    return f"missing or null: {', '.join(missing)}" if missing else None


_TYPES: dict[str, Callable[[Any], bool]] = {
    "paperId": lambda value: isinstance(value, str) and len(value) == 40,
    "corpusId": lambda value: type(value) is int and value > 0,
    "externalIds": lambda value: isinstance(value, dict),
    "title": lambda value: isinstance(value, str) and bool(value.strip()),
    "abstract": lambda value: isinstance(value, str),
    "venue": lambda value: isinstance(value, str),
    "year": lambda value: type(value) is int and 1000 < value < 3000,
    "citationCount": lambda value: type(value) is int and value >= 0,
    "influentialCitationCount": lambda value: type(value) is int and value >= 0,
    "referenceCount": lambda value: type(value) is int and value >= 0,
    "isOpenAccess": lambda value: isinstance(value, bool),
    "openAccessPdf": lambda value: isinstance(value, dict),
    "authors": lambda value: isinstance(value, list) and all(isinstance(a, dict) for a in value),
}


def wrong_types(rows: list[Any]) -> str | None:
    """Object to values of another type than documented."""
    wrong = {
        name
        for row in rows
        if isinstance(row, dict)
        for name, fits in _TYPES.items()
        if row.get(name) is not None and not fits(row[name])
    }
    return f"of another type: {', '.join(sorted(wrong))}" if wrong else None


def unknown_fields(rows: list[Any], *, now: datetime) -> str | None:
    """Object to fields that no parser here reads."""
    readable = [row for row in rows if isinstance(row, dict) and row.get("title")]
    return unknown_names(set().union(*(record_of(row, now, Faults())[1] for row in readable)))


def other_order(rows: list[Any]) -> str | None:
    """Object to rows in another order than their ids."""
    if not rows:
        return "no rows came"
    titles = [title_key((row or {}).get("title") or "") for row in rows]
    wanted = [title_key(KNOWN[one]) for one in (OTHER, ONE)]
    return None if titles == wanted else "the rows come in another order"


def no_null(rows: list[Any]) -> str | None:
    """Object unless one known and one unknown id give a row and a null."""
    if len(rows) != 2:
        return f"2 identifiers were answered with {len(rows)} rows"
    return None if rows.count(None) == 1 else "an unknown identifier was answered with a row"


def lost_titles(answer: dict[str, Any]) -> str | None:
    """Object when a known title is missing or far more came than was asked for."""
    found = {title_key(row.get("title") or "") for row in answer.get("data") or []}
    lost = [title for title in KNOWN.values() if title_key(title) not in found]
    if lost:
        return f"{len(lost)} of 2 titles were not found"
    if len(found) > 50:
        return f"2 titles brought up {len(found)} papers: quotation marks are ignored"
    return None


def other_match(answer: dict[str, Any]) -> str | None:
    """Object when a known title matches another paper or none."""
    rows = answer.get("data") or []
    title = rows[0].get("title") or "" if rows else ""
    fits = title_key(title) == title_key(KNOWN[ONE])
    return None if fits else "it does not find a paper it has"


def silent_miss(answer: dict[str, Any] | str) -> str | None:
    """Object unless a miss is a refusal with the known words."""
    if isinstance(answer, str):
        return None if "title match not found" in answer.lower() else answer
    return "a nonsense title has a match" if answer.get("data") else "a miss is an empty list"


def short_references(rows: list[Any]) -> str | None:
    """Object when a row has neither all references it counts nor null for elided ones."""
    for row in rows:
        references = (row or {}).get("references")
        if references is not None and len(references) != row.get("referenceCount"):
            return f"{len(references)} of {row.get('referenceCount')} references came"
    return None if any(row and row.get("references") for row in rows) else "no references came"


def no_reference_page(answer: dict[str, Any]) -> str | None:
    """Object unless the page lists cited papers or says that they are elided."""
    rows = answer.get("data", [])
    cited = rows is None or (rows and all("citedPaper" in row for row in rows))
    return None if cited else "the page holds no cited papers"


def no_recommendations(answer: dict[str, Any]) -> str | None:
    """Object unless there is a list of recommended papers, which may be empty."""
    rows = answer.get("recommendedPapers")
    return None if isinstance(rows, list) else "there is no list of recommended papers"
