"""Lines and blocks that are about the entry above: labelled links, named fields, venue, year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.parsing.document import Block, Piece
from enrich.parsing.inline import block_pieces, lines, plain, squeeze, without_emoji, words
from enrich.parsing.labels import FIELD_WORDS, label_role
from enrich.parsing.names import SEPARATED
from enrich.parsing.references import read_reference, read_tail
from enrich.parsing.shapes import external, lead_of, leading_text, link_role, names_title
from enrich.parsing.venues import is_bracket_venue, is_venue

_FIELD = re.compile(r"[^\s:：](?:[^:：]{0,30})[:：]")
_NUMBERED = re.compile(r"(?:\[\d{1,4}\]|\d{1,4}[.)、])\s*(\S.*)$")
_TITLE_FIELD = re.compile(
    r"(?:paper )?title\s*[:：]|(?:论文)?(?:标题|题目|名称)\s*[:：]|titre\s*:|titel\s*:|título\s*:",
    re.IGNORECASE,
)
_IMPRINT = 12  # words
_LABEL = 4  # words


def is_attribute_line(items: Sequence[Piece]) -> bool:
    """Whether a line is about an entry above it: a label and its links (`Code: …`, `论文：…`)."""
    if not external(items):
        return False
    text = squeeze(without_emoji(plain([p for p in items if p.link is None])))
    text = re.sub(r"[（(][^)）]{0,80}[)）]", "", text).strip(" \t:：[]()|,.;-–—*&/")
    first = external(items)[0]
    named = names_title(first)
    if named and (len(words(first.text)) >= 3 or not leading_text(items)):
        label = leading_text(items)
        field = any(map(str.isalpha, label)) and not is_venue(label)
        return field and label_role(label) is not None
    if not text:
        return all(link_role(p) is not None or (p.link and p.link.bare) for p in external(items))
    head = re.split(r"[:：]", text, maxsplit=1)[0].strip()
    return label_role(head) is not None or label_role(text) is not None


def is_remark(text: str) -> bool:
    """Whether a line without links only remarks on an entry: `Oral`, `CVPR 2020`, `代码：暂无`."""
    text = squeeze(without_emoji(text)).strip(" .*_")
    if is_bracket_venue(text) or re.fullmatch(
        r"(?i)oral|spotlight|poster|highlight|best paper", text
    ):
        return True
    head, colon, _ = text.replace("：", ":").partition(":")
    return _is_field(text) or bool(colon and label_role(re.sub(r"[（(].*", "", head)))


def _is_field(text: str) -> bool:
    """Whether a line begins with the name of a field: `Authors: …`, `作者：…`."""
    head, colon, _ = squeeze(text).replace("：", ":").partition(":")
    return bool(colon) and head.strip(" *_").lower() in FIELD_WORDS


def is_bold_field(block: Block) -> bool:
    """Whether a paragraph is a bold label and a text without links: `**Key Contribution:** …`."""
    items = block_pieces(block)
    if block.kind != "paragraph" or not items or not items[0].bold or external(items):
        return False
    label, following = items[0].text.strip(), plain(items[1:])
    closed = label.endswith((":", "：")) or following.startswith((":", "："))
    return closed and 1 <= len(words(label)) <= _LABEL and bool(words(following))


def is_known_line(items: Sequence[Piece]) -> bool:
    """Whether a line holds authors, venue or year, perhaps labelled links, and nothing else."""
    text = plain([p for p in items if p.link is None])
    if not all(link_role(p) or (p.link and p.link.bare) for p in external(items)):
        return False
    tail = read_tail(without_emoji(text).replace("[", " | ").replace("]", " | "))
    several = tail.authors is not None and SEPARATED.search(tail.authors) is not None
    # Without links a venue or a year may be a heading of its own.
    return tail.rest is None and (
        several or (bool(external(items)) and bool(tail.venue or tail.year))
    )


def is_citation(items: Sequence[Piece]) -> bool:
    """Whether a text holds authors, venue or year and nothing that could be a title."""
    tail = read_tail(without_emoji(plain(items)).replace("·", " | "))
    return tail.rest is None and bool(tail.authors or tail.venue or tail.year)


def is_imprint(blocks: Sequence[Block]) -> bool:
    """Whether a paragraph below a titled heading says only where and when: `CCS 2016`."""
    if not blocks:
        return False
    block = blocks[0]
    text = squeeze(without_emoji(plain(block_pieces(block))))
    if block.kind != "paragraph" or external(block_pieces(block)) or len(words(text)) > _IMPRINT:
        return False
    tail = read_tail(text)
    return tail.rest is None and tail.authors is None and bool(tail.venue or tail.year)


def _is_labelled_address(items: Sequence[Piece]) -> bool:
    """Whether a line is a short label and a written-out address: `Berkeley Blog：https://…`."""
    links = external(items)
    if len(links) != 1 or links[0].link is None or not links[0].link.bare:
        return False
    text = plain([p for p in items if p.link is None]).rstrip()
    return text.endswith((":", "：")) and 1 <= len(words(text)) <= _LABEL


def is_field_list(block: Block) -> bool:
    """Whether a list says one thing of one paper in each bullet: `Authors: …`, `Year: …`."""
    if block.kind != "list" or len(block.children) < 2:
        return False
    pairs = [(plain(lead_of(child)), child) for child in block.children]
    texts = [text for text, _ in pairs]
    fields = sum(map(_is_field, texts))
    return (
        fields * 3 >= len(texts)
        and fields >= 2
        and all(_FIELD.match(t) or is_attribute_line(lead_of(child)) for t, child in pairs)
    )


def is_title_field(items: Sequence[Piece]) -> bool:
    """Whether a line names itself the title: `Title: …`, `论文标题：…`."""
    return bool(_TITLE_FIELD.match(plain(items)))


def is_field_lines(parts: Sequence[Sequence[Piece]]) -> bool:
    """Whether lines name the fields of one entry, its title among them: `Title: …`, `Year: …`."""
    texts = [plain(part) for part in parts]
    titled = any(map(is_title_field, parts))
    return titled and sum(map(_is_field, texts)) >= 2


def is_numbered_reference(items: Sequence[Piece]) -> bool:
    """Whether a line is a reference of a bibliography: `[1] Qi, C., et al. "PointNet…" 2017.`"""
    match = _NUMBERED.match(plain(items))
    if match is None:
        return False
    reference = read_reference(match[1])
    return bool(reference.title and reference.authors and (reference.venue or reference.year))


def is_attribute_block(block: Block) -> bool:
    """Whether a block holds only lines about the entry above it."""
    if block.kind == "paragraph":
        parts = lines(block_pieces(block))
        return all(
            is_attribute_line(part) or is_known_line(part) or _is_field(plain(part))
            for part in parts
        )
    if is_field_list(block):
        return True
    if block.kind == "list" and block.children:
        leads = [lead_of(child) for child in block.children]
        return any(map(is_attribute_line, leads)) and all(
            is_attribute_line(lead)
            or _is_labelled_address(lead)
            or (not external(lead) and is_remark(plain(lead)))
            for lead in leads
        )
    return False
