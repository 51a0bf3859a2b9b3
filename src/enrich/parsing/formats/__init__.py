"""The formats that lists come in: recognised by name or text, each read by one module.

Markup (Markdown, reStructuredText, Org, AsciiDoc, HTML) becomes a `Document`, records (BibTeX, CSV)
and plain text become `Draft`s with named fields. Readers are imported when they are needed: most
runs need one.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from enrich.parsing.document import Document
from enrich.parsing.draft import Draft
from enrich.parsing.formats.recognise import READABLE, SUFFIXES, recognise
from enrich.records import Issue

__all__ = ["MARKUP", "READABLE", "SUFFIXES", "read_markup", "read_records", "recognise"]

# Format -> module and function.
MARKUP = {
    "markdown": ("markdown", "read_markdown"),
    "rst": ("rst", "read_rst"),
    "org": ("org", "read_org"),
    "asciidoc": ("asciidoc", "read_asciidoc"),
    "html": ("html", "read_html"),
}
_RECORDS = {
    "bibtex": ("bibtex", "read_bibtex"),
    "csv": ("tabular", "read_csv"),
    "tsv": ("tabular", "read_tsv"),
    "text": ("plain", "read_plain"),
}


def read_markup(form: str, content: str) -> Document:
    """The document of a text in one of the formats of `MARKUP`."""
    read: Callable[[str], Document] = _reader(*MARKUP[form])
    return read(content)


def read_records(form: str, content: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about records that cannot be read) of a text in any other format."""
    read: Callable[[str], tuple[list[Draft], list[Issue]]] = _reader(*_RECORDS[form])
    return read(content)


def _reader(module: str, function: str) -> Any:
    return getattr(import_module(f"{__name__}.{module}"), function)
