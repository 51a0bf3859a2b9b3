"""Markdown to the document model, through markdown-it's tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from enrich.parsing.document import BREAK, Anchor, Block, BlockKind, Builder, Document
from enrich.parsing.formats.html import HtmlEvents

_OPENERS: dict[str, BlockKind] = {
    "paragraph_open": "paragraph", "bullet_list_open": "list", "ordered_list_open": "list",
    "list_item_open": "item", "blockquote_open": "quote", "table_open": "table",
    "tr_open": "row", "th_open": "cell", "td_open": "cell",
}  # fmt: skip
_MAX_NESTING = 100  # tokens: two a level of bullets; the library's 20 loses what stands deeper
# Columns: a level of bullets takes two at least, so a line indented further may be nested deeper
# than the parser reads. Such lines become bullets of the deepest level: nothing is lost.
_MAX_INDENT = _MAX_NESTING - 4
_DEEP = re.compile(rf"^ {{{_MAX_INDENT + 1},}}(?=\S)", re.MULTILINE)
_CLOSERS = frozenset(name.replace("_open", "_close") for name in _OPENERS) | {"heading_close"}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:[^\n]{0,2000}\n){1,200}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\s*/?>")


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    # Addresses are kept as the list writes them.
    md.normalizeLink = _as_written  # type: ignore[method-assign]
    return md


def _as_written(url: str) -> str:
    return url


def read_markdown(text: str) -> Document:
    """The document model of a Markdown text; any text is Markdown."""
    text = _blank_front_matter(text)
    env: dict[str, object] = {}
    tokens = _parser().parse(_DEEP.sub(" " * _MAX_INDENT, text), env)
    reader = _Reader(text)
    reader.read(tokens, 0)
    reader.unused_references(env)
    root = reader.builder.root
    root.line_end = max(1, len(reader.lines))
    return Document(root, reader.lines, reader.builder.loose)


def _blank_front_matter(text: str) -> str:
    match = _FRONT_MATTER.match(text)
    if not match or ":" not in match.group():
        return text
    return "\n" * match.group().count("\n") + text[match.end() :]


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.builder = Builder()
        self.html = HtmlEvents(self.builder, self._nested)
        self.depth = 0
        self.open: list[Block] = []
        self.urls: set[str] = set()

    def read(self, tokens: Sequence[Token], offset: int) -> None:
        build = self.builder
        start, end = offset + 1, offset + 1
        for token in tokens:
            kind = token.type
            if token.map is not None:
                start, end = token.map[0] + 1 + offset, self._trim(token.map, offset)
            if kind == "inline":
                self._inline(token, start)
            elif kind in _OPENERS:
                block = build.open(_OPENERS[kind], start, end)
                if kind == "ordered_list_open":
                    block.info = "ordered"
                elif kind == "th_open":
                    block.info = "header"
                self.open.append(block)
            elif kind == "heading_open":
                self.open.append(build.open("heading", start, end, level=int(token.tag[1])))
            elif kind in _CLOSERS:
                build.close(self.open.pop())
            elif kind == "fence":
                self._code(token, start, end)
            elif kind == "code_block":
                if "](" in token.content and token.map is not None:
                    # Entries indented one step too far: the owner meant a list, not code.
                    self._nested(token.content, start)
                else:
                    self._code(token, start, end)
            elif kind == "html_block":
                floor = build.stack.index(self.open[-1]) + 1 if self._inside() else 1
                self.html.piece(token.content, start, floor=floor, inline=False)

    def _nested(self, text: str, line: int) -> None:
        """Read Markdown that stands inside HTML or an indented block, once."""
        if self.depth:
            self.builder.add(text, line)
            return
        self.depth += 1
        html, self.html = self.html, HtmlEvents(self.builder, self._nested)
        self.read(_parser().parse(text, {}), line - 1)
        self.html = html
        self.depth -= 1

    def _inside(self) -> bool:
        return bool(self.open) and self.open[-1] in self.builder.stack

    def _trim(self, span: list[int], offset: int) -> int:
        first, last = span[0] + offset, span[1] + offset
        while last > first + 1 and last <= len(self.lines) and not self.lines[last - 1].strip():
            last -= 1
        return last

    def _code(self, token: Token, start: int, end: int) -> None:
        block = self.builder.open("code", start, end)
        block.info, block.text = token.info.strip().lower(), token.content
        self.builder.close(block)

    def _inline(self, token: Token, line: int) -> None:
        build = self.builder
        for child in token.children or ():
            kind = child.type
            if kind == "text":
                build.add(child.content, line)
            elif kind == "softbreak" and (build.bold or build.italic):
                # A line wrapped inside one run of emphasis: owners set a title so, not two things.
                build.add(" ", line)
                line += 1
            elif kind in ("softbreak", "hardbreak"):
                build.line_break(line)
                line += 1
            elif kind == "link_open":
                url = str(child.attrs.get("href", "")).strip()
                self.urls.add(url)
                build.link = Anchor(url, line, bare=child.info == "auto")
            elif kind == "link_close":
                build.link = None
            elif kind == "strong_open":
                build.bold += 1
            elif kind == "strong_close":
                build.bold = max(0, build.bold - 1)
            elif kind == "em_open":
                build.italic += 1
            elif kind == "em_close":
                build.italic = max(0, build.italic - 1)
            elif kind == "code_inline":
                build.add(child.content, line, code=True)
                line += child.content.count(BREAK)
            elif kind == "image":
                build.add(child.content or "image", line, image=True)
            elif kind == "html_inline":
                self.html.piece(child.content, line, floor=len(build.stack), inline=True)
                line += child.content.count(BREAK)

    def unused_references(self, env: dict[str, object]) -> None:
        references = env.get("references")
        if not isinstance(references, dict):
            return
        for reference in references.values():
            url = str(reference.get("href", ""))
            if url and url not in self.urls:
                span = reference.get("map") or [0, 0]
                self.builder.loose.append(("unused reference", Anchor(url, int(span[0]) + 1)))
