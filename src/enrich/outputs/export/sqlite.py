"""A snapshot as an SQLite database with foreign keys and full-text search, for Datasette and SQL.

Tables: lists, papers, authors, entries, links, issues and observations. Lists of values are JSON
arrays, which Datasette can facet; times are ISO 8601 in UTC.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from enrich.outputs.attribution import MARKDOWN_CREDIT
from enrich.outputs.export.selection import EntryFilter, entry_rows
from enrich.snapshot.manifest import iso, read_manifest
from enrich.snapshot.reading import read_table
from enrich.snapshot.schema import TABLES

# Columns that are tables of their own here, or say the same for every row of a list.
_LEFT_OUT = {
    "papers": {"list", "snapshot", "authors", "abstract", "abstract_source"},
    "entries": {"snapshot", "links"},
    "issues": {"snapshot"},
    "observations": {"list", "snapshot"},
}
_CREATE = """
CREATE TABLE about (text TEXT);
CREATE TABLE lists (
    name TEXT PRIMARY KEY, title TEXT, snapshot TEXT, finished TEXT, mode TEXT, entries INTEGER
);
CREATE TABLE papers (paper_id TEXT PRIMARY KEY, title TEXT, authors TEXT, abstract TEXT, {papers});
CREATE TABLE authors (
    paper_id TEXT REFERENCES papers(paper_id), position INTEGER, name TEXT, s2_author_id TEXT,
    affiliations TEXT, PRIMARY KEY (paper_id, position)
);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, list TEXT REFERENCES lists(name), title TEXT,
    paper_id TEXT REFERENCES papers(paper_id), {entries}
);
CREATE TABLE links (
    entry INTEGER REFERENCES entries(id), label TEXT, url TEXT, role TEXT, line INTEGER
);
CREATE TABLE issues (
    entry INTEGER REFERENCES entries(id), list TEXT REFERENCES lists(name), {issues}
);
CREATE TABLE observations (paper_id TEXT REFERENCES papers(paper_id), {observations});
CREATE INDEX entries_paper ON entries(paper_id);
CREATE INDEX authors_name ON authors(name);
CREATE INDEX links_entry ON links(entry);
CREATE INDEX observations_paper ON observations(paper_id, metric, observed_at);
"""
# Full-text indexes without a copy of the text: their content is in the tables.
_SEARCH = """
CREATE VIRTUAL TABLE papers_fts USING fts5(title, authors, abstract, tldr, content="papers");
CREATE VIRTUAL TABLE entries_fts USING fts5(title, authors_text, note, section, content="entries");
INSERT INTO papers_fts(papers_fts) VALUES ('rebuild');
INSERT INTO entries_fts(entries_fts) VALUES ('rebuild');
PRAGMA user_version = 1;
"""


def database(selected: Sequence[Path], wanted: EntryFilter, *, abstracts: bool) -> bytes:
    """The content of an SQLite file with the entries that fit and their papers.

    Args:
        selected: The snapshots' folders, one per list.
        wanted: Which entries are exported.
        abstracts: Whether papers carry abstracts.

    Raises:
        SnapshotError: When a snapshot cannot be read.
    """
    # Built in memory and written in one step: a reader never sees a part of it.
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(_CREATE.format(**{name: _columns(name) for name in _LEFT_OUT}))
        connection.execute("INSERT INTO about VALUES (?)", (MARKDOWN_CREDIT,))
        for path in selected:
            _add_list(connection, path, wanted, abstracts)
        connection.executescript(_SEARCH)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _add_list(
    connection: sqlite3.Connection, path: Path, wanted: EntryFilter, abstracts: bool
) -> None:
    fitting = {row["entry_id"] for row in entry_rows([path], wanted)}
    entries = [row for row in read_table(path, "entries").to_pylist() if row["entry_id"] in fitting]
    manifest = read_manifest(path)
    about = manifest["list"]
    name = path.parent.name
    _insert(
        connection,
        "lists",
        [{"name": name, "title": about["title"], "snapshot": path.name, "entries": len(entries),
          "finished": manifest["finished"], "mode": manifest["mode"]}],
    )  # fmt: skip
    used = {row["paper_id"] for row in entries} - {None}
    papers = [row for row in read_table(path, "papers").to_pylist() if row["paper_id"] in used]
    # A paper of several lists is written once, as the first of them has it.
    known = {row[0] for row in connection.execute("SELECT paper_id FROM papers")}
    new = [row for row in papers if row["paper_id"] not in known]
    _insert(connection, "papers", (_paper(row, abstracts) for row in new))
    _insert(
        connection,
        "authors",
        (
            {"paper_id": row["paper_id"], "position": position, **author}
            for row in new
            for position, author in enumerate(row["authors"] or ())
        ),
    )
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()
    ids = {row["entry_id"]: last + place for place, row in enumerate(entries, 1)}
    held = known | {row["paper_id"] for row in new}
    _insert(
        connection,
        "entries",
        (
            row
            | {
                "id": ids[row["entry_id"]],
                "list": name,
                "paper_id": row["paper_id"] if row["paper_id"] in held else None,
            }
            for row in entries
        ),
    )
    links = (
        {"entry": ids[row["entry_id"]], **link} for row in entries for link in row["links"] or ()
    )
    _insert(connection, "links", links)
    issues = read_table(path, "issues").to_pylist()
    _insert(
        connection,
        "issues",
        (row | {"list": name, "entry": ids[row["entry_id"]]} for row in issues
         if row["entry_id"] in ids),
    )  # fmt: skip
    new_ids = {row["paper_id"] for row in new}
    observations = read_table(path, "observations").to_pylist()
    _insert(connection, "observations", (row for row in observations if row["paper_id"] in new_ids))


def _paper(row: Mapping[str, Any], abstracts: bool) -> dict[str, Any]:
    names = ", ".join(author["name"] for author in row["authors"] or ())
    return dict(row) | {"authors": names, "abstract": row["abstract"] if abstracts else None}


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; keys that are no column of the table are left out."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" for _ in columns)
    connection.executemany(
        f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608  # our own names
        ([_value(row.get(column)) for column in columns] for row in rows),
    )


def _value(value: Any) -> str | int | float | None:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return iso(value)
    return int(value) if isinstance(value, bool) else value


def _columns(table: str) -> str:
    """The other columns of a table as SQL, from its declared schema."""
    given = {"paper_id", "title", "list"} if table != "issues" else {"list"}
    return ", ".join(_declarations(table, _LEFT_OUT[table] | given))


def _declarations(table: str, left_out: set[str]) -> Iterator[str]:
    for field in TABLES[table]:  # type: ignore[index]
        if field.name in left_out:
            continue
        kind = field.type
        sql = (
            "INTEGER" if pa.types.is_integer(kind) or pa.types.is_boolean(kind)
            else "REAL" if pa.types.is_floating(kind)
            else "TEXT"
        )  # fmt: skip
        yield f"{field.name} {sql}"
