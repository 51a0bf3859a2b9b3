"""A list's bytes to a `ParsedList`."""

from __future__ import annotations

from enrich.errors import ListError
from enrich.lists.entries import make_entries
from enrich.lists.markdown import read_markdown
from enrich.lists.segment import Segmenter
from enrich.lists.source import ListText
from enrich.records import ParsedList


def parse_list(text: ListText) -> ParsedList:
    """Read a whole list. Raises ListError when it is no text or holds no entry."""
    content = text.data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    document = read_markdown(content)
    segmenter = Segmenter(document)
    segmenter.run()
    entries = make_entries(segmenter.drafts, document.lines)
    if not entries:
        raise ListError(f"{text.location} holds no entries: no bullets, rows or paragraphs with links.")
    return ParsedList(
        segmenter.title or text.name, "markdown", "utf-8", entries, tuple(segmenter.strays)
    )
