"""When a failed request is sent again, and after how long. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable

from enrich.errors import Unavailable, Unreachable

# Attempts for one question while the endpoint works, and once a question has failed.
TRIES = 6
TRIES_AFTER_FAILURE = 2
# A name that is not known and a port that nobody listens on rarely change within seconds; with
# 10 s for each attempt to connect a run ends within 30 s.
TRIES_TO_CONNECT = 2
# In multiples of the service's own interval: for arXiv (3 s) waits of 3, 6, 12, 24, 48 s, at most
# 60 s. arXiv's contract asks to back off from seconds to a minute, Semantic Scholar's to back off
# exponentially (API key agreement).
MAX_WAIT_INTERVALS = 20.0
# A wait is up to a quarter longer, so that several machines do not come back at once.
JITTER = 0.25


def tries_for(error: Unavailable, allowed: int) -> int:
    """How many attempts a question gets in all that failed with `error`."""
    return min(allowed, TRIES_TO_CONNECT) if isinstance(error, Unreachable) else allowed


def wait_before(
    attempt: int, unit: float, retry_after: float, dice: Callable[[], float] = random.random
) -> float:
    """Seconds to wait after the failure of attempt number `attempt`.

    Args:
        attempt: 1 for the first.
        unit: The service's interval in seconds.
        retry_after: Seconds that the service asked for; it lengthens a wait and never shortens it.
        dice: A number from 0 to 1.
    """
    wait = min(MAX_WAIT_INTERVALS, 2.0 ** (attempt - 1)) * unit
    return max(wait * (1.0 + JITTER * dice()), retry_after)
