"""How the title in a list stands to the title of a record, in one word and one number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from enrich.papers.title_difference import content_key, content_words, differ, numerals, veto
from enrich.papers.titles import plain_title, title_key

Kind = Literal[
    "same",  # equal normal forms
    "trimmed",  # equal once venue, label or number around the list's title are taken off
    "labelled",  # equal after a label ("How2 Dataset: How2: …")
    "slip",  # only slips of the pen apart
    "dropped",  # the list leaves out the subtitle
    "added",  # the list has a subtitle that the record has not
    "truncated",  # one is the beginning of the other
    "quoted",  # the record's title stands whole in a longer reference
    "near",  # much alike, but words are changed, added or missing
    "part",  # most words of one are in the other
    "other",
]
NEAR: Final = 0.85
UNLIKE: Final = 0.6
SHORT: Final = 3  # words
_QUOTED_WORDS: Final = 4

_BREAK: Final = re.compile(r"[:|–—]|(?<=[\s.!?])-+\s+|[.?!]\s+")
# Subtitles of papers about a paper, not of the paper.
_OTHER_TEXT: Final = frozenset(
    {"survey", "review", "overview", "tutorial", "complement", "abstract"}
)
# What lists write around a title: "[YOLO v1] …", "…|", "… (CVPR 2019)", "… arXiv:1511.05641".
_COVER: Final = (
    re.compile(r"^\s*(?:\[[^\]]{1,40}\]|[^\[\]]{1,40}\]|\(\d{1,4}\)|#?\d{1,4}[.)])\s*"),
    re.compile(r"\s*[|,;]+\s*$"),
    re.compile(r"\s*[\[(][^\[\]()]*\b(?:19|20)\d\d[^\[\]()]*[\])]\W*$"),
    re.compile(r"\s*[,.(]*\s*arxiv(?: preprint)?[:\s][\w./:-]+\)?\W*$", re.IGNORECASE),
    re.compile(
        r"\s*\((?:oral|spotlight|poster|workshop|best paper|[A-Z][A-Za-z+&-]{2,9}\s?'?\d*)\)\W*$"
    ),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """`likeness` is 0-1, `words` the length of what was compared, `against` a veto's phrase."""

    kind: Kind
    likeness: float
    words: int
    against: str | None = None
    shares_words: bool = True  # at least one word that means something
    only_added: bool = False  # near: one side has a word or two more, nothing is replaced


def relate(listed: str, found: str) -> Relation:
    """How `listed` (a title as the list gives it) stands to `found` (a record's)."""
    key, other = title_key(listed), title_key(found)
    words = len(plain_title(listed).split())
    if not key or not other:
        return Relation("other", 0.0, words)
    if key == other:
        return Relation("same", 1.0, words)
    plain, found_plain = plain_title(listed), plain_title(found)
    likeness = _likeness(plain, found_plain, key, other)
    if content_key(listed) == content_key(found):
        return Relation("slip", likeness, words, veto(listed, found))
    if (other in key or key in other) and (part := _part_of(listed, found, key, other, likeness)):
        return part
    shorter, longer = sorted((plain, found_plain), key=len)
    if longer.startswith(shorter + " ") and len(shorter.split()) > SHORT:
        against = veto(listed, found)
        return Relation("truncated", max(likeness, 0.8), len(shorter.split()), against)
    return _unlike(listed, found, likeness, words)


def _part_of(listed: str, found: str, key: str, other: str, likeness: float) -> Relation | None:
    """The relation of two titles one of which holds the other, where more than that is known."""
    words, found_words = len(plain_title(listed).split()), len(plain_title(found).split())
    for reading in _readings(listed):
        if title_key(reading) == other:
            return Relation("trimmed", 0.99, len(plain_title(reading).split()))
    heads, tails = _heads_and_tails(listed)
    if other in tails:
        return Relation("labelled", 0.97, found_words)
    if key in _heads_and_tails(found)[0]:
        return Relation("dropped", max(likeness, 0.9), words, _other_part(listed, found))
    if other in heads:
        return Relation("added", max(likeness, 0.9), found_words, _other_part(found, listed))
    if found_words >= _QUOTED_WORDS and f" {plain_title(found)} " in f" {plain_title(listed)} ":
        return Relation("quoted", max(likeness, 0.8), found_words)
    return None


def _unlike(listed: str, found: str, likeness: float, words: int) -> Relation:
    if likeness < NEAR:
        mine, theirs = content_words(listed), content_words(found)
        kind: Kind = "part" if _is_part(mine, theirs) else "other"
        # Titles less alike than this have nothing that a veto could tell apart.
        against = veto(listed, found) if likeness >= UNLIKE else None
        return Relation(kind, likeness, words, against, shares_words=not mine.isdisjoint(theirs))
    against = veto(listed, found)
    difference = differ(listed, found)
    if not difference.changed and difference.slips <= 1 + words // 6:
        return Relation("slip", likeness, words, against)
    return Relation("near", likeness, words, against, only_added=difference.only_added)


def unlike(listed: str, found: str) -> bool:
    """Whether `relate` surely calls the titles `part` or `other`, less alike than NEAR: the score
    of such a candidate stays below what is plausible, as long as nothing but titles is compared.
    A fraction of the time of `relate`."""
    key, other = title_key(listed), title_key(found)
    if not key or not other:
        return True
    if other in key or key in other:
        return False
    plain, found_plain = plain_title(listed), plain_title(found)
    if _likeness(plain, found_plain, key, other) >= NEAR:
        return False
    return content_key(listed) != content_key(found)


def _likeness(plain: str, found_plain: str, key: str, other: str) -> float:
    return round(max(fuzz.ratio(plain, found_plain), fuzz.ratio(key, other)) / 100, 4)


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


def _other_part(short: str, long: str) -> str | None:
    """Why the subtitle that only `long` has makes it another paper; a number in it need not."""
    rest = plain_title(long)[len(plain_title(short)) :].split()
    if other := _OTHER_TEXT & set(rest):
        return f"only one of them says {', '.join(sorted(other))}"
    against = veto(short, long)
    if against is None or not against.startswith("the numbers"):
        return against
    return against if numerals(" ".join(rest[:1])) or numerals(" ".join(rest[:2])) else None


def _is_part(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    if not mine or not theirs:
        return False
    shared = len(mine & theirs)
    return shared / len(mine) >= 0.75 or (shared >= 4 and shared / len(theirs) >= 0.9)
