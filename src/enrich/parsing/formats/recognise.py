"""Recognise the format of a list by its file name, else by its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from enrich.errors import ListError
from enrich.parsing.formats.bibtex import is_bibtex

SUFFIXES: Final = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown",
    ".mdx": "markdown", ".rst": "rst", ".rest": "rst", ".org": "org",
    ".adoc": "asciidoc", ".asciidoc": "asciidoc", ".asc": "asciidoc",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".bib": "bibtex", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
}  # fmt: skip
READABLE: Final = "Markdown, reStructuredText, Org, AsciiDoc, HTML, BibTeX, CSV, TSV or plain text"
# Formats that are not read, by suffix and by what their files begin with.
_OTHER_SUFFIXES: Final = {
    ".tex": "LaTeX", ".ltx": "LaTeX", ".json": "JSON", ".jsonl": "JSON lines", ".yaml": "YAML",
    ".yml": "YAML", ".toml": "TOML", ".xml": "XML", ".opml": "OPML", ".ipynb": "Jupyter notebook",
    ".rtf": "RTF", ".wiki": "MediaWiki", ".mediawiki": "MediaWiki", ".textile": "Textile",
    ".typ": "Typst", ".pod": "Perl documentation", ".ris": "RIS", ".enw": "EndNote",
    ".nbib": "PubMed", ".creole": "Creole", ".rdoc": "RDoc", ".py": "Python", ".sql": "SQL",
}  # fmt: skip
# Where a file's name does not say: the first sign that its text shows.
_OTHER_BEGINS: Final = (
    ("LaTeX", re.compile(r"\s*(?:%[^\n]*\n\s*)*\\(?:documentclass|begin\{|section\*?\{)")),
    ("RTF", re.compile(r"\{\\rtf")),
    ("XML", re.compile(r"\s*<\?xml(?![^>]*>\s*<!DOCTYPE html)", re.IGNORECASE)),
    ("RIS", re.compile(r"\s*TY  - ")),
    ("JSON", re.compile(r"\s*(?:\{\s*\"[^\"\n]{0,200}\"\s*:|\[\s*\{\s*\")")),
)
_OTHER_LINES: Final = (
    ("YAML", re.compile(r"\A(?:---[ \t]*\n)?(?:#[^\n]*\n)*- \w+:[^\n]*\n[ \t]+\w+:")),
    ("MediaWiki", re.compile(r"^(?:={2,4}[^=\n]+={2,4}[ \t]*$|\{\|)", re.MULTILINE)),
)
_HTML = re.compile(r"\s*(?:<!--[^>]{0,2000}-->\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)
_SIGNS: Final = (
    (
        "org",
        re.compile(
            r"^#\+(?:title|author|begin_\w+|options|startup)\b|\[\[https?://[^\]\n]+\]\[",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    # A document title in the first line that is no attribute or comment, or a table.
    ("asciidoc", re.compile(r"\A\s*(?:(?://|:\w)[^\n]*\n\s*)*= \S|^\|===\s*$", re.MULTILINE)),
    (
        "markdown",
        re.compile(r"\]\(|^\s{0,3}#{1,6}\s|^\s*[-*+]\s+\S.*\[(?!http)|^\|.*\|\s*$", re.MULTILINE),
    ),
    (
        "rst",
        re.compile(
            r"`[^`<>\n]+ <[^>\n]+>`__?|^[^\n]+\n(?:={3,}|-{3,}|~{3,})[ \t]*$|^\.\. ", re.MULTILINE
        ),
    ),
    (
        "asciidoc",
        re.compile(r"^={1,5} \S[^=\n]*$|https?://[^\s\[\]]+\[[^\]\n]+\](?!\()", re.MULTILINE),
    ),
)
_LINKED = re.compile(r"\]\(|^\|.*\|\s*$", re.MULTILINE)
_HEAD = 200_000  # characters looked at


def recognise(name: str, content: str, location: str = "") -> str:
    """The format of a list: a value of `SUFFIXES`, or `text`.

    Args:
        name: The file's name; its suffix decides where it is known.
        content: The text of the file.
        location: Where the file is, for messages.

    Raises:
        ListError: If the file is in a format that is not read.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix in _OTHER_SUFFIXES:
        raise _unread(location or name, _OTHER_SUFFIXES[suffix])
    head = content[:_HEAD]
    if _HTML.match(head):
        return "html"
    if is_bibtex(head):
        return "bibtex"
    _refuse(_OTHER_BEGINS, head, location or name)
    if suffix == ".txt":
        return "markdown" if _LINKED.search(head) else "text"
    for form, sign in _SIGNS:
        if sign.search(head):
            return form
    _refuse(_OTHER_LINES, head, location or name)
    return "text"


def _refuse(signs: Sequence[tuple[str, re.Pattern[str]]], head: str, location: str) -> None:
    for other, sign in signs:
        if sign.search(head) if sign.flags & re.MULTILINE else sign.match(head):
            raise _unread(location, other)


def _unread(location: str, form: str) -> ListError:
    return ListError(f"{location} is {form}, which is not read; give {READABLE}.")
