"""Where entries begin and end: blocks cut into drafts, every other link accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.papers.identifiers import link_key, text_identities
from enrich.parsing.attributes import (
    is_citation,
    is_field_lines,
    is_field_list,
    is_imprint,
    is_numbered_reference,
)
from enrich.parsing.bullets import (
    are_listed,
    is_entry,
    is_own_entry,
    leads_elsewhere,
    tells_of_heading,
)
from enrich.parsing.cards import (
    admin_with_papers,
    attributes_after,
    below,
    first_line,
    followers_after,
    leading_blocks,
    read_field_list,
)
from enrich.parsing.code_blocks import read_code, stray_blocks, take_block
from enrich.parsing.collector import Collector
from enrich.parsing.document import Block, Document, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.headings import names_papers
from enrich.parsing.inline import block_pieces, lines, plain, words
from enrich.parsing.recurring import (
    Patterns,
    Seen,
    find_patterns,
    find_runs,
    reads_like_title,
    shape_of,
)
from enrich.parsing.references import read_reference
from enrich.parsing.shapes import (
    OPENERS,
    all_pieces,
    clean_heading,
    external,
    in_title_case,
    is_badge,
    items_of,
    lead_of,
    link_role,
    mark_labels,
    starts_entry,
)
from enrich.parsing.tables import read_table
from enrich.records import Issue, StrayLink

_CARD = 6  # blocks below a heading that can be about one entry
_SENTENCE = 3  # words
_TITLE = 5  # words: a heading that is nothing but a link this long is a title


class Segmenter:
    """Walks the document once and collects drafts and stray links."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title = ""
        self.found = Collector()
        self._lenient = False
        self._patterns = Patterns()

    def run(self) -> None:
        """Fill `found`: once by the usual signs, then with the shapes that recur in the list."""
        self._title()
        mark_labels(self.document)
        self.found.subjects = admin_with_papers(self.document.root)
        self._titled_by = leading_blocks(self.document.root)
        self._runs = find_runs(self.document.root)
        self.read(self.document.root.children)
        self._patterns = find_patterns(self.found.seen, found=bool(self.found.drafts))
        if self._patterns:
            self.found = Collector(subjects=self.found.subjects)
            self.read(self.document.root.children)
        if not self.found.drafts:
            # Not one entry by any sign: a list of bare titles, under headings of any name.
            self._lenient = True
            self.found = Collector(subjects=self.found.subjects)
            self.read(self.document.root.children)
        for reason, anchor in self.document.loose:
            self.found.strays.append(StrayLink("", anchor.url, anchor.line, reason))

    def _title(self) -> None:
        for block in self.document.root.walk():
            if block.kind == "heading" and block.level <= 2:
                text = clean_heading(plain(block_pieces(block)))
                if text:
                    self.title, self._title_block = text, block
                    return
        self._title_block = self.document.root

    def read(self, blocks: Sequence[Block]) -> None:
        """Read blocks that stand beside each other, under the headings above them."""
        index = 0
        while index < len(blocks):
            index += self._block(blocks, index)

    def _block(self, blocks: Sequence[Block], index: int) -> int:
        """Read the block at `index`; how many blocks were read."""
        block = blocks[index]
        if block.kind == "heading":
            return self._heading(blocks, index)
        if block.kind in ("paragraph", "cell"):
            return self._paragraph(blocks, index)
        if block.kind == "list":
            self._list(block)
        elif block.kind == "item":
            self._item(block, False)
        elif block.kind == "table":
            self._table(block)
        elif block.kind == "code":
            read_code(self.found, block)
        else:
            depth = len(self.found.headings)
            kept = list(self.found.headings)
            self.read(block.children)
            if block.kind in ("details", "quote") and len(self.found.headings) >= depth:
                self.found.headings = kept
        return 1

    # -- headings ---------------------------------------------------------------------------------

    def _heading(self, blocks: Sequence[Block], index: int) -> int:
        block = blocks[index]
        items = block_pieces(block)
        links = [p for p in external(items) if not is_badge(p)]
        if id(block) in self._titled_by and not self.found.in_admin(block.level):
            return self._titled(blocks, index, items, len(self._titled_by[id(block)]))
        if block is not self._title_block and not self.found.in_admin(block.level):
            own = [] if OPENERS.match(plain(items)) else [p for p in links if not p.image]
            known = any(link_key(p.link.url) for p in links if p.link)
            text = clean_heading(plain([p for p in items if p.link is None]))
            labelled = any(map(link_role, own)) and len(words(text)) >= _SENTENCE
            alone = len(own) == 1 and not words(text) and in_title_case(own[0].text)
            alone = alone and len(words(own[0].text)) >= _TITLE
            follows = attributes_after(blocks, index + 1) > index + 1
            described = follows and len(words(plain(items))) >= _SENTENCE
            if known or labelled or alone or described or self._is_regular(block, items):
                return self._titled(blocks, index, items)
            self._reject(blocks, index, items)
        if not (links and OPENERS.match(plain(items))):
            self._enter(block, clean_heading(plain(items)))
        self.found.stray(items, "navigation")
        return 1

    def _enter(self, block: Block, text: str) -> None:
        while self.found.headings and self.found.headings[-1][0] >= block.level:
            self.found.headings.pop()
        if block is not self._title_block and text:
            self.found.headings.append((block.level, text))

    # -- paragraphs -------------------------------------------------------------------------------

    def _titled(
        self, blocks: Sequence[Block], index: int, items: list[Piece], length: int = 0
    ) -> int:
        """An entry whose title stands alone, its links in the blocks below."""
        block = blocks[index]
        shape = shape_of(block, items)
        self.found.seen.append(Seen(shape, items, True, True))
        draft = Draft(
            "heading" if block.kind == "heading" else "paragraph", self.found.section, items,
            first_line(block, items), block.line_end,
        )  # fmt: skip
        first = index + 1 + length
        first += block.kind == "heading" and not length and is_imprint(blocks[first : first + 1])
        linked = first > index + 1 or bool(external(items))
        end = max(first, attributes_after(blocks, first, linked=linked))
        end = followers_after(self._patterns, blocks, end, shape)
        for follower in blocks[index + 1 : end]:
            take_block(self.found, draft, follower)
            draft.line_end = max(draft.line_end, follower.line_end)
        self.found.drafts.append(draft)
        return max(1, end - index)

    def _is_regular(self, block: Block, items: Sequence[Piece]) -> bool:
        return shape_of(block, items) in self._patterns.entries and reads_like_title(items)

    def _reject(self, blocks: Sequence[Block], index: int, items: Sequence[Piece]) -> None:
        """Remember a block that is no entry by the usual signs."""
        block = blocks[index]
        near = blocks[index + 1 : index + 2] if block.kind != "heading" else below(blocks, index)
        linked = any(
            link_role(p) or (p.link and link_key(p.link.url))
            for p in external([*items, *(p for b in near for p in all_pieces(b))])
            if not is_badge(p) and (not p.image or (p.link and link_key(p.link.url)))
        )
        self.found.seen.append(
            Seen(shape_of(block, items), items, False, linked, len(near) <= _CARD)
        )

    def _paragraph(self, blocks: Sequence[Block], index: int) -> int:
        block = blocks[index]
        items = block_pieces(block)
        links = [p for p in external(items) if not is_badge(p)]
        if self.found.in_admin():
            self.found.stray(items, "prose")
            return 1
        if id(block) in self._titled_by:
            return self._titled(blocks, index, items, len(self._titled_by[id(block)]))
        if why := leads_elsewhere(links):
            self.found.stray(items, why)
            return 1
        parts = lines(items)
        begins = [_begins(part) for part in parts]
        first = self._runs.get(id(block), ())
        if len(first) >= max(1, sum(begins)):
            begins = [i in first for i in range(len(parts))]
        if first or sum(begins) >= 2 or (any(begins) and is_numbered_reference(parts[0])):
            self._run_of_lines(parts, begins)
            return 1
        if links and starts_entry(items, paragraph=True):
            return self._titled(blocks, index, items)
        follows = not links and attributes_after(blocks, index + 1) > index + 1
        if follows and not is_citation(items):
            text = plain(items)
            bold = all(p.bold or not p.text.strip() for p in items)
            closed = 2 <= len(words(text)) <= 45 and not text.endswith((":", "："))
            if closed and (bold or (len(words(text)) >= 3 and not OPENERS.match(text))):
                return self._titled(blocks, index, items)
        text = plain(items)
        cited = not links and text_identities(text) and read_reference(text).title
        if cited or is_field_lines(parts) or self._is_regular(block, items):
            return self._titled(blocks, index, items)
        self._reject(blocks, index, items)
        self.found.stray(items, "prose")
        return 1

    def _run_of_lines(self, parts: list[list[Piece]], begins: list[bool]) -> None:
        draft: Draft | None = None
        for part, first in zip(parts, begins, strict=True):
            line = part[0].line
            if first:
                draft = Draft("paragraph", self.found.section, part, line, line)
                self.found.drafts.append(draft)
            elif draft is not None:
                draft.more.append(part)
                draft.line_end = max(draft.line_end, part[-1].line)
            else:
                self.found.stray(part, "prose")

    # -- lists ------------------------------------------------------------------------------------

    def _list(self, block: Block) -> None:
        own = [p for child in block.walk() for p in block_pieces(child) if p.link is not None]
        if why := leads_elsewhere(own):
            self.found.stray(own, why)
            return
        if is_field_list(block) and read_field_list(self.found, block):
            return
        has_links = are_listed(block.children)
        for item in block.children:
            if item.kind == "item":
                self._item(item, has_links)
            else:
                self._block([item], 0)

    def _item(self, item: Block, siblings: bool) -> None:
        lead = lead_of(item)
        if not item.children and not item.spans:
            return
        if not lead:
            self.read(item.children)
            return
        below = item.children[1:]
        if (
            item.children[0].kind == "heading"
            and not external(lead)
            and not tells_of_heading(below)
        ):
            self.read(item.children)
            return
        links = [p for p in external(lead) if not is_badge(p)]
        own = [c for block in below for c in items_of(block) if is_own_entry(c, bool(links))]
        if self.found.in_admin():
            stray_blocks(self.found, [item])
            return
        if own and not links and not text_identities(plain(lead)):
            self.found.stray(lead, "toc")
            kept = list(self.found.headings)
            level = 10 + sum(1 for at, _ in kept if at >= 10)
            text = clean_heading(plain(lead))
            if text:
                self.found.headings.append((level, text))
            self.read(below)
            self.found.headings = kept
            return
        papers = self._lenient or any(map(names_papers, self.found.section))
        entry = is_entry(
            item, lead, below, own, siblings=siblings, papers=papers and bool(self.found.headings)
        )
        shape = shape_of(item, lead)
        regular = shape in self._patterns.entries and reads_like_title(lead)
        regular = regular and len(words(plain(lead))) >= _SENTENCE
        self.found.seen.append(Seen(shape, lead, entry, bool(links)))
        if not (entry or regular):
            self.found.stray(lead, "prose")
            if len(words(plain(lead))) > 1 and (not links or self.found.drafts):
                self.found.issues.append(
                    Issue(
                        "info", "passed_over", f"{plain(lead)!r} was read as a remark, no entry.",
                        None, item.line_start, "If it is a paper, link it or make its title bold.",
                    )
                )  # fmt: skip
            if own:
                self.read(below)
            else:
                stray_blocks(self.found, below)
            return
        draft = Draft("item", self.found.section, lead, item.line_start, item.line_end)
        self.found.drafts.append(draft)
        for block in below:
            if block.kind == "list" and any(child in own for child in block.children):
                for child in block.children:
                    if child in own:
                        self._item(child, True)
                    else:
                        take_block(self.found, draft, child)
                draft.line_end = min(draft.line_end, max(item.line_start, block.line_start - 1))
            else:
                take_block(self.found, draft, block)

    def _table(self, table: Block) -> None:
        read_table(self.found, table)
        self.read([block for block in table.children if block.kind != "row"])


def _begins(part: Sequence[Piece]) -> bool:
    return starts_entry(part, paragraph=True) or is_numbered_reference(part)
