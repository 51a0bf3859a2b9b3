"""What a run reports while it works: to a terminal, to a log, to Prefect, or to nobody.

The pipeline and the clients call an `Observer`; they never print. Work is handed over as a
callable, so that an observer may run each stage and batch as a task of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Self, TypeVar

T = TypeVar("T")


class Observer:
    """Receives the reports of a run, and grants its requests.

    Subclasses handle the reports that they show; the others do nothing. A context manager, so that
    observers that draw can end their drawing.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def stage(self, name: str, work: Callable[[], T]) -> T:
        """Run one stage or batch (`parse video-analysis`, `s2 batch 1/4`); returns its result."""
        return work()

    def progress(self, name: str, done: int, total: int) -> None:
        """`done` of `total` items of the named work are finished; called often, cheap.

        Args:
            name: The work.
            done: How many items are finished.
            total: How many there are.
        """

    def warn(self, message: str) -> None:
        """One sentence an operator should see."""

    def waiting(self, message: str) -> None:
        """The run waits: for which service, how long and why, as one line without a full stop."""

    def permit(self, service: str) -> AbstractContextManager[object]:
        """Held around each request to `service`; an outer limit (all hosts) may block here."""
        return nullcontext()


class Silent(Observer):
    """Reports nothing and limits nothing."""
