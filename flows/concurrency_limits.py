"""One host at a time asks a service, by a global concurrency limit of the Prefect server.

A run keeps the slot of a limit for longer than one request: taking it costs 20 ms on an idle
server, but about 2 s while the server records task runs in SQLite, and every request would pay
that. It releases the slot when no request has come for a moment, or after a bounded time while
others may wait, and only when the service's own interval has passed: the next host, wherever it
is, keeps the rate limit too.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import temporary_server
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

# The shortest lease that the server grants: the slot of a killed run is free again when it expires.
LEASE_SECONDS = 60.0
# Longest time to hold a slot while requests keep coming, so that runs on several hosts advance side
# by side.
MAX_HOLD_SECONDS = 30.0
# A slot is also released when no request has come for this long after the interval.
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


class SlotHolder:
    """Holds the slot of one service's limit; `request` is entered by one thread at a time.

    Made in a flow run, outside its task runs.
    """

    def __init__(self, service: str, interval: float, patience: float) -> None:
        """Take no slot yet.

        Args:
            service: A key of LIMITS.
            interval: Seconds between two requests to the service.
            patience: Seconds to wait for the slot before giving up.
        """
        self._service, self._interval, self._patience = service, interval, patience
        # The flow run's context: it carries the server's address, and Prefect releases at the end
        # of a task run whatever was taken in that task run's context.
        self._context = contextvars.copy_context()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._held = self._in_request = self._closing = False
        self._failure: BaseException | None = None
        self._taken_at = self._last_request_at = 0.0

    @contextmanager
    def request(self) -> Iterator[None]:
        """Take the slot if it is not held, and keep it while the block runs.

        Raises Unavailable when others held it for longer than the run's patience, UsageError when
        the limit does not exist.
        """
        self._take()
        try:
            yield
        finally:
            with self._changed:
                self._in_request, self._last_request_at = False, time.monotonic()
                self._changed.notify_all()

    def close(self) -> None:
        """Release the slot, once the interval after the last request has passed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join()

    def _take(self) -> None:
        with self._changed:
            if self._held:
                self._in_request = True
                return
        if self._thread:
            self._thread.join()  # it is releasing the slot; taking it before that would be refused
        self._failure = None
        self._thread = threading.Thread(target=self._context.run, args=(self._hold,), daemon=True)
        self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._held or self._failure)
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
                self._wait_until_idle()
        except Exception as error:
            with self._changed:
                self._failure = error
                self._held = False
                self._changed.notify_all()

    def _wait_until_idle(self) -> None:
        with self._changed:
            self._held = self._in_request = True
            self._taken_at = self._last_request_at = time.monotonic()
            self._changed.notify_all()
            while self._in_request or (left := self._seconds_to_release()) > 0:
                self._changed.wait(None if self._in_request else left)
            self._held = False

    def _seconds_to_release(self) -> float:
        """Seconds until the slot is released if no further request comes."""
        now = time.monotonic()
        until_interval = self._last_request_at + self._interval - now
        if self._closing or now - self._taken_at > MAX_HOLD_SECONDS:
            return until_interval
        return until_interval + IDLE_SECONDS

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
            f"The Prefect server did not answer for the concurrency limit '{name}' ({error}), so "
            "nothing was asked.",
            self._service,
        )


class ConcurrencyLimits:
    """The limits of both services, as one run uses them."""

    def __init__(self, intervals: Mapping[str, float], patience: float) -> None:
        self._holders = {
            service: SlotHolder(service, interval, patience)
            for service, interval in intervals.items()
        }

    def request(self, service: str) -> AbstractContextManager[None]:
        """Entered around each request to `service`; see SlotHolder.request."""
        return self._holders[service].request()

    def close(self) -> None:
        """Release all slots."""
        for holder in self._holders.values():
            holder.close()


def has_server() -> bool:
    """Whether a Prefect server is configured; without one, a run starts its own for itself."""
    return PREFECT_API_URL.value() not in (None, temporary_server.url())


def check_limits() -> None:
    """Raise UsageError when the server lacks a limit, before anything has been asked."""
    with get_client(sync_client=True) as client:
        missing = missing_limits(client)
    if missing:
        raise UsageError(
            f"The Prefect server at {PREFECT_API_URL.value()} has no concurrency limit "
            f"{' and no '.join(repr(name) for name in missing)}. {CURE}"
        )
