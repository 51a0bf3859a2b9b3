"""Reading a line as a person would: authors, title, venue and year of a reference, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from enrich.parsing.cleaning import QUOTES, clean_title
from enrich.parsing.inline import squeeze, without_emoji, words
from enrich.parsing.names import (
    ET_AL,
    SEPARATED,
    hide_stops,
    is_authors,
    show_stops,
    split_authors,
    surely_authors,
    tidy_authors,
)
from enrich.parsing.venues import (
    IN_VENUE,
    VENUE,
    VENUE_LOOSE,
    YEAR,
    date_year,
    is_short_venue,
    is_venue,
    year_in,
)

_QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]{{8,400}})[{QUOTES}]")
_BOXED = re.compile(r"^\[([^\[\]]{10,300})\]\s*(.*)$")
_CUTS = re.compile(r"\s*[(（\[【]|(?<=[?!])\s+(?=[Ii]n\s)|\sby\s(?=[A-Z])|[,.|]\s|，|\s[-–—]\s")
_TITLE_END = re.compile(r"[,.;|]\s+|\.\s*$|\s[-–—]\s")
_NEXT = re.compile(r"[,.;|]\s")
_ARXIV = re.compile(r"arxiv\b", re.IGNORECASE)
_AUTHORS_YEAR = re.compile(r"^([^()]{3,400}?)\s*\(((?:19|20)\d\d)[a-z]?\)\s*[.,:]?\s+(\S.*)$")
_AUTHORS_COLON = re.compile(r"^([^:]{3,400}?):\s+(\S.*)$")
_CHUNK = re.compile(
    r"\s*\|\s*|\s[-–—]\s|\.\s+|[()\[\]（）【】]|(?<=\bal[.\u2024])\s*(?=[A-Za-z](?!nd\b))"
)
_LONGEST_CHUNK = 300  # characters that can be a venue or a date
_COMMA = re.compile(r"[,，]\s*")
_BY = re.compile(r"[Bb]y ((?:[^:：]|:(?!\s)){3,200})[:：]?\s*(.*)$")
_LETTER = re.compile(r"[^\W\d_]")
# `Felix Hill (University of Cambridge) et al.`
_BELONGS_TO = re.compile(r"(?<=\w)\s*[(（][^()（）\d]{2,60}[)）](?=\s*(?:et[. ]+al\b|等))")
# A method's name in front of the authors: `GPT-2: Radford et al. (2019) "…"`
_NAME_FIRST = re.compile(r"^[^\s:：]{1,30}\s*[:：]\s+(?=\S)")
_YEAR_LAST = re.compile(rf"\s*[(（,]\s*({YEAR.pattern})[)）]?\s*$")
_AROUND = " ,.;:-–—|"
_SHORT = 3  # words before a quoted title that need not be authors
_LONGEST = 600  # characters: longer lines are prose, and cutting them everywhere costs
_LONGEST_VENUE = 160


@dataclass(frozen=True, slots=True)
class Reference:
    """A line read as a reference; parts it does not have are None."""

    authors: str | None = None
    title: str | None = None
    venue: str | None = None
    year: int | None = None
    rest: str | None = None


@lru_cache(maxsize=4096)
def read_reference(text: str) -> Reference:
    """Authors, title, venue and year of a reference in one of the usual orders."""
    text = hide_stops(squeeze(without_emoji(text)))
    quoted = _QUOTED.search(text)
    if quoted and len(words(quoted[1])) >= 2 and _may_precede(text[: quoted.start()], quoted[1]):
        return _around_quotes(text, quoted)
    tail = read_tail(text)
    if (tail.authors or tail.venue) and not tail.rest:
        return tail
    authors, rest, year = _authors_first(text)
    if authors and rest:
        title, behind = _split_title(rest)
        tail = read_tail(behind)
        year = year or tail.year
        return Reference(tidy_authors(authors), title or None, tail.venue, year, tail.rest)
    if tail.authors:
        return tail
    title, behind = _split_title(text)
    if title and behind:
        tail = read_tail(behind)
        return Reference(tail.authors, title, tail.venue, tail.year, tail.rest)
    return tail


def _authors_first(text: str) -> tuple[str | None, str, int | None]:
    """(authors, the rest, year) of `Xie, S. (2020). Title`, `Xie, S.: Title`, `A. B., C. D., T`."""
    match = _AUTHORS_YEAR.match(text)
    if match and is_authors(match[1]):
        return match[1], match[3], int(match[2])
    match = _AUTHORS_COLON.match(text)
    if match and is_authors(match[1]) and surely_authors(show_stops(match[1])):
        return match[1], match[2], None
    return (*split_authors(text), None)


def _around_quotes(text: str, quoted: re.Match[str]) -> Reference:
    before = _NAME_FIRST.sub("", text[: quoted.start()]).strip(_AROUND)
    when = _YEAR_LAST.search(before)
    before = before[: when.start()] if when else before
    tail = read_tail(text[quoted.end() :].strip(_AROUND))
    named = before and (is_authors(before) or ET_AL.search(before) or "," in before)
    return Reference(
        tidy_authors(before) if named else tail.authors,
        clean_title(show_stops(quoted[1]))[0],
        tail.venue,
        int(when[1]) if when else tail.year,
        tail.rest,
    )


def _may_precede(text: str, quoted: str) -> bool:
    """Whether a text may stand before a quoted title; else the quotes stand inside a title."""
    bare = _NAME_FIRST.sub("", text).strip(_AROUND)
    if len(words(bare)) <= max(_SHORT, len(words(quoted))) or bare.endswith("paper"):
        return True
    return is_authors(bare) or bool(ET_AL.search(bare)) or "," in bare


def read_titled(text: str) -> Reference | None:
    """A title and what is known of it: `Title (2016), J. Ba et al.`; None if it is not so."""
    text = hide_stops(squeeze(without_emoji(text)))
    boxed = _BOXED.match(text)
    if boxed and len(words(boxed[1])) >= 3:
        title, tail = boxed[1], read_tail(boxed[2])
        return Reference(tail.authors, _title(title), tail.venue, tail.year, tail.rest)
    if len(text) > _LONGEST:
        return None
    for match in _CUTS.finditer(text):
        head = text[: match.start()]
        if len(words(head)) < 2 or head.count("(") > head.count(")"):
            continue
        tail = read_tail(text[match.start() :])
        known = tail.venue or tail.year or surely_authors(tail.authors)
        if known and tail.rest is None:
            return Reference(tail.authors, _title(head), tail.venue, tail.year)
    return None


def _title(text: str) -> str:
    return clean_title(show_stops(text))[0]


def _split_title(text: str) -> tuple[str, str]:
    # The title ends at a stop or at the first comma segment that is a venue, a year or an id.
    end = len(text)
    for match in _TITLE_END.finditer(text):
        behind = text[match.end() :]
        following = _NEXT.split(behind, maxsplit=1)[0]
        known = VENUE_LOOSE.match(following) or _ARXIV.match(following)
        closed = match.group()[0] in ".|" and behind and len(words(text[: match.start()])) >= 3
        if known or closed or YEAR.fullmatch(following.strip(" .()")):
            end = match.start()
            break
    title, cut = clean_title(show_stops(text[:end]))
    return title, " | ".join([*cut, text[end:].strip(" ,.;|")]).strip(" |")


@lru_cache(maxsize=4096)
def read_tail(text: str) -> Reference:
    """What follows a title, ` - J. Choi et al., NeurIPS2019. Note: …`, part by part."""
    text = hide_stops(_BELONGS_TO.sub("", squeeze(without_emoji(text))))
    if SEPARATED.search(text) and is_authors(text) and not VENUE.search(text):
        return Reference(authors=tidy_authors(text))
    authors = venue = year = None
    rest: list[str] = []
    for chunk in _chunks(text):
        bare = chunk.strip(' \t,.;:|-–—·*_()[]{}（）【】<>《》/"“”')
        if not bare:
            continue
        within = IN_VENUE.match(bare)
        if within and (
            VENUE_LOOSE.match(bare, within.end()) or is_short_venue(bare[within.end() :])
        ):
            bare = bare[within.end() :]
            if venue is None and is_short_venue(bare):
                venue, year = bare, year or year_in(bare)
                continue
        if YEAR.fullmatch(bare) or date_year(bare):
            year = year or date_year(bare) or int(bare)
            continue
        # A name alone is believed only where nothing else stands before it.
        alone = not SEPARATED.search(bare) and (bool(rest) or len(bare.split()) > 3)
        if venue is None and (is_venue(bare) or is_short_venue(bare)):
            venue, year = bare, year or year_in(bare)
            continue
        head, named = _venue_at_end(bare)
        if venue is None and named and (not head or is_authors(head)):
            authors = authors or (tidy_authors(head) if head else None)
            venue, year = named, year or year_in(named)
            continue
        if authors is None and not alone and is_authors(bare):
            authors = tidy_authors(chunk.strip(" ,;:|-–—()[]<>"))
            continue
        if venue is None and len(bare) < _LONGEST_VENUE and VENUE_LOOSE.match(bare):
            venue, year = bare, year or year_in(bare)
            continue
        by = _BY.match(bare)
        if by and authors is None and is_authors(by[1]):
            authors, chunk = tidy_authors(by[1]), by[2]
        if _LETTER.search(chunk):
            rest.append(chunk.strip(" ,;:：|-–—<>").strip('. "“”'))
    note = show_stops(squeeze(". ".join(rest))) or None
    return Reference(authors, None, show_stops(venue) if venue else None, year, note)


def _venue_at_end(text: str) -> tuple[str, str | None]:
    match = VENUE.search(text)
    if match is None:
        return text, None
    return text[: match.start()].strip(" ,.;:-–—(["), text[match.start() :].strip(" ,.;:-–—)]")


def _chunks(text: str) -> list[str]:
    # Cut at bars, dashes, brackets, sentence stops; then at commas beside a venue or a year.
    result: list[str] = []
    for part in _CHUNK.split(text):
        last = 0
        for match in _COMMA.finditer(part):
            # Longer text names no venue, and reading it at every comma would take quadratic time.
            is_short = match.start() - last <= _LONGEST_CHUNK
            before = part[last : match.start()].strip() if is_short else ""
            year = YEAR.match(part, match.end())
            if year and before.isupper() and before.isalpha() and not is_venue(before):
                continue  # `ICDEW, 2008` is one venue
            ahead = year or VENUE_LOOSE.match(part, match.end())
            if ahead or is_venue(before) or YEAR.fullmatch(before) or date_year(before):
                result.append(part[last : match.start()])
                last = match.end()
        result.append(part[last:])
    return [part for part in result if part.strip()]
