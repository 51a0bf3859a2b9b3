"""AsciiDoc files to the document model: sections, lists, tables, links and emphasis, by line.

https://docs.asciidoctor.org/asciidoc/latest/syntax-quick-reference/. Macros that are not links,
conditions and included files are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrich.papers.identifiers import find_urls
from enrich.parsing.document import Anchor, Builder, Document
from enrich.parsing.formats.line_blocks import LineBlocks

_RUN = 400  # characters: a run of emphasis longer than this is not meant as one
_INLINE = re.compile(
    r"(?:link:|xref:|(?P<image>image::?))?(?P<url>(?:(?:https?|ftp)://|(?<=link:)|(?<=xref:)|(?<=image:))"
    r"[^\s\[\]<>\"]{1,2000})\[(?P<label>(?:[^\]\\\n]|\\.){0,2000})\]"
    r"|<?(?P<bare>https?://[^\s<>\[\]]+)>?"
    r"|<<(?P<anchor>[^<>,\n]{1,200})(?:,(?P<named>[^<>\n]{0,500}))?>>"
    r"|footnote:\w*\[(?P<note>[^\]\n]{0,1000})\]|(?:pass|anchor|kbd|indexterm):[\w,]*\[[^\]\n]{0,500}\]"
    rf"|(?<![\w*_`+#])(?P<mark>\*\*|__|``|[*_`#])(?=\S)(?P<run>[^\n]{{1,{_RUN}}}?)(?<=\S)(?P=mark)(?!\w)"
)
_SECTION = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?[ \t]*$")
_UNDERLINE = re.compile(r"([=\-~^+])\1{3,}[ \t]*$")
_ITEM = re.compile(
    r"[ \t]*(?P<marks>\*{1,6}|-|\.{1,5}|\d{1,4}\.|[a-z]\.)[ \t]+(?:\[[ xX*]\] +)?(?P<text>\S.*)$"
)
_TERM = re.compile(r"[ \t]*(?P<term>\S.{0,300}?)(?::{2,4}|;;)(?:[ \t]+(?P<text>\S.*))?$")
_ATTRIBUTE = re.compile(r":(!?[\w\-]+!?):(?:[ \t]+(.*))?$")
_REFERENCE = re.compile(r"\{([\w\-]+)\}")
_DELIMITER = re.compile(r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|`{3,}\w*|--)[ \t]*$")
_BLOCK_ATTRIBUTES = re.compile(r"\[(?![ xX]\])[^\[\]]*\][ \t]*$|\[\[[^\[\]]+\]\][ \t]*$")
_CELL = re.compile(r"(?:(?<=\s)|^)(?:\d*(?:\.\d+)?[+*])?[<^>.]*[aehlmsdv]?\|")
_SKIPPED = re.compile(
    r"(?:include|ifdef|ifndef|endif|ifeval|toc|video|audio)::|'{3,}$|<{3,}$|//(?!/)"
)
_VERBATIM = ("-", ".", "+", "/", "`")


def read_asciidoc(text: str) -> Document:
    """The document model of an AsciiDoc file; any text is AsciiDoc."""
    reader = _Reader(LineBlocks(text, _inline))
    reader.read()
    return reader.blocks.document()


class _Reader:
    def __init__(self, blocks: LineBlocks) -> None:
        self.blocks = blocks
        self.attributes: dict[str, str] = {}
        self.options = ""
        self.markers: list[tuple[str, int]] = []  # of the open lists, outermost first
        self.apart = False  # a blank line stands above
        self.numbered: Iterator[tuple[int, str]] = enumerate(blocks.lines, 1)

    def read(self) -> None:
        blocks = self.blocks
        for line, text in self.numbered:
            bare = text.strip()
            if not bare or bare == "+":
                # `+` ties what follows to the item above, a blank line does not.
                blocks.end_paragraph()
                self.apart = not bare
                continue
            if bare == "|===":
                self._end_block()
                self._table(line)
            elif attribute := _ATTRIBUTE.match(bare):
                self.attributes[attribute[1]] = (attribute[2] or "").strip()
                self._loose(attribute[2] or "", line)
            elif _DELIMITER.fullmatch(bare) and not self._is_underline(bare, line):
                self._delimited(bare, line)
            elif _BLOCK_ATTRIBUTES.fullmatch(bare):
                self._end_block()
                self.options = bare
            elif _SKIPPED.match(bare):
                self._loose(bare, line)
            elif _UNDERLINE.fullmatch(bare) and self._is_underline(bare, line):
                pass  # read with the line above
            else:
                self._line(self._substituted(text), line)
            self.apart = False

    def _line(self, text: str, line: int) -> None:
        blocks = self.blocks
        section = _SECTION.match(text)
        following = blocks.lines[line] if line < len(blocks.lines) else ""
        if section:
            self._heading(len(section[1]), section[2], line)
        elif self._is_underline(following.strip(), line + 1):
            self._heading("=-~^+".index(following.strip()[0]) + 1, text.strip(), line)
        elif item := _ITEM.match(text):
            marks = item["marks"]
            kind = marks[0] if marks[0] in "*-." else "1"
            depth = self._depth(kind, len(marks) if kind in "*." else 1)
            blocks.item(depth, item["text"], line, ordered=kind in ".1")
        elif (term := _TERM.match(text)) and "://" not in term["term"][-6:]:
            blocks.item(self._depth("::", 1), term["term"], line)
            if term["text"]:
                blocks.end_paragraph()
                blocks.text(term["text"], line)
        elif re.match(r"\.[^\s.]", text):
            blocks.end_paragraph()
            blocks.text(text[1:], line)  # the title of the block below
            blocks.end_paragraph()
        else:
            if self.apart:
                self._end_block()
            blocks.text(re.sub(r"[ \t]\+$", "", text.strip()), line)

    def _end_block(self) -> None:
        self.blocks.end_paragraph()
        if self.apart:
            self.blocks.end_lists()
            self.markers.clear()

    def _heading(self, level: int, text: str, line: int) -> None:
        self.markers.clear()
        self.blocks.heading(level, text, line)

    def _depth(self, kind: str, count: int) -> int:
        """Marks of a new kind open a list further in; known ones go on with their list."""
        marker = (kind, count)
        if marker in self.markers:
            del self.markers[self.markers.index(marker) + 1 :]
        else:
            self.markers.append(marker)
        return len(self.markers) - 1

    def _is_underline(self, bare: str, line: int) -> bool:
        if not _UNDERLINE.fullmatch(bare) or line < 2:
            return False
        above = self.blocks.lines[line - 2].strip()
        blank = line < 3 or not self.blocks.lines[line - 3].strip()
        return blank and bool(re.match(r"\w", above)) and abs(len(above) - len(bare)) <= 2

    def _substituted(self, text: str) -> str:
        if "{" not in text:
            return text
        return _REFERENCE.sub(lambda m: self.attributes.get(m[1], m[0]), text)

    def _loose(self, text: str, line: int) -> None:
        for _, url in find_urls(text):
            self.blocks.builder.loose.append(("comment", Anchor(url, line)))

    def _delimited(self, mark: str, first: int) -> None:
        self.blocks.end_paragraph()
        if not mark.startswith(_VERBATIM) or mark == "--":
            return  # examples, sidebars, quotes: their content is text like any other
        held: list[str] = []
        for _, text in self.numbered:
            if text.strip() == (mark if mark[0] != "`" else "```"):
                break
            held.append(text)
        last = min(first + len(held) + 1, len(self.blocks.lines))
        if mark[0] == "/":
            self._loose("\n".join(held), first)
        else:
            language = re.sub(r"^\[source,\s*|[,\]].*$|^\[.*", "", self.options)
            self.blocks.code(language, "\n".join(held) + "\n", first, last)
        self.options = ""

    def _table(self, first: int) -> None:
        cells: list[tuple[str, int]] = []
        width = self._columns()
        header = "header" in self.options or "%header" in self.options
        for line, text in self.numbered:
            if text.strip() == "|===":
                break
            text = self._substituted(text)
            starts = list(_CELL.finditer(text))
            if not starts:
                if cells and text.strip():
                    cells[-1] = (f"{cells[-1][0]} {text.strip()}", cells[-1][1])
                elif not text.strip() and width and len(cells) == width:
                    header = True  # a blank line below the first row
                continue
            ends = [match.start() for match in starts[1:]] + [len(text)]
            cells += [
                (text[match.end() : end], line) for match, end in zip(starts, ends, strict=True)
            ]
            width = width or len(starts)
        width = width or 1
        rows = [cells[i : i + width] for i in range(0, len(cells), width)]
        self.blocks.table(rows, int(header))
        self.options = ""

    def _columns(self) -> int:
        match = re.search(r"cols=\"([^\"]*)\"|cols=([^,\]]*)", self.options)
        if match is None:
            return 0
        total = 0
        for part in (match[1] or match[2] or "").replace(";", ",").split(","):
            times = re.match(r"\s*(\d+)\*", part)
            total += int(times[1]) if times else 1
        return min(total, 100)


def _inline(build: Builder, text: str, line: int) -> None:
    last = 0
    for match in _INLINE.finditer(text):
        build.add(text[last : match.start()], line)
        last = match.end()
        if match["image"] is not None:
            build.add(match["label"].split(",")[0] or "image", line, image=True)
        elif match["url"] is not None:
            _link(build, match["url"], match["label"], line)
        elif match["bare"] is not None:
            build.add(match["bare"], line)
        elif match["anchor"] is not None:
            _link(build, f"#{match['anchor']}", match["named"] or match["anchor"], line)
        elif match["note"] is not None:
            build.add(f" ({match['note']})", line)
        elif match["run"] is not None:
            _emphasis(build, match["mark"], match["run"], line)
    build.add(text[last:], line)


def _emphasis(build: Builder, mark: str, text: str, line: int) -> None:
    if mark[0] == "`":
        build.add(text, line, code=True)
        return
    bold, italic = mark[0] == "*", mark[0] == "_"
    build.bold += bold
    build.italic += italic
    _inline(build, text, line)
    build.bold -= bold
    build.italic -= italic


def _link(build: Builder, url: str, label: str, line: int) -> None:
    # `link:url[Title, with commas^]`; options stand behind the label as `window=_blank`.
    label = re.sub(r",\s*(?:window|role|opts|title|id|rel)=.*$", "", label).strip()
    if label.startswith('"'):
        label = label[1:].partition('"')[0]
    label = label.replace("\\]", "]").rstrip("^").strip()
    before = build.link
    build.link = Anchor(url, line, bare=not label)
    if label:
        _inline(build, label, line)
    else:
        build.add(url, line)
    build.link = before
