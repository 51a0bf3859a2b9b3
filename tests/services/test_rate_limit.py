"""The rate limiter over a real store: when a request may be sent, by this process and by others."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enrich.errors import StoreError, Unavailable
from enrich.services.patience import Patience
from enrich.services.rate_limit import (
    MARGIN,
    MARGIN_SECONDS,
    MAX_WAIT,
    MIN_LOCK_SECONDS,
    RateLimiter,
)
from enrich.store import Store

START = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass
class ManualClock:
    """Time that passes by waiting alone; `waits` are the single waits."""

    time: datetime = START
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)


@dataclass
class Bench:
    """A limiter of arXiv with an interval of 3 s, its store, clock and patience."""

    store: Store
    clock: ManualClock
    patience: Patience
    checks: int = 0

    def limiter(self, interval: float = 3.0) -> RateLimiter:
        def check() -> None:
            self.checks += 1

        return RateLimiter("arxiv", interval, self.store, self.clock, self.patience, check)

    def passed(self) -> float:
        return (self.clock.time - START).total_seconds()

    def due(self) -> float:
        return self.store.next_request("arxiv") - self.clock.time.timestamp()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = Store(tmp_path / "store.sqlite", "live", START)
    yield Bench(store, ManualClock(), Patience(100.0))
    store.close()


def test_two_requests_are_an_interval_and_a_margin_apart(bench: Bench) -> None:
    """Another limiter over the same store waits as well; waits within the rate cost no patience."""
    first, second = bench.limiter(), bench.limiter()
    first.wait()
    assert bench.passed() == 0
    first.sent()
    second.wait()
    assert bench.passed() == pytest.approx(3 * MARGIN + MARGIN_SECONDS, abs=0.002)
    assert bench.patience.left == 100


def test_the_first_answer_of_a_connection_counts_from_its_arrival(bench: Bench) -> None:
    """The first request may arrive late, so the interval begins with its answer; later ones not."""
    limiter = bench.limiter()
    limiter.sent()
    bench.clock.time += timedelta(seconds=2)
    limiter.answered()
    assert bench.due() == pytest.approx(limiter.gap, abs=0.002)
    bench.clock.time += timedelta(seconds=1)
    limiter.answered()
    assert bench.due() == pytest.approx(limiter.gap - 1, abs=0.002)


def test_a_later_moment_in_the_store_is_never_made_earlier(bench: Bench) -> None:
    """What another process has asked for is kept, for this service alone."""
    bench.store.set_next_request("arxiv", bench.clock.time.timestamp() + 50)
    bench.store.set_next_request("semantic_scholar", bench.clock.time.timestamp() + 70)
    bench.limiter().sent()
    assert bench.due() == pytest.approx(50)
    bench.limiter().delay(60)
    assert bench.due() == pytest.approx(60)


def test_a_longer_wait_is_taken_from_the_patience(bench: Bench) -> None:
    """A wait beyond the interval is one for a service that limits or fails."""
    bench.limiter().delay(40)
    bench.limiter().wait()
    assert bench.passed() == pytest.approx(40, abs=0.002)
    assert bench.patience.left == pytest.approx(60, abs=0.002)


def test_waits_are_cut_so_that_a_run_can_be_stopped(bench: Bench) -> None:
    """A slice is half a second, or half an interval where that is longer; each is checked."""
    bench.limiter().pause(3)
    assert max(bench.clock.waits) == pytest.approx(1.5)
    assert bench.checks == len(bench.clock.waits) + 1
    bench.clock.waits.clear()
    bench.limiter(0.1).pause(2)
    assert max(bench.clock.waits) == pytest.approx(0.5)


@pytest.mark.parametrize(("seconds", "waits"), [(MAX_WAIT - 1, True), (MAX_WAIT + 1, False)])
def test_a_wait_that_nobody_can_have_stored_is_ignored(
    bench: Bench, seconds: float, waits: bool
) -> None:
    """After a clock was set back the stored moment is far away: an interval is waited then."""
    bench.store.set_next_request("arxiv", bench.clock.time.timestamp() + seconds)
    bench.limiter().wait()
    assert bench.passed() == pytest.approx(seconds if waits else 3, abs=0.002)


def test_the_lock_is_waited_for(bench: Bench, tmp_path: Path) -> None:
    """Another process that holds the service is waited for as long as the patience lasts."""
    path = tmp_path / "store.sqlite.arxiv.lock"
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match=r"did not finish within 100 s") as raised:
            bench.limiter().lock().__enter__()
    assert raised.value.service == "arxiv"
    assert bench.patience.left == 0
    assert set(bench.clock.waits) == {0.3}  # a tenth of the interval
    with bench.limiter().lock(), path.open("w") as mine, pytest.raises(BlockingIOError):
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_without_patience_the_lock_is_waited_for_some_seconds(bench: Bench, tmp_path: Path) -> None:
    """A short run of another process does not end this one; steps are half a second at most."""
    bench.patience = Patience(0.0)
    with (tmp_path / "store.sqlite.arxiv.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Unavailable):
            bench.limiter(50.0).lock().__enter__()
    assert bench.passed() == pytest.approx(MIN_LOCK_SECONDS + 0.5)
    assert set(bench.clock.waits) == {0.5}


def test_a_lock_file_that_cannot_be_opened_is_an_error_of_the_store(
    bench: Bench, tmp_path: Path
) -> None:
    """The message names the file and the cure."""
    (tmp_path / "store.sqlite.arxiv.lock").mkdir()
    with pytest.raises(StoreError, match=r"lock file .*store\.sqlite\.arxiv\.lock.* permissions"):
        bench.limiter().lock().__enter__()


def test_without_an_interval_failures_are_still_waited_for(bench: Bench) -> None:
    """An interval of 0 lets requests follow each other, and waits have a unit of their own."""
    limiter = bench.limiter(0.0)
    assert (limiter.gap, limiter.unit) == (0.0, 0.01)
    assert bench.limiter(3.0).unit == 3.0
