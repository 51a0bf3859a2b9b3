"""CSV and TSV files to drafts: one row an entry, columns by their headings."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from enrich.papers.identifiers import find_urls, normalise_arxiv_id, normalise_doi, text_identities
from enrich.papers.identifiers.text import URL
from enrich.parsing.columns import column_role
from enrich.parsing.document import Anchor, Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import squeeze, words
from enrich.records import Identifiers, Issue

_FIELD_LIMIT = 16 * 1024 * 1024
_HEADING = 4  # mean words of a cell: longer ones are no headings of columns
# Lines that one row may hold inside quotes; an open quote that runs on is a stray one.
_ROW_LINES = 200
_ID_COLUMN = re.compile(
    r"(?:arxiv|doi|s2|paper|corpus|semantic ?scholar|acl|pmid)?[ _\-]*(?:id|doi|identifier)s?|"
    r"arxiv|doi",
    re.IGNORECASE,
)
_TEXT_ROLES = ("authors", "venue", "year", "note")


def read_csv(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about rows that cannot be read) of comma- or otherwise separated values."""
    head = text.lstrip().partition("\n")[0]
    return _read(text, max(",;\t|", key=head.count))


def read_tsv(text: str) -> tuple[list[Draft], list[Issue]]:
    """(drafts, issues about rows that cannot be read) of tab-separated values."""
    return _read(text, "\t")


def _read(text: str, delimiter: str) -> tuple[list[Draft], list[Issue]]:
    drafts: list[Draft] = []
    issues: list[Issue] = []
    roles: list[str | None] | None = None
    header: list[str] = []
    for cells, first, last, fault in _rows(text.split("\n"), delimiter):
        if fault:
            cure = "Check its quotes."
            message = f"This row cannot be read as it is meant: {fault}."
            issues.append(Issue("warning", "malformed_entry", message, None, first, cure))
        row = [squeeze(cell) for cell in cells]
        if not any(row):
            continue
        if roles is None:
            roles, header = _roles(row)
            if header:
                continue
        drafts.append(_draft(row, roles, header, first, last))
    return drafts, issues


def _rows(lines: list[str], delimiter: str) -> Iterator[tuple[list[str], int, int, str]]:
    """(cells, first line, last line, fault) of every row; a quote that never ends is a letter."""
    csv.field_size_limit(_FIELD_LIMIT)
    start = 0
    while start < len(lines):
        window = (f"{lines[n]}\n" for n in range(start, min(start + _ROW_LINES, len(lines))))
        reader = csv.reader(window, delimiter=delimiter)
        fault = ""
        count = 0
        try:
            cells = next(reader)
            count = reader.line_num
        except (csv.Error, StopIteration) as error:
            cells, fault = [], str(error) or "it holds no cell"
        unclosed = count > 1 and cells and cells[-1].endswith("\n")
        if fault or unclosed:
            cells, count = lines[start].split(delimiter), 1
            fault = fault or "a quote is opened and not closed"
        yield cells, start + 1, start + count, fault
        start += count


def _roles(row: list[str]) -> tuple[list[str | None], list[str]]:
    roles: list[str | None] = []
    for cell in row:
        name = re.sub(r"[_\-]+", " ", cell).strip()
        roles.append("id" if _ID_COLUMN.fullmatch(name) else column_role(name))
    count = sum(len(cell.split()) for cell in row)
    heading = count <= _HEADING * len(row) and not any(cell.isdigit() for cell in row)
    if heading and any(roles) and not any(text_identities(cell) for cell in row):
        return roles, row
    return [None] * len(row), []


def _draft(
    cells: list[str], roles: list[str | None], header: list[str], first: int, last: int
) -> Draft:
    draft = Draft("row", (), [], first, last, title="")
    spare: list[tuple[str, str]] = []
    for index, cell in enumerate(cells):
        if not cell:
            continue
        role = roles[index] if index < len(roles) else None
        name = header[index] if index < len(header) else ""
        for _, url in find_urls(cell):
            anchor = Anchor(url, first, bare=True)
            draft.more.append([Piece(f"{name}: ", first), Piece(url, first, link=anchor)])
        rest = squeeze(URL.sub("", cell))
        given = _ids(cell) if role in ("id", None, "links") else []
        draft.ids.extend(given)
        if not rest or (given and (role == "id" or not words(rest) or normalise_arxiv_id(rest))):
            continue
        if role == "title" and not draft.title:
            draft.title = rest
        elif role in _TEXT_ROLES and role not in draft.columns:
            draft.columns[role] = [Piece(rest, first)]
        else:
            spare.append((name, rest))
            draft.cells.append((f"C{index}:{name}", [Piece(rest, first)]))
            if name:
                draft.extra.append((name, rest))
    if not draft.title and spare and "title" not in roles:
        longest = max(spare, key=lambda item: len(words(item[1])))
        draft.lead, draft.title = [Piece(longest[1], first)], None  # the columns decide together
    return draft


def _ids(cell: str) -> list[Identifiers]:
    arxiv = normalise_arxiv_id(cell)
    if arxiv:
        return [Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])]
    if cell.startswith("10.") or cell.lower().startswith("doi"):
        doi = normalise_doi(cell)
        return [Identifiers(doi=doi)] if doi else []
    return list(text_identities(cell))
