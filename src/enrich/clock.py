"""The run's clock: the one place where time is read or waited for, so that tests can hold it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
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
    """Real time; `scale` > 1 makes waits shorter by that factor (benchmarks at published rates)."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self._start = time.time()

    def now(self) -> datetime:
        """The time, aware, UTC; it runs `scale` times as fast as the wall's from construction."""
        elapsed = (time.time() - self._start) * self._scale
        return datetime.fromtimestamp(self._start + elapsed, UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        if seconds > 0:
            time.sleep(seconds / self._scale)
