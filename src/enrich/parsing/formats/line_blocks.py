"""Build a document from markup that is read line by line: headings, nested lists, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from enrich.parsing.document import Block, Builder, Document

Inline = Callable[[Builder, str, int], None]
Cells = Sequence[tuple[str, int]]  # (text, line) of each cell


class LineBlocks:
    """Turns lines into blocks; `inline` reads the markup inside a line.

    A list item stays open until a heading, a table or an item of a list further out.
    """

    def __init__(self, text: str, inline: Inline) -> None:
        self.lines = text.split("\n")
        self.builder = Builder()
        self._inline = inline
        self._lists: list[tuple[int, Block, Block]] = []  # (depth, list, item)
        self._paragraph: Block | None = None

    def document(self) -> Document:
        """The document that was built."""
        self.end_lists()
        root = self.builder.root
        root.line_end = max(1, len(self.lines))
        return Document(root, self.lines, self.builder.loose)

    def heading(self, level: int, text: str, line: int) -> None:
        """A heading; it ends every list."""
        self.end_lists()
        block = self.builder.open("heading", line, line, level=level)
        self._inline(self.builder, text, line)
        self.builder.close(block)

    def text(self, text: str, line: int) -> None:
        """A line of text: it goes on in the open paragraph, on a line of its own."""
        if self._paragraph is None:
            self._paragraph = self.builder.open("paragraph", line, line)
        else:
            self.builder.line_break(line - 1)
        self._inline(self.builder, text, line)
        self._extend(line)

    def end_paragraph(self) -> None:
        """What follows is a paragraph of its own."""
        if self._paragraph is not None:
            self.builder.close(self._paragraph)
            self._paragraph = None

    def item(self, depth: int, text: str, line: int, *, ordered: bool = False) -> None:
        """A list item; a greater `depth` (indentation or number of marks) stands further in."""
        self.end_lists(depth + 1)
        if self._lists and self._lists[-1][0] == depth:
            _, listing, before = self._lists.pop()
            self.builder.close(before)
        else:
            listing = self.builder.open("list", line, line)
            listing.info = "ordered" if ordered else ""
        item = self.builder.open("item", line, line)
        self._lists.append((depth, listing, item))
        self._extend(line)
        if text:
            self.text(text, line)

    @property
    def depth(self) -> int | None:
        """The depth of the innermost open item; None outside lists."""
        return self._lists[-1][0] if self._lists else None

    def end_lists(self, depth: int | None = None) -> None:
        """End every list, or those at `depth` or further in."""
        self.end_paragraph()
        while self._lists and (depth is None or self._lists[-1][0] >= depth):
            self.builder.close(self._lists.pop()[1])

    def table(self, rows: Sequence[Cells], header: int) -> None:
        """A table whose first `header` rows name the columns."""
        self.end_paragraph()
        rows = [row for row in rows if row]
        if not rows:
            return
        table = self.builder.open("table", rows[0][0][1], rows[-1][-1][1])
        for position, cells in enumerate(rows):
            row = self.builder.open("row", cells[0][1], cells[-1][1])
            for text, line in cells:
                cell = self.builder.open("cell", line, line)
                cell.info = "header" if position < header else ""
                self._inline(self.builder, text.strip(), line)
                self.builder.close(cell)
            self.builder.close(row)
        self.builder.close(table)
        self._extend(rows[-1][-1][1])

    def code(self, language: str, text: str, first: int, last: int) -> None:
        """A block of code."""
        self.end_paragraph()
        block = self.builder.open("code", first, last)
        block.info, block.text = language.lower(), text
        self.builder.close(block)
        self._extend(last)

    def _extend(self, line: int) -> None:
        if self._paragraph is not None:
            self._paragraph.line_end = max(self._paragraph.line_end, line)
        for _, listing, item in self._lists:
            listing.line_end = max(listing.line_end, line)
            item.line_end = max(item.line_end, line)
