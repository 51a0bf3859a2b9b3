"""The run's clock: the one place where time is read or waited for, so that tests can hold it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the clients see it."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait for at least `seconds`."""
        ...


class SystemClock:
    """Real time.

    `scale` > 1 makes waits shorter by that factor (benchmarks at published rates); `offset` moves
    the clock (a sandbox on another day).
    """

    def __init__(self, scale: float = 1.0, offset: timedelta = timedelta()) -> None:
        self._scale, self._offset = scale, offset
        self._start = time.time()

    def now(self) -> datetime:
        """The time, aware, UTC; it runs `scale` times as fast as the wall's from construction."""
        elapsed = (time.time() - self._start) * self._scale
        return datetime.fromtimestamp(self._start + elapsed, UTC) + self._offset

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        if seconds > 0:
            time.sleep(seconds / self._scale)
