"""Pace, backoff and cool-down, shared by everyone who opens the store."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from enrich.errors import Forbidden, Rejected, Throttled, Unavailable
from enrich.observer import Silent
from enrich.services.http import Exchange
from enrich.services.rate_limit import TRIES, Line
from enrich.store import Pace, Store


class HeldClock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Sent:
    """Stands where the network begins: notes when each request left."""

    def __init__(self, clock: HeldClock) -> None:
        self.at: list[float] = []
        self._clock = clock

    def __call__(self, method: str, url: str, json: object = None) -> bytes:
        self.at.append(self._clock.now().timestamp())
        return b""

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.at)]


class Case:
    def __init__(self, path: Path) -> None:
        self.clock = HeldClock()
        self.sent = Sent(self.clock)
        self.store = Store(path / "store.sqlite", "sandbox", self.clock.now())
        self.warnings: list[str] = []

    def line(self, *, interval: float = 3.0, patience: float = 900.0) -> Line:
        exchange = Exchange("arxiv", "http://127.0.0.1:9/api", self.clock, accept="*/*")
        exchange.send = self.sent  # type: ignore[method-assign,assignment]
        observer = Silent()
        observer.warn = self.warnings.append  # type: ignore[method-assign]
        return Line(
            exchange,
            self.store,
            self.clock,
            observer,
            interval=interval,
            patience=patience,
            stop=threading.Event(),
        )

    def ask(self, line: Line, error: Exception | None = None) -> None:
        def work() -> None:
            line.send("ids", "GET", "http://127.0.0.1:9/api")
            if error is not None:
                raise error

        line.run(work)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_no_two_requests_within_the_interval(case: Case) -> None:
    """Two lines over one store (two runs, two processes) keep one pace between them."""
    lines = [case.line(), case.line()]
    for turn in range(6):
        case.ask(lines[turn % 2])
    assert len(case.sent.at) == 6
    assert min(case.sent.gaps) >= 3.0
    assert max(case.sent.gaps) < 3.2


def test_waits_grow_while_it_fails(case: Case) -> None:
    """What can heal is asked again after ever longer waits, a fixed number of times."""
    line = case.line()
    with pytest.raises(Throttled):
        case.ask(line, Throttled("no", "arxiv"))
    assert len(case.sent.at) == TRIES
    assert all(later > earlier for earlier, later in pairwise(case.sent.gaps))
    assert case.sent.gaps[0] >= 3.0
    assert line.tally.retries == TRIES - 1


def test_retry_after_is_honoured_and_floored(case: Case) -> None:
    """A service's own wait counts when it is longer than ours; 0 does not shorten ours."""
    for seconds, least in ((100.0, 100.0), (0.0, 3.0)):
        error = Unavailable("no", "arxiv")
        error.retry_after = seconds
        with pytest.raises(Unavailable):
            case.ask(case.line(), error)
        assert case.sent.gaps[0] >= least
        case.sent.at.clear()


@pytest.mark.parametrize("error", [Rejected("no", "arxiv", "", 400), Forbidden("no", "arxiv")])
def test_what_cannot_heal_is_not_repeated(case: Case, error: Exception) -> None:
    """400, 401, 403 and 404 are asked once."""
    with pytest.raises(type(error)):
        case.ask(case.line(), error)
    assert len(case.sent.at) == 1


def test_two_failed_questions_close_the_line_for_this_run(case: Case) -> None:
    """One question may be the trouble, two are the service: nothing more is asked, said once."""
    line = case.line()
    for _ in range(4):
        with pytest.raises(Unavailable):
            case.ask(line, Unavailable("no", "arxiv"))
    assert len(case.sent.at) == TRIES + 2
    assert len(case.warnings) == 1
    assert line.traffic().health == "down"


def test_the_cool_down_is_kept_by_the_next_process(case: Case) -> None:
    """After giving up, nobody asks for a minute; each time in a row it doubles."""
    line = case.line()
    for _ in range(2):
        with pytest.raises(Unavailable):
            case.ask(line, Unavailable("no", "arxiv"))
    gave_up = case.clock.now().timestamp()
    case.sent.at.clear()
    case.ask(case.line())
    assert case.sent.at[0] - gave_up >= 60.0
    assert case.store.pace("arxiv").given_up == 0


def test_a_cool_down_longer_than_patience_is_not_waited_for(case: Case) -> None:
    """A run with little patience says that the service is left alone, and does not ask."""
    now = case.clock.now().timestamp()
    case.store.set_pace("arxiv", Pace(now, now + 600, 1))
    with pytest.raises(Throttled, match="left alone for another"):
        case.ask(case.line(patience=30.0))
    assert case.sent.at == []


def test_patience_bounds_the_waiting(case: Case) -> None:
    """All waiting and failing together stays within the run's patience."""
    began = case.clock.now()
    with pytest.raises(Unavailable):
        case.ask(case.line(patience=10.0), Unavailable("no", "arxiv"))
    assert (case.clock.now() - began).total_seconds() <= 20.0


def test_a_clock_that_was_set_back_does_not_hold_a_run_for_ever(case: Case) -> None:
    """A next time far in the future is a clock that was wrong; it is waited for within reason."""
    now = case.clock.now().timestamp()
    case.store.set_pace("arxiv", Pace(now + 10_000_000, 0.0, 0))
    case.ask(case.line(patience=50.0))
    assert case.sent.at[0] - now < 100.0


def test_a_stopped_run_asks_nothing_more(case: Case) -> None:
    """Once stopped, a line raises instead of waiting or asking."""
    line = case.line()
    line._stop.set()
    with pytest.raises(Unavailable, match="stopped"):
        case.ask(line)
    assert case.sent.at == []
