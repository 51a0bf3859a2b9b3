"""BibTeX to drafts, through bibtexparser; a broken entry becomes an issue, the others stand."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from enrich.papers.identifiers import find_urls, normalise_acl_id, normalise_arxiv_id, normalise_doi
from enrich.parsing.document import Anchor, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import squeeze
from enrich.records import Identifiers, Issue

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
_ENTRY = re.compile(r"^\s*@[A-Za-z]{3,20}\s*[{(]", re.MULTILINE)
_VENUES = ("booktitle", "journal", "journaltitle", "school", "institution", "howpublished")
_WITHOUT_TITLE = frozenset({"string", "preamble", "comment", "control"})


def is_bibtex(text: str) -> bool:
    """Whether a text holds the beginning of a BibTeX entry."""
    return bool(_ENTRY.search(text))


def read_bibtex(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about entries that cannot be read), in document order."""
    drafts: list[Draft] = []
    issues: list[Issue] = []
    library = parse_string(text, parse_stack=())
    strings = {name.lower(): _strip(str(item.value)) for name, item in library.strings_dict.items()}
    for block in library.blocks:
        inner = block
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            inner = block.ignore_error_block or block
        if isinstance(inner, Entry):
            if inner.entry_type.lower() not in _WITHOUT_TITLE:
                drafts.append(_draft(inner, line, strings))
        elif "Failed" in type(block).__name__ or "Error" in type(block).__name__:
            issues.append(
                Issue(
                    "warning",
                    "malformed_entry",
                    "This BibTeX entry cannot be read.",
                    None,
                    line,
                    "Check its braces, commas and quotes.",
                )
            )
    return drafts, issues


def _draft(entry: Entry, line: int, strings: Mapping[str, str]) -> Draft:
    raw_values = {
        field.key.lower(): strings.get(str(field.value).lower(), _strip(str(field.value)))
        for field in entry.fields
    }
    values = {key: _value(value) for key, value in raw_values.items()}
    raw = entry.raw or ""
    links = [
        Anchor(url, line)
        for key in ("url", "pdf", "howpublished", "note", "link", "code", "arxiv", "eprint", "doi")
        for _, url in find_urls(raw_values.get(key, ""))
    ]
    draft = Draft(
        "bibtex", (), [], line, line + raw.rstrip("\n").count("\n"), title=values.get("title", "")
    )
    draft.more = [[Piece(anchor.url, line, link=anchor)] for anchor in _unique(links)]
    for role, keys in (("authors", ("author",)), ("venue", _VENUES), ("year", ("year", "date"))):
        for key in keys:
            if values.get(key) and "://" not in values[key]:
                draft.columns[role] = [Piece(values[key], line)]
                break
    if values.get("note") and "://" not in values["note"]:
        draft.columns["note"] = [Piece(values["note"], line)]
    arxiv = None
    for key in ("eprint", "arxivid", "arxiv"):
        arxiv = arxiv or normalise_arxiv_id(raw_values.get(key, ""))
    doi = normalise_doi(raw_values.get("doi", ""))
    if doi and (own := normalise_arxiv_id(doi)):
        arxiv, doi = arxiv or own, None
    draft.ids.append(
        Identifiers(
            arxiv_id=arxiv[0] if arxiv else None,
            arxiv_version=arxiv[1] if arxiv else None,
            doi=doi,
            acl_id=normalise_acl_id(entry.key) if "aclanthology" in raw else None,
        )
    )
    return draft


def _unique(links: list[Anchor]) -> list[Anchor]:
    return list({anchor.url: anchor for anchor in links}.values())


def _strip(value: str) -> str:
    value = value.strip()
    while len(value) > 1 and (value[0], value[-1]) in (("{", "}"), ('"', '"')):
        value = value[1:-1].strip()
    return value


def _value(value: str) -> str:
    value = _strip(value)
    if "\\" in value or "$" in value:
        try:
            value = LatexNodes2Text().latex_to_text(value)
        except Exception:  # a foreign parser on foreign text: whatever it raises, the text stands
            value = value.replace("\\", " ")
    return squeeze(re.sub(r"[{}]", "", value).replace("~", " "))
