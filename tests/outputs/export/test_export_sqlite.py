"""The SQLite export: what Datasette needs of a database, and that nothing is lost on the way."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import enrich
from enrich.cli.export import main


@pytest.fixture
def database(demo: Path) -> Iterator[sqlite3.Connection]:
    """The exported database, opened."""
    assert main(["--root", str(demo), "-f", "sqlite", "-o", "all.db"]) == 0
    with closing(sqlite3.connect("all.db")) as connection:
        yield connection


def one(connection: sqlite3.Connection, sql: str, *values: object) -> object:
    return connection.execute(sql, values).fetchone()[0]


def test_every_entry_and_paper_is_a_row(database: sqlite3.Connection, demo: Path) -> None:
    """Entries, papers and their authors are all there, in the types of their columns."""
    whole = enrich.load(root=demo)
    assert one(database, "SELECT count(*) FROM entries") == len(whole)
    assert one(database, "SELECT count(*) FROM papers") == whole["paper_id"].nunique()
    cited = "SELECT sum(citation_count) FROM papers"
    papers = enrich.load(table="papers", root=demo)
    assert one(database, cited) == papers["citation_count"].sum()
    assert one(database, "SELECT typeof(is_withdrawn) FROM papers") == "integer"
    section = one(database, "SELECT section FROM entries WHERE title LIKE 'TSM%'")
    assert json.loads(str(section))[0] == "Paper"


def test_foreign_keys_hold(database: sqlite3.Connection) -> None:
    """References are declared, so that Datasette links rows, and none is broken."""
    keys = {
        (table, row[2], row[3])
        for table in ("entries", "authors", "links", "issues", "observations")
        for row in database.execute(f"PRAGMA foreign_key_list({table})")
    }
    assert keys >= {
        ("entries", "papers", "paper_id"), ("entries", "lists", "list"),
        ("authors", "papers", "paper_id"), ("links", "entries", "entry"),
        ("observations", "papers", "paper_id"),
    }  # fmt: skip
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one(database, "PRAGMA integrity_check") == "ok"


def test_full_text_search(database: sqlite3.Connection) -> None:
    """A word of a title or an author finds the paper; Datasette finds the table by its content."""
    found = (
        "SELECT p.title FROM papers p JOIN papers_fts f ON f.rowid = p.rowid "
        "WHERE papers_fts MATCH ?"
    )
    assert str(one(database, found, "temporal shift")).startswith("TSM")
    assert database.execute(found, ("Zisserman",)).fetchall()
    made = one(database, "SELECT sql FROM sqlite_master WHERE name = 'papers_fts'")
    assert 'content="papers"' in str(made)


def test_abstracts_only_if_wanted(database: sqlite3.Connection, demo: Path) -> None:
    """Abstracts belong to their publishers: they are written with --abstracts alone."""
    with_abstract = "SELECT count(*) FROM papers WHERE abstract IS NOT NULL"
    assert one(database, with_abstract) == 0
    assert main(["--root", str(demo), "-f", "sqlite", "--abstracts", "-o", "more.db"]) == 0
    with closing(sqlite3.connect("more.db")) as connection:
        assert one(connection, with_abstract) != 0


def test_filters_hold_for_papers_too(demo: Path) -> None:
    """Papers of no entry that fits are left out, and so is everything about them."""
    arguments = ["--section", "video retrieval", "--min-citations", "1000"]
    assert main(["--root", str(demo), "-f", "sqlite", "-o", "few.db", *arguments]) == 0
    with closing(sqlite3.connect("few.db")) as connection:
        titles = [row[0] for row in connection.execute("SELECT title FROM papers")]
        assert len(titles) == 1 and titles[0].startswith("HowTo100M")
        assert one(connection, "SELECT count(DISTINCT paper_id) FROM authors") == 1
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_database_is_not_printed(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without -o there is nowhere to put it: code 2 and a sentence."""
    assert main(["--root", str(demo), "-f", "sqlite"]) == 2
    assert "-o" in capsys.readouterr().err
