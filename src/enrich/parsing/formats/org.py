"""Org files to the document model: headings and properties through orgparse, the rest by line.

https://orgmode.org/worg/org-syntax.html. Priorities, tags, clocks and schedules of a heading are
about the owner's work, not about the paper; properties are, and become lines. A heading with a
keyword (`TODO`, `DONE`) is a task and read as an item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orgparse

from enrich.papers.identifiers import find_urls
from enrich.parsing.document import Anchor, Builder, Document
from enrich.parsing.formats.line_blocks import LineBlocks

_EMPHASIS = 400  # characters: a run of emphasis longer than this is not meant as one
_INLINE = re.compile(
    r"\[\[(?P<url>[^\[\]\n]{1,2000})\](?:\[(?P<label>[^\n]{0,2000}?)\](?=\]))?\]"
    r"|<?(?P<bare>https?://[^\s<>\[\]]+)>?"
    rf"|(?<![\w*/_+=~])(?P<mark>[*/_+=~])(?=\S)(?P<run>[^\n]{{1,{_EMPHASIS}}}?)(?<=\S)(?P=mark)(?!\w)"
)
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?:[-+]|(?<=[ \t])\*|(?P<number>\d+|[A-Za-z])[.)])(?:[ \t]+(?P<text>.*))?$"
)
_RULE = re.compile(r"\|[-+|: ]+$")
_DRAWER = re.compile(r":([\w\-]+):\s*$")
_PROPERTY = re.compile(r":([^\s:]+):\s+(\S.*)$")
_PLANNING = re.compile(r"(?:CLOSED|SCHEDULED|DEADLINE|CLOCK):\s*[\[<]")
_BEGIN = re.compile(r"#\+begin_(\w+)\s*(\S*)", re.IGNORECASE)
_KEYWORD = re.compile(r"#\+(\w+):\s*(.*)$", re.IGNORECASE)
# Blocks whose content is not text of the list.
_VERBATIM = frozenset({"src", "example", "export", "comment"})
# Properties that Org itself writes; they say nothing of a paper.
_OWN_PROPERTIES = re.compile(
    r"(?:id|custom_id|created|last_\w+|category|effort|ordered|style|archive\w*|visibility|"
    r"columns|cookie_data|unnumbered|header-args\S*|noter\w*|anki\w*|roam\w*)",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"\s*\[\d*(?:%|/\d*)\]\s*$")  # `[2/5]` counts what is done
_OUTSIDE = 1000  # deeper than any heading
_SCHEMES = {"doi": "https://doi.org/{}", "arxiv": "https://arxiv.org/abs/{}"}


def read_org(text: str) -> Document:
    """The document model of an Org file; any text is Org."""
    blocks = LineBlocks(text, _inline)
    for node in orgparse.loads(text.replace("\r", "\n"))[0:]:
        first = node.linenumber
        lines = str(node).split("\n")
        if not node.is_root():
            title = _COOKIE.sub("", node.get_heading("raw"))
            if node.todo:
                # A task is an item of a reading list; it stands outside all bullets below it.
                blocks.item(node.level - _OUTSIDE, title, first)
                blocks.end_paragraph()
            else:
                blocks.heading(node.level, title, first)
            first, lines = first + 1, lines[1:]
        _Body(blocks, lines, first).read()
    return blocks.document()


class _Body:
    """The lines below one heading."""

    def __init__(self, blocks: LineBlocks, lines: list[str], first: int) -> None:
        self.blocks, self.first = blocks, first
        self.numbered: Iterator[tuple[int, str]] = enumerate(lines, first)

    def read(self) -> None:
        rows: list[list[tuple[str, int]]] = []
        header = 0
        for line, text in self.numbered:
            bare = text.strip()
            if rows and not bare.startswith("|"):
                self.blocks.table(rows, header)
                rows, header = [], 0
            if bare.startswith("|"):
                if _RULE.fullmatch(bare):
                    header = header or len(rows)
                else:
                    rows.append([(cell, line) for cell in bare.strip("|").split("|")])
            else:
                self._line(text, bare, line)
        if rows:
            self.blocks.table(rows, header)
        self.blocks.end_lists(0)

    def _line(self, text: str, bare: str, line: int) -> None:
        blocks = self.blocks
        if not bare or _PLANNING.match(bare) or re.fullmatch(r"-{5,}", bare):
            blocks.end_paragraph()
        elif drawer := _DRAWER.match(bare):
            self._drawer(drawer[1].upper() == "PROPERTIES")
        elif begin := _BEGIN.match(bare):
            if begin[1].lower() in _VERBATIM:
                self._code(begin[1], begin[2], line)
        elif keyword := _KEYWORD.match(bare):
            if keyword[1].upper() == "TITLE":
                blocks.heading(0, keyword[2], line)
            else:
                self._loose(keyword[2], line)
        elif bare.startswith("#+"):
            pass  # the end of a block
        elif bare == "#" or bare.startswith("# "):
            self._loose(bare, line)
        elif item := _ITEM.match(text):
            depth = len(item["indent"].expandtabs())
            blocks.item(depth, item["text"] or "", line, ordered=item["number"] is not None)
        else:
            indent = len(text.expandtabs()) - len(text.expandtabs().lstrip())
            if blocks.depth is not None and indent <= blocks.depth:
                blocks.end_lists(indent)
            blocks.text(bare, line)

    def _loose(self, text: str, line: int) -> None:
        for _, url in find_urls(text):
            self.blocks.builder.loose.append(("comment", Anchor(url, line)))

    def _drawer(self, properties: bool) -> None:
        self.blocks.end_paragraph()
        for line, text in self.numbered:
            bare = text.strip()
            if bare.upper() == ":END:":
                break
            found = _PROPERTY.match(bare)
            if properties and found and not _OWN_PROPERTIES.fullmatch(found[1]):
                name = found[1].replace("_", " ").capitalize()
                self.blocks.text(f"{name}: {found[2]}", line)
            else:
                self._loose(bare, line)
        self.blocks.end_paragraph()

    def _code(self, kind: str, language: str, first: int) -> None:
        held: list[str] = []
        for _, text in self.numbered:
            if text.strip().lower().startswith(f"#+end_{kind.lower()}"):
                break
            held.append(text)
        last = min(first + len(held) + 1, len(self.blocks.lines))
        if kind.lower() == "comment":
            self._loose("\n".join(held), first)
        else:
            self.blocks.code(language, "\n".join(held) + "\n", first, last)


def _inline(build: Builder, text: str, line: int) -> None:
    last = 0
    text = text.removesuffix("\\\\")  # a line break
    for match in _INLINE.finditer(text):
        build.add(text[last : match.start()], line)
        last = match.end()
        if match["url"] is not None:
            _link(build, match["url"], match["label"], line)
        elif match["bare"] is not None:
            build.add(match["bare"], line)
        elif match["mark"] in "=~":
            build.add(match["run"], line, code=True)
        else:
            style = {"*": "bold", "/": "italic"}.get(match["mark"])
            _styled(build, style, match["run"], line)
    build.add(text[last:], line)


def _styled(build: Builder, style: str | None, text: str, line: int) -> None:
    if style == "bold":
        build.bold += 1
    elif style == "italic":
        build.italic += 1
    _inline(build, text, line)
    if style == "bold":
        build.bold -= 1
    elif style == "italic":
        build.italic -= 1


def _link(build: Builder, url: str, label: str | None, line: int) -> None:
    scheme, _, rest = url.partition(":")
    if scheme.lower() in _SCHEMES and rest:
        url = _SCHEMES[scheme.lower()].format(rest.strip("/"))
    elif scheme == "file" and rest:
        url = rest
    elif url.startswith("*") or scheme.lower() in ("id", "cite", "citet", "citep", "roam", "fn"):
        # Places in the owner's own files: a reader of the list cannot follow them.
        _inline(build, label or "", line)
        return
    before = build.link
    build.link = Anchor(url, line, bare=not label)
    if label:
        _styled(build, None, label, line)
    else:
        build.add(url, line)
    build.link = before
