"""A list's bytes to a `ParsedList`: which format, which encoding, then one way for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType

from enrich.errors import ListError
from enrich.parsing.collector import Collector
from enrich.parsing.encoding import decode
from enrich.parsing.entries import make_entries
from enrich.parsing.entry_ids import KnownEntry
from enrich.parsing.formats import MARKUP, read_markup, read_records, recognise
from enrich.parsing.issues import find_issues, layout_corrected, unread_links
from enrich.parsing.marks import bare_bytes, without_marks
from enrich.parsing.segment import Segmenter
from enrich.parsing.source import ListText
from enrich.records import Issue, ParsedList, StrayLink

_NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


def parse_list(
    text: ListText,
    previous: Sequence[KnownEntry] = (),
    known_titles: Mapping[str, str] = _NOTHING_KNOWN,
) -> ParsedList:
    """Read a whole list.

    Args:
        text: The list as it was fetched.
        previous: The entries of the list's last snapshot, whose ids are kept.
        known_titles: Titles that services gave, by identifier key (`arxiv:1706.03762`,
            `doi:10.1145/12.34`). Where most entries hold them in another place than the one that
            was read as the title, the list is read again with that place.

    Returns:
        Entries, links outside them, issues, and the layout that was inferred.

    Raises:
        ListError: The bytes are no text, are in a format that is not read, or hold no entry.
    """
    try:
        return _parse(text, previous, known_titles)
    except RecursionError:
        raise ListError(
            f"{text.location} nests its markup more deeply than can be read; flatten it."
        ) from None


def _segment(form: str, content: str) -> tuple[str, Collector]:
    """(the list's title, what was found); the document itself is kept no longer than this."""
    segmenter = Segmenter(read_markup(form, content))
    segmenter.run()
    segmenter.found.seen.clear()
    return segmenter.title, segmenter.found


def _parse(
    text: ListText, previous: Sequence[KnownEntry], known_titles: Mapping[str, str]
) -> ParsedList:
    content, encoding = decode(bare_bytes(text.data), text.location)
    content = without_marks(content)
    form = recognise(text.name, content, text.location)
    title, lines = "", content.split("\n")
    strays: list[StrayLink] = []
    issues: list[Issue] = []
    if form in MARKUP:
        title, found = _segment(form, content)
        drafts, strays, issues = found.drafts, found.strays, found.issues
    else:
        drafts, issues = read_records(form, content)
    entries, reading = make_entries(drafts, lines, previous, known_titles)
    if not entries:
        raise ListError(
            f"{text.location} holds no entries: no bullet, row, heading or paragraph that names or "
            "links a paper."
        )
    issues += [*unread_links(strays, entries), *find_issues(entries)]
    issues += [layout_corrected(correction, entries[0]) for correction in reading.corrections]
    return ParsedList(
        title or PurePath(text.name).stem or text.name, form, encoding, entries, tuple(strays),
        tuple(issues), reading.layouts,
    )  # fmt: skip
