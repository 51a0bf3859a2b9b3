"""What is known of the services' limits: when they may be asked, and what they do not accept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from enrich.store.codec import UNREADABLE
from enrich.store.database import Database, moment_of


@dataclass(frozen=True, slots=True)
class Circuit:
    """Until when an endpoint is not asked (POSIX seconds), and how many times in a row so far."""

    open_until: float = 0.0
    times: int = 0


# A later time was stored by a clock that was wrong.
_MAX_ASIDE_SECONDS = 25 * 3600.0


class Limits(Database):
    """Rate limits by service, circuit breakers by endpoint, and what was learnt of them."""

    def next_request(self, service: str) -> float:
        """When `service` may be asked next (POSIX seconds), as every process has stored it."""
        row = self.one("SELECT at FROM next_requests WHERE service = ?", service)
        return _number(row[0]) if row else 0.0

    def set_next_request(self, service: str, at: float) -> None:
        """Store when every process may ask `service` next."""
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO next_requests VALUES (?, ?)", (service, at))

    def circuit(self, service: str, endpoint: str) -> Circuit:
        """The circuit breaker of an endpoint, as every process has stored it."""
        row = self.one(
            "SELECT open_until, times FROM circuits WHERE service = ? AND endpoint = ?",
            service, endpoint,
        )  # fmt: skip
        # A damaged count must not overflow the cool-down's power of two.
        return Circuit(_number(row[0]), min(int(_number(row[1])), 20)) if row else Circuit()

    def set_circuit(self, service: str, endpoint: str, circuit: Circuit) -> None:
        """Store the circuit breaker of an endpoint for every process.

        Args:
            service: The service.
            endpoint: The endpoint's name.
            circuit: Its new state.
        """
        with self.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO circuits VALUES (?, ?, ?, ?)",
                (service, endpoint, circuit.open_until, circuit.times),
            )

    def set_aside(self, service: str, keys: Iterable[str], now: datetime) -> None:
        """Remember questions that make every request fail that holds them.

        Args:
            service: The service.
            keys: Identity or title keys of the questions.
            now: The time.
        """
        with self.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO set_aside VALUES (?, ?, ?)",
                [(service, key, now.timestamp()) for key in keys],
            )

    def questions_set_aside(self, service: str, since: datetime) -> set[str]:
        """The questions set aside since a moment, a day ago at most."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT asked FROM set_aside WHERE service = ? AND since BETWEEN ? AND ?",
                (service, since.timestamp(), since.timestamp() + _MAX_ASIDE_SECONDS),
            ).fetchall()
        return {asked for (asked,) in rows}

    def learnt(self, service: str, name: str) -> tuple[str, datetime] | None:
        """What was learnt of a service under `name`, and when."""
        row = self.one(
            "SELECT value, learnt_at FROM learnt WHERE service = ? AND name = ?", service, name
        )
        try:
            return (str(row[0]), moment_of(row[1])) if row else None
        except UNREADABLE:
            return None

    def learn(self, service: str, name: str, value: str, now: datetime) -> None:
        """Remember something of a service for later runs.

        Args:
            service: The service.
            name: What the fact is about.
            value: The fact.
            now: The time.
        """
        with self.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO learnt VALUES (?, ?, ?, ?)",
                (service, name, value, now.timestamp()),
            )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
