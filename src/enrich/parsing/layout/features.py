"""What a text looks like: a date, a venue, names of people or a title, each from 0 to 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from enrich.parsing.inline import squeeze, words
from enrich.parsing.names import AND, ET_AL, hide_stops, in_sentence, is_name
from enrich.parsing.shapes import in_title_case
from enrich.parsing.venues import (
    IN_VENUE,
    PREPRINT_DATE,
    VENUE_LOOSE,
    YEAR,
    date_year,
    is_short_venue,
    is_venue,
    year_in,
)

_COMPACT_DATE = re.compile(r"(?:19[5-9]|20[0-4])\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?")
_SEPARATOR = re.compile(rf"\s*(?:[,;，；、|]|{AND})\s*")
_HAN = re.compile(r"[\u4e00-\u9fff\uac00-\ud7af]{2,4}")
_PARENTHESES = re.compile(r"[(（][^)）]{0,60}[)）]|[*†‡∗¹²³]")
_YEAR_LAST = re.compile(r"[\s,]+(?:19|20)\d\d[a-z]?$")
_CAPITALS = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z&\-]*(?:\s+[A-Z][\w&\-]*){0,2}")
_LONGEST_VENUE = 14  # words
_LONGEST_NAME = 6  # words
_LONGEST = 600  # characters: longer texts are prose


@dataclass(frozen=True, slots=True)
class Features:
    """How much a text looks like each kind of field."""

    words: int
    date: bool
    venue: float
    names: float
    title: float
    title_case: bool
    year: bool
    cited: bool  # it names authors with `et al.` or begins with `by`


@lru_cache(maxsize=1 << 15)
def features(text: str) -> Features:
    """The features of one text."""
    text = squeeze(text)
    found = words(text)
    dated = read_date(text) is not None
    long = len(text) > _LONGEST
    return Features(
        len(found),
        dated,
        0.0 if long else _venue(text, len(found)),
        0.0 if long or dated else _names(text),
        _title(found),
        in_title_case(text),
        dated or year_in(text) is not None,
        bool(ET_AL.search(text)) or text[:3].lower() == "by ",
    )


def read_date(text: str) -> int | None:
    """The year of a text that is a year or a date and nothing else."""
    bare = text.strip(" .,;:()[]")
    if YEAR.fullmatch(bare):
        return int(bare)
    if match := _COMPACT_DATE.fullmatch(bare):
        return int(match.group()[:4])
    return date_year(bare)


def _venue(text: str, count: int) -> float:
    whole = text.strip(" .,;:()[]")
    bare = without_in(whole)
    if count > _LONGEST_VENUE:
        return 0.0
    if PREPRINT_DATE.fullmatch(bare) or is_venue(bare) or is_short_venue(bare):
        return 1.0
    dated = year_in(bare) is not None
    if VENUE_LOOSE.match(bare):
        return 0.9 if dated or count <= 8 else 0.5
    if (dated and count <= 3) or (bare != whole and count <= 10):
        return 0.6
    if dated and count <= 7:
        return 0.4
    return 0.3 if count <= 3 and _CAPITALS.fullmatch(bare) else 0.0


def without_in(venue: str) -> str:
    """A venue without the preposition before it: `In Proceedings of …`."""
    return IN_VENUE.sub("", venue)


def _names(text: str) -> float:
    if len(text.split()) > _LONGEST_NAME and not _SEPARATOR.search(text) and not ET_AL.search(text):
        return 0.0
    bare = squeeze(_PARENTHESES.sub("", hide_stops(text))).strip(" .,;:-–—|([（【")
    bare = _YEAR_LAST.sub("", bare)
    others = bool(ET_AL.search(bare))
    parts = [part for part in _SEPARATOR.split(ET_AL.sub("", bare).strip(" .,;")) if part.strip()]
    if not parts or any(
        len(part.split()) > _LONGEST_NAME or read_date(part) or is_short_venue(part)
        for part in parts
    ):
        return 0.0
    good = sum(is_name(part, among_names=others) for part in parts)
    if others and good == len(parts):
        return 1.0
    if len(parts) >= 3:
        return 1.0 if good * 10 >= len(parts) * 7 else 0.0
    if len(parts) == 2:
        whole = any(len(part.split()) >= 2 or _HAN.fullmatch(part) for part in parts)
        return 0.0 if good < 2 else 0.85 if whole else 0.5
    return 0.5 if good and (2 <= len(parts[0].split()) <= 4 or _HAN.fullmatch(parts[0])) else 0.0


def _title(found: tuple[str, ...]) -> float:
    count = len(found)
    length = (0.0, 0.1, 0.3, 0.5, 0.65)[count] if count < 5 else 0.8 if count <= 22 else 0.4
    return min(1.0, length + (0.2 if count >= 3 and in_sentence(found) else 0.0))
