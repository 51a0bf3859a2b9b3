"""`Store`: records, answers, misses, searches, limits and identities, written answer by answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from enrich.papers.identifiers import askable_keys
from enrich.records import Record
from enrich.store.codec import UNREADABLE, verified, with_checksum
from enrich.store.database import moment_of
from enrich.store.file import open_file
from enrich.store.limits import Limits
from enrich.store.proof import Proof


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds for one identity key: a record, or (record None) an explicit miss.

    `whole` is False for a row of a search with few fields. `looked_at` is when the record was
    fetched or the miss was answered; `counts_at` when the record's counts were true.
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


class Store(Limits):
    """One open store. Safe for several threads and several processes.

    A row that cannot be read is dropped, so that it is asked for again. Raises StoreError from
    every method when the file cannot be used.
    """

    def __init__(
        self, path: Path, realm: str, now: datetime, warn: Callable[[str], None] = lambda _: None
    ) -> None:
        super().__init__(path, open_file(path, realm, now, warn))
        self.realm = realm
        self._records: dict[tuple[object, ...], Record] = {}

    # -- records by identity

    def held(self, service: str, keys: Iterable[str]) -> dict[str, Held]:
        """What is held for each of `keys`; keys never asked for are left out."""
        rows = self.select(
            "SELECT a.asked, a.source_id, a.looked_at, r.fetched_at, r.body, r.checksum, r.whole, "
            "r.counts_at "
            "FROM answers a LEFT JOIN records r "
            "ON r.service = a.service AND r.source_id = a.source_id "
            "WHERE a.service = ? AND a.asked IN ({})",
            service,
            keys,
        )
        held, damaged = {}, []
        for asked, source_id, looked_at, fetched_at, *stored in rows:
            try:
                if source_id is None:
                    held[asked] = Held(None, True, moment_of(looked_at))
                else:
                    held[asked] = self._held(service, source_id, fetched_at, *stored)
            except UNREADABLE:
                damaged.append((asked, source_id))
        self._drop_answers(service, damaged)
        return held

    def _held(
        self,
        service: str,
        source_id: str,
        fetched_at: float,
        body: str,
        checksum: int,
        whole: int,
        counts_at: float | None,
    ) -> Held:
        record = self._cached((service, source_id, whole, fetched_at, counts_at), body, checksum)
        counted = moment_of(counts_at) if counts_at is not None else None
        return Held(record, whole == 1, moment_of(fetched_at), counted)

    def _drop_answers(self, service: str, damaged: Sequence[tuple[str, str | None]]) -> None:
        """Forget what cannot be read: it is asked for again."""
        if not damaged:
            return
        with self.writing() as db:
            for asked, source_id in damaged:
                db.execute("DELETE FROM answers WHERE service = ? AND asked = ?", (service, asked))
                db.execute(
                    "DELETE FROM records WHERE service = ? AND source_id = ?", (service, source_id)
                )

    def keep(
        self,
        service: str,
        found: Mapping[str, Record],
        now: datetime,
        *,
        misses: Iterable[str] = (),
        searches: Mapping[tuple[str, str], Sequence[str]] | None = None,
        proof: Proof | None = None,
        sightings: Sequence[Record] = (),
        merged: Mapping[str, str] | None = None,
        whole: bool = True,
    ) -> None:
        """Write one answer of a service, all or nothing.

        Args:
            service: Who answered.
            found: Records by the identity key that was asked for.
            now: When it answered.
            misses: Identity keys that the service does not have.
            searches: Source ids by title key and way of searching; none is a miss.
            proof: That the service answers at all. Misses are not stored without it.
            sightings: Further records that the answer holds.
            merged: The new source id by the old one of records that the service has merged.
            whole: Whether the records have all fields; one with few never replaces a whole one.

        Raises:
            ValueError: There is a miss and no proof; nothing is written.
        """
        missed, made = list(misses), searches or {}
        if proof is None and (missed or not all(made.values())):
            raise ValueError(f"a miss of {service} needs a proof that the service answers")
        at = now.timestamp()
        # A key that is missed and found in one answer is found.
        answers: dict[str, Record | None] = {**dict.fromkeys(missed), **found}
        records = {r.source_id: r for r in (*found.values(), *sightings)}
        with self.writing() as db:
            db.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "body = excluded.body, whole = excluded.whole, fetched_at = excluded.fetched_at, "
                "counts_at = excluded.counts_at, checksum = excluded.checksum "
                "WHERE excluded.whole >= records.whole",
                [
                    (service, r.source_id, body, whole, at, _seconds(r.counts_observed_at), crc)
                    for r in records.values()
                    for body, crc in [with_checksum(r)]
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
                    for r in records.values()
                    for key in askable_keys(r.ids)
                    if key not in answers
                ],
            )
            for old, new in (merged or {}).items():
                _merge(db, service, old, new)
            db.executemany(
                "INSERT OR REPLACE INTO searches VALUES (?, ?, ?, ?, ?)",
                [
                    (service, key, way, json.dumps(list(ids)), at)
                    for (key, way), ids in made.items()
                ],
            )

    def note(self, service: str, way: str, keys: Iterable[str], now: datetime) -> None:
        """Note under `way` what was done about some keys that is no answer and no miss.

        Args:
            service: The service.
            way: What was done.
            keys: Title keys or identity keys.
            now: The time.
        """
        with self.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO searches VALUES (?, ?, ?, '[]', ?)",
                [(service, key, way, now.timestamp()) for key in keys],
            )

    def forget_searches(self, service: str, title_key: str, until: datetime | None = None) -> None:
        """Drop the searches of a title: they are made again.

        Args:
            service: The service.
            title_key: The title.
            until: Drop those made until then; None drops all.
        """
        moment = until.timestamp() if until else float("inf")
        with self.writing() as db:
            db.execute(
                "DELETE FROM searches WHERE service = ? AND title_key = ? AND looked_at <= ?",
                (service, title_key, moment),
            )

    def forget_record(self, service: str, source_id: str) -> None:
        """Drop a record: it is asked for again."""
        with self.writing() as db:
            for statement in (
                "DELETE FROM answers WHERE service = ? AND source_id = ?",
                "DELETE FROM records WHERE service = ? AND source_id = ?",
            ):
                db.execute(statement, (service, source_id))

    def recount(self, service: str, counted: Sequence[Record]) -> None:
        """Replace records by themselves with newer counts; their metadata keeps its age."""
        with self.writing() as db:
            db.executemany(
                "UPDATE records SET body = ?, checksum = ?, counts_at = ? "
                "WHERE service = ? AND source_id = ?",
                [
                    (*with_checksum(r), _seconds(r.counts_observed_at), service, r.source_id)
                    for r in counted
                ],
            )

    # -- title searches

    def searched(self, service: str, title_keys: Iterable[str]) -> dict[str, list[Searched]]:
        """The searches made so far, by title key."""
        rows = self.select(
            "SELECT title_key, way, found, looked_at FROM searches "
            "WHERE service = ? AND title_key IN ({})",
            service,
            title_keys,
        )
        made: dict[str, list[Searched]] = {}
        damaged = []
        for key, way, found, looked_at in rows:
            try:
                ids = json.loads(found)
                if not isinstance(ids, list) or not all(isinstance(i, str) for i in ids):
                    raise ValueError("not a list of source ids")
                made.setdefault(key, []).append(Searched(way, tuple(ids), moment_of(looked_at)))
            except UNREADABLE:
                damaged.append((service, key, way))
        if damaged:
            with self.writing() as db:
                db.executemany(
                    "DELETE FROM searches WHERE service = ? AND title_key = ? AND way = ?", damaged
                )
        return made

    def known_records(self, service: str, limit: int = 50) -> list[Record]:
        """A few records that `service` answered by identifier, the latest seen first."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT body, checksum FROM records WHERE service = ? AND whole = 1 "
                "ORDER BY fetched_at DESC LIMIT ?",
                (service, limit),
            ).fetchall()
        known = []
        for body, checksum in rows:
            try:
                known.append(verified(body, checksum))
            except UNREADABLE:
                continue  # dropped when it is asked for
        return known

    # -- identities

    def identities(self) -> dict[str, str]:
        """Every alias with the paper_id it was given, the first known first."""
        with self.reading() as db:
            rows = db.execute("SELECT alias, paper_id FROM identities ORDER BY rowid").fetchall()
        return {a: p for a, p in rows if _is_sound(a) and _is_sound(p)}

    def remember(self, identities: Mapping[str, str]) -> None:
        """Add aliases; one that is known already keeps its paper_id."""
        with self.writing() as db:
            db.executemany("INSERT OR IGNORE INTO identities VALUES (?, ?)", identities.items())

    # --

    def _cached(self, version: tuple[object, ...], body: str, checksum: int) -> Record:
        # A run reads its records after every step; the same object each time also shows that
        # nothing has changed.
        if version not in self._records:
            self._records[version] = verified(body, checksum)
        return self._records[version]


def _merge(db: sqlite3.Connection, service: str, old: str, new: str) -> None:
    """Let everything that led to one record lead to another, and give it its paper's id."""
    db.execute(
        "UPDATE answers SET source_id = ? WHERE service = ? AND source_id = ?", (new, service, old)
    )
    db.execute("DELETE FROM records WHERE service = ? AND source_id = ?", (service, old))
    db.execute(
        "INSERT OR IGNORE INTO identities SELECT ?, paper_id FROM identities WHERE alias = ?",
        (f"s2:{new}", f"s2:{old}"),
    )


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _is_sound(text: object) -> bool:
    return isinstance(text, str) and text.isprintable() and "\ufffd" not in text
