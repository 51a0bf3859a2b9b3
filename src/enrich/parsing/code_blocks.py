"""What blocks hold for an entry: lines, code (BibTeX is an entry or adds to one), or strays."""

from __future__ import annotations

from collections.abc import Iterable

from enrich.papers.identifiers import find_urls
from enrich.parsing.collector import Collector
from enrich.parsing.document import Block
from enrich.parsing.draft import Draft
from enrich.parsing.formats.bibtex import is_bibtex, read_bibtex
from enrich.parsing.inline import plain, title_identity
from enrich.parsing.shapes import all_pieces, nested_lines
from enrich.records import StrayLink


def read_code(found: Collector, block: Block, owner: Draft | None = None) -> None:
    """Add what the code in a block holds; `owner` is the entry that it stands in, if any."""
    for code in block.walk():
        if code.kind == "code":
            _read(found, code, owner)


def take_block(found: Collector, draft: Draft, block: Block) -> None:
    """Add what a block holds to the entry that it is about."""
    draft.more.extend(nested_lines(block))
    read_code(found, block, draft)


def stray_blocks(found: Collector, blocks: Iterable[Block]) -> None:
    """Record the links of blocks that are about no entry."""
    for block in blocks:
        found.stray(all_pieces(block), "prose")
        read_code(found, block)


def _read(found: Collector, block: Block, owner: Draft | None) -> None:
    if is_bibtex(block.text) and found.section and not found.in_admin():
        for draft in read_bibtex(block.text)[0]:
            _cite(found, draft, block, owner)
        return
    for start, url in find_urls(block.text):
        line = block.line_start + block.text.count("\n", 0, start)
        found.strays.append(StrayLink("", url, line, "code"))


def _cite(found: Collector, draft: Draft, block: Block, owner: Draft | None) -> None:
    last = found.drafts[-1] if found.drafts else None
    if owner is None and last is not None and last.section == found.section:
        known = title_identity(plain(last.lead))
        owner = last if title_identity(draft.title or "-") in known else None
    if owner is None:
        draft.section = found.section
        draft.line_start, draft.line_end = block.line_start, block.line_end
        found.drafts.append(draft)
        return
    owner.more.extend(draft.more)
    owner.ids.extend(draft.ids)
    owner.line_end = max(owner.line_end, block.line_end)
    for role, items in draft.columns.items():
        owner.columns.setdefault(role, items)
