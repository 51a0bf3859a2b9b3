"""Tables: columns by their headings, one or several entries a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from enrich.identifiers import link_key, text_identities
from enrich.lists.draft import Draft
from enrich.lists.inline import Piece, pieces, plain, squeeze, without_emoji, words
from enrich.lists.labels import label_role
from enrich.lists.shapes import external, in_title_case, is_badge, title_like
from enrich.lists.venues import is_bracket_venue

if TYPE_CHECKING:
    from enrich.lists.document import Block
    from enrich.lists.segment import Segmenter

_COLUMNS = (
    (
        "title",
        r"title|paper ?title|papers?|paper name|publication|article|work|论文|论文题目|标题|论文名称",
    ),
    (
        "name",
        r"name|method|model|approach|abbreviation|abbr|acronym|datasets?|benchmarks?|resources?|tools?|简称|模型",
    ),
    ("authors", r"authors?|by|first author|作者"),
    (
        "venue",
        r"venue|conference|journal|conf|published|published in|publication venue|source|pub|会议|期刊|出处",
    ),
    ("year", r"year|date|time|年份|日期|时间"),
    ("code", r"code|github|implementation|repo|source code|代码|开源"),
    ("links", r"links?|url|materials?|pdf|demo|project|website|page|resources|链接"),
    ("note", r"notes?|comments?|keywords?|remarks?|description|summary|备注|类型"),
)


def column_role(header: str) -> str | None:
    """What a column holds, from its heading."""
    text = squeeze(re.sub(r"[(（][^)）]*[)）]", " ", without_emoji(header))).lower().strip(" *_:")
    for role, pattern in _COLUMNS:
        if re.fullmatch(pattern, text):
            return role
    return None


def read_table(segmenter: Segmenter, table: Block) -> None:
    """Turn the rows of a table into drafts."""
    rows = [block for block in table.children if block.kind == "row"]
    header: list[str] = []
    for position, row in enumerate(rows):
        cells = [(cell, cell_pieces(cell)) for cell in row.children if cell.kind == "cell"]
        if not cells:
            continue
        if all(cell.info == "header" for cell, _ in cells) and position == 0:
            links = [p for _, items in cells for p in external(items)]
            if not any(link_key(p.link.url) for p in links if p.link):
                header = [plain(items) for _, items in cells]
                segmenter.stray([p for _, items in cells for p in items], "navigation")
                continue
        everything = [p for _, items in cells for p in items]
        links = [p for p in external(everything) if not is_badge(p)]
        roles = [column_role(header[i]) if i < len(header) else None for i in range(len(cells))]
        text = plain(everything)
        if segmenter.in_admin or not (links or text_identities(text)):
            named = "title" in roles and in_title_case(plain(cells[roles.index("title")][1]))
            if segmenter.in_admin or not named:
                segmenter.stray(everything, "prose" if links else "toc")
                continue
        titled = [
            i for i, (_, items) in enumerate(cells)
            if any(title_like(p.text) and link_key(p.link.url) for p in external(items) if p.link)
        ]  # fmt: skip
        if len(titled) >= 2 and "title" not in roles:
            for i, (cell, items) in enumerate(cells):
                if external(items):
                    segmenter.drafts.append(
                        Draft(
                            "row",
                            segmenter.section,
                            items,
                            cell.line_start,
                            max(row.line_end, cell.line_end),
                        )
                    )
            continue
        lead = _lead_cell(cells, roles, titled)
        draft = Draft("row", segmenter.section, cells[lead][1], row.line_start, row.line_end)
        for i, (_, items) in enumerate(cells):
            if i != lead:
                role = roles[i]
                if (
                    role in ("authors", "venue", "year", "note", "name")
                    and role not in draft.columns
                ):
                    draft.columns[role] = items
                if external(items) or role is None:
                    label = squeeze(without_emoji(header[i])) if i < len(header) else ""
                    draft.more.append(
                        [Piece(f"{label}: ", items[0].line), *items]
                        if label and items and label_role(label)
                        else items
                    )
        segmenter.drafts.append(draft)


def cell_pieces(cell: Block) -> list[Piece]:
    """All text of a cell, blocks inside it included."""
    return [p for block in cell.walk() for p in pieces(block.spans)]


def _lead_cell(
    cells: list[tuple[Block, list[Piece]]], roles: list[str | None], titled: list[int]
) -> int:
    if "title" in roles and words(plain(cells[roles.index("title")][1])):
        return roles.index("title")
    if titled:
        return titled[0]
    if "name" in roles and words(plain(cells[roles.index("name")][1])):
        return roles.index("name")
    for i, (_, items) in enumerate(cells):
        text = plain(items)
        if re.search(r"[^\W\d_]{2}", text) and not is_bracket_venue(text) and roles[i] is None:
            if not all(label_role(p.text) for p in external(items)) or words(
                plain([p for p in items if p.link is None])
            ):
                return i
    counts = [len(words(plain(items))) for _, items in cells]
    return counts.index(max(counts))
