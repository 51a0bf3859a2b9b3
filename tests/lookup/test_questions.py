"""How old what is stored may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from enrich.lookup.questions import Freshness
from enrich.records import Identifiers, Record
from enrich.store import Held

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FRESH = Freshness(NOW, 21 * DAY, DAY, 7 * DAY, refresh=False, offline=False)
RECORD = Record("semantic_scholar", "a" * 40, "A title", Identifiers(), NOW)


def held(age: timedelta, *, counted: timedelta | None = None, whole: bool = True) -> Held:
    counts_at = NOW - counted if counted is not None else None
    return Held(RECORD, whole, NOW - age, counts_at)


@pytest.mark.parametrize(
    ("what", "due"),
    [
        (None, "all"),
        (held(timedelta(0)), None),
        (held(20.9 * DAY, counted=0.5 * DAY), None),
        (held(21 * DAY, counted=0.5 * DAY), "all"),
        (held(2 * DAY, counted=0.9 * DAY), None),
        (held(2 * DAY, counted=DAY - timedelta(minutes=30)), "counts"),
        (held(2 * DAY, counted=DAY - timedelta(minutes=31)), None),
        (held(DAY, whole=False), "all"),
        (Held(None, True, NOW - 6.9 * DAY), None),
        (Held(None, True, NOW - 7 * DAY), "all"),
    ],
)
def test_what_is_due(what: Held | None, due: str | None) -> None:
    """Records after 21 days, counts after one (half an hour less), misses after seven."""
    assert FRESH.record(what, counts=True) == due


def test_a_stored_time_in_the_future_is_old() -> None:
    """A clock that was wrong must not make a record fresh for years."""
    fresh = Freshness(NOW, 21 * DAY, DAY, 7 * DAY, refresh=False, offline=False)
    later = Held(None, True, NOW + 400 * DAY)
    assert fresh._older(later.looked_at, fresh.miss)
    assert not fresh._older(NOW + DAY, fresh.miss)
    ahead = Held(RECORD, True, NOW - DAY, NOW - DAY)
    assert fresh.record(ahead, counts=True) == "counts"
    assert fresh.record(later, counts=True) == "all"
    assert fresh.search(NOW + 400 * DAY)


@pytest.mark.parametrize("name", ["refresh", "offline"])
def test_refresh_and_offline(name: str) -> None:
    """With refresh everything older than the run is due, offline nothing is."""
    fresh = Freshness(NOW, DAY, DAY, DAY, refresh=name == "refresh", offline=name == "offline")
    due = "all" if name == "refresh" else None
    assert fresh.record(held(timedelta(minutes=1)), counts=True) == due
    assert fresh.search(NOW - timedelta(minutes=1)) is (name == "refresh")
    assert fresh.record(None, counts=True) == ("all" if name == "refresh" else None)
