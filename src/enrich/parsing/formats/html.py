"""HTML, inside lists and as whole pages, as events for the builder."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from enrich.papers.identifiers import find_urls
from enrich.parsing.document import Anchor, BlockKind, Builder, Document

_BLOCKS: dict[str, BlockKind] = {
    "p": "paragraph", "div": "group", "center": "group", "section": "group", "article": "group",
    "details": "details", "ul": "list", "ol": "list", "dl": "list", "li": "item", "dt": "item",
    "dd": "item", "table": "table", "tr": "row", "td": "cell", "th": "cell",
    "blockquote": "quote", "summary": "heading",
    "h1": "heading", "h2": "heading", "h3": "heading",
    "h4": "heading", "h5": "heading", "h6": "heading",
}  # fmt: skip
_SUMMARY_LEVEL = 7
_BOLD = {"b", "strong"}
_ITALIC = {"i", "em", "cite"}
_CODE = {"code", "kbd", "tt"}
_SKIPPED = {"script", "style"}
# Parts of a page that are about the page.
_SKIPPED_IN_PAGES = _SKIPPED | {
    "head", "nav", "footer", "noscript", "svg", "form", "button", "select", "template", "iframe",
}  # fmt: skip
# Blocks that a link may enclose: `<a href="…"><div>Title</div></a>` is a card.
_CARDS: frozenset[BlockKind] = frozenset({"group", "paragraph", "heading"})
_SPACE = re.compile(r"[ \t\r\f]*\n[ \t\r\f]*")


class HtmlEvents(HTMLParser):
    """Feeds pieces of HTML into a builder, however they are cut and nested.

    `floor` is the stack position below which closing tags of this piece must not reach: they
    cannot close what Markdown opened. `markdown` reads text that is Markdown after all.
    """

    def __init__(self, builder: Builder, markdown: Callable[[str, int], None]) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.markdown = markdown
        self.floor = 1
        self.base = 1
        self.inline = False
        self.skipping = 0
        self.skipped = _SKIPPED

    def piece(self, text: str, line: int, *, floor: int, inline: bool) -> None:
        """Read one piece of HTML that starts on `line`."""
        self.reset()
        self.base, self.floor, self.inline = line, floor, inline
        self.skipping = 0
        self.feed(text)
        # An unfinished tag at the end of the piece is text, as browsers show it.
        if self.rawdata and not self.rawdata.startswith("<!"):
            rest, self.rawdata = self.rawdata, ""
            self.handle_data(rest)

    @property
    def line(self) -> int:
        """Line of the document at which the parser stands."""
        return self.base + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        values = {name: value or "" for name, value in attrs}
        build, line = self.builder, self.line
        if tag == "a":
            if values.get("href"):
                build.link = Anchor(values["href"].strip(), line)
        elif tag == "br":
            build.line_break(line)
        elif tag == "img":
            build.add(values.get("alt") or "image", line, image=True)
        elif tag in _BOLD:
            build.bold += 1
        elif tag in _ITALIC:
            build.italic += 1
        elif tag in _CODE:
            build.code += 1
        elif tag in self.skipped:
            self.skipping += 1
        elif tag in _BLOCKS:
            if self.inline and build.stack[-1].kind in ("heading", "paragraph", "cell"):
                build.line_break(line)
                return
            kind = _BLOCKS[tag]
            if tag == "dd":
                kind = "paragraph"  # about the term above, whose item is still open
            if kind == "item":
                self._end_open("item", "list")
            elif kind == "row":
                self._end_open("row", "table")
            elif kind == "cell":
                self._end_open("cell", "row")
            level = 0
            if kind == "heading":
                level = _SUMMARY_LEVEL if tag == "summary" else int(tag[1])
            block = build.open(kind, line, level=level)
            if tag == "th":
                block.info = "header"

    def _end_open(self, kind: BlockKind, within: BlockKind) -> None:
        # <li>, <tr> and <td> need no closing tag: the next one ends them.
        for index in range(len(self.builder.stack) - 1, self.floor - 1, -1):
            block = self.builder.stack[index]
            if block.kind == within:
                return
            if block.kind == kind:
                self.builder.close(block, max(block.line_start, self.line - 1))
                return

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        build, line = self.builder, self.line
        if tag == "a":
            build.link = None
        elif tag in _BOLD:
            build.bold = max(0, build.bold - 1)
        elif tag in _ITALIC:
            build.italic = max(0, build.italic - 1)
        elif tag in _CODE:
            build.code = max(0, build.code - 1)
        elif tag in self.skipped:
            self.skipping = max(0, self.skipping - 1)
        elif tag in _BLOCKS:
            if self.inline and build.stack[-1].kind in ("heading", "paragraph", "cell"):
                build.line_break(line)
                return
            if tag != "dt":
                build.close_kind(("paragraph" if tag == "dd" else _BLOCKS[tag],), self.floor, line)

    def handle_data(self, data: str) -> None:  # noqa: D102
        if self.skipping:
            return
        line = self.line
        if not self.inline and "](" in data:
            # Markdown that follows HTML without a blank line: meant as Markdown, read as such.
            start = len(data) - len(data.lstrip("\n"))
            self.markdown(data[start:], line + start)
            return
        for index, part in enumerate(_SPACE.split(data)):
            if index:
                self.builder.line_break(line + index - 1)
            if part:
                self.builder.add(part.replace("\xa0", " "), line + index)

    def handle_comment(self, data: str) -> None:  # noqa: D102
        for start, url in find_urls(data):
            line = self.line + data.count("\n", 0, start)
            self.builder.loose.append(("comment", Anchor(url, line)))


def read_html(text: str) -> Document:
    """The document model of a whole HTML page."""
    builder = Builder()
    page = _Page(builder, _never)
    page.piece(text, 1, floor=1, inline=False)
    lines = text.split("\n")
    builder.root.line_end = max(1, len(lines))
    return Document(builder.root, lines, builder.loose)


def _never(text: str, line: int) -> None:
    raise AssertionError("a page of HTML holds no Markdown")


class _Page(HtmlEvents):
    """Reads a page: line ends are spaces, links may enclose blocks, navigation is left out."""

    def __init__(self, builder: Builder, markdown: Callable[[str, int], None]) -> None:
        super().__init__(builder, markdown)
        self.skipped = _SKIPPED_IN_PAGES

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.skipping = 0  # `</head>` may be left out
        if self.skipping:
            if tag in self.skipped:
                self.skipping += 1
            elif tag == "a":
                self._skip_link(attrs)
            return
        link = self.builder.link
        super().handle_starttag(tag, attrs)
        if link is not None and _BLOCKS.get(tag) in _CARDS:
            self.builder.link = link

    def _skip_link(self, attrs: list[tuple[str, str | None]]) -> None:
        url = dict(attrs).get("href")
        if url:
            self.builder.loose.append(("navigation", Anchor(url.strip(), self.line)))

    def handle_endtag(self, tag: str) -> None:
        if not self.skipping or tag in self.skipped:
            super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self.skipping and data:
            start = data.count("\n", 0, len(data) - len(data.lstrip()))
            self.builder.add(re.sub(r"\s+", " ", data), self.line + start)
