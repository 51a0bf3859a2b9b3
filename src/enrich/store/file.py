"""The store's file: opened, checked, repaired or moved aside, migrated, stamped with its realm."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from enrich.errors import OtherRealm, StoreError
from enrich.store.codec import checksum_of
from enrich.store.schema import APPLICATION_ID, MIGRATIONS, TABLES

# A whole check reads the file once, about 0.1 s for 30 MB; larger files are checked when read.
_CHECK_BELOW_BYTES = 64 * 2**20
# Long enough for another process to finish a transaction; ours take milliseconds.
_BUSY_MS = 30_000
# What is saved from a damaged file: what cannot be fetched again, and what was found. Misses are
# not: a damaged row can look like one.
_SAVED = {
    "identities": "SELECT alias, paper_id FROM identities ORDER BY rowid",
    "records": "SELECT service, source_id, body, whole, fetched_at, counts_at, checksum "
    "FROM records WHERE checksum IS NOT NULL",
    "answers": "SELECT service, asked, source_id, looked_at FROM answers "
    "WHERE source_id IS NOT NULL",
}


class _Damaged(Exception):
    """The file is not, or no longer, a store; the message says why."""


def open_file(
    path: Path, realm: str, now: datetime, warn: Callable[[str], None]
) -> sqlite3.Connection:
    """A connection to the store at `path`, which is made if there is none.

    Args:
        path: The file.
        realm: 'live' or 'sandbox'; a store holds the data of one of them.
        now: The time, for the name of a damaged file.
        warn: Receives one sentence when the file was damaged and moved aside.

    Returns:
        The open connection, its schema up to date.

    Raises:
        OtherRealm: The file holds the other realm's data.
        StoreError: The file belongs to another program or newer version, or cannot be written.
    """
    with translated(path):
        _make_private(path)
        try:
            if damage_mark(path).exists():
                raise _Damaged("an earlier run met damage in it")
            db = _connect(path)
            try:
                _prepare(db, path)
            except BaseException:
                db.close()
                raise
        except (_Damaged, sqlite3.DatabaseError) as error:
            if _is_temporary(error):
                raise
            db = _replace_damaged(path, now, error, warn)
    _check_realm(db, path, realm)
    return db


def damage_mark(path: Path) -> Path:
    """The file whose presence says that damage was met while the store was in use."""
    return path.with_name(f"{path.name}.damage-found")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's errors into StoreError that names the cure."""
    try:
        yield
    except sqlite3.Error as error:
        if not _is_temporary(error):
            damage_mark(path).touch(mode=0o600)
        raise StoreError(_sentence(path, error)) from error
    except OSError as error:
        raise StoreError(
            f"The store {path} cannot be opened: {error.strerror or error}. "
            "Name another place with ENRICH_STORE."
        ) from error


def _is_temporary(error: Exception) -> bool:
    """Whether the file itself is intact: it is locked, read-only or closed, or the disk is full."""
    if isinstance(error, sqlite3.ProgrammingError):
        return True
    text = str(error)
    missing = "no such" in text or "no column" in text or "malformed" in text
    return isinstance(error, sqlite3.OperationalError) and not missing


def _sentence(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    if "full" in text:
        return (
            f"The disk that holds the store {path} is full. Free some space and run again: "
            "what was fetched before is kept."
        )
    if "locked" in text:
        return (
            f"Another process holds the store {path} and did not release it within "
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
        f"The store {path} cannot be read ({text}). Run again: the damaged store is then moved "
        "aside and a new one begun with what can be saved."
    )


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # SQLite gives its -wal and -shm files the mode of the main file.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    # Two threads use it, one per service; `Store` holds a lock around every use.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    # A damaged text is read as something that its checksum does not fit, not an error.
    db.text_factory = lambda data: data.decode("utf-8", "replace")
    db.create_function("checksum_of", 1, checksum_of, deterministic=True)
    try:
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        _refuse_foreign(db, path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if path.stat().st_size < _CHECK_BELOW_BYTES:
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise _Damaged(str(verdict))
    except BaseException:
        db.close()
        raise
    return db


def _refuse_foreign(db: sqlite3.Connection, path: Path) -> None:
    tables = _tables(db)
    program = db.execute("PRAGMA application_id").fetchone()[0]
    if program not in (0, APPLICATION_ID) or (tables and not tables & set(TABLES)):
        raise StoreError(
            f"{path} is a SQLite database of another program and stays as it is. "
            "Name another file with ENRICH_STORE."
        )


def _tables(db: sqlite3.Connection) -> set[str]:
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in names if not str(name).startswith("sqlite_")}


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date.

    Raises _Damaged where tables or columns are missing afterwards.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise StoreError(
                f"The store {path} was written by a newer version of enrich (its version is "
                f"{version}, this one reads up to {len(MIGRATIONS)}). Update enrich, or name "
                "another place with ENRICH_STORE."
            )
        for step in MIGRATIONS[version:]:
            for statement in step.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        if wrong := _wrong_tables(db):
            raise _Damaged(f"its tables are not as they were made: {', '.join(wrong)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _wrong_tables(db: sqlite3.Connection) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as sound:
        sound.create_function("checksum_of", 1, checksum_of)
        for step in MIGRATIONS:
            sound.executescript(step)
        return [name for name in TABLES if _columns(db, name) != _columns(sound, name)]


def _columns(db: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in db.execute(f"PRAGMA table_info({table})")]


def _check_realm(db: sqlite3.Connection, path: Path, realm: str) -> None:
    with translated(path):
        db.execute("INSERT OR IGNORE INTO meta VALUES ('realm', ?)", (realm,))
        owner = db.execute("SELECT value FROM meta WHERE name = 'realm'").fetchone()[0]
    if owner not in ("live", "sandbox"):
        # A damaged stamp: what is held cannot be shown to belong here.
        with translated(path):
            for table in ("records", "answers", "searches", "learnt", "identities"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608  # names of this module
            db.execute("UPDATE meta SET value = ? WHERE name = 'realm'", (realm,))
    elif owner != realm:
        db.close()
        raise OtherRealm(
            f"The store {path} holds {owner} data and this is a {realm} run; the two are never "
            "mixed. Leave ENRICH_STORE unset, or name another file for this run."
        )


def _replace_damaged(
    path: Path, now: datetime, error: Exception, warn: Callable[[str], None]
) -> sqlite3.Connection:
    kept = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}-{number}")
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{path}{suffix}")
        if part.exists():
            part.replace(f"{kept}{suffix}")
    damage_mark(path).unlink(missing_ok=True)
    _make_private(path)
    db = _connect(path)
    _prepare(db, path)
    saved = _save(kept, db)
    warn(
        f"The store {path} is damaged ({error}). It was moved to {kept} and a new one was begun "
        f"with what could be saved ({saved}): the rest will be fetched again."
    )
    return db


def _save(kept: Path, db: sqlite3.Connection) -> str:
    """Copy what can still be read; returns what that was."""
    saved = dict.fromkeys(_SAVED, 0)
    uri = f"{kept.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as old:
            old.text_factory = db.text_factory
            for table, query in _SAVED.items():
                for row in _readable(old, query):
                    marks = ",".join("?" * len(row))
                    names = query.split("FROM")[0].removeprefix("SELECT ")
                    db.execute(
                        f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                        row,
                    )
                    saved[table] += 1
            owner = next(_readable(old, "SELECT value FROM meta WHERE name = 'realm'"), None)
            if owner:
                db.execute("INSERT OR IGNORE INTO meta VALUES ('realm', ?)", owner)
    except sqlite3.Error:
        pass  # not a database at all
    return ", ".join(f"{count} {table}" for table, count in saved.items())


def _readable(db: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    try:
        yield from db.execute(query)
    except sqlite3.Error:
        return
