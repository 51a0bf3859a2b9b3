"""BibTeX to drafts, through bibtexparser; what a broken entry still shows is kept with an issue."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from enrich.papers.identifiers import (
    find_urls,
    link_identity,
    normalise_acl_id,
    normalise_arxiv_id,
    normalise_doi,
    normalise_number,
    normalise_pmcid,
    text_identities,
)
from enrich.parsing.document import Anchor, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import squeeze
from enrich.parsing.labels import label_role
from enrich.records import Identifiers, Issue, Kind

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
_ENTRY = re.compile(r"^\s*@[A-Za-z]{3,20}\s*[{(]", re.MULTILINE)
# Field of ours -> fields of BibTeX and BibLaTeX that say it, best first.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "authors": ("author", "authors", "editor"),
    "venue": (
        "booktitle", "journal", "journaltitle", "eventtitle", "conference", "venue", "series",
        "school", "institution", "organization", "howpublished", "publisher",
    ),
    "year": ("year", "date", "issued"),
    "note": ("note", "annote", "annotation", "comment", "keywords"),
}  # fmt: skip
_LINKED = ("url", "pdf", "link", "links", "code", "github", "arxiv", "eprint", "doi", "ee",
           "adsurl", "howpublished", "note", "website", "project", "video", "slides")  # fmt: skip
_NOT_ENTRIES = frozenset({"string", "preamble", "comment", "control"})
# Entry types of BibLaTeX and styles that say what kind of thing it is.
_KINDS: Final[Mapping[str, Kind]] = {
    "software": "code", "softwareversion": "code", "dataset": "dataset", "data": "dataset",
    "proceedings": "other", "mvproceedings": "other", "periodical": "other",
}  # fmt: skip
# What reference managers keep for themselves.
_MANAGERS = re.compile(
    r"file|owner|timestamp|(?:creation|modification)date|date-(?:added|modified)|bdsk-.*|"
    r"mendeley-.*|groups|printed|username|interhash|intrahash|added-at|biburl|bibsource|crossref|"
    r"ids|langid|language|internal-note|urldate|archiveprefix|eprinttype|primaryclass|eprintclass",
    re.IGNORECASE,
)
_SALVAGE = re.compile(
    r"(?P<name>[A-Za-z][\w\-]{1,30})\s*=\s*"
    r"(?:\{(?P<braced>[^{}=]*(?:\{[^{}]*\}[^{}=]*)*)|\"(?P<quoted>[^\"=]*)|(?P<bare>\w+))"
)
_UNREADABLE = "This BibTeX entry is broken; what could be read of it is kept."
_latex = LatexNodes2Text()


def is_bibtex(text: str) -> bool:
    """Whether a text holds the beginning of a BibTeX entry."""
    return bool(_ENTRY.search(text))


def read_bibtex(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about entries that cannot be read), in document order."""
    drafts: list[Draft] = []
    issues: list[Issue] = []
    library = parse_string(text, parse_stack=())
    strings = {name.lower(): _unquoted(str(s.value)) for name, s in library.strings_dict.items()}
    entries: list[tuple[str, str, dict[str, str], str, int]] = []
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        inner = block
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            inner = block.ignore_error_block or block
        raw = inner.raw or ""
        if isinstance(inner, Entry):
            if inner.entry_type.lower() not in _NOT_ENTRIES:
                values: dict[str, str] = {}
                for field in inner.fields:
                    values.setdefault(field.key.lower(), _resolved(str(field.value), strings))
                entries.append((inner.entry_type.lower(), inner.key, values, raw, line))
        elif "Failed" in type(block).__name__ or "Error" in type(block).__name__:
            cure = "Check its braces, commas and quotes."
            issues.append(Issue("warning", "malformed_entry", _UNREADABLE, None, line, cure))
            values = dict(_salvaged(raw))
            if values.get("title"):
                entries.append(("", "", values, raw, line))
    parents = {key.lower(): values for _, key, values, _, _ in entries if key}
    for kind, key, values, raw, line in entries:
        draft = _draft(key, _inherited(values, parents), raw, line)
        draft.kind = _KINDS.get(kind)
        drafts.append(draft)
    return drafts, issues


def _inherited(values: dict[str, str], parents: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """The fields of an entry with those it takes from the proceedings that it refers to."""
    parent = parents.get(values.get("crossref", "").lower())
    if not parent or parent is values:
        return values
    taken = {name: value for name, value in parent.items() if name in ("year", "date", "booktitle")}
    if "title" in parent:
        taken.setdefault("booktitle", parent["title"])
    return {**taken, **values}


def _draft(key: str, raw_values: Mapping[str, str], raw: str, line: int) -> Draft:
    values = {name: _plain(value) for name, value in raw_values.items()}
    title = values.get("title", "")
    if values.get("subtitle") and values["subtitle"] not in title:
        title = f"{title}: {values['subtitle']}" if title else values["subtitle"]
    draft = Draft("bibtex", (), [], line, line + raw.rstrip("\n").count("\n"), title=title)
    links = {url: name for name in _LINKED for _, url in find_urls(raw_values.get(name, ""))}
    for url, name in links.items():
        # `code` and `video` say what the address is; `url` and `note` do not.
        label = [Piece(f"{name}: ", line)] if label_role(name) not in (None, "other") else []
        draft.more.append([*label, Piece(url, line, link=Anchor(url, line, bare=True))])
    used = {"title", "subtitle", "doi", "eprint", "url", "arxiv", "arxivid", "pmid", "pmcid"}
    for role, names in _COLUMNS.items():
        for name in names:
            if values.get(name) and "://" not in values[name]:
                draft.columns[role] = [Piece(values[name], line)]
                used.add(name)
                break
    draft.ids.append(_identifiers(key, raw_values, raw))
    draft.extra = [
        (name, value)
        for name, value in values.items()
        if value and name not in used and not _MANAGERS.fullmatch(name) and "://" not in value
    ]
    return draft


def _identifiers(key: str, values: Mapping[str, str], raw: str) -> Identifiers:
    """The identifiers that the fields of an entry give; a DBLP key names a paper as well."""
    dblp = link_identity(f"https://dblp.org/rec/{key[5:]}") if key.startswith("DBLP:") else None
    eprint, archive = values.get("eprint", ""), _archive(values)
    arxiv = next(
        filter(None, (normalise_arxiv_id(values.get(name, "")) for name in ("arxivid", "arxiv"))),
        normalise_arxiv_id(eprint) if archive in ("", "arxiv") else None,
    )
    doi = normalise_doi(values.get("doi", ""))
    if doi and (own := normalise_arxiv_id(doi)):
        arxiv, doi = arxiv or own, None
    # DBLP writes arXiv's papers as `journal = {CoRR}, volume = {abs/1706.03762}`.
    written = " ".join(values.get(name, "") for name in ("journal", "volume", "number"))
    named = next((ids for ids in text_identities(written) if ids.arxiv_id), None)
    if arxiv is None and named is not None and named.arxiv_id:
        arxiv = (named.arxiv_id, named.arxiv_version)
    if arxiv is None and dblp is not None and dblp.arxiv_id:
        arxiv = (dblp.arxiv_id, None)
    return Identifiers(
        arxiv_id=arxiv[0] if arxiv else None,
        arxiv_version=arxiv[1] if arxiv else None,
        doi=doi,
        acl_id=normalise_acl_id(key) if "aclanthology" in raw else None,
        dblp_id=dblp.dblp_id if dblp else None,
        pmid=normalise_number(values.get("pmid", eprint if archive == "pubmed" else "")),
        pmcid=normalise_pmcid(values.get("pmcid", eprint if archive == "pmc" else "")),
    )


def _archive(values: Mapping[str, str]) -> str:
    return (values.get("archiveprefix") or values.get("eprinttype") or "").lower()


def _resolved(value: str, strings: Mapping[str, str]) -> str:
    """A field's value with its parts joined: `{ICML } # year`, names of strings replaced."""
    parts = list(_parts(value)) if "#" in value else [value.strip()]
    if len(parts) == 1:
        return strings.get(parts[0].lower(), _unquoted(parts[0]))
    # Spaces inside the quotes of a part are meant: `{ Method}`.
    return "".join(
        strings.get(part.lower(), part[1:-1] if part[:1] in ("{", '"') else part) for part in parts
    )


def _parts(value: str) -> Iterator[str]:
    depth, quoted, start = 0, False, 0
    for place, char in enumerate(value):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == "#" and depth == 0 and not quoted:
            yield value[start:place].strip()
            start = place + 1
    yield value[start:].strip()


def _salvaged(raw: str) -> Iterator[tuple[str, str]]:
    """(name, value) of what looks like fields in an entry whose braces do not match."""
    for match in _SALVAGE.finditer(raw.partition("\n\n")[0]):
        value = match["braced"] or match["quoted"] or match["bare"] or ""
        if raw[match.end() : match.end() + 1] == "=":
            value = value.rpartition(",")[0]  # the next field's name was taken along
        yield match["name"].lower(), value.strip(" \n,")


def _unquoted(value: str) -> str:
    start, end = 0, len(value)
    while True:
        while start < end and value[start].isspace():
            start += 1
        while start < end and value[end - 1].isspace():
            end -= 1
        if end - start < 2 or (value[start], value[end - 1]) not in (("{", "}"), ('"', '"')):
            return value[start:end]
        start, end = start + 1, end - 1


@lru_cache(maxsize=4096)
def _plain(value: str) -> str:
    """A value as a reader sees it: LaTeX commands, braces and ties resolved."""
    if "\\" in value or "$" in value:
        try:
            value = _latex.latex_to_text(value)
        except Exception:  # a foreign parser on foreign text: whatever it raises, the text stands
            value = value.replace("\\", " ")
    value = value.replace("---", "—").replace("--", "–").replace("~", " ")
    return squeeze(re.sub(r"[{}]", "", value))
