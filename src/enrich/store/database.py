"""One open SQLite connection: shared by threads, in transactions, its errors translated."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enrich.store.file import translated

# SQLite's own bound on variables in one statement is 32,766.
_CHUNK = 5_000


class Database:
    """The connection to the file at `path`; a lock is held around every use."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db
        self._lock = threading.RLock()

    def close(self) -> None:
        """Close the file; what was written stays."""
        with self._lock:
            self._db.close()

    def version(self) -> tuple[int, int]:
        """Changes whenever this or another process has written something."""
        with self.reading() as db:
            return db.execute("PRAGMA data_version").fetchone()[0], db.total_changes

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database for one or several queries."""
        with self._lock, translated(self.path):
            yield self._db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The database for one transaction: committed whole or not at all."""
        with self._lock, translated(self.path):
            # Taken at once: a transaction that only later wants to write can be refused.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def select(self, sql: str, service: str, values: Iterable[str]) -> list[tuple[Any, ...]]:
        """All rows of a query whose `{}` stands for `values`, asked in portions.

        Args:
            sql: The query, whose first variable is the service.
            service: The service.
            values: The values of the other variables, any number.
        """
        wanted = list(dict.fromkeys(values))
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            with self.reading() as db:
                marks = ",".join("?" * len(part))
                rows += db.execute(sql.format(marks), (service, *part)).fetchall()
        return rows

    def one(self, sql: str, *values: str) -> tuple[Any, ...] | None:
        """The first row of a query, if any."""
        with self.reading() as db:
            row: tuple[Any, ...] | None = db.execute(sql, values).fetchone()
        return row


def moment_of(seconds: float) -> datetime:
    """The time that is stored as POSIX seconds; raises one of UNREADABLE for anything else."""
    return datetime.fromtimestamp(seconds, UTC)
