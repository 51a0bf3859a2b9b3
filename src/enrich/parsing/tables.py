"""Tables: columns by their headings, one or several entries a row."""

from __future__ import annotations

import re

from enrich.papers.identifiers import link_key, text_identities
from enrich.parsing.collector import Collector
from enrich.parsing.columns import ColumnRole, column_role
from enrich.parsing.document import Block, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import block_pieces, plain, squeeze, without_emoji, words
from enrich.parsing.labels import label_role
from enrich.parsing.shapes import external, in_title_case, is_badge, title_like
from enrich.parsing.venues import is_bracket_venue

_TEXT_COLUMNS = frozenset({"authors", "venue", "year", "note", "name"})

Cells = list[list[Piece]]


def read_table(found: Collector, table: Block) -> None:
    """Turn the rows of a table into drafts; rows that name nothing into stray links."""
    header: list[str] = []
    for position, row in enumerate(block for block in table.children if block.kind == "row"):
        blocks = [cell for cell in row.children if cell.kind == "cell"]
        cells = [cell_pieces(cell) for cell in blocks]
        if position == 0 and blocks and all(cell.info == "header" for cell in blocks):
            links = [p.link for items in cells for p in external(items) if p.link]
            if not any(link_key(link.url) for link in links):
                header = [plain(items) for items in cells]
                found.stray([p for items in cells for p in items], "navigation")
                continue
        if cells:
            _read_row(found, row, cells, header)


def cell_pieces(cell: Block) -> list[Piece]:
    """All text of a cell, blocks inside it included."""
    return [p for block in cell.walk() for p in block_pieces(block)]


def _read_row(found: Collector, row: Block, cells: Cells, header: list[str]) -> None:
    roles = [column_role(header[i]) if i < len(header) else None for i in range(len(cells))]
    everything = [p for items in cells for p in items]
    links = [p for p in external(everything) if not is_badge(p)]
    named = "title" in roles and in_title_case(plain(cells[roles.index("title")]))
    identified = any(text_identities(plain(items)) for items in cells)
    if found.in_admin() or not (links or named or identified):
        found.stray(everything, "prose" if links else "toc")
        return
    titled = [i for i, items in enumerate(cells) if _is_titled(items)]
    if len(titled) >= 2 and "title" not in roles:
        for items in filter(external, cells):
            draft = Draft("row", found.section, items, row.line_start, row.line_end)
            found.drafts.append(draft)
        return
    lead = _lead_cell(cells, roles, titled)
    draft = Draft("row", found.section, cells[lead], row.line_start, row.line_end)
    for i, (items, role) in enumerate(zip(cells, roles, strict=True)):
        if i == lead or not items:
            continue
        if role in _TEXT_COLUMNS:
            draft.columns.setdefault(role, items)
        if any(p.link for p in items) or role not in _TEXT_COLUMNS:
            label = squeeze(without_emoji(header[i])) if i < len(header) else ""
            labelled = [Piece(f"{label}: ", items[0].line)] if label and label_role(label) else []
            draft.more.append([*labelled, *items])
    draft.extra = [
        (squeeze(header[i]), plain(items))
        for i, items in enumerate(cells)
        if i != lead and i < len(header) and roles[i] is None and words(header[i]) and plain(items)
    ]
    draft.cells = [
        (f"C{i}:{header[i] if i < len(header) else ''}", items) for i, items in enumerate(cells)
    ]
    found.drafts.append(draft)


def _is_titled(items: list[Piece]) -> bool:
    return any(title_like(p.text) and link_key(p.link.url) for p in external(items) if p.link)


def _lead_cell(cells: Cells, roles: list[ColumnRole | None], titled: list[int]) -> int:
    """The cell that names the entry."""
    if "title" in roles and title_like(plain(cells[roles.index("title")])):
        return roles.index("title")
    if titled:
        return titled[0]
    if "name" in roles and words(plain(cells[roles.index("name")])):
        return roles.index("name")
    for i, items in enumerate(cells):
        text = plain(items)
        named = re.search(r"[^\W\d_]{2}", text) and not is_bracket_venue(text)
        labels = [label_role(p.text) for p in external(items)]
        bare = plain([p for p in items if p.link is None])
        if roles[i] is None and named and (not all(labels) or words(bare)):
            return i
    counts = [len(words(plain(items))) for items in cells]
    return counts.index(max(counts))
