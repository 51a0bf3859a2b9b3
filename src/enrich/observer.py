"""How the stages of a run tell of themselves: to a terminal, to a log, to Prefect, to nobody.

The pipeline and the clients call an `Observer`; they never print. Work is handed over as a
callable, so that an observer may run each stage and batch as a task of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

T = TypeVar("T")


class Observer(Protocol):
    """What a run tells, and where it asks for leave."""

    def stage(self, name: str, work: Callable[[], T]) -> T:
        """Run one stage or batch (`parse video-analysis`, `s2 batch 1/4`); returns its result."""
        ...

    def progress(self, name: str, done: int, total: int) -> None:
        """`done` of `total` items of the named work are finished; called often, cheap."""
        ...

    def warn(self, message: str) -> None:
        """One sentence an operator should see."""
        ...

    def permit(self, service: str) -> AbstractContextManager[object]:
        """Held around each request to `service`; an outer limit (all hosts) may block here."""
        ...


class Silent:
    """Says nothing, limits nothing; also the base for observers that care for one thing only."""

    def stage(self, name: str, work: Callable[[], T]) -> T:
        return work()

    def progress(self, name: str, done: int, total: int) -> None:
        return None

    def warn(self, message: str) -> None:
        return None

    def permit(self, service: str) -> AbstractContextManager[object]:
        return nullcontext()
