"""The rate limiter of one service: one request at a time, an interval apart, over all processes.

The next permitted moment stands in the store; the lock is a file beside it, which the kernel
releases when a process dies.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from enrich.clock import Clock
from enrich.errors import StoreError, Unavailable
from enrich.records import Service
from enrich.services.patience import Patience
from enrich.store import Store

# Two requests a whole interval apart when sent can arrive a little closer: 2 % and 10 ms more
# (measured against the sandbox's clock at scale 100).
MARGIN, MARGIN_SECONDS = 1.02, 0.01
# Without an interval of its own a service is still waited for after a failure.
MIN_UNIT = 0.01
# Seconds: no wait that stands in the store lasts longer.
MAX_WAIT = 3600.0
# A lock is waited for this long even when the run's patience is used up.
MIN_LOCK_SECONDS = 5.0
# Seconds of one slice of a wait, after which a run notices that it was stopped.
_SLICE = 0.5
# Clocks count microseconds: what is left of a wait below this is rounding.
_INSTANT = 0.001


class RateLimiter:
    """When one service may be asked. `check` is called while waiting and raises to end the run."""

    def __init__(
        self,
        service: Service,
        interval: float,
        store: Store,
        clock: Clock,
        patience: Patience,
        check: Callable[[], None],
    ) -> None:
        self.interval = interval
        self._service, self._store, self._clock = service, store, clock
        self._patience, self._check = patience, check
        self._lock_path = f"{store.path}.{service}.lock"
        self._warm = False
        # The stored moment that this process has waited for, whatever the clock says since.
        self._waited_for = 0.0

    @property
    def unit(self) -> float:
        """The interval, in seconds, of which waits after failures are multiples."""
        return max(self.interval, MIN_UNIT)

    @property
    def gap(self) -> float:
        """Seconds between two requests."""
        return self.interval * MARGIN + (MARGIN_SECONDS if self.interval else 0.0)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Ask alone: no other process over the same store asks the service meanwhile.

        Raises Unavailable when another process does not release it within the run's patience.
        """
        try:
            handle = os.open(self._lock_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"The lock file {self._lock_path} beside the store cannot be opened: "
                f"{error.strerror}. Correct the folder's permissions."
            ) from error
        try:
            self._lock(handle)
            yield
        finally:
            os.close(handle)  # and with it the lock

    def wait(self) -> None:
        """Wait until a request may be sent."""
        while True:
            now = self._clock.now().timestamp()
            moment = self._stored()
            wait = moment - now
            if wait > max(MAX_WAIT, self._patience.seconds):
                # Nobody stores such a time: a clock has been set back since.
                self._store.set_next_request(self._service, now + self.interval)
                continue
            if wait <= _INSTANT:
                return
            self.pause(wait)
            self._waited_for = moment
            if wait > self.gap:
                self._patience.spend(now, now + wait)

    def sent(self) -> None:
        """Note that a request is being sent."""
        self._not_before(self.gap)

    def answered(self) -> None:
        """Note that it was answered: the first of a connection arrives later than it was sent."""
        if not self._warm:
            self._warm = True
            self._not_before(self.gap)

    def delay(self, seconds: float) -> None:
        """Let nobody ask for `seconds`."""
        self._not_before(seconds)

    def pause(self, seconds: float) -> None:
        """Wait in slices, so that a run can be stopped.

        What was slept is counted, not what the clock shows: it may be set meanwhile.
        """
        while seconds > _INSTANT:
            self._check()
            step = min(seconds, _SLICE * max(1.0, self.unit))
            self._clock.sleep(step)
            seconds -= step
        self._check()

    def _not_before(self, seconds: float) -> None:
        moment = self._clock.now().timestamp() + seconds
        self._store.set_next_request(self._service, max(moment, self._stored()))

    def _stored(self) -> float:
        """The stored moment of the next request; 0 where it has been waited for."""
        moment = self._store.next_request(self._service)
        return 0.0 if moment == self._waited_for else moment

    def _lock(self, handle: int) -> None:
        waited = 0.0
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                pass
            self._check()
            if waited > MIN_LOCK_SECONDS and not self._patience.left:
                raise Unavailable(
                    f"Another run on this machine is asking and did not finish within "
                    f"{waited:.0f} s.",
                    self._service,
                )
            step, began = min(_SLICE, self.unit / 10), self._clock.now().timestamp()
            self._clock.sleep(step)
            waited += step
            self._patience.spend(began, began + step)
