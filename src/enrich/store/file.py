"""The store's file: opened, checked, migrated, stamped with its realm; every SQLite error met."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from enrich.errors import StoreError
from enrich.store.schema import MIGRATIONS

# A whole check reads the file once, about 0.1 s for 30 MB; larger files are checked when read.
_CHECK_BELOW_BYTES = 64 * 2**20
# Long enough for another process to finish a transaction; ours take milliseconds.
_BUSY_MS = 30_000


def open_file(
    path: Path, realm: str, now: datetime, warn: Callable[[str], None]
) -> sqlite3.Connection:
    """A connection to the store at `path`, made if there is none, moved aside if damaged.

    Raises StoreError when it belongs to another realm, to a newer version, or cannot be written.
    """
    with translated(path):
        _make_private(path)
        try:
            db = _connect(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, read-only, full: the file itself is sound
            kept = _move_aside(path, now)
            warn(
                f"The store {path} is damaged ({error}). It was moved to {kept} and a new one was "
                "begun: what it held will be fetched again."
            )
            _make_private(path)
            db = _connect(path)
            _salvage_identities(kept, db)
    _stamp(db, path, realm)
    return db


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's errors into StoreError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, error)) from error
    except OSError as error:
        raise StoreError(
            f"The store {path} cannot be opened: {error.strerror or error}. "
            "Name another place with ENRICH_STORE."
        ) from error


def _sentence(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    if "full" in text:
        return (
            f"The disk that holds the store {path} is full. Free some space and run again: "
            "what was fetched before is kept."
        )
    if "locked" in text:
        return (
            f"Another process holds the store {path} and did not let go within "
            f"{_BUSY_MS // 1000} s. Wait for it to end, or name another place with ENRICH_STORE."
        )
    if "readonly" in text or "unable to open" in text:
        return (
            f"The store {path} cannot be written ({text}). Correct its permissions, or name "
            "another place with ENRICH_STORE."
        )
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in text:
        return f"The store {path} was closed while it was in use."
    return (
        f"The store {path} cannot be read ({text}). Run again: a damaged store is moved aside "
        "and a new one begun."
    )


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # SQLite gives its -wal and -shm files the mode of the main file.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    # Two threads use it, one per service; `Store` holds a lock around every use.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if path.stat().st_size < _CHECK_BELOW_BYTES:
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
    except BaseException:
        db.close()
        raise
    return db


def _stamp(db: sqlite3.Connection, path: Path, realm: str) -> None:
    with translated(path):
        db.execute("BEGIN IMMEDIATE")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            db.execute("ROLLBACK")
            raise StoreError(
                f"The store {path} was written by a newer version of enrich (its version is "
                f"{version}, this one reads up to {len(MIGRATIONS)}). Update enrich, or name "
                "another place with ENRICH_STORE."
            )
        for step in MIGRATIONS[version:]:
            for statement in step.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("INSERT OR IGNORE INTO meta VALUES ('realm', ?)", (realm,))
        owner = db.execute("SELECT value FROM meta WHERE name = 'realm'").fetchone()[0]
        db.execute("COMMIT")
    if owner != realm:
        db.close()
        raise StoreError(
            f"The store {path} holds {owner} data and this is a {realm} run; the two are never "
            "mixed. Leave ENRICH_STORE unset, or name another file for this run."
        )


def _move_aside(path: Path, now: datetime) -> Path:
    kept = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{path}{suffix}")
        if part.exists():
            part.replace(f"{kept}{suffix}")
    return kept


def _salvage_identities(kept: Path, db: sqlite3.Connection) -> None:
    # Records can be fetched again; the identifiers given to papers cannot.
    try:
        with closing(sqlite3.connect(f"{kept.resolve().as_uri()}?mode=ro", uri=True)) as old:
            rows = old.execute("SELECT alias, paper_id FROM identities ORDER BY rowid").fetchall()
    except sqlite3.Error:
        return
    db.execute("BEGIN IMMEDIATE")
    for statement in MIGRATIONS[0].split(";"):
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")
    db.executemany("INSERT OR IGNORE INTO identities VALUES (?, ?)", rows)
    db.execute("COMMIT")
