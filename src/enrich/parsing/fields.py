"""A draft's title, authors, venue, year, note and links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from enrich.parsing.cleaning import clean_title
from enrich.parsing.document import Piece
from enrich.parsing.draft import Draft
from enrich.parsing.headline import label_as_title, read_headline, remainder
from enrich.parsing.inline import plain, squeeze, without_emoji, words
from enrich.parsing.labels import is_plain_label, label_role
from enrich.parsing.linking import read_links
from enrich.parsing.references import Reference, read_reference, read_tail, read_titled
from enrich.parsing.shapes import external
from enrich.parsing.venues import (
    VENUE_LOOSE,
    YEAR,
    date_year,
    is_bracket_venue,
    is_dated_box,
    is_short_venue,
    year_in,
)
from enrich.records import Link

_NOTE = re.compile(
    r"^(?:summary|notes?|comments?|description|keywords?|highlights?|tl;?dr|abstract|备注|简介|"
    r"关键词)\s*[:：]\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"^(?:title|标题|论文(?:标题|题目|名称))\s*[:：]\s*(.+)$", re.IGNORECASE)
_AUTHORS = re.compile(
    r"^(?:authors?|by|(?:论文)?作者(?:团队)?)\s*[:：]\s*(.+)$", re.IGNORECASE | re.DOTALL
)
_VENUE = re.compile(
    r"^(?:venue|publisher|publication|conference|journal|published(?: in)?|source|会议|出处)"
    r"\s*[:：]\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_DATE = re.compile(
    r"^(?:(?:publication |release )?date|published on|year|日期|(?:发表)?时间)\s*[:：]\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_BARS = re.compile(r"(?:\s*\|\s*)+")
_ARXIV_ID = re.compile(
    r"(arxiv)\s*[:.]?\s*(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z\-]+/\d{7})", re.IGNORECASE
)
_NAME_ONLY = 5  # words: a title no longer than this may be a method's name


@dataclass(slots=True)
class Fields:
    """What a draft says, cleaned."""

    title: str = ""
    authors: str | None = None
    venue: str | None = None
    year: int | None = None
    notes: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    paper_label: bool = False  # a line says `论文：暂无`: a paper that has no link yet

    def take(self, reference: Reference, *, note: bool = True) -> None:
        """Fill what is still open from a line that was read."""
        self.authors = self.authors or reference.authors
        self.venue = self.venue or reference.venue
        self.year = self.year or reference.year
        rest = (reference.rest or "").strip("，,；;：: ")
        if note and words(rest) and not is_plain_label(rest):
            self.notes.append(rest)

    def take_venue(self, text: str) -> None:
        """Fill venue and year, where open, from a text that is a venue."""
        self.venue = self.venue or text
        self.year = self.year or year_in(text)


def read_fields(draft: Draft) -> Fields:
    """Everything a draft says."""
    result = Fields()
    for line in [draft.lead, *draft.more]:
        result.links.extend(read_links(line))
    if draft.title is not None:
        result.title = clean_title(draft.title)[0]
        _take_columns(result, draft)
        return result
    headline = read_headline(draft.lead)
    result.title, cut = clean_title(headline.title)
    result.title = result.title or label_as_title(draft.lead)
    if headline.reference is None:
        headline.reference = read_titled(result.title)
        if headline.reference is not None:
            result.title = headline.reference.title or result.title
    if headline.reference is not None:
        result.take(headline.reference)
    for tag in [*headline.tags, *cut]:
        _take_tag(result, tag)
    _take_columns(result, draft)
    if words(headline.rest):
        result.take(read_tail(headline.rest))
    for line in draft.more:
        _take_line(result, line)
    if result.venue:
        result.year = result.year or year_in(result.venue)
        result.venue = without_id(result.venue)
    return result


def without_id(venue: str) -> str:
    """A venue without the arXiv identifier in it, which has a column of its own."""
    return squeeze(_ARXIV_ID.sub(r"\1", venue)).replace("preprint arXiv", "preprint")


def _take_tag(result: Fields, text: str) -> None:
    bare = squeeze(without_emoji(text)).strip("[]() ")
    if YEAR.fullmatch(bare):
        result.year = result.year or int(bare)
    elif year := date_year(bare):
        result.year = result.year or year
        result.notes.append(bare)
    elif (
        is_bracket_venue(bare)
        or is_dated_box(bare)
        or (VENUE_LOOSE.match(bare) and len(bare.split()) <= 14)
    ):
        result.take_venue(bare)
    elif words(bare):
        result.notes.append(bare)


def _take_columns(result: Fields, draft: Draft) -> None:
    for role, items in draft.columns.items():
        text = squeeze(without_emoji(plain(items))).strip(" -–—*")
        if not words(text):
            continue
        if role == "authors":
            result.authors = result.authors or text
        elif role == "venue":
            result.take_venue(text)
        elif role == "year":
            result.year = result.year or date_year(text) or year_in(text)
        elif not external(items):
            result.notes.append(text)


def _take_line(result: Fields, line: Sequence[Piece]) -> None:
    """Read a line below the title: labelled, a reference, or a note."""
    text = _BARS.sub(" | ", squeeze(without_emoji(remainder(line)))).strip(" |-–—")
    if not words(text):
        return
    if match := _TITLE.match(text):
        title = clean_title(match[1])[0]
        result.title = title if len(words(title)) > len(words(result.title)) else result.title
    elif match := _AUTHORS.match(text):
        result.authors = result.authors or match[1].strip(" .|")
    elif (match := _VENUE.match(text)) or (match := _DATE.match(text)):
        _take_tag(result, match[1].strip(" .|"))
    elif match := _NOTE.match(text):
        if words(match[1]):
            result.notes.append(match[1].strip(" |"))
    elif _is_label(result, text, line):
        return
    elif result.venue is None and is_short_venue(text.strip(" .,")) and "(" not in text:
        result.take_venue(text.strip(" .,"))
    else:
        _take_reference(result, text)


def _is_label(result: Fields, text: str, line: Sequence[Piece]) -> bool:
    head = re.split(r"[:：]", text, maxsplit=1)[0]
    role = label_role(re.sub(r"[（(|].*", "", head).strip(" []()|"))
    venue = is_bracket_venue(head.strip(" .|")) and not is_plain_label(head)
    if role is None or venue or not (external(line) or head != text):
        return False
    result.paper_label |= role == "paper"
    return bool(external(line)) or len(words(text)) <= 4


def _take_reference(result: Fields, text: str) -> None:
    reference = read_reference(text)
    if reference.title is None:
        result.take(reference)
    elif _is_fuller(reference, result.title):
        result.title = reference.title
        result.take(reference)
    elif reference.authors or reference.venue:
        result.take(reference, note=False)
    else:
        result.notes.append(text)


def _is_fuller(reference: Reference, title: str) -> bool:
    """Whether a reference below holds the full title of an entry that only names its method."""
    count, length = len(words(reference.title or "")), len(words(title))
    if count < 3 or not (reference.authors or reference.venue):
        return False
    return length == 0 or (length <= _NAME_ONLY and count > length)
