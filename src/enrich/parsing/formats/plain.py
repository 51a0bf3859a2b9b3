"""Plain text to drafts: one identifier, address or title a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from enrich.papers.identifiers import (
    find_urls,
    normalise_arxiv_id,
    normalise_doi,
    normalise_s2_id,
    text_identities,
)
from enrich.papers.identifiers.text import URL
from enrich.parsing.document import Anchor, Piece, Span
from enrich.parsing.draft import Draft
from enrich.parsing.inline import pieces, squeeze, words
from enrich.records import Identifiers, Issue

_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,5}[.)](?=\s)|\[\d{1,5}\])\s*")
_LONGEST = 8  # lines of one entry
_LEAST = 3  # blocks of one entry each
_MOST = 0.6  # of the blocks


def read_plain(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, no issues). Lines that start with `#` are headings of the lines below them."""
    drafts: list[Draft] = []
    section: tuple[str, ...] = ()
    source = text.split("\n")
    blocks = [block for block in _blocks(source) if not source[block[0]].startswith("#")]
    if sum(_is_one_entry(source, block) for block in blocks) >= max(_LEAST, _MOST * len(blocks)):
        return [_joined(source, block) for block in blocks], []
    for number, line in enumerate(source, 1):
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


def _blocks(source: Sequence[str]) -> list[range]:
    """The runs of lines between blank ones."""
    edges = [-1, *(i for i, line in enumerate(source) if not line.strip()), len(source)]
    return [range(a + 1, b) for a, b in pairwise(edges) if b > a + 1]


def _is_one_entry(source: Sequence[str], block: range) -> bool:
    """Whether a block of lines is a title and what is known of it: one address at most."""
    texts = [_BULLET.sub("", source[i]) for i in block]
    addresses = sum(1 for text in texts for _ in find_urls(text))
    named = bool(words(URL.sub("", texts[0]))) and _whole(texts[0].strip()) is None
    return named and 2 <= len(block) <= _LONGEST and addresses <= 1


def _joined(source: Sequence[str], block: range) -> Draft:
    lines = [pieces([Span(squeeze(_BULLET.sub("", source[i])), i + 1)]) for i in block]
    return Draft("line", (), lines[0], block[0] + 1, block[-1] + 1, lines[1:])


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
