"""Entries that stand over several blocks: which blocks below a title are about it."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.papers.identifiers import link_key
from enrich.parsing.attributes import (
    is_attribute_block,
    is_bold_field,
    is_field_list,
    is_title_field,
)
from enrich.parsing.collector import Collector
from enrich.parsing.document import Block, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.headings import is_admin, is_contents
from enrich.parsing.inline import block_pieces, plain, words
from enrich.parsing.layout.features import features
from enrich.parsing.recurring import Patterns, Shape, can_follow, shape_of
from enrich.parsing.shapes import (
    all_pieces,
    clean_heading,
    external,
    items_of,
    lead_of,
    link_role,
    names_title,
    nested_lines,
    starts_entry,
)

_NO_CARDS = frozenset({"list", "item", "table", "row", "cell"})
_SAMPLE = 60  # blocks that are judged
_LEAST = 4  # headings of one level that are judged together
_MOST = 0.7  # of them are about one paper
_TITLED = 0.6  # mean of how much their texts look like titles
_DISTINCT = 0.95
_HALF = 0.5
_LINES = 12  # lines about one entry
_PAPERS = 2  # addresses of one paper: a preprint and the published article
_WORDS = 5  # a title in a line below
_FEW = 3  # items below an administrative heading that are entries all the same
_MANY = 0.6  # of the items
_LABEL = 2  # words before a colon that can name a field
_STYLED = 3  # words of the same where it is a link or bold
_LONGEST = 40  # words of a paragraph that can be a title and its links


def leading_blocks(root: Block) -> dict[int, Sequence[Block]]:
    """The headings and paragraphs that name an entry each, with the blocks below that are about it.

    Headings of one level, and paragraphs of one shape, are judged together: each is a title of its
    own, and below, up to the next one, stand few lines with links of one paper and no title.

    Returns:
        The blocks below by the identity of the leading block.
    """
    groups: dict[object, list[tuple[Block, Sequence[Block]]]] = {}
    for parent in root.walk():
        if len(parent.children) < 2 or parent.kind in _NO_CARDS:
            continue
        kinds = [_kind(block) for block in parent.children]
        ends = [len(kinds)] * len(kinds)
        last: dict[object, int] = {}
        for index in range(len(kinds) - 1, -1, -1):
            kind = kinds[index]
            if kind is not None:
                ends[index] = min(last.get("heading", len(kinds)), last.get(kind, len(kinds)))
                last[kind] = index
                if parent.children[index].kind == "heading":
                    last["heading"] = index
        for index, kind in enumerate(kinds):
            if kind is not None:
                own = parent.children[index + 1 : min(ends[index], index + _LINES + 1)]
                groups.setdefault((parent.kind, kind), []).append((parent.children[index], own))
    found: dict[int, Sequence[Block]] = {}
    covered: set[int] = set()
    for members in groups.values():
        open_ = [(block, blocks) for block, blocks in members if id(block) not in covered]
        if _name_entries(open_):
            for block, blocks in open_:
                if blocks and _is_about_one_paper(block, blocks):
                    found[id(block)] = blocks
                    covered.update(map(id, blocks))
    return found


def admin_with_papers(root: Block) -> frozenset[str]:
    """The headings that sound administrative, but most items below them are titles with a link."""
    found = set()
    for parent in root.walk():
        for index, block in enumerate(parent.children):
            text = clean_heading(plain(block_pieces(block))) if block.kind == "heading" else ""
            if not is_admin(text) or is_contents(text):
                continue
            items = [i for b in below(parent.children, index) for i in items_of(b)]
            titled = sum(starts_entry(lead_of(item), paragraph=True) for item in items)
            if titled >= max(_FEW, _MANY * len(items)):
                found.add(text)
    return frozenset(found)


def _kind(block: Block) -> object:
    """What leading blocks that are judged together share; None for other blocks."""
    if block.kind == "heading":
        return block.level
    if block.kind != "paragraph" or len(words(plain(block_pieces(block)))) > _LONGEST:
        return None
    return shape_of(block, block_pieces(block))


def _name_entries(members: Sequence[tuple[Block, Sequence[Block]]]) -> bool:
    below = sum(bool(blocks) for _, blocks in members)
    if len(members) < _LEAST or below < _MOST * len(members):
        return False
    sample = members[:: len(members) // _SAMPLE + 1]
    if sum(_is_about_one_paper(*member) for member in sample) < _MOST * len(sample):
        return False
    texts = [_text(block) for block, _ in sample]
    titles = [0.0 if _is_field(text) else features(text).title for text in texts]
    distinct = len(set(texts)) >= _DISTINCT * len(texts)
    return distinct and sum(titles) >= _TITLED * len(titles)


def _is_about_one_paper(leading: Block, blocks: Sequence[Block]) -> bool:
    """Whether the blocks below a leading block hold a few lines about one paper and no title."""
    found = [p for block in [leading, *blocks] for p in external(all_pieces(block))]
    keys = {link_key(p.link.url) for p in found if p.link} - {None}
    parts = [line for block in blocks for line in nested_lines(block)]
    if (
        not 1 <= len(keys) <= _PAPERS
        or len(parts) > _LINES
        or any(b.kind == "table" for b in blocks)
    ):
        return False
    return not any(_is_title(part) for part in parts)


def _is_title(part: Sequence[Piece]) -> bool:
    """Whether a line can be the title of another entry: linked, bold or in title case."""
    for piece in part:
        shown = names_title(piece) if piece.link else piece.bold and not _is_field(piece.text)
        if shown and len(words(piece.text)) >= _STYLED:
            return True
    text = plain([p for p in part if p.link is None]).strip(' ()[]"“”')
    seen = features(text)
    return not _is_field(text) and seen.words >= _WORDS and seen.title_case


def _text(block: Block) -> str:
    """A block's text without the labels of its links."""
    items = [p for p in block_pieces(block) if p.link is None or not link_role(p)]
    return plain([p for p in items if p.link is None or not p.link.bare]).strip(' ()[]"“”')


def _is_field(text: str) -> bool:
    """Whether a text is a date, a venue or authors, perhaps behind a word that says so."""
    label, colon, value = text.replace("：", ":").partition(":")
    seen = features(value.strip() if colon and len(words(label)) <= _LABEL else text)
    dated = seen.year and seen.words <= 2 * _WORDS
    return seen.date or dated or seen.venue >= _HALF or seen.names >= _HALF or seen.cited


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
        own = [(item, lead_of(item)) for item in items_of(block)] or [(block, block_pieces(block))]
        regular = all(
            (shape := shape_of(one, items)) in followers
            and shape not in patterns.entries
            and can_follow(one, items)
            for one, items in own
        )
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
            draft = Draft("item", found.section, lead, item.line_start, item.line_end)
            found.drafts.append(draft)
            names = set()
        else:
            draft.more.append(lead)
        names.add(name)
        draft.line_end = item.line_end
        for nested in item.children[1:]:
            draft.more.extend(nested_lines(nested))
    return True
