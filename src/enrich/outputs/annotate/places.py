"""Find where an entry's mark may go: line and column of its text, or why there is no place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token

from enrich.outputs.annotate.mark_text import Form
from enrich.records import Entry

LeafKind = Literal["text", "heading", "row", "html", "code"]
# What must stay at the end of a line: breaks, and tags that close the block around the entry.
_ENDING = re.compile(
    r"(?:[ \t]|<br\s*/?>|</(?:li|td|th|tr|p|div|dd|dt|summary|details|center)\s*>)*\Z",
    re.IGNORECASE,
)
# A mark may not stand inside the link that it belongs to.
_CLOSED_LINK = re.compile(r"</a\s*>", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """After `column` characters of the 0-based `line`; `line` form: on a new line below it."""

    line: int
    column: int
    form: Form


@dataclass(frozen=True, slots=True)
class _Leaf:
    kind: LeafKind
    start: int
    end: int
    level: int


class Places:
    """The places of one Markdown document: `lines` without their ends, and its tokens."""

    def __init__(self, lines: Sequence[str], tokens: Sequence[Token]) -> None:
        self.lines = lines
        self.leaves = _leaves(tokens, len(lines))

    def find(self, entry: Entry) -> Place | str:
        """The place of one entry's mark, or in a few words why it has none."""
        first, last = entry.line_start - 1, min(entry.line_end, len(self.lines)) - 1
        leaf = next((x for i in range(first, last + 1) if (x := self.leaves.get(i))), None)
        if leaf is None:
            return "no text of its own was found"
        if leaf.kind == "code":
            return "it is in a block of code"
        if leaf.kind == "heading":
            # A heading's text makes its anchor, which links point to: it must not change.
            if leaf.level:
                return "its heading is inside another block"
            return Place(leaf.end - 1, len(self.lines[leaf.end - 1]), "line")
        if leaf.kind == "row":
            return self._cell(entry, leaf.start)
        if leaf.kind == "html":
            return self._html(entry, first, min(last, leaf.end - 1))
        line = min(last, leaf.end - 1)
        column = _end(self.lines[line])
        return Place(line, column, "markdown") if column else "its last line is empty"

    def _cell(self, entry: Entry, line: int) -> Place | str:
        text = self.lines[line]
        edges = [-1, *_pipes(text), len(text)]
        cells = [(a + 1, b) for a, b in pairwise(edges)]
        for matches in _cell_tests(entry):
            for start, end in cells:
                if matches(text[start:end]) and (length := _end(text[start:end])):
                    return Place(line, start + length, "markdown")
        return "no cell of its row holds its title or link"

    def _html(self, entry: Entry, first: int, last: int) -> Place | str:
        for url in (link.url for link in sorted(entry.links, key=lambda x: x.role != "paper")):
            for line in range(first, last + 1):
                text = self.lines[line]
                at = max(
                    text.find(f"{quote}{form}{quote}")
                    for quote in "\"'"
                    for form in (url, escape(url))
                )
                if at >= 0 and (closed := _CLOSED_LINK.search(text, at)):
                    return Place(line, closed.end(), "html")
        column = _end(self.lines[last])
        return Place(last, column, "html") if column else "it is in HTML without a link"


def _leaves(tokens: Sequence[Token], count: int) -> dict[int, _Leaf]:
    """Line -> the block of text, table row, HTML or code it belongs to."""
    leaves: dict[int, _Leaf] = {}
    kinds: dict[str, LeafKind] = {
        "tr_open": "row", "html_block": "html", "fence": "code", "code_block": "code",
        "heading_open": "heading", "paragraph_open": "text",
    }  # fmt: skip
    for token in tokens:
        kind = kinds.get(token.type)
        if kind is not None and token.map is not None:
            leaf = _Leaf(kind, token.map[0], token.map[1], token.level)
            leaves.update((line, leaf) for line in range(leaf.start, min(leaf.end, count)))
    return leaves


def _end(text: str) -> int:
    """Length of `text` before what must stay at its end, a hard break's backslash included."""
    ending = _ENDING.search(text)
    length = ending.start() if ending else len(text)
    return length - 1 if text[:length].endswith("\\") else length


def _pipes(text: str) -> list[int]:
    """Positions of the pipes that end cells: those no backslash escapes."""
    found, escaped = [], False
    for index, char in enumerate(text):
        if char == "|" and not escaped:
            found.append(index)
        escaped = char == "\\" and not escaped
    return found


def _cell_tests(entry: Entry) -> tuple[Callable[[str], bool], ...]:
    """Tests of a cell, most certain first: it holds the title, a paper link, any link."""
    papers = [link.url for link in entry.links if link.role == "paper"]
    title = _NOT_LETTERS.sub("", entry.title).casefold()
    return (
        lambda cell: bool(title) and title in _NOT_LETTERS.sub("", cell).casefold(),
        lambda cell: any(url in cell for url in papers),
        lambda cell: any(link.url in cell for link in entry.links),
    )
