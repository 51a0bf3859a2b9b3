"""A progress bar for notebooks, drawn with plain HTML: no widget extension is needed."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import Any, TypeVar

from enrich.observer import Silent

T = TypeVar("T")
# Seconds between two drawings; browsers lag when a cell's output changes more often.
_INTERVAL = 0.2


class NotebookProgress(Silent):
    """Shows the running stage and its progress below the cell; warnings stay, the bar goes."""

    def __init__(self) -> None:
        from IPython.display import HTML, display

        self._html: Callable[[str], Any] = HTML
        self._display: Any = display(HTML(""), display_id=True)  # type: ignore[no-untyped-call]
        self._drawn = 0.0
        self._stage = ""
        self._warnings: list[str] = []

    def stage(self, name: str, work: Callable[[], T]) -> T:
        """Run `work`; a stage inside a stage (a batch) is not shown."""
        outermost = not self._stage
        if outermost:
            self._stage = name
            self._draw("", force=True)
        try:
            return work()
        finally:
            if outermost:
                self._stage = ""

    def progress(self, name: str, done: int, total: int) -> None:
        """Move the bar of the running stage.

        Args:
            name: The work.
            done: How many items are finished.
            total: How many there are.
        """
        bar = f"<progress value='{done}' max='{total}' style='width: 20em'></progress>"
        self._draw(f"{bar} {html.escape(name)}: {done} of {total}")

    def warn(self, message: str) -> None:
        """Show one sentence below the bar; it stays when the run has ended."""
        self._warnings.append(message)
        self._draw("", force=True)

    def waiting(self, message: str) -> None:
        """Show which service the run waits for, and how long."""
        self._draw(html.escape(message), force=True)

    def __exit__(self, *error: object) -> None:
        self._stage = ""
        self._draw("", force=True)

    def _draw(self, text: str, *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._drawn < _INTERVAL:
            return
        self._drawn = now
        parts = [f"<b>{html.escape(self._stage)}</b>"] if self._stage else []
        parts += [text] if text else []
        parts += [f"⚠ {html.escape(warning)}" for warning in self._warnings]
        self._display.update(self._html("<br>".join(parts)))
