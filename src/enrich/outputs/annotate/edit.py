"""Bytes in, bytes out: a list with its marks renewed, all else as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from enrich.errors import UsageError
from enrich.outputs.annotate.places import Place, Places
from enrich.outputs.annotate.proof import differing, proven, shape, tokens_of
from enrich.outputs.annotate.wording import Style, wording
from enrich.outputs.list_file import Listing
from enrich.parsing import ListText, parse_list
from enrich.parsing.marks import strip_marks
from enrich.records import Entry, ParsedList

_LINE = re.compile(r"\r\n|\r|\n")
# Byte order mark -> encoding without one; UTF-32 first, its mark begins like that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annotated:
    """The new bytes; how many entries carry a mark; entries left alone, and why."""

    data: bytes
    marked: int
    left: tuple[tuple[Entry, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A list's text as characters, line ends and all, and what its bytes are made from."""

    bom: bytes
    encoding: str
    text: str

    def to_bytes(self, text: str) -> bytes:
        """Bytes of `text`; letters the encoding lacks, which only marks hold, as `&#…;`."""
        return self.bom + text.encode(self.encoding, "xmlcharrefreplace")


def read_source(data: bytes, encoding: str) -> Source:
    """The characters of a list; raises UsageError when they would not give the same bytes back."""
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
    """The list without marks: the bytes it had before it was annotated."""
    source = read_source(data, encoding)
    return source.to_bytes(strip_marks(source.text))


def papers_of(listing: Listing) -> dict[str, Mapping[str, Any]]:
    """entry_id -> row of `papers`, of entries that are resolved, or were before a failure."""
    papers = {row["paper_id"]: row for row in listing.rows("papers")}
    if listing.snapshot is None:
        raise UsageError(
            f"No list under the folder of snapshots has the name of {listing.path} or was read "
            "from it: run `python -m enrich.run` on it first, or name one with --list."
        )
    named = {
        row["entry_id"]: row["paper_id"] or row["last_paper_id"] for row in listing.rows("entries")
    }
    return {entry: papers[paper] for entry, paper in named.items() if paper in papers}


def annotate(
    text: ListText,
    parsed: ParsedList,
    paper_of: Mapping[str, Mapping[str, Any]],
    style: Style = "text",
) -> Annotated:
    """The list with a mark at every entry of `paper_of` (entry_id -> row of `papers`).

    A mark is written only where the Markdown, read before and after, means the same and holds the
    same entries; other entries are left alone. Raises UsageError for other formats.
    """
    if parsed.format != "markdown":
        raise UsageError(
            f"{text.location} is {parsed.format}; marks can be written into Markdown only."
        )
    source = read_source(text.data, parsed.encoding)
    base = replace(source, text=strip_marks(source.text))
    # Marks are no part of the list, but one on a line of its own moves the lines below it.
    bare = replace(text, data=base.to_bytes(base.text))
    entries = (parsed if base == source else parse_list(bare)).entries
    lines = _LINE.split(base.text)
    plain = "\n".join(lines)
    tokens = tokens_of(plain)
    places = Places(lines, tokens)
    left: list[tuple[Entry, str]] = []
    marks: list[_Mark] = []
    for entry in entries:
        if (paper := paper_of.get(entry.entry_id)) is None:
            continue
        place = places.find(entry)
        if isinstance(place, str):
            left.append((entry, place))
        elif (said := wording(entry, paper, place.form, style)) is not None:
            marks.append(_Mark(entry, place, said))
    marks, twins = _alone(marks)
    left += [(mark.entry, "another entry stands at the same place") for mark in twins]
    before, same = shape(tokens, marked=True), _answers(entries)

    def holds(some: Sequence[_Mark]) -> bool:
        new = _written(base.text, some)
        if strip_marks(new) != base.text:
            return False
        if shape(tokens_of("\n".join(_LINE.split(new))), marked=True) != before:
            return False
        return _answers(parse_list(replace(text, data=base.to_bytes(new))).entries) == same

    def blame(some: Sequence[_Mark]) -> list[_Mark]:
        new = _LINE.split(_written(base.text, some))
        lines_hit = differing(tokens, tokens_of("\n".join(new)))
        return [mark for mark in some if mark.place.line in lines_hit]

    kept, refused = proven(marks, holds, blame)
    left += [(mark.entry, "a mark there would change the Markdown around it") for mark in refused]
    return Annotated(base.to_bytes(_written(base.text, kept)), len(kept), tuple(left))


@dataclass(frozen=True, slots=True)
class _Mark:
    entry: Entry
    place: Place
    said: str


def _alone(marks: Sequence[_Mark]) -> tuple[list[_Mark], list[_Mark]]:
    count: dict[Place, int] = {}
    for mark in marks:
        count[mark.place] = count.get(mark.place, 0) + 1
    return (
        [mark for mark in marks if count[mark.place] == 1],
        [mark for mark in marks if count[mark.place] > 1],
    )


def _answers(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    # Not the lines: a mark on a line of its own moves what follows.
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
        out += [text[at:offset], newline if mark.place.form == "line" else "", mark.said]
        at = offset
    return "".join([*out, text[at:]])
