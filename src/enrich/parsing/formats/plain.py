"""Plain text to drafts: one identifier, address or title a line."""

from __future__ import annotations

import re

from enrich.papers.identifiers import (
    find_urls,
    normalise_arxiv_id,
    normalise_doi,
    normalise_s2_id,
    text_identities,
)
from enrich.papers.identifiers.text import URL
from enrich.parsing.document import Anchor, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import squeeze, words
from enrich.records import Identifiers, Issue

_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,5}[.)](?=\s)|\[\d{1,5}\])\s*")
_LABEL_ENDS = " \t-–—|:,;"


def read_plain(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, no issues). Lines that start with `#` are headings of the lines below them."""
    drafts: list[Draft] = []
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        content = squeeze(_BULLET.sub("", line))
        if not content:
            continue
        if content.startswith("#"):
            heading = content.strip("# :")
            section = (heading,) if heading else ()
            continue
        draft = _draft(content, number, section)
        if draft is not None:
            drafts.append(draft)
    return drafts, []


def _draft(content: str, line: int, section: tuple[str, ...]) -> Draft | None:
    alone = _whole(content)
    if alone is not None:
        return Draft("line", section, [], line, line, title="", ids=[alone])
    links = [Anchor(url, line, bare=True) for _, url in find_urls(content)]
    rest = URL.sub(" | ", content)
    if not words(rest) and not links:
        return None
    lead = [Piece(rest, line)] if words(rest) else []
    draft = Draft("line", section, lead, line, line)
    draft.more = [[Piece(anchor.url, line, link=anchor)] for anchor in links]
    if not lead:
        draft.title = ""
    elif not links and not text_identities(content):
        draft.title = content
    return draft


def _whole(content: str) -> Identifiers | None:
    """The identifier that a whole line is, if it is one."""
    if " " in content and not content.lower().startswith(("arxiv", "doi", "corpusid", "pmid")):
        return None
    if "://" in content:
        return None
    arxiv = normalise_arxiv_id(content)
    if arxiv:
        return Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])
    doi = normalise_doi(content)
    if doi:
        return Identifiers(doi=doi)
    s2 = normalise_s2_id(content)
    if s2:
        return Identifiers(s2_paper_id=s2)
    found = text_identities(content)
    return found[0] if found and len(words(content)) <= 3 else None
