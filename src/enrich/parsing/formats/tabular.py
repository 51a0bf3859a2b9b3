"""CSV and TSV files to drafts: one row an entry, columns by their headings."""

from __future__ import annotations

import csv
import io
import re

from enrich.papers.identifiers import find_urls, normalise_arxiv_id, normalise_doi, text_identities
from enrich.papers.identifiers.text import URL
from enrich.parsing.columns import column_role
from enrich.parsing.document import Anchor, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import squeeze, words
from enrich.records import Identifiers, Issue

_FIELD_LIMIT = 16 * 1024 * 1024
_ID_COLUMN = re.compile(
    r"(?:arxiv|doi|s2|paper|corpus|semantic ?scholar|acl|pmid)?[ _\-]*(?:id|doi|identifier)s?|"
    r"arxiv|doi",
    re.IGNORECASE,
)


def read_csv(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about rows that cannot be read) of comma- or otherwise separated values."""
    return _read(text, _delimiter(text))


def read_tsv(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about rows that cannot be read) of tab-separated values."""
    return _read(text, "\t")


def _read(text: str, delimiter: str) -> tuple[list[Draft], list[Issue]]:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    drafts: list[Draft] = []
    issues: list[Issue] = []
    roles: list[str | None] | None = None
    header: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            issues.append(
                Issue(
                    "warning", "malformed_entry", f"This row cannot be read: {error}.", None, line
                )
            )
            continue
        if not any(cell.strip() for cell in row):
            continue
        if roles is None:
            roles, header = _roles(row)
            if header:
                continue
        drafts.append(_draft(row, roles, header, line, max(line, reader.line_num)))
    return drafts, issues


def _delimiter(text: str) -> str:
    head = text.lstrip().partition("\n")[0]
    return max(",;\t|", key=head.count)


def _roles(row: list[str]) -> tuple[list[str | None], list[str]]:
    roles: list[str | None] = []
    for cell in row:
        name = re.sub(r"[_\-]+", " ", squeeze(cell)).strip()
        roles.append("id" if _ID_COLUMN.fullmatch(name) else column_role(name))
    known = [role for role in roles if role]
    if known and not any(text_identities(cell) for cell in row):
        return roles, [squeeze(cell) for cell in row]
    return [None] * len(row), []


def _draft(
    row: list[str], roles: list[str | None], header: list[str], first: int, last: int
) -> Draft:  # fmt: skip
    cells = [squeeze(cell) for cell in row]
    draft = Draft("row", (), [], first, last, title="")
    spare: list[str] = []
    for index, cell in enumerate(cells):
        role = roles[index] if index < len(roles) else None
        if not cell:
            continue
        for _, url in find_urls(cell):
            label = header[index] if index < len(header) else ""
            anchor = Anchor(url, first, bare=True)
            draft.more.append([Piece(f"{label}: ", first), Piece(anchor.url, first, link=anchor)])
        rest = squeeze(URL.sub("", cell))
        given = _ids(cell) if role in ("id", None, "links") else []
        draft.ids.extend(given)
        if given and (role == "id" or not words(rest) or normalise_arxiv_id(rest)):
            continue
        if role == "title" and not draft.title:
            draft.title = rest
        elif role in ("authors", "venue", "year", "note") and rest:
            draft.columns.setdefault(role, [Piece(rest, first)])
        elif role in ("name", None) and rest:
            spare.append(rest)
    if not draft.title and spare and "title" not in roles:
        draft.title = max(spare, key=lambda cell: len(words(cell)))
    return draft


def _ids(cell: str) -> list[Identifiers]:
    arxiv = normalise_arxiv_id(cell)
    if arxiv:
        return [Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])]
    if cell.startswith("10.") or cell.lower().startswith("doi"):
        doi = normalise_doi(cell)
        return [Identifiers(doi=doi)] if doi else []
    return list(text_identities(cell))
