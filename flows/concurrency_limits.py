"""Turns: one host at a time asks a service, by a global concurrency limit of the Prefect server.

A turn outlives one request. Taking a slot costs 20 ms on an idle server, but about 2 s while it
records task runs in SQLite, and that would be added to every request. So a run keeps the slot
until it has been idle for a moment or others had to wait for long, and gives it back only when
the service's own interval has passed: the next host, wherever it is, keeps the pace too.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL

from enrich.errors import Unavailable, UsageError

# One limit a service, one slot each: arXiv allows one connection, and Semantic Scholar's requests
# go one after another anyway.
LIMITS: Mapping[str, str] = {
    "arxiv": "enrich-arxiv",
    "semantic_scholar": "enrich-semantic-scholar",
}
CURE = "Create it with `python flows/setup.py`."

# The shortest lease that the server grants: the slot of a killed run is free again after it.
LEASE_SECONDS = 60.0
# Longest turn while requests keep coming, so that runs on several hosts advance side by side.
TURN_SECONDS = 30.0
# A turn also ends when no request has come for this long after the interval.
IDLE_SECONDS = 2.0


def missing_limits(client: SyncPrefectClient) -> list[str]:
    """The names of the limits that the server does not have."""
    missing = []
    for name in LIMITS.values():
        try:
            client.read_global_concurrency_limit_by_name(name)
        except ObjectNotFound:
            missing.append(name)
    return missing


class Turn:
    """The turn to ask one service; `speak` is held around each request, by one thread at a time.

    Made in a flow run, outside its task runs.
    """

    def __init__(self, service: str, interval: float, patience: float) -> None:
        self._service, self._interval, self._patience = service, interval, patience
        # The flow run's context: it carries the server's address, and Prefect gives back at the end
        # of a task run whatever was taken in that task run's context.
        self._context = contextvars.copy_context()
        self._changed = threading.Condition()
        self._holder: threading.Thread | None = None
        self._granted = self._speaking = self._closing = False
        self._failure: BaseException | None = None
        self._begun = self._last = 0.0

    @contextmanager
    def speak(self) -> Iterator[None]:
        """Wait for the slot if it is not held, and hold it while the request lasts.

        Raises Unavailable when others held it for longer than the run's patience, UsageError when
        the limit does not exist.
        """
        self._take()
        try:
            yield
        finally:
            with self._changed:
                self._speaking, self._last = False, time.monotonic()
                self._changed.notify_all()

    def close(self) -> None:
        """Give the slot back, once the interval after the last request has passed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._holder:
            self._holder.join()

    def _take(self) -> None:
        with self._changed:
            if self._granted:
                self._speaking = True
                return
        if self._holder:
            self._holder.join()  # it is giving the slot back; asking before that would be refused
        self._failure = None
        self._holder = threading.Thread(target=self._context.run, args=(self._hold,), daemon=True)
        self._holder.start()
        with self._changed:
            self._changed.wait_for(lambda: self._granted or self._failure)
            if self._failure:
                raise self._translated(self._failure) from self._failure

    def _hold(self) -> None:
        try:
            with concurrency(
                LIMITS[self._service],
                strict=True,
                lease_duration=LEASE_SECONDS,
                timeout_seconds=self._patience,
                # A request is not worth cutting off because the server was away for a moment.
                raise_on_lease_renewal_failure=False,
            ):
                self._until_over()
        except Exception as error:
            with self._changed:
                self._failure = error
                self._granted = False
                self._changed.notify_all()

    def _until_over(self) -> None:
        with self._changed:
            self._granted = self._speaking = True
            self._begun = self._last = time.monotonic()
            self._changed.notify_all()
            while self._speaking or (left := self._left()) > 0:
                self._changed.wait(None if self._speaking else left)
            self._granted = False

    def _left(self) -> float:
        """Seconds until the slot is given back if nothing more happens."""
        now = time.monotonic()
        paced = self._last + self._interval - now
        if self._closing or now - self._begun > TURN_SECONDS:
            return paced
        return paced + IDLE_SECONDS

    def _translated(self, error: BaseException) -> Exception:
        name = LIMITS[self._service]
        if isinstance(error, TimeoutError):
            return Unavailable(
                f"Other runs held the concurrency limit '{name}' for {self._patience:.0f} s. If "
                f"none is running, free it: prefect gcl update {name} --active-slots 0",
                self._service,
            )
        if "must be created" in str(error):
            return UsageError(f"The concurrency limit '{name}' has vanished. {CURE}")
        return Unavailable(
            f"The Prefect server could not be asked for a turn ({error}), so nothing was asked.",
            self._service,
        )


class Turns:
    """The turns of one run at both services; without a server there is nobody to wait for."""

    def __init__(self, intervals: Mapping[str, float], patience: float) -> None:
        self._turns = {
            service: Turn(service, interval, patience) for service, interval in intervals.items()
        }

    @contextmanager
    def speak(self, service: str) -> Iterator[None]:
        """The turn to make one request to `service`."""
        with self._turns[service].speak():
            yield

    def close(self) -> None:
        """Give all slots back."""
        for turn in self._turns.values():
            turn.close()


def has_server() -> bool:
    """Whether a Prefect server is configured; a run without one starts its own and is alone."""
    return bool(PREFECT_API_URL.value())


def check_limits() -> None:
    """Raise UsageError when the server lacks a limit, before anything has been asked."""
    with get_client(sync_client=True) as client:
        missing = missing_limits(client)
    if missing:
        raise UsageError(
            f"The Prefect server at {PREFECT_API_URL.value()} has no concurrency limit "
            f"{' and no '.join(repr(name) for name in missing)}. {CURE}"
        )
