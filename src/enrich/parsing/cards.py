"""Entries that stand over several blocks: which blocks below a title are about it."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.parsing.attributes import (
    is_attribute_block,
    is_bold_field,
    is_field_list,
    is_title_field,
)
from enrich.parsing.collector import Collector
from enrich.parsing.document import Block, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import block_pieces, plain, words
from enrich.parsing.recurring import Patterns, Shape, can_follow, shape_of
from enrich.parsing.shapes import all_pieces, external, items_of, lead_of, nested_lines


def attributes_after(blocks: Sequence[Block], index: int, *, linked: bool = False) -> int:
    """Index after the blocks about the title before `index`; one link there must be."""
    end = index
    while end < len(blocks) and (
        is_attribute_block(blocks[end]) or (end > index and is_bold_field(blocks[end]))
    ):
        end += 1
    own = blocks[index:end]
    linked = linked or any(is_field_list(b) or external(all_pieces(b)) for b in own)
    return end if linked else index


def followers_after(patterns: Patterns, blocks: Sequence[Block], index: int, shape: Shape) -> int:
    """Index after the blocks that stand below an entry as below most entries of its shape.

    Args:
        patterns: What the first pass found to recur.
        blocks: The blocks beside each other.
        index: The first block that is not yet part of the entry.
        shape: The shape of the entry's own block.
    """
    followers = patterns.followers.get(shape, set())
    while followers and index < len(blocks):
        block = blocks[index]
        if block.kind == "quote" and block.children:
            block = block.children[0]
        items = block_pieces(block)
        own = shape_of(block, items)
        regular = own in followers and own not in patterns.entries and can_follow(block, items)
        if not (regular or is_attribute_block(block)):
            break
        index += 1
    return index


def below(blocks: Sequence[Block], index: int) -> Sequence[Block]:
    """The blocks below a heading, up to the next one."""
    end = index + 1
    while end < len(blocks) and blocks[end].kind != "heading":
        end += 1
    return blocks[index + 1 : end]


def first_line(block: Block, items: Sequence[Piece]) -> int:
    """The line where a block's text begins: an HTML card opens with tags and a picture."""
    return next((p.line for p in items if not p.image and words(p.text)), block.line_start)


def read_field_list(found: Collector, block: Block) -> bool:
    """Read a list whose bullets name the fields of entries, a title each: one or several."""
    leads = [(item, lead_of(item)) for item in items_of(block)]
    if found.in_admin() or not any(is_title_field(lead) for _, lead in leads):
        return False
    draft: Draft | None = None
    names: set[str] = set()
    for item, lead in leads:
        name = plain(lead).replace("：", ":").partition(":")[0].lower()
        if draft is None or name in names:
            draft = Draft(
                "item", found.section, lead, item.line_start, item.line_end
            )  # fmt: skip
            found.drafts.append(draft)
            names = set()
        else:
            draft.more.append(lead)
        names.add(name)
        draft.line_end = item.line_end
        for nested in item.children[1:]:
            draft.more.extend(nested_lines(nested))
    return True
