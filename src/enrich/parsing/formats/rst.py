"""reStructuredText to the document model, through docutils; files are never included."""

from __future__ import annotations

import io
import re

from docutils import nodes
from docutils.core import publish_doctree

from enrich.errors import ListError
from enrich.papers.identifiers import find_urls
from enrich.parsing.document import BREAK, Anchor, BlockKind, Builder, Document
from enrich.parsing.labels import FIELD_WORDS

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "sectsubtitle_xform": False,
    "line_length_limit": 1_000_000,
    "smart_quotes": False,
}
_BLOCKS: tuple[tuple[type[nodes.Element], BlockKind], ...] = (
    (nodes.bullet_list, "list"), (nodes.enumerated_list, "list"), (nodes.definition_list, "list"),
    (nodes.field_list, "list"), (nodes.list_item, "item"),
    (nodes.footnote, "item"), (nodes.citation, "item"), (nodes.definition_list_item, "item"),
    (nodes.field, "item"), (nodes.paragraph, "paragraph"), (nodes.term, "paragraph"),
    (nodes.field_name, "paragraph"), (nodes.table, "table"), (nodes.row, "row"),
    (nodes.entry, "cell"), (nodes.block_quote, "quote"),
)  # fmt: skip
# docutils ends lines at these too, and would count more lines than there are.
_OTHER_LINE_ENDS = re.compile(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SKIPPED = (
    nodes.comment, nodes.substitution_definition, nodes.colspec, nodes.target,
    nodes.generated,  # section numbers
)  # fmt: skip


# docutils looks for the end of each run of inline markup through the rest of its paragraph:
# 1,000 runs that never end take 0.3 s, 10,000 take 7 s (measured with `*a ` repeated).
_MOST_MARKS = 1_000
_MARK = re.compile(r"[*`|]+|(?<=\w)__?(?!\w)|\]_|:[\w\-]+:(?=`)")
# docutils tries to read an e-mail address from every mark of a word to the word's end: 33 million
# steps take 1.2 s (measured with `{a}` repeated to 10,000 characters). Shorter words cost little.
_LONG_WORD = re.compile(r"\S{1000,}")
_WORD_MARK = re.compile(r"[^\w\s]|_")
_MOST_STEPS = 30_000_000
# Lines that begin a paragraph of their own, or are cut into cells before they are read.
_NEW_PARAGRAPH = re.compile(r"\s*(?:[-*+•]\s|\(?(?:\d+|#|\w)[.)]\s|\||\+[-=]|\.\. |:[^:]+:\s|$)")


def read_rst(text: str) -> Document:
    """The document model of a reStructuredText; what docutils rejects is kept as loose links.

    Raises ListError for a text that docutils would take minutes for.
    """
    _check_marks(text)
    _check_words(text)
    tree = publish_doctree(
        _OTHER_LINE_ENDS.sub(" ", text),
        settings_overrides={**_SETTINGS, "warning_stream": io.StringIO()},
    )
    lines = text.split("\n")
    reader = _Reader(len(lines))
    reader.visit(tree, 1, 0)
    reader.unused_targets()
    reader.builder.root.line_end = max(1, len(lines))
    return Document(reader.builder.root, lines, reader.builder.loose)


def _check_marks(text: str) -> None:
    count = 0
    for line, content in enumerate(text.split("\n"), 1):
        if _NEW_PARAGRAPH.match(content):
            count = 0
        count += sum(1 for _ in _MARK.finditer(content))
        if count > _MOST_MARKS:
            raise ListError(
                f"Line {line}: a paragraph of this reStructuredText has more than {_MOST_MARKS} "
                "marks of inline markup; divide it into several."
            )


def _check_words(text: str) -> None:
    steps = 0
    for word in _LONG_WORD.finditer(text):
        steps += len(word[0]) * sum(1 for _ in _WORD_MARK.finditer(word[0]))
        if steps > _MOST_STEPS:
            line = text.count("\n", 0, word.start()) + 1
            raise ListError(
                f"Line {line}: a word of {len(word[0]):,} characters takes too long to read as "
                "reStructuredText; shorten or remove it."
            )


class _Reader:
    def __init__(self, last: int) -> None:
        self.builder = Builder()
        self.last = last
        self.targets: dict[str, int] = {}  # addresses given a name, and their lines
        self.used: set[str] = set()

    def visit(self, node: nodes.Node, line: int, depth: int) -> None:
        """Turn a node and all below it into events; `line` is that of the nearest node above."""
        build = self.builder
        line = min(self.last, getattr(node, "line", None) or line)
        if isinstance(node, nodes.Text):
            # docutils leaves a NUL where an escaped space joins markup to a word.
            build.add(str(node).replace("\x00 ", "").replace("\x00", "").replace("\n", " "), line)
            return
        if not isinstance(node, nodes.Element):
            return
        if isinstance(node, nodes.target) and node.get("refuri"):
            self.targets[str(node["refuri"])] = line
        if isinstance(node, nodes.comment):
            for url in _urls(node):
                build.loose.append(("comment", Anchor(url, line)))
        if isinstance(node, _SKIPPED):
            return
        if isinstance(
            node, nodes.system_message | nodes.literal_block | nodes.raw
        ) or _is_referred_to(node):
            reason = "footnote" if isinstance(node, nodes.footnote) else "markup"
            for url in _urls(node):
                build.loose.append((reason, Anchor(url, line)))
            return
        if isinstance(node, nodes.label | nodes.footnote_reference | nodes.citation_reference):
            return
        if isinstance(node, nodes.title):
            block = build.open("heading", line, line, level=depth)
            self._children(node, line, depth)
            build.close(block, line)
            return
        if isinstance(node, nodes.section):
            self._children(node, line, depth + 1)
            return
        if isinstance(node, nodes.reference):
            self._reference(node, line, depth)
            return
        if isinstance(node, nodes.image):
            build.add(str(node.get("alt") or "image"), line, image=True)
            return
        if isinstance(node, nodes.strong | nodes.emphasis):
            self._name_field(node, line)
        if isinstance(node, nodes.strong):
            build.bold += 1
            self._children(node, line, depth)
            build.bold = max(0, build.bold - 1)
            return
        if isinstance(node, nodes.emphasis | nodes.title_reference):
            build.italic += 1
            self._children(node, line, depth)
            build.italic = max(0, build.italic - 1)
            return
        if isinstance(node, nodes.literal):
            build.add(node.astext(), line, code=True)
            return
        if isinstance(node, nodes.enumerated_list) and not node.astext():
            # A year in brackets alone on a line is read as the number of an empty item.
            number = node.get("start", 1)
            build.add(f"{node.get('prefix', '')}{number}{node.get('suffix', '')}", line)
            return
        if isinstance(node, nodes.enumerated_list) and _is_number(node):
            # `- (1) Title`: a number in front of the text, not a list inside the bullet.
            for item in node.findall(nodes.list_item, include_self=False):
                self._children(item, line, depth)
                break
            return
        if isinstance(node, nodes.line_block):
            self._line_block(node, line, depth)
            return
        if isinstance(node, nodes.block_quote) and all(
            isinstance(child, nodes.line_block) for child in node.children
        ):
            # Lines set in below a title are about it, not a quotation.
            self._children(node, line, depth)
            return
        if isinstance(node, nodes.inline):
            self._name_field(node, line)
        for cls, kind in _BLOCKS:
            if isinstance(node, cls):
                self._block(node, kind, line, depth)
                return
        self._children(node, line, depth)

    def _block(self, node: nodes.Element, kind: BlockKind, line: int, depth: int) -> None:
        first, last = _extent(node, line)
        block = self.builder.open(kind, first, last)
        if kind == "cell" and isinstance(node.parent and node.parent.parent, nodes.thead):
            block.info = "header"
        self._children(node, first, depth)
        self.builder.close(block)

    def _line_block(self, node: nodes.line_block, line: int, depth: int) -> None:
        """One paragraph, each line of the block a line of its own."""
        build = self.builder
        written = [child for child in node.findall(nodes.line) if child.astext()]
        if not written:
            return
        lines = [min(self.last, getattr(child, "line", None) or line) for child in written]
        block = build.open("paragraph", lines[0], lines[-1])
        for place, child in enumerate(written):
            if place:
                build.line_break(lines[place - 1])
            self._children(child, lines[place], depth)
        build.close(block)

    def _name_field(self, node: nodes.Element, line: int) -> None:
        """Write the name of a field before text whose role names it: `:authors:`A. Body``."""
        block = self.builder.stack[-1]
        begins = not block.spans or block.spans[-1].text == BREAK
        classes: list[str] = node.get("classes", [])
        names = [name for name in classes if name.lower() in FIELD_WORDS]
        if begins and names:
            self.builder.add(f"{names[0]}: ", line)

    def _reference(self, node: nodes.reference, line: int, depth: int) -> None:
        build = self.builder
        url = node.get("refuri")
        if not url and node.get("refid"):
            url = f"#{node['refid']}"
        self.used.add(str(url))
        before = build.link
        build.link = Anchor(str(url), line, bare=node.astext() == url) if url else None
        self._children(node, line, depth)
        build.link = before

    def unused_targets(self) -> None:
        """Record addresses that have a name which no text refers to."""
        for url, line in self.targets.items():
            if url not in self.used:
                self.builder.loose.append(("unused reference", Anchor(url, line)))

    def _children(self, node: nodes.Element, line: int, depth: int) -> None:
        for child in node.children:
            self.visit(child, line, depth)
            line = getattr(child, "line", None) or line


def _is_number(node: nodes.enumerated_list) -> bool:
    """Whether a list of one item is what a bullet begins with."""
    parent = node.parent
    return isinstance(parent, nodes.list_item) and parent[0] is node and len(node) == 1


def _is_referred_to(node: nodes.Element) -> bool:
    """Whether a footnote belongs to a place in the text; one that does not is a list's bullet."""
    return isinstance(node, nodes.footnote) and bool(node.get("backrefs"))


def _extent(node: nodes.Element, line: int) -> tuple[int, int]:
    known = [int(n.line) for n in node.findall() if n.line]
    first = min(known, default=line)
    last = max(known, default=first)
    tail = node.astext().count("\n") if isinstance(node, nodes.paragraph) else 0
    return first, max(first + tail, last)


def _urls(node: nodes.Element) -> list[str]:
    found = [str(ref["refuri"]) for ref in node.findall(nodes.reference) if ref.get("refuri")]
    found += [url for _, url in find_urls(node.astext())]
    return list(dict.fromkeys(found))
