"""One document model for every format: blocks that hold runs of text, and a tolerant builder.

Readers (Markdown, HTML, reStructuredText) turn their syntax into calls of `Builder`; what looks for
entries sees only `Block` and `Span`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from enrich.records import Role

BlockKind = Literal[
    "document", "heading", "paragraph", "list", "item", "table", "row", "cell", "quote", "details",
    "group", "code",
]  # fmt: skip
BREAK = "\n"


@dataclass(eq=False, slots=True)
class Anchor:
    """One link of the document, by identity: spans that belong to it share the object."""

    url: str
    line: int
    bare: bool = False  # the address itself is the text


@dataclass(slots=True)
class Span:
    """A run of text in one style; `text == BREAK` is a line break, written or forced."""

    text: str
    line: int
    bold: bool = False
    italic: bool = False
    code: bool = False
    image: bool = False
    link: Anchor | None = None


@dataclass(slots=True)
class Piece:
    """A link with its whole label, or a run of text in one style."""

    text: str
    line: int
    bold: bool = False
    italic: bool = False
    code: bool = False
    image: bool = False
    link: Anchor | None = None
    recurs: bool = False  # a link whose text stands on many links of the list: a label
    role: Role | Literal[False] | None = False  # what a link's text names; False: not yet read

    @property
    def is_break(self) -> bool:
        """Whether this is a line break."""
        return self.link is None and self.text == BREAK


@dataclass(eq=False, slots=True)
class Block:
    """A block of the document. `line_end` is inclusive; both lines are 1-based."""

    kind: BlockKind
    line_start: int
    line_end: int
    level: int = 0
    spans: list[Span] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    info: str = ""  # code: the language; list: "ordered"; cell: "header"
    text: str = ""  # code only
    pieces: list[Piece] | None = None  # the spans as `inline.block_pieces` has read them

    def walk(self) -> Iterator[Block]:
        """This block and all below it, in document order."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))

    def all_spans(self) -> Iterator[Span]:
        """Every span of this block and of all below it, in document order."""
        for block in self.walk():
            yield from block.spans


@dataclass(slots=True)
class Document:
    """A whole document: its tree, its lines, and links that no text refers to."""

    root: Block
    lines: list[str]
    loose: list[tuple[str, Anchor]] = field(default_factory=list)  # (reason, link)


_INLINE: frozenset[str] = frozenset({"heading", "paragraph", "cell"})
_MAX_DEPTH = 200


class Builder:
    """Builds the tree from events that need not be balanced: a stray closer is ignored."""

    def __init__(self) -> None:
        self.root = Block("document", 1, 1)
        self.stack: list[Block] = [self.root]
        self.implicit: Block | None = None
        self.bold = self.italic = self.code = 0
        self.link: Anchor | None = None
        self.loose: list[tuple[str, Anchor]] = []

    def open(self, kind: BlockKind, line: int, end: int | None = None, level: int = 0) -> Block:
        """Open a block; blocks nested too deep are opened beside their parent instead."""
        self._close_implicit()
        while self.stack[-1].kind in _INLINE and len(self.stack) > 1:
            if self.stack[-1].kind == "cell" and kind != "cell":
                # Blocks inside a table cell are kept inside it.
                break
            self.stack.pop()
        block = Block(kind, line, end if end is not None else line, level)
        parent = self.stack[-1]
        parent.children.append(block)
        if len(self.stack) < _MAX_DEPTH:
            self.stack.append(block)
        self.bold = self.italic = self.code = 0
        self.link = None
        return block

    def close(self, block: Block, line: int | None = None) -> None:
        """Close a block that `open` returned, and everything still open inside it."""
        self._close_implicit()
        if block not in self.stack:
            return
        while self.stack[-1] is not block:
            self._end(self.stack.pop(), line)
        self._end(self.stack.pop(), line)

    def close_kind(self, kinds: tuple[BlockKind, ...], floor: int, line: int) -> None:
        """Close the innermost open block of one of `kinds` above stack position `floor`, if any."""
        for index in range(len(self.stack) - 1, floor - 1, -1):
            if self.stack[index].kind in kinds:
                self.close(self.stack[index], line)
                return

    def _end(self, block: Block, line: int | None) -> None:
        if line is not None:
            block.line_end = max(block.line_end, line)

    def _close_implicit(self) -> None:
        if self.implicit is not None:
            if self.stack[-1] is self.implicit:
                self.stack.pop()
            self.implicit = None

    def _target(self, line: int) -> Block:
        top = self.stack[-1]
        if top.kind in _INLINE:
            return top
        block = Block("paragraph", line, line)
        top.children.append(block)
        self.stack.append(block)
        self.implicit = block
        return block

    def add(self, text: str, line: int, *, image: bool = False, code: bool = False) -> None:
        """Add text in the current style to the innermost block that takes text."""
        if not text:
            return
        top = self.stack[-1]
        if top.kind not in _INLINE and not text.strip():
            return
        block = self._target(line)
        block.line_end = max(block.line_end, line)
        block.spans.append(
            Span(
                text, line, self.bold > 0, self.italic > 0, code or self.code > 0, image, self.link
            )
        )

    def line_break(self, line: int) -> None:
        """End a line inside a block; nothing outside one."""
        top = self.stack[-1]
        if top.kind in _INLINE and top.spans:
            top.spans.append(Span(BREAK, line, link=self.link))
