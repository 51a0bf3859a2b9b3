"""Code blocks of a list: BibTeX is an entry or tells more of one; other code is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enrich.papers.identifiers import find_urls
from enrich.parsing.document import Block
from enrich.parsing.draft import Draft
from enrich.parsing.formats.bibtex import is_bibtex, read_bibtex
from enrich.parsing.inline import plain, title_identity
from enrich.records import StrayLink

if TYPE_CHECKING:
    from enrich.parsing.segment import Segmenter


def read_code(segmenter: Segmenter, block: Block, owner: Draft | None = None) -> None:
    """Add what a code block holds; `owner` is the entry that it stands in, if any."""
    if is_bibtex(block.text) and segmenter.section and not segmenter.in_admin:
        for draft in read_bibtex(block.text)[0]:
            _cite(segmenter, draft, block, owner)
        return
    for start, url in find_urls(block.text):
        line = block.line_start + block.text.count("\n", 0, start)
        segmenter.strays.append(StrayLink("", url, line, "code"))


def _cite(segmenter: Segmenter, draft: Draft, block: Block, owner: Draft | None) -> None:
    last = segmenter.drafts[-1] if segmenter.drafts else None
    if owner is None and last is not None and last.section == segmenter.section:
        known = title_identity(plain(last.lead))
        owner = last if title_identity(draft.title or "-") in known else None
    if owner is None:
        draft.section = segmenter.section
        draft.line_start, draft.line_end = block.line_start, block.line_end
        segmenter.drafts.append(draft)
        return
    owner.more.extend(draft.more)
    owner.ids.extend(draft.ids)
    owner.line_end = max(owner.line_end, block.line_end)
    for role, items in draft.columns.items():
        owner.columns.setdefault(role, items)
