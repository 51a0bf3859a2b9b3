"""What speaks for and against one candidate: titles, authors, year; and the score made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from enrich.authors import Agreement, compare_authors
from enrich.records import Candidate, Entry, Record
from enrich.titles import plain_title, title_key, veto

Relation = Literal["same", "subtitle", "labelled", "truncated", "near", "named", "other"]

# Years a record may be away from the list's: preprints come earlier, proceedings later.
YEARS_EARLY: Final = -1
YEARS_LATE: Final = 2
SHORT_WORDS: Final = 3
LONG_WORDS: Final = 10

_PARTS: Final = re.compile(r"\s*[:|–—]\s+|\s+-+\s+|[:–—]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen of one candidate. `score` is 0-1; `against` is a veto's phrase."""

    candidate: Candidate
    relation: Relation
    title_score: float
    authors: Agreement | None
    year_delta: int | None
    against: str | None
    words: int
    score: float

    @property
    def record(self) -> Record:
        """The candidate's record."""
        return self.candidate.record

    @property
    def by_id(self) -> bool:
        """Whether it came up through an identifier in the list."""
        return self.candidate.method.startswith("id:")

    @property
    def year_fits(self) -> bool | None:
        """Whether the year lies in the window; None where one side has none."""
        return None if self.year_delta is None else YEARS_EARLY <= self.year_delta <= YEARS_LATE


def weigh(entry: Entry, candidate: Candidate) -> Evidence:
    """The evidence for one candidate, seen alone."""
    record = candidate.record
    relation, title_score = relate(entry.title, record.title)
    if relation in ("near", "other") and _names(entry.title, record):
        relation, title_score = "named", max(title_score, 0.8)
    against = (
        None if relation in ("same", "subtitle", "labelled") else veto(entry.title, record.title)
    )
    authors = compare_authors(entry.authors_text, [a.name for a in record.authors])
    delta = record.year - entry.year if record.year is not None and entry.year is not None else None
    words = len(plain_title(entry.title).split())
    evidence = Evidence(candidate, relation, title_score, authors, delta, against, words, 0.0)
    return Evidence(
        candidate, relation, title_score, authors, delta, against, words, score(evidence)
    )


def relate(listed: str, found: str) -> tuple[Relation, float]:
    """How the list's title stands to a record's, and how alike they are, 0-1."""
    key, other = title_key(listed), title_key(found)
    if not key or not other:
        return "other", 0.0
    if key == other:
        return "same", 1.0
    ratio = max(
        fuzz.ratio(plain_title(listed), plain_title(found)), fuzz.ratio(key, other)
    ) / 100  # fmt: skip
    parts, others = _PARTS.split(listed), _PARTS.split(found)
    heads = {title_key("".join(parts[: i + 1])) for i in range(len(parts) - 1)}
    found_heads = {title_key("".join(others[: i + 1])) for i in range(len(others) - 1)}
    tails = {title_key(" ".join(parts[i + 1 :])) for i in range(len(parts) - 1)}
    if key in found_heads or other in heads:
        return "subtitle", max(ratio, 0.85)
    if other in tails:
        return "labelled", max(ratio, 0.9)
    shorter, longer = sorted((plain_title(listed), plain_title(found)), key=len)
    if longer.startswith(shorter + " ") and len(shorter.split()) >= SHORT_WORDS:
        return "truncated", max(ratio, 0.8)
    return ("near" if ratio >= 0.85 else "other"), ratio


def _names(listed: str, record: Record) -> bool:
    # A list may call a paper by its method's short name ("DCGAN"), which the abstract then tells.
    words = plain_title(listed).split()
    if not words or len(words) > SHORT_WORDS:
        return False
    text = f" {plain_title(record.title)} {plain_title(record.abstract or '')} "
    return f" {' '.join(words)} " in text or f" {''.join(words)} " in text


def score(evidence: Evidence) -> float:
    """One number over all methods, 0-1: how far this can be the entry's paper."""
    value = evidence.title_score
    if evidence.relation == "same":
        value = 0.97 if evidence.words > SHORT_WORDS else 0.85
    if evidence.against:
        value = min(value, 0.7)
    if evidence.authors is not None:
        if evidence.authors.agrees:
            value += (1 - value) * 0.7
        elif evidence.authors.conflicts:
            value *= 0.9 if evidence.words >= LONG_WORDS and evidence.relation == "same" else 0.6
    if evidence.year_fits:
        value += (1 - value) * 0.4
    elif evidence.year_fits is False:
        value *= 0.95
    if evidence.by_id:
        value += (1 - value) * 0.5
    return round(min(value, 1.0), 4)
