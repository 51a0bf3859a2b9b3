"""Rate limit, retries and circuit breakers, shared by everyone who opens the store."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from enrich.errors import Forbidden, Rejected, ServerError, Throttled, Unavailable, Unreachable
from enrich.observer import Silent
from enrich.services.circuit_breaker import MAX_COOL_DOWN
from enrich.services.connection import Connection
from enrich.services.http import Body, HttpClient
from enrich.services.patience import Patience
from enrich.services.retry import MAX_WAIT_INTERVALS, TRIES, TRIES_AFTER_FAILURE, wait_before
from enrich.store import Circuit, Store


class ManualClock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Network(HttpClient):
    """Stands where the network begins: notes when each request left."""

    def __init__(self, clock: ManualClock, key: str | None = None) -> None:
        super().__init__("arxiv", "http://127.0.0.1:9/api", clock, key=key)
        self.at: list[float] = []
        self.errors: list[Exception | None] = []

    def send(self, method: str, url: str, json: object = None, *, seconds: float = 0) -> Body:
        self.at.append(self._clock.now().timestamp())
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        return Body(b"", url)

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.at)]


class Reports(Silent):
    """Records what a run reports."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.waits: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def waiting(self, message: str) -> None:
        self.waits.append(message)


class Case:
    def __init__(self, path: Path) -> None:
        self.clock, self.reports = ManualClock(), Reports()
        self.network = Network(self.clock)
        self.store = Store(path / "store.sqlite", "sandbox", self.clock.now())
        self.stop = threading.Event()

    def connection(self, *, interval: float = 3.0, patience: float = 900.0) -> Connection:
        return Connection(
            self.network, self.store, self.clock, self.reports,
            interval=interval, patience=Patience(patience), stop=self.stop,
        )  # fmt: skip

    def ask(
        self, connection: Connection, error: Exception | None = None, endpoint: str = "ids"
    ) -> None:
        self.network.errors = [error] * 99 if error else []
        with connection.exclusive():
            connection.request(endpoint, "GET", "http://127.0.0.1:9/api", parse=lambda body: None)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_no_two_requests_within_the_interval(case: Case) -> None:
    """Two connections over one store (two runs, two processes) keep one rate, with its margin."""
    connections = [case.connection(), case.connection()]
    for number in range(6):
        case.ask(connections[number % 2])
    assert len(case.network.at) == 6
    assert min(case.network.gaps) >= 3.07 - 1e-3, "2 % and 10 ms more than the interval"
    assert max(case.network.gaps) < 3.2


def test_waits_grow_while_it_fails(case: Case) -> None:
    """A temporary failure is repeated after ever longer waits, a fixed number of times."""
    connection = case.connection()
    with pytest.raises(Throttled):
        case.ask(connection, Throttled("no", "arxiv"))
    assert len(case.network.at) == TRIES == 6
    assert all(later > earlier for earlier, later in pairwise(case.network.gaps))
    assert case.network.gaps[0] >= 3.0
    assert connection.stats.retries == TRIES - 1


def test_the_waits_of_the_retry_policy() -> None:
    """1, 2, 4, … intervals, twenty at most, a quarter more by chance, never less than asked for."""
    assert [wait_before(n, 3.0, 0.0, lambda: 0.0) for n in range(1, 8)] == [
        3.0, 6.0, 12.0, 24.0, 48.0, 60.0, 60.0,
    ]  # fmt: skip
    assert wait_before(1, 3.0, 0.0, lambda: 1.0) == 3.75
    assert wait_before(1, 3.0, 100.0, lambda: 0.0) == 100.0
    assert MAX_WAIT_INTERVALS * 3.0 == 60.0


def test_waiting_is_visible(case: Case) -> None:
    """Each wait worth a message says whom for, how long and which attempt comes next."""
    with pytest.raises(Throttled):
        case.ask(case.connection(), Throttled("no", "arxiv"))
    assert len(case.reports.waits) == TRIES - 1
    assert case.reports.waits[1].startswith("arXiv is rate limiting; waiting ")
    assert case.reports.waits[1].endswith("(attempt 3 of 6)")


def test_retry_after_is_honoured_and_floored(case: Case) -> None:
    """A service's own wait counts when it is longer than ours; 0 does not shorten ours."""
    for endpoint, seconds, least in (("one", 100.0, 100.0), ("two", 0.0, 3.0)):
        error = Unavailable("no", "arxiv")
        error.retry_after = seconds
        case.network.at.clear()
        with pytest.raises(Unavailable):
            case.ask(case.connection(), error, endpoint)
        assert case.network.gaps[0] >= least


@pytest.mark.parametrize("error", [Rejected("no", "arxiv", "", 400), Forbidden("no", "arxiv")])
def test_what_cannot_heal_is_not_repeated(case: Case, error: Exception) -> None:
    """400, 401, 403 and 404 are asked once."""
    with pytest.raises(type(error)):
        case.ask(case.connection(), error)
    assert len(case.network.at) == 1


def test_two_failed_questions_open_the_circuit(case: Case) -> None:
    """One question may be the cause, two are the endpoint: nothing more is asked, said once."""
    connection = case.connection()
    for _ in range(4):
        with pytest.raises(Unavailable):
            case.ask(connection, Unavailable("no", "arxiv"))
    assert len(case.network.at) == TRIES + TRIES_AFTER_FAILURE
    assert len(case.reports.warnings) == 1
    assert connection.traffic(0).health == "down"


def test_a_success_between_two_failures_keeps_the_circuit_closed(case: Case) -> None:
    """Only failures in a row count."""
    connection = case.connection()
    for _ in range(3):
        with pytest.raises(ServerError):
            case.ask(connection, ServerError("no", "arxiv"))
        case.ask(connection)
    assert case.reports.warnings == []


def test_a_circuit_is_of_one_endpoint(case: Case) -> None:
    """While one endpoint is not asked any more, another one of the same service is."""
    connection = case.connection()
    for _ in range(3):
        with pytest.raises(Throttled):
            case.ask(connection, Throttled("no", "arxiv"), "match")
    case.network.at.clear()
    case.ask(connection, None, "bulk")
    assert len(case.network.at) == 1
    assert "match" in case.reports.warnings[0]


def test_the_cool_down_is_kept_by_the_next_process_and_doubles(case: Case) -> None:
    """After giving up, no run asks for a minute, then two, four, …, at most an hour."""
    expected = 60.0
    for _ in range(8):
        connection = case.connection(patience=100_000.0)
        for _ in range(2):
            with pytest.raises(Unavailable):
                case.ask(connection, Unavailable("no", "arxiv"))
        cool = case.store.circuit("arxiv", "ids").open_until - case.clock.now().timestamp()
        assert cool == pytest.approx(expected, abs=1.0)
        expected = min(expected * 2, MAX_COOL_DOWN)
    gave_up = case.clock.now().timestamp()
    case.network.at.clear()
    case.ask(case.connection(patience=100_000.0))
    assert case.network.at[0] - gave_up >= MAX_COOL_DOWN - 1.0
    assert case.store.circuit("arxiv", "ids") == Circuit()


def test_a_cool_down_longer_than_patience_is_not_waited_for(case: Case) -> None:
    """A run with little patience says that the endpoint is not asked, and does not ask."""
    now = case.clock.now().timestamp()
    case.store.set_circuit("arxiv", "ids", Circuit(now + 600, 1))
    with pytest.raises(Throttled, match="not asked for another"):
        case.ask(case.connection(patience=30.0))
    assert case.network.at == []


def test_patience_bounds_the_waiting(case: Case) -> None:
    """All waiting and failing together stays within the run's patience."""
    began = case.clock.now()
    with pytest.raises(Unavailable):
        case.ask(case.connection(patience=10.0), Unavailable("no", "arxiv"))
    assert (case.clock.now() - began).total_seconds() <= 20.0


def test_waiting_for_both_services_at_once_counts_once() -> None:
    """The run's patience is wall time: waits that overlap are not added up."""
    patience = Patience(100.0)
    patience.spend(0.0, 30.0)
    patience.spend(10.0, 40.0)
    assert patience.left == 60.0
    assert patience.exchange_seconds(240.0) == 60.0
    patience.spend(40.0, 200.0)
    assert patience.left == 0.0
    assert patience.exchange_seconds(240.0) == 10.0


def test_no_connection_closes_the_service_soon(case: Case) -> None:
    """An address that cannot be reached is tried twice, whatever the endpoint."""
    connection = case.connection()
    began = case.clock.now()
    with pytest.raises(Unreachable):
        case.ask(connection, Unreachable("no", "arxiv"))
    assert len(case.network.at) == 2
    with pytest.raises(Unreachable):
        case.ask(connection, None, "titles")
    assert len(case.network.at) == 2
    assert (case.clock.now() - began).total_seconds() < 10.0


def test_a_clock_that_was_set_back_does_not_hold_a_run_for_ever(case: Case) -> None:
    """A stored time far in the future is a clock that was wrong; it is not waited for."""
    now = case.clock.now().timestamp()
    case.store.set_next_request("arxiv", now + 10_000_000)
    case.store.set_circuit("arxiv", "ids", Circuit(now + 10_000_000, 1))
    case.ask(case.connection(patience=50.0))
    assert case.network.at[0] - now < 100.0


@pytest.mark.parametrize("jump", [-86_400.0 * 365, -1_800.0, 86_400.0 * 365])
def test_a_clock_that_is_set_while_waiting_does_not_lengthen_the_wait(
    case: Case, jump: float
) -> None:
    """What a run has slept counts, whatever its clock is set to meanwhile."""
    connection = case.connection()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        case.clock.time += timedelta(seconds=seconds + (jump if len(slept) == 2 else 0.0))

    case.clock.sleep = sleep  # type: ignore[method-assign]
    for _ in range(3):
        case.ask(connection)
    assert len(case.network.at) == 3
    assert sum(slept) < 10.0


def test_a_stopped_run_asks_nothing_more(case: Case) -> None:
    """Once stopped, a connection raises instead of waiting or asking."""
    case.stop.set()
    with pytest.raises(Unavailable, match="stopped"):
        case.ask(case.connection())
    assert case.network.at == []


def test_another_process_that_keeps_the_lock_uses_up_patience(case: Case) -> None:
    """Waiting for another run's requests is bounded by this run's patience."""
    holder, waiter = case.connection(), case.connection(patience=20.0)
    began = case.clock.now()
    with holder.exclusive(), pytest.raises(Unavailable, match="Another run"):
        case.ask(waiter)
    assert 20.0 <= (case.clock.now() - began).total_seconds() < 30.0


@pytest.mark.parametrize("health", ["ok", "degraded", "down", "unused"])
def test_health(case: Case, health: str) -> None:
    """Unused without requests; down where nothing was proven; degraded after retries; else ok."""
    connection = case.connection()
    errors: dict[str, list[Any]] = {"degraded": [ServerError("no", "arxiv")]}
    if health != "unused":
        case.network.errors = errors.get(health, [])
        if health == "down":
            with pytest.raises(ServerError):
                case.ask(connection, ServerError("no", "arxiv"))
        else:
            connection.request("ids", "GET", "http://127.0.0.1:9/", parse=lambda body: None)
            connection.stats.is_proven = True
    assert connection.traffic(0).health == health
