"""A list's bytes to a `ParsedList`: which format, which encoding, then one way for all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from enrich.errors import ListError
from enrich.parsing.encoding import decode
from enrich.parsing.entries import make_entries
from enrich.parsing.entry_ids import KnownEntry
from enrich.parsing.formats import MARKUP, read_markup, read_records, recognise
from enrich.parsing.issues import find_issues
from enrich.parsing.marks import bare_bytes, without_marks
from enrich.parsing.segment import Segmenter
from enrich.parsing.source import ListText
from enrich.records import Issue, ParsedList, StrayLink


def parse_list(text: ListText, previous: Sequence[KnownEntry] = ()) -> ParsedList:
    """Read a whole list; the ids of `previous`, the entries of its last snapshot, are kept.

    Raises ListError when it is no text, is in a format that is not read or holds no entry.
    """
    try:
        return _parse(text, previous)
    except RecursionError:
        raise ListError(
            f"{text.location} nests its markup more deeply than can be read; flatten it."
        ) from None


def _parse(text: ListText, previous: Sequence[KnownEntry]) -> ParsedList:
    content, encoding = decode(bare_bytes(text.data), text.location)
    content = without_marks(content)
    form = recognise(text.name, content, text.location)
    title, lines = "", content.split("\n")
    strays: list[StrayLink] = []
    issues: list[Issue] = []
    if form in MARKUP:
        segmenter = Segmenter(read_markup(form, content))
        segmenter.run()
        found = segmenter.found
        title, drafts, strays, issues = segmenter.title, found.drafts, found.strays, found.issues
    else:
        drafts, issues = read_records(form, content)
    entries = make_entries(drafts, lines, previous)
    if not entries:
        raise ListError(
            f"{text.location} holds no entries: no bullet, row, heading or paragraph that names or "
            "links a paper."
        )
    issues += find_issues(entries)
    return ParsedList(
        title or PurePath(text.name).stem or text.name, form, encoding, entries, tuple(strays),
        tuple(issues),
    )  # fmt: skip
