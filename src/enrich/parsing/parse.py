"""A list's bytes to a `ParsedList`: which format, which encoding, then one way for all."""

from __future__ import annotations

import re
from pathlib import PurePath

from enrich.errors import ListError
from enrich.parsing.document import Document
from enrich.parsing.draft import Draft
from enrich.parsing.encoding import decode
from enrich.parsing.entries import make_entries
from enrich.parsing.formats.bibtex import is_bibtex, read_bibtex
from enrich.parsing.issues import find_issues
from enrich.parsing.marks import bare_bytes, without_marks
from enrich.parsing.segment import Segmenter
from enrich.parsing.source import ListText
from enrich.records import Issue, ParsedList, StrayLink

_MARKDOWN = re.compile(r"\]\(|^\s{0,3}#{1,6}\s|^\s*[-*+]\s+\S.*\[|^\|.*\|\s*$", re.MULTILINE)
_LINKED = re.compile(r"\]\(|^\|.*\|\s*$", re.MULTILINE)
_RST = re.compile(
    r"`[^`<>\n]+ <[^>\n]+>`__?|^[^\n]+\n(?:={3,}|-{3,}|~{3,})[ \t]*$|^\.\. ", re.MULTILINE
)


def parse_list(text: ListText) -> ParsedList:
    """Read a whole list. Raises ListError when it is no text or holds no entry."""
    content, encoding = decode(bare_bytes(text.data), text.location)
    content = without_marks(content)
    form = list_format(text.name, content)
    title, drafts, lines = "", [], content.split("\n")
    strays: list[StrayLink] = []
    issues: list[Issue] = []
    if form in ("markdown", "rst"):
        segmenter = Segmenter(_document(form, content))
        segmenter.run()
        found = segmenter.found
        title, drafts, strays, issues = segmenter.title, found.drafts, found.strays, found.issues
    else:
        drafts, issues = _drafts(form, content)
    entries = make_entries(drafts, lines)
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


def list_format(name: str, content: str) -> str:
    """`markdown`, `rst`, `bibtex`, `csv`, `tsv` or `text`: by the name, else by the look."""
    suffix = PurePath(name).suffix.lower()
    known = {
        ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".rst": "rst",
        ".bib": "bibtex", ".csv": "csv", ".tsv": "tsv",
    }  # fmt: skip
    if suffix in known:
        return known[suffix]
    head = content[:200_000]
    if is_bibtex(head):
        return "bibtex"
    if (_LINKED if suffix == ".txt" else _MARKDOWN).search(head):
        return "markdown"
    if suffix != ".txt" and _RST.search(head):
        return "rst"
    return "text"


def _document(form: str, content: str) -> Document:
    if form == "rst":
        from enrich.parsing.formats.rst import read_rst

        return read_rst(content)
    from enrich.parsing.formats.markdown import read_markdown

    return read_markdown(content)


def _drafts(form: str, content: str) -> tuple[list[Draft], list[Issue]]:
    if form == "bibtex":
        return read_bibtex(content)
    if form in ("csv", "tsv"):
        from enrich.parsing.formats.tabular import read_tabular

        return read_tabular(content, f".{form}")
    from enrich.parsing.formats.plain import read_plain

    return read_plain(content)
