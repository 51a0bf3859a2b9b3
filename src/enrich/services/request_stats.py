"""Request statistics of one service in one run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class RequestStats:
    """Counts of one run; `Connection` and `AnswerRecorder` of the service write them.

    `is_proven` says that the service gave an answer that only a working one can give.
    """

    requests: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    throttled: int = 0
    failed: int = 0
    records_fetched: int = 0
    is_proven: bool = False
