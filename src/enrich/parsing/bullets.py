"""Bullets: which are entries, which describe the one above, which lists are only navigation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.papers.identifiers import text_identities
from enrich.parsing.attributes import is_attribute_line, is_field_list
from enrich.parsing.document import Block, Piece
from enrich.parsing.formats.bibtex import is_bibtex
from enrich.parsing.inline import plain, squeeze, without_emoji, words
from enrich.parsing.names import is_authors, surely_authors
from enrich.parsing.references import read_reference
from enrich.parsing.shapes import (
    CHECKBOX,
    OPENERS,
    all_pieces,
    bare_words,
    external,
    in_title_case,
    is_badge,
    is_local,
    items_of,
    lead_of,
    leading_text,
    link_role,
    names_title,
    nested_lines,
    starts_entry,
)
from enrich.parsing.venues import YEAR, date_year, is_bracket_venue, is_dated_box

# `Title (MDM 2022)`, `Title （2016）. [code]`
_DATED = re.compile(r"(\S.*?)\s*[(（]([^()（）]{2,60})[)）][\s.,;*_]*$")
_PAGE = re.compile(
    r"(?!\w+:|//|#|www\.)[^\s?#]*(?:\.(?:md|markdown|html?|rst)|/)(?:#\S*)?$", re.IGNORECASE
)
_SECTION = re.compile(r"(https?://github\.com/[^/#?]+/[^/#?]+)(?:/(?:blob|tree)/[^#?]*)?/?#\S+$")
_NAMES = 4  # words: labels no longer than this name pages, not papers
_ASIDE = 3  # words on both sides of a link that stands inside a sentence


def is_dated_title(text: str) -> bool:
    """Whether a line is a title and, in brackets at its end, where or when it appeared."""
    match = _DATED.match(squeeze(without_emoji(text)))
    if match is None or not 2 <= len(words(match[1])) <= 40 or OPENERS.match(match[1]):
        return False
    box = match[2].strip()
    return bool(
        is_bracket_venue(box.split(",")[0]) or YEAR.fullmatch(box) or date_year(box)
        or is_dated_box(box)
    )  # fmt: skip


def are_listed(items: Sequence[Block]) -> bool:
    """Whether at least a tenth of the bullets of a list link or cite something.

    Lists that name papers without a link link some of them all the same.
    """
    leads = [lead_of(item) for item in items]
    evidence = sum(bool(external(lead)) or is_dated_title(plain(lead)) for lead in leads)
    return evidence * 10 >= len(leads)


def leads_elsewhere(links: Sequence[Piece]) -> str | None:
    """The reason why links make no entries: most lead into this page or to pages beside it.

    A list may write its own address in front of its anchors.
    """
    own = [piece.link.url for piece in links if piece.link is not None]
    if len(own) < 2:
        return None
    local = sum(map(is_local, links))
    sections = [match[1] for url in own if (match := _SECTION.match(url))]
    same = max((sections.count(page) for page in set(sections)), default=0)
    if (local + same) * 10 >= len(own) * 6 and local + same >= 2:
        return "toc"
    if all(_PAGE.match(url) for url in own) and all(len(words(p.text)) <= _NAMES for p in links):
        return "navigation"
    return None


def is_own_entry(item: Block, parent_has_links: bool) -> bool:
    """Whether a nested item is an entry of its own rather than a line about its parent."""
    lead = lead_of(item)
    links = [p for p in external(lead) if not is_badge(p)]
    if not links:
        nested = [child for block in item.children for child in items_of(block)]
        titled = len(words(plain(lead))) >= _ASIDE and not plain(lead).endswith((":", "："))
        return any(is_own_entry(child, False) for child in nested) or (
            titled
            and not parent_has_links
            and any(external(all_pieces(block)) for block in item.children[1:])
        )
    first = links[0]
    before = leading_text(lead)
    if names_title(first):
        several = len(words(first.text)) >= 3
        if not before:
            return several or not parent_has_links
        if several and len(words(before)) <= _ASIDE and not is_attribute_line(lead):
            return True
    bold = [p for p in lead if p.bold and p.link is None and len(words(p.text)) >= 3]
    if bold:
        return True
    return not parent_has_links and len(words(before)) >= 3 and not is_attribute_line(lead)


def tells_of_heading(below: Sequence[Block]) -> bool:
    """Whether what stands below a heading inside a bullet are links and remarks of one entry."""
    items = [item for block in below for item in items_of(block)]
    return any(is_attribute_line(lead_of(item)) for item in items) and not any(
        is_own_entry(item, True) for item in items
    )


def is_entry(
    item: Block, lead: list[Piece], below: Sequence[Block], own: list[Block], *,
    siblings: bool, papers: bool,
) -> bool:  # fmt: skip
    """Whether a bullet is an entry.

    `own`: bullets below it that are entries of their own; `siblings`: bullets beside it link or
    cite something; `papers`: it stands where bare titles are listed.
    """
    links = [p for p in external(lead) if not is_badge(p)]
    text = CHECKBOX.sub("", plain(lead))
    outside = plain([p for p in lead if p.link is None])
    if links:
        if _is_aside(lead, links[0]):
            return False
        if starts_entry(lead, paragraph=False):
            return True
        return not OPENERS.match(without_emoji(text).strip()) and len(words(outside)) <= 25
    below_text = " ".join(plain(line) for block in below for line in nested_lines(block))
    below_links = [p for block in below for p in external(all_pieces(block))]
    if any(map(is_field_list, below)) and words(text):
        return True
    if below_links and not own and len(words(text)) >= 2:
        return not OPENERS.match(text)
    if text_identities(text) or text_identities(below_text):
        return True
    count = len(words(text))
    people = surely_authors(text) and is_authors(text)
    if count < 2 or count > 60 or OPENERS.match(text) or people:
        return False
    if is_dated_title(text):
        return True
    if len(words(bare_words(text))) < 2:
        return False
    reference = read_reference(text)
    if reference.venue or (reference.authors and reference.title):
        return True
    if count >= 3 and below_text and (r := read_reference(below_text)) and (r.authors or r.venue):
        return True
    if any(block.kind == "code" and is_bibtex(block.text) for block in below):
        return True
    bold = all(piece.bold for piece in lead if words(piece.text))
    if count < 3 or not (siblings or ((papers or bold) and in_title_case(text))):
        return False
    return not text.rstrip().endswith((".", ":", "。", "：")) or (siblings and count <= 20)


def _is_aside(lead: Sequence[Piece], link: Piece) -> bool:
    """Whether a link stands inside a sentence: `There is [an interesting paper](…) on this`."""
    bare = link.link is not None and link.link.bare
    if bare or link_role(link) is not None or not link.text[:1].islower():
        return False
    place = next(i for i, piece in enumerate(lead) if piece is link)
    before, after = plain(lead[:place]), plain(lead[place + 1 :])
    return len(words(before)) >= _ASIDE and len(words(after)) >= _ASIDE
