"""Tables: columns by their headings, one or several entries a row."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.papers.identifiers import link_key, text_identities
from enrich.parsing.collector import Collector
from enrich.parsing.columns import column_role
from enrich.parsing.document import Block, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import block_pieces, plain, squeeze, without_emoji, words
from enrich.parsing.labels import label_role
from enrich.parsing.layout.features import features
from enrich.parsing.shapes import (
    external,
    in_title_case,
    is_badge,
    link_role,
    names_title,
    title_like,
)

_TEXT_COLUMNS = frozenset({"authors", "venue", "year", "note", "name"})

_SAMPLE = 60  # rows that decide which column names the entries
_LINKED = 0.2  # for links whose text names something, and again for those to papers
# What a column's heading adds to how well its cells do as titles.
_HEADED = {
    "title": 0.6, "name": 0.1, "authors": -0.6, "venue": -0.6, "year": -0.6, "note": -0.6,
    "code": -0.4, "links": -0.2,
}  # fmt: skip

Cells = list[list[Piece]]


def read_table(found: Collector, table: Block) -> None:
    """Turn the rows of a table into drafts; rows that name nothing into stray links."""
    header: list[str] = []
    rows: list[tuple[Block, Cells]] = []
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
            rows.append((row, cells))
    leading = _leading_columns([cells for _, cells in rows], header)
    for row, cells in rows:
        _read_row(found, row, cells, header, leading)


def _leading_columns(rows: Sequence[Cells], header: Sequence[str]) -> list[int]:
    """The columns, best first, by how well their cells and their heading do as titles."""
    sample = rows[:: max(1, len(rows) // _SAMPLE)][:_SAMPLE]
    scores: list[tuple[float, int]] = []
    for index in range(max(map(len, rows), default=0)):
        cells = [cells[index] for cells in sample if index < len(cells) and cells[index]]
        texts = [text for items in cells if words(text := _without_labels(items))]
        seen = [features(text) for text in texts]
        score = sum(one.title for one in seen) / max(1, len(sample))
        score *= 0.5 + 0.5 * len(set(texts)) / max(1, len(texts))
        others = sum(one.date or one.venue >= 0.9 or one.names >= 0.85 for one in seen)
        score -= others / max(1, len(seen))
        score += _LINKED * sum(map(_is_titled, cells)) / max(1, len(cells))
        score += _LINKED * sum(map(_is_linked, cells)) / max(1, len(cells))
        role = column_role(header[index]) if index < len(header) else None
        scores.append((score + _HEADED.get(role or "", 0.0), -index))
    return [-index for _, index in sorted(scores, reverse=True)]


def _without_labels(items: Sequence[Piece]) -> str:
    return plain([p for p in items if p.link is None or not (p.link.bare or link_role(p))])


def cell_pieces(cell: Block) -> list[Piece]:
    """All text of a cell, blocks inside it included."""
    return [p for block in cell.walk() for p in block_pieces(block)]


def _read_row(
    found: Collector, row: Block, cells: Cells, header: list[str], leading: Sequence[int]
) -> None:  # fmt: skip
    roles = [column_role(header[i]) if i < len(header) else None for i in range(len(cells))]
    everything = [p for items in cells for p in items]
    links = [p for p in external(everything) if not is_badge(p)]
    headed = "title" in roles and in_title_case(plain(cells[roles.index("title")]))
    identified = any(text_identities(plain(items)) for items in cells)
    if found.in_admin() or not (links or headed or identified):
        found.stray(everything, "prose" if links else "toc")
        return
    titled = [i for i, items in enumerate(cells) if _is_titled(items)]
    if len(titled) >= 2 and "title" not in roles:
        for items in filter(external, cells):
            draft = Draft("row", found.section, items, row.line_start, row.line_end)
            found.drafts.append(draft)
        return
    named = [i for i in leading if i < len(cells) and words(plain(cells[i]))]
    lead = next((i for i in named if title_like(plain(cells[i]))), named[0] if named else 0)
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


def _is_linked(items: list[Piece]) -> bool:
    """Whether a link's text names something."""
    return any(p.link and not p.link.bare and not link_role(p) for p in external(items))


def _is_titled(items: list[Piece]) -> bool:
    return any(names_title(p) and link_key(p.link.url) for p in external(items) if p.link)
