"""How the title in a list stands to the title of a record, in one word and one number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from enrich.resolve.wording import content_words, differ, veto
from enrich.titles import plain_title, title_key

Kind = Literal[
    "same",  # equal normal forms
    "trimmed",  # equal once venue, label or number around the list's title are taken off
    "labelled",  # equal after a label ("How2 Dataset: How2: …")
    "slip",  # only slips of the pen apart
    "subtitle",  # equal but for a subtitle that one side lacks
    "truncated",  # one is the beginning of the other
    "quoted",  # the record's title stands whole in a longer reference
    "near",  # much alike, but words are changed, added or missing
    "part",  # most words of one are in the other
    "other",
]
NEAR: Final = 0.85
SHORT: Final = 3  # words
_QUOTED_WORDS: Final = 4

_BREAK: Final = re.compile(r"[:|–—]|(?<=[\s.!?])-+\s+|[.?!]\s+")
_COVER: Final = (
    re.compile(r"^\s*(?:\[[^\]]{1,40}\]|\(\d{1,4}\)|#?\d{1,4}[.)])\s*"),
    re.compile(r"\s*[|,;]+\s*$"),
    re.compile(r"\s*[\[(][^\[\]()]*\b(?:19|20)\d\d[^\[\]()]*[\])]\W*$"),
    re.compile(r"\s*[,.(]*\s*arxiv(?: preprint)?[:\s][\w./:-]+\)?\W*$", re.IGNORECASE),
    re.compile(r"\s*\((?:oral|spotlight|poster|workshop|best paper|[A-Z][A-Za-z+&-]{2,9}\s?'?\d*)\)\W*$"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """`likeness` 0-1; `against` a veto's phrase; `words` what the compared title of the list has."""

    kind: Kind
    likeness: float
    words: int
    against: str | None = None
    changed: tuple[str, ...] = ()


def relate(listed: str, found: str) -> Relation:
    """How `listed` (a title as the list gives it) stands to `found` (a record's)."""
    key, other = title_key(listed), title_key(found)
    words = len(plain_title(listed).split())
    if not key or not other:
        return Relation("other", 0.0, words)
    if key == other:
        return Relation("same", 1.0, words)
    for reading in _readings(listed):
        if title_key(reading) == other:
            return Relation("trimmed", 0.99, len(plain_title(reading).split()))
    heads, tails = _heads_and_tails(listed)
    if other in tails:
        return Relation("labelled", 0.97, len(plain_title(found).split()))
    likeness = _likeness(listed, found)
    if key in _heads_and_tails(found)[0]:
        return Relation("subtitle", max(likeness, 0.9), words, _sibling(listed, found))
    if other in heads:
        shared = len(plain_title(found).split())
        return Relation("subtitle", max(likeness, 0.9), shared, _sibling(listed, found))
    return _unlike(listed, found, likeness, words)


def _unlike(listed: str, found: str, likeness: float, words: int) -> Relation:
    plain, other = plain_title(listed), plain_title(found)
    if len(other.split()) >= _QUOTED_WORDS and f" {other} " in f" {plain} ":
        return Relation("quoted", max(likeness, 0.8), len(other.split()))
    against = veto(listed, found)
    shorter, longer = sorted((plain, other), key=len)
    if longer.startswith(shorter) and len(shorter.split()) > SHORT:
        return Relation("truncated", max(likeness, 0.8), len(shorter.split()), against)
    difference = differ(listed, found)
    if not difference.changed and difference.slips <= 1 + words // 6 and likeness >= NEAR:
        return Relation("slip", likeness, words, against)
    kind: Kind = "other"
    if likeness >= NEAR:
        kind = "near"
    elif _is_part(listed, found):
        kind = "part"
    return Relation(kind, likeness, words, against, difference.changed)


def _likeness(listed: str, found: str) -> float:
    ratio = fuzz.ratio(plain_title(listed), plain_title(found))
    return round(max(ratio, fuzz.ratio(title_key(listed), title_key(found))) / 100, 4)


def _readings(listed: str) -> Iterator[str]:
    """The title with one cover after another taken off, if any comes off."""
    reading = listed
    for _ in range(3):
        for cover in _COVER:
            shorter = cover.sub("", reading)
            if shorter != reading and shorter.strip():
                reading = shorter
                yield reading


def _heads_and_tails(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of what stands before and after each colon, dash or full stop."""
    heads, tails = set(), set()
    for match in _BREAK.finditer(title):
        heads.add(title_key(title[: match.start() + (match[0][0] in "?!")]))
        tails.add(title_key(title[match.end() :]))
    return frozenset(heads - {""}), frozenset(tails - {""})


def _sibling(listed: str, found: str) -> str | None:
    # Numbers in a subtitle that one side lacks say nothing, "part two" or "erratum" there does.
    against = veto(listed, found)
    return against if against and not against.startswith("the numbers") else None


def _is_part(listed: str, found: str) -> bool:
    words, others = content_words(listed), content_words(found)
    if not words or not others:
        return False
    shared = len(words & others)
    return shared / len(words) >= 0.75 or (shared >= 4 and shared / len(others) >= 0.9)
