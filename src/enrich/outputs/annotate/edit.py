"""Renew the marks of a list: bytes in, bytes out, everything else unchanged."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from enrich.errors import UsageError
from enrich.outputs.annotate.equivalence import differing, largest_valid, shape, tokens_of
from enrich.outputs.annotate.mark_text import Style, credit_mark, mark_text
from enrich.outputs.annotate.places import Place, Places
from enrich.outputs.list_file import ListFile
from enrich.parsing import ListText, parse_list
from enrich.parsing.marks import strip_marks
from enrich.records import Entry, ParsedList

# The line ends that Markdown knows; `str.splitlines` would also split at others.
_LINE = re.compile(r"\r\n|\r|\n")
# Byte order mark -> encoding without one; UTF-32 first, its mark begins like that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annotated:
    """The new bytes, how many entries carry a mark, and which were skipped for what reason."""

    data: bytes
    marked: int
    skipped: tuple[tuple[Entry, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A list's text with its line ends, and what is needed to write its bytes again."""

    bom: bytes
    encoding: str
    text: str

    def to_bytes(self, text: str) -> bytes:
        """Bytes of `text`; letters the encoding lacks (only in marks) become `&#…;`."""
        return self.bom + text.encode(self.encoding, "xmlcharrefreplace")


def read_source(data: bytes, encoding: str) -> Source:
    """The characters of a list; raises UsageError when they do not encode to the same bytes."""
    bom, encoding = next(
        ((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", encoding)
    )
    try:
        text = data[len(bom) :].decode(encoding)
        if text.encode(encoding) == data[len(bom) :]:
            return Source(bom, encoding, text)
    except UnicodeError:
        pass
    raise UsageError(
        f"The list is {encoding} that cannot be written back byte for byte: save it as UTF-8."
    )


def strip(data: bytes, encoding: str) -> bytes:
    """The list without marks: the bytes from before it was annotated."""
    source = read_source(data, encoding)
    return source.to_bytes(strip_marks(source.text))


def papers_of(file: ListFile) -> dict[str, Mapping[str, Any]]:
    """entry_id -> row of `papers`, for entries that are resolved or were before a failure."""
    papers = {row["paper_id"]: row for row in file.rows("papers")}
    if file.snapshot is None:
        raise UsageError(
            f"No list under the folder of snapshots has the name of {file.path} or was read "
            "from it: run `python -m enrich.run` on it first, or name one with --list."
        )
    paper_ids = {
        row["entry_id"]: row["paper_id"] or row["last_paper_id"] for row in file.rows("entries")
    }
    return {entry: papers[paper] for entry, paper in paper_ids.items() if paper in papers}


def annotate(
    text: ListText,
    parsed: ParsedList,
    paper_of: Mapping[str, Mapping[str, Any]],
    style: Style = "text",
    *,
    dates: bool = False,
) -> Annotated:
    """The list with a mark at every entry that has a paper, and one at its end for the day.

    A mark is written only where the Markdown, parsed before and after, means the same and holds the
    same entries; other entries are skipped.

    Args:
        text: The list's file.
        parsed: The same, parsed.
        paper_of: entry_id -> row of `papers`.
        style: Counts as text or as pictures.
        dates: Every count carries its day; there is no mark at the end then.

    Raises:
        UsageError: For lists that are not Markdown or cannot be written back byte for byte.
    """
    if parsed.format != "markdown":
        raise UsageError(
            f"{text.location} is {parsed.format}; marks can be written into Markdown only."
        )
    source = read_source(text.data, parsed.encoding)
    base = replace(source, text=strip_marks(source.text))
    # A mark on a line of its own moves the lines below it, so lines are those without marks.
    bare = replace(text, data=base.to_bytes(base.text))
    entries = (parsed if base == source else parse_list(bare)).entries
    lines = _LINE.split(base.text)
    tokens = tokens_of("\n".join(lines))
    places = Places(lines, tokens)
    skipped: list[tuple[Entry, str]] = []
    marks: list[_Mark] = []
    for entry in entries:
        if (paper := paper_of.get(entry.entry_id)) is None:
            continue
        place = places.find(entry)
        if isinstance(place, str):
            skipped.append((entry, place))
        elif (content := mark_text(entry, paper, place.form, style, dates=dates)) is not None:
            marks.append(_Mark(entry, place, content))
    marks, collisions = _unique_places(marks)
    skipped += [(mark.entry, "another entry is at the same place") for mark in collisions]
    before, same_entries = shape(tokens, marked=True), _entry_facts(entries)

    def is_valid(some: Sequence[_Mark]) -> bool:
        new = _written(base.text, some)
        if strip_marks(new) != base.text:
            return False
        if shape(tokens_of("\n".join(_LINE.split(new))), marked=True) != before:
            return False
        found = parse_list(replace(text, data=base.to_bytes(new))).entries
        return _entry_facts(found) == same_entries

    def culprits(some: Sequence[_Mark]) -> list[_Mark]:
        new = _LINE.split(_written(base.text, some))
        changed = differing(tokens, tokens_of("\n".join(new)))
        return [mark for mark in some if mark.place.line in changed]

    kept, refused = largest_valid(marks, is_valid, culprits)
    skipped += [(mark.entry, "a mark would change the Markdown around it") for mark in refused]
    credit = None if dates else credit_mark(paper_of[mark.entry.entry_id] for mark in kept)
    with_credit = kept
    if credit is not None:
        last = max(i for i, line in enumerate(lines) if line.strip())
        at_end = _Mark(kept[-1].entry, Place(last, len(lines[last]), "line"), credit)
        with_credit = [*kept, at_end] if is_valid([*kept, at_end]) else kept
    return Annotated(base.to_bytes(_written(base.text, with_credit)), len(kept), tuple(skipped))


@dataclass(frozen=True, slots=True)
class _Mark:
    entry: Entry
    place: Place
    content: str


def _unique_places(marks: Sequence[_Mark]) -> tuple[list[_Mark], list[_Mark]]:
    """Marks that are alone at their place, and the others."""
    count = Counter(mark.place for mark in marks)
    return (
        [mark for mark in marks if count[mark.place] == 1],
        [mark for mark in marks if count[mark.place] > 1],
    )


def _entry_facts(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """What must not change; lines may, since a mark on a line of its own moves what follows."""
    return [
        (e.entry_id, e.title, e.section, e.ids, e.kind, [(x.label, x.url, x.role) for x in e.links])
        for e in entries
    ]


def _written(text: str, marks: Sequence[_Mark]) -> str:
    """`text` with the marks at their places, its own line ends kept."""
    starts, ends = [0], []
    for end in _LINE.finditer(text):
        ends.append(end)
        starts.append(end.end())
    usual = ends[0][0] if ends else "\n"
    out: list[str] = []
    at = 0
    for mark in sorted(marks, key=lambda mark: (mark.place.line, mark.place.column)):
        line = mark.place.line
        offset = starts[line] + mark.place.column
        newline = ends[line][0] if line < len(ends) else usual
        out += [text[at:offset], newline if mark.place.form == "line" else "", mark.content]
        at = offset
    return "".join([*out, text[at:]])
