"""The services' published rates, enforced: what comes too early is refused.

arXiv: one request every 3 s and one connection (terms of use of its API). Semantic Scholar: one
request a second with a key, over all endpoints; without a key a pool shared by everyone, modelled
by the spacing of 6.5 s that one client measured as sustainable.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

GRACE = 0.05  # share of the interval a request may come early: clocks and networks jitter
GRACE_SECONDS = 0.002


@dataclass(frozen=True)
class Rates:
    """Seconds between requests; 0 is no limit."""

    arxiv: float = 3.0
    s2_key: float = 1.0
    s2_shared: float = 6.5
    arxiv_connections: int = 1

    @classmethod
    def unlimited(cls) -> Rates:
        """No limits at all."""
        return cls(0.0, 0.0, 0.0, 0)


class Limiter:
    """Decides whether a request is in time; intervals are divided by `scale`."""

    def __init__(
        self, rates: Rates, scale: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rates, self._scale, self._clock = rates, scale, clock
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._open = 0

    def admit(self, service: str, key: str | None) -> bool:
        """Whether the request may be answered; one that may must be `done` afterwards."""
        rates = self.rates
        if service == "arxiv":
            who, interval = "arxiv", rates.arxiv
        elif key:
            who, interval = f"key {key}", rates.s2_key
        else:
            who, interval = "shared", rates.s2_shared
        with self._lock:
            most = rates.arxiv_connections if service == "arxiv" else 0
            if most and self._open >= most:
                return False
            now, last = self._clock(), self._last.get(who)
            wanted = interval / self._scale
            allowed = wanted * (1 - GRACE) - GRACE_SECONDS
            if last is not None and now - last < allowed:
                return False
            self._last[who] = now
            self._open += service == "arxiv"
            return True

    def done(self, service: str) -> None:
        """The answer is ready to be sent."""
        with self._lock:
            self._open -= service == "arxiv"

    def reset(self) -> None:
        """Forget who asked when."""
        with self._lock:
            self._last.clear()
