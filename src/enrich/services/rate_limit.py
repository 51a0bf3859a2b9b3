"""The one line to a service: who may speak, when, and how often again.

Pace, cool-down and turns are shared by every process on the machine: the times stand in the store,
the turn is a lock on a file beside it, which the kernel releases when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from enrich.clock import Clock
from enrich.errors import Forbidden, ServiceError, StoreError, Throttled, Unavailable
from enrich.observer import Observer
from enrich.records import Traffic
from enrich.services.http import Body, Exchange
from enrich.store import Pace, Store

T = TypeVar("T")

# Tries for one question while the service is well, and once a whole question has failed.
TRIES = 6
TRIES_IN_TROUBLE = 2
# In multiples of the service's own interval: for arXiv (3 s) waits of 3, 6, 12, 24, 48 s, at most
# 60 s, and a cool-down of 60 s, doubling up to an hour.
BACKOFF_CAP = 20.0
COOL_DOWN = 20.0
# Two requests a whole interval apart when sent can arrive a little closer: 2 % and 10 ms more.
MARGIN, MARGIN_SECONDS = 1.02, 0.01
_SLICE = 0.5
# Seconds: no wait or cool-down that is left in the store lasts longer.
_LONGEST = 3600.0
# Clocks tell microseconds: what is left of a wait below this is rounding.
_INSTANT = 0.001


@dataclass(slots=True)
class Tally:
    """What one run asked of one service."""

    requests: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    throttled: int = 0
    from_store: int = 0
    fetched: int = 0
    failed: int = 0


class Line:
    """Asks one service, one request at a time over all processes.

    `run` is given work that makes one request with `send` and keeps its answer; it is repeated
    while that can heal, within `patience` seconds of waiting and failing.
    """

    def __init__(
        self,
        exchange: Exchange,
        store: Store,
        clock: Clock,
        observer: Observer,
        *,
        interval: float,
        patience: float,
        stop: threading.Event,
    ) -> None:
        self.service = exchange.service
        self.tally = Tally()
        self.closed: ServiceError | None = None
        self._exchange, self._store, self._clock, self._observer = exchange, store, clock, observer
        self._interval, self._patience, self._stop = interval, patience, stop
        # A cool-down must mean something even where no pace is asked for.
        self._unit = max(interval, 0.01)
        self._spent = 0.0
        self._failed_in_a_row = 0
        self._answered = False
        self._forbidden = 0
        self._turn_path = f"{store.path}.{self.service}.turn"
        self._random = random.Random()  # noqa: S311  # jitter, not a secret

    def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, repeated while its failure can heal.

        Raises the last failure when it does not heal, Forbidden and Rejected at once. Once the
        service has been given up on, raises without asking.
        """
        fresh = self._failed_in_a_row == 0 and self._store.pace(self.service).given_up == 0
        tries = TRIES if fresh else max(TRIES_IN_TROUBLE, TRIES // 2 - self._failed_in_a_row)
        for tried in range(1, tries + 1):
            self._check_open()
            try:
                with self._turn():
                    result = work()
            except Forbidden as error:
                self._forbid(error)
                raise
            except Unavailable as error:
                self._check_open()
                if isinstance(error, Throttled):
                    self.tally.throttled += 1
                if tried == tries or self._spent > self._patience:
                    self._give_up(error)
                    raise
                self.tally.retries += 1
                self._back_off(tried, error)
            except ServiceError:
                self._well()
                raise
            else:
                self._well()
                return result
        raise AssertionError("unreachable: the last try returns or raises")

    def send(self, endpoint: str, method: str, url: str, json: object | None = None) -> Body:
        """One request, at its time. Only inside work given to `run`."""
        self._wait_for_pace()
        with self._observer.permit(self.service):
            sent = self._clock.now().timestamp()
            pace = self._store.pace(self.service)
            gap = self._interval * MARGIN + (MARGIN_SECONDS if self._interval else 0.0)
            self._leave(Pace(sent + gap, pace.cool_until, pace.given_up))
            self.tally.requests[endpoint] += 1
            try:
                return self._exchange.send(method, url, json)
            except Unavailable:
                self._spent += self._clock.now().timestamp() - sent
                raise
            finally:
                if not self._answered:
                    # The first request of a connection arrives later than it was sent.
                    self._answered = True
                    self._leave(
                        Pace(self._clock.now().timestamp() + gap, pace.cool_until, pace.given_up)
                    )

    def traffic(self) -> Traffic:
        """What was asked in this run and how the service bore it."""
        tally = self.tally
        health: Literal["ok", "degraded", "down", "unused"] = "ok"
        if self.closed is not None:
            health = "down"
        elif not tally.requests:
            health = "unused"
        elif tally.retries or tally.failed:
            health = "degraded"
        return Traffic(
            service=self.service,
            base_url=self._exchange.base_url.rpartition("@")[2]
            if "@" in self._exchange.base_url
            else self._exchange.base_url,
            requests=tuple(sorted(tally.requests.items())),
            retries=tally.retries,
            throttled=tally.throttled,
            bytes_received=self._exchange.bytes_received,
            records_from_cache=tally.from_store,
            records_fetched=tally.fetched,
            health=health,
        )

    @property
    def has_key(self) -> bool:
        """Whether a key is sent."""
        return self._exchange.has_key

    def close(self) -> None:
        """Let go of the connection."""
        self._exchange.close()

    # -- waiting

    def _wait_for_pace(self) -> None:
        while True:
            pace = self._store.pace(self.service)
            now = self._clock.now().timestamp()
            if max(pace.next_at, pace.cool_until) - now > max(_LONGEST, self._patience):
                # Nobody leaves such a time: a clock has been set back since.
                self._leave(Pace(now + self._interval, 0.0, 0))
                continue
            cool, gap = pace.cool_until - now, pace.next_at - now
            if cool > 0 and cool > self._patience - self._spent:
                raise self._shut(
                    Throttled(
                        f"{self._name()} refused repeatedly and is left alone for another "
                        f"{cool:.0f} s; run again after that.",
                        self.service,
                    )
                )
            wait = max(cool, gap)
            if wait <= _INSTANT:
                return
            if wait > self._interval * MARGIN + MARGIN_SECONDS:
                self._spent += wait
            self._pause(wait)

    def _pause(self, seconds: float) -> None:
        """Wait in slices, so that a run can be stopped."""
        until = self._clock.now().timestamp() + seconds
        while True:
            self._check_stopped()
            left = until - self._clock.now().timestamp()
            if left <= _INSTANT:
                return
            self._clock.sleep(min(left, _SLICE * max(1.0, self._unit)))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The turn to speak, over all processes that share the store."""
        try:
            handle = os.open(self._turn_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"The lock file {self._turn_path} beside the store cannot be opened: "
                f"{error.strerror}. Correct the folder's permissions."
            ) from error
        try:
            waited = 0.0
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    self._check_stopped()
                    step = min(_SLICE, self._unit / 10)
                    waited += step
                    if waited > self._patience:
                        raise Unavailable(
                            f"Another run on this machine has been asking {self._name()} for "
                            f"{waited:.0f} s; this one gave up waiting.",
                            self.service,
                        ) from None
                    self._clock.sleep(step)
            yield
        finally:
            os.close(handle)  # and with it the lock

    # -- failures

    def _back_off(self, tried: int, error: Unavailable) -> None:
        wait = min(BACKOFF_CAP, 2.0 ** (tried - 1)) * self._unit * self._random.uniform(1.0, 1.25)
        wait = max(wait, error.retry_after)
        if wait > self._patience - self._spent:
            self._give_up(error)
            raise error
        pace = self._store.pace(self.service)
        resume = self._clock.now().timestamp() + wait
        self._leave(Pace(max(resume, pace.next_at), pace.cool_until, pace.given_up))

    def _give_up(self, error: Unavailable) -> None:
        self.tally.failed += 1
        self._failed_in_a_row += 1
        if self._failed_in_a_row < 2 and self._spent <= self._patience:
            return  # one question may be the trouble; a second one tells
        pace = self._store.pace(self.service)
        times = pace.given_up + 1
        cool = min(COOL_DOWN * 2.0 ** (times - 1) * self._unit, _LONGEST)
        cool = max(cool, min(error.retry_after, 3600.0))
        self._leave(Pace(pace.next_at, self._clock.now().timestamp() + cool, times))
        self._shut(error)
        self._observer.warn(
            f"{error} It is not asked again in this run; what is missing is marked pending and "
            "asked in the next one."
        )

    def _forbid(self, error: Forbidden) -> None:
        # A 403 is mostly a bad key, now and then a hiccup: the question is never repeated, but one
        # refusal after good answers does not shut the line.
        self._forbidden += 1
        self.tally.failed += 1
        if self._forbidden == 1 and self.tally.fetched:
            return
        if self.closed is None:
            self._shut(error)
            cure = (
                "Check S2_API_KEY, or unset it to ask without a key."
                if self.service == "semantic_scholar"
                else "Set ENRICH_CONTACT so that arXiv can tell who asks, and try again later."
            )
            self._observer.warn(f"{error} {cure} It is not asked again in this run.")

    def _well(self) -> None:
        self._failed_in_a_row = 0
        pace = self._store.pace(self.service)
        if pace.given_up or pace.cool_until:
            self._leave(Pace(pace.next_at, 0.0, 0))

    def _shut(self, error: ServiceError) -> ServiceError:
        self.closed = error
        return error

    def _check_open(self) -> None:
        self._check_stopped()
        if self.closed is not None:
            kind = type(self.closed) if isinstance(self.closed, Unavailable) else Unavailable
            raise kind(str(self.closed), self.service)

    def _check_stopped(self) -> None:
        if self._stop.is_set():
            raise self._shut(Unavailable("The run was stopped.", self.service))

    def _leave(self, pace: Pace) -> None:
        self._store.set_pace(self.service, pace)

    def _name(self) -> str:
        return "arXiv" if self.service == "arxiv" else "Semantic Scholar"
