"""Apply the fixes of a list that are certain, and check that nothing else of it changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from enrich.errors import ListError, UsageError
from enrich.outputs.annotate.edit import read_source
from enrich.outputs.annotate.equivalence import largest_valid, shape, tokens_of
from enrich.outputs.lint.edits import Edit, EditProposals
from enrich.outputs.list_file import ListFile
from enrich.papers.titles import title_key
from enrich.parsing import parse_list
from enrich.records import Entry, Issue

# With a group, so that splitting keeps the line ends.
_LINE_END = re.compile(r"(\r\n|\r|\n)")
_TRAILING = re.compile(r"[ \t]+\Z")


@dataclass(frozen=True, slots=True)
class Fixed:
    """The list with its certain problems fixed; the codes of the fixed issues, in text order."""

    data: bytes
    codes: tuple[str, ...]


def fix(file: ListFile, issues: Sequence[Issue]) -> Fixed:
    """Fix the issues that have one certain fix.

    Every fix is checked: the new text, parsed, holds the same entries except for what was to
    change.

    Raises:
        UsageError: For lists that are not Markdown or whose encoding patches cannot carry.
    """
    parsed = file.parsed
    if parsed.format != "markdown":
        raise UsageError(f"{file.path} is {parsed.format}; --fix writes Markdown only.")
    if parsed.encoding.startswith(("utf-16", "utf-32")):
        raise UsageError(f"{file.path} is {parsed.encoding}; patches need it saved as UTF-8.")
    source = read_source(file.text.data, parsed.encoding)
    proposals = EditProposals(file, source.text)
    edits = [edit for issue in issues for edit in proposals.edits(issue)]

    def entries_after(some: Sequence[Edit]) -> list[tuple[object, ...]]:
        ordered = sorted(some, key=lambda edit: edit.start)
        if any(a.end > b.start for a, b in pairwise(ordered)):
            return []
        data = source.to_bytes(_applied(source.text, ordered))
        try:
            entries = parse_list(replace(file.text, data=data)).entries
        except ListError:
            return []
        return [(e.section, title_key(e.title), e.ids.arxiv_id) for e in entries]

    def is_valid(some: Sequence[Edit]) -> bool:
        return entries_after(some) == list(_expected(parsed.entries, some).values())

    def culprits(some: Sequence[Edit]) -> list[Edit]:
        expected, found = _expected(parsed.entries, some), entries_after(some)
        if len(expected) != len(found):
            return []
        pairs = zip(expected.items(), found, strict=True)
        wrong = {position for (position, wanted), is_now in pairs if wanted != is_now}
        return [edit for edit in some if edit.position in wrong]

    kept, _ = largest_valid(list(dict.fromkeys(edits)), is_valid, culprits)
    ordered = sorted(kept, key=lambda edit: edit.start)
    text = _without_trailing_blanks(source.text, _applied(source.text, ordered))
    return Fixed(source.to_bytes(text), tuple(edit.code for edit in ordered))


def _applied(text: str, ordered: Sequence[Edit]) -> str:
    out, at = [], 0
    for edit in ordered:
        out += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*out, text[at:]])


def _without_trailing_blanks(before: str, after: str) -> str:
    """`after` with no blanks at the ends of lines that are not in `before`.

    Git warns of them when a patch is applied. Where they make a hard line break, a backslash, which
    means the same, takes their place; where neither keeps the meaning, they stay.
    """
    old = set(_LINE_END.split(before)[::2])
    pieces = _LINE_END.split(after)
    meaning = shape(tokens_of("\n".join(pieces[::2])))
    for at in range(0, len(pieces), 2):
        line = pieces[at]
        if line in old or not _TRAILING.search(line):
            continue
        for ending in ("", "\\"):
            pieces[at] = _TRAILING.sub("", line) + ending
            if shape(tokens_of("\n".join(pieces[::2]))) == meaning:
                break
        else:
            pieces[at] = line
    return "".join(pieces)


def _expected(before: Sequence[Entry], edits: Sequence[Edit]) -> dict[int, tuple[object, ...]]:
    """Position -> section, title and arXiv id that the entry must have after the edits."""
    titles = {edit.position: edit.title for edit in edits if edit.title is not None}
    arxiv = {edit.position: edit.arxiv_id for edit in edits if edit.arxiv_id is not None}
    removed = {edit.position for edit in edits if edit.removed}
    return {
        entry.position: (
            entry.section,
            title_key(titles.get(entry.position, entry.title)),
            arxiv.get(entry.position, entry.ids.arxiv_id),
        )
        for entry in before
        if entry.position not in removed
    }
