"""`Store`: records, answers, misses, searches, limits and identities, written answer by answer."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enrich.errors import StoreError
from enrich.records import Record
from enrich.store.codec import decode, encode
from enrich.store.file import open_file, translated
from enrich.store.keys import identity_keys

# SQLite's own bound on variables in one statement is 32,766.
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds for one identity key: a record, or (record None) an explicit miss.

    `whole` is False for a row of a search with few fields. `looked_at` is when the record was
    fetched, or the miss was told; `counts_at` when the record's counts were true.
    """

    record: Record | None
    whole: bool
    looked_at: datetime
    counts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What one way of searching a title brought up (source ids, best first), and when."""

    way: str
    found: tuple[str, ...]
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """When a service may be asked next. `given_up` counts the times in a row it was given up on."""

    next_at: float = 0.0
    cool_until: float = 0.0
    given_up: int = 0


class Store:
    """One open store. Safe for several threads and several processes.

    Raises StoreError from every method when the file cannot be used.
    """

    def __init__(
        self, path: Path, realm: str, now: datetime, warn: Callable[[str], None] = lambda _: None
    ) -> None:
        self.path, self.realm = path, realm
        self._db = open_file(path, realm, now, warn)
        self._lock = threading.RLock()
        self._records: dict[tuple[object, ...], Record] = {}

    def close(self) -> None:
        """Close the file; what was written stays."""
        with self._lock:
            self._db.close()

    # -- records by identity

    def held(self, service: str, keys: Iterable[str]) -> dict[str, Held]:
        """What is held for each of `keys`; keys never asked for are left out."""
        rows = self._select(
            "SELECT a.asked, coalesce(r.fetched_at, a.looked_at), r.source_id, r.body, r.whole, "
            "r.counts_at "
            "FROM answers a LEFT JOIN records r "
            "ON r.service = a.service AND r.source_id = a.source_id "
            "WHERE a.service = ? AND a.asked IN ({})",
            service,
            keys,
        )
        held = {}
        for asked, looked_at, source_id, body, whole, counts_at in rows:
            record = None
            if source_id is not None:
                record = self._cached((service, source_id, whole, looked_at, counts_at), body)
            counted = _moment(counts_at) if counts_at is not None else None
            held[asked] = Held(record, bool(whole), _moment(looked_at), counted)
        return held

    def keep(
        self,
        service: str,
        answers: Mapping[str, Record | None],
        now: datetime,
        *,
        whole: bool = True,
        searches: Mapping[tuple[str, str], Sequence[str]] | None = None,
        sightings: Sequence[Record] = (),
    ) -> None:
        """Write one answer of a service, all or nothing.

        `answers` maps identity keys to their record or to None for an explicit miss; `sightings`
        are further records, `searches` maps (title_key, way) to source ids. A record with few
        fields never replaces a whole one.
        """
        at = now.timestamp()
        found = {r.source_id: r for r in (*answers.values(), *sightings) if r is not None}
        with self._writing() as db:
            db.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "body = excluded.body, whole = excluded.whole, fetched_at = excluded.fetched_at, "
                "counts_at = excluded.counts_at WHERE excluded.whole >= records.whole",
                [
                    (service, r.source_id, encode(r), whole, at, _seconds(r.counts_observed_at))
                    for r in found.values()
                ],
            )
            db.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
                [(service, key, r.source_id if r else None, at) for key, r in answers.items()],
            )
            # A record also answers to its other identifiers, but never takes a key away from the
            # record that the service itself gave for it (two records may share a DOI).
            db.executemany(
                "INSERT INTO answers VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "source_id = excluded.source_id, looked_at = excluded.looked_at "
                "WHERE answers.source_id IS NULL",
                [
                    (service, key, r.source_id, at)
                    for r in found.values()
                    for key in identity_keys(r)
                    if key not in answers
                ],
            )
            db.executemany(
                "INSERT OR REPLACE INTO searches VALUES (?, ?, ?, ?, ?)",
                [
                    (service, key, way, json.dumps(list(ids)), at)
                    for (key, way), ids in (searches or {}).items()
                ],
            )

    def recount(self, service: str, counted: Sequence[Record], now: datetime) -> None:
        """Replace records by themselves with newer counts; their metadata keeps its age."""
        with self._writing() as db:
            db.executemany(
                "UPDATE records SET body = ?, counts_at = ? WHERE service = ? AND source_id = ?",
                [
                    (encode(r), _seconds(r.counts_observed_at), service, r.source_id)
                    for r in counted
                ],
            )

    # -- title searches

    def searched(self, service: str, title_keys: Iterable[str]) -> dict[str, list[Searched]]:
        """The searches made so far, by title key."""
        rows = self._select(
            "SELECT title_key, way, found, looked_at FROM searches "
            "WHERE service = ? AND title_key IN ({})",
            service,
            title_keys,
        )
        made: dict[str, list[Searched]] = {}
        for key, way, found, looked_at in rows:
            made.setdefault(key, []).append(
                Searched(way, tuple(json.loads(found)), _moment(looked_at))
            )
        return made

    def witness(self, service: str, limit: int = 50) -> list[Record]:
        """A few whole records that `service` is known to hold, the latest seen first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT body FROM records WHERE service = ? AND whole ORDER BY fetched_at DESC "
                "LIMIT ?",
                (service, limit),
            ).fetchall()
        return [self._decoded(body) for (body,) in rows]

    # -- limits

    def pace(self, service: str) -> Pace:
        """When `service` may be asked next, as every process left it."""
        with self._reading() as db:
            row = db.execute(
                "SELECT next_at, cool_until, given_up FROM pace WHERE service = ?", (service,)
            ).fetchone()
        return Pace(*row) if row else Pace()

    def set_pace(self, service: str, pace: Pace) -> None:
        """Leave word for every process."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO pace VALUES (?, ?, ?, ?)",
                (service, pace.next_at, pace.cool_until, pace.given_up),
            )

    def learnt(self, service: str, name: str) -> tuple[str, datetime] | None:
        """What was learnt of a service under `name`, and when."""
        with self._reading() as db:
            row = db.execute(
                "SELECT value, learnt_at FROM learnt WHERE service = ? AND name = ?",
                (service, name),
            ).fetchone()
        return (row[0], _moment(row[1])) if row else None

    def learn(self, service: str, name: str, value: str, now: datetime) -> None:
        """Remember something of a service for later runs."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO learnt VALUES (?, ?, ?, ?)",
                (service, name, value, now.timestamp()),
            )

    # -- identities

    def identities(self) -> dict[str, str]:
        """Every alias with the paper_id it was given, the first known first."""
        with self._reading() as db:
            return dict(
                db.execute("SELECT alias, paper_id FROM identities ORDER BY rowid").fetchall()
            )

    def remember(self, identities: Mapping[str, str]) -> None:
        """Add aliases; one that is known already keeps its paper_id."""
        with self._writing() as db:
            db.executemany("INSERT OR IGNORE INTO identities VALUES (?, ?)", identities.items())

    # --

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self.path):
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _select(self, sql: str, service: str, values: Iterable[str]) -> list[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(values))
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            with self._reading() as db:
                marks = ",".join("?" * len(part))
                rows += db.execute(sql.format(marks), (service, *part)).fetchall()
        return rows

    def _cached(self, version: tuple[object, ...], body: str) -> Record:
        # A run reads its records once a round; the same object each time also tells that nothing
        # has changed.
        if version not in self._records:
            self._records[version] = self._decoded(body)
        return self._records[version]

    def _decoded(self, body: str) -> Record:
        try:
            return decode(body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"The store {self.path} holds a record that cannot be read ({error}). "
                "Move the file away; the next run fetches what it held again."
            ) from error


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
