"""A title as its paper has it: without numbering, venue, tags, quotes and stops around it."""

from __future__ import annotations

import re
from functools import lru_cache

from enrich.parsing.inline import squeeze, without_emoji, words
from enrich.parsing.venues import (
    YEAR,
    date_year,
    is_bracket_venue,
    is_dated_box,
    is_venue,
    year_in,
)

# Brackets whose link or venue was taken out, and labels whose link was never closed.
_LEFT_OVER = re.compile(r"\s*\[\[[^\[\]]{1,30}\]\]|[\[(（]\s*[\])）]")
_NUMBER = re.compile(
    r"^\s*(?:\(?\[?\d{1,4}(?:\.\d{1,3})*\]?[.)、:]|\[\d{1,4}\]|[-*•+▪–—]|\[[ xX]\])\s+|"
    r"^\s*\d{1,4}、\s*"
)
_FIELD_FIRST = re.compile(
    r"^(?:论文)?(?:标题|题目|名称)\s*[:：]\s*(?=\S)|^(?:paper )?title\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_DOI = re.compile(r"[\s.,;(\[]*\bdoi\s*[:：]\s*10\.\d{4,9}/\S*[\s.,;)\]]*", re.IGNORECASE)
_CITED = re.compile(r"\s+\[\d{1,4}\]$")
_BOX_FIRST = re.compile(r"^[\[(（【]([^\])）】]{2,60})[\])）】]\s*[:：\-,.|]?\s*(?=\S)")
_BOX_LAST = re.compile(r"(?<=\S)\s*[\[(（【]([^\[\](（）)【】]{2,60})[\])）】]\s*[.,;]?$")
_VENUE_FIRST = re.compile(r"^(\S{3,20}(?:\s?\d{4})?)\s*[:：]\s*(?=\S)")
# `2019-ICCV-Title`, `ICCV-2019-Title`
_DATED = re.compile(
    r"^(?:((?:19|20)\d\d)[\-_.]([A-Z][A-Za-z]{1,11})|([A-Z][A-Za-z]{1,11})[\-_. ]?((?:19|20)\d\d))"
    r"\s*[\-_|]\s*(?=\S)"
)
_NAMED_TWICE = re.compile(r"^(\S{2,30})(?: [Dd]ata ?[Ss]et)?\s*[:：]\s*(?=(\S{2,30}?)[:：]\s)")
_SHORT_TAG = re.compile(r"^\[((?!Re\])[^\[\]]{1,30})\]\s*[:：\-]?\s+(?=\S)")
# Marks around quoted titles; which of a pair opens differs between languages.
QUOTES = '"“”„«»「」『』《》'
_QUOTES = frozenset(QUOTES + "'‘’`´")
_APOSTROPHES = frozenset("'’")
_ROUNDS = 20  # what stands around a title is taken off layer by layer; no title has so many


@lru_cache(maxsize=8192)
def clean_title(text: str) -> tuple[str, tuple[str, ...]]:
    """(title, what was cut off it and may be a venue, a year or a short name).

    Cut off are numbering (`[20]`, `3.`), a venue before (`CVPR2019:`, `[ICLR 2020]`) or behind it,
    a tag (`[SSD]`), stray quotes and closing marks; a question mark stays.
    """
    cut: list[str] = []
    # What is taken out leaves blanks, and a run of blanks costs its square below.
    text = squeeze(_LEFT_OVER.sub(" ", squeeze(without_emoji(text))))
    text = _FIELD_FIRST.sub("", text)
    if "10." in text:
        text = _DOI.sub(" ", text)
    for _ in range(_ROUNDS):
        before = text
        text = _NUMBER.sub("", text)
        text = _without_front(text, cut)
        match = _BOX_LAST.search(text)
        if match and _says_where(match[1].strip()):
            cut.append(match[1].strip())
            text = text[: match.start()]
        text = _without_marks(_CITED.sub("", text))
        if text == before:
            break
    return text, tuple(cut)


def _without_front(text: str, cut: list[str]) -> str:
    match = _BOX_FIRST.match(text)
    if match and _says_when(match[1]):
        cut.append(match[1])
        text = text[match.end() :]
    match = _DATED.match(text)
    if match and is_bracket_venue(f"{match[2] or match[3]} {match[1] or match[4]}"):
        cut.append(f"{match[2] or match[3]} {match[1] or match[4]}")
        text = text[match.end() :]
    match = _VENUE_FIRST.match(text)
    if match and is_venue(match[1]) and re.search(r"\d", match[1]):
        cut.append(match[1])
        text = text[match.end() :]
    # "How2 Dataset: How2: A …" names the thing before its title.
    match = _NAMED_TWICE.match(text)
    if match and match[1] == match[2]:
        text = text[match.end() :]
    # "[SSD] SSD: Single Shot MultiBox Detector"; "[Re]" belongs to titles of replications.
    match = _SHORT_TAG.match(text)
    if match and words(text[match.end() :]) and len(match[1].split()) <= 4:
        cut.append(match[1])
        text = text[match.end() :]
    return text


def _says_where(box: str) -> bool:
    return bool(is_bracket_venue(box) or YEAR.fullmatch(box) or date_year(box) or is_dated_box(box))


def _says_when(box: str) -> bool:
    return is_bracket_venue(box) or (year_in(box) is not None and len(box.split()) <= 4)


def _without_marks(text: str) -> str:
    text = text.strip(" \t,;:|-–—·•*_~：，；。、《》").rstrip("[(（【 ")
    if text.count("]") > text.count("["):
        text = text.strip("]")
    if text.endswith(".") and not text.endswith("..."):
        text = text[:-1]
    first, last = text[:1], text[-1:]
    if first in _QUOTES and (text.count(first) % 2 or last in _QUOTES):
        text = text[1:-1] if last in _QUOTES and len(text) > 1 else text[1:]
    elif last in _QUOTES - _APOSTROPHES and text.count(last) % 2:
        text = text[:-1]
    return text.strip()
