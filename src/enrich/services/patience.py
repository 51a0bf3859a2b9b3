"""How long a run may wait for services that fail, limit or do not answer, all together."""

from __future__ import annotations

import threading

# Real seconds that one exchange may take even when the run's patience is used up.
MIN_EXCHANGE_SECONDS = 10.0


class Patience:
    """The waiting of one run, in seconds of its clock; both services draw on it.

    Two services waited for at the same time use the time once.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._spent = self._counted_until = 0.0
        self._lock = threading.Lock()

    def spend(self, began: float, ended: float) -> None:
        """Count the time between two moments (POSIX seconds), unless it is counted already."""
        with self._lock:
            self._spent += max(0.0, ended - max(began, self._counted_until))
            self._counted_until = max(self._counted_until, ended)

    @property
    def left(self) -> float:
        """Seconds that may still be waited; never negative."""
        return max(0.0, self.seconds - self._spent)

    def exchange_seconds(self, most: float) -> float:
        """How many real seconds one exchange may take, `most` at most."""
        return min(most, max(self.left, MIN_EXCHANGE_SECONDS))
