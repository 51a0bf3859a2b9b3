"""Live rows at the bottom of a terminal: what runs, how far it is, how long it takes."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.table import Column
from rich.text import Text

# Below this width the bar itself is left out, so that names, counts and times fit on one line.
MIN_WIDTH_FOR_BAR = 80


class ProgressBars:
    """One row for the running stage and one per named piece of work below it.

    The rows are erased by `clear` before anything else is printed to the same terminal, and drawn
    again by the next update. Not thread-safe: the caller holds a lock.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._rows: dict[str, TaskID] = {}

    def update(self, name: str, done: int | None = None, total: int | None = None) -> None:
        """Show `name` as running; with `total`, how much of it is `done`.

        Args:
            name: The work, as its row is called.
            done: How many items are finished.
            total: How many there are; None where that is unknown.
        """
        if self._progress is None:
            self._progress = _new_progress(self._console)
            self._progress.start()
        if name not in self._rows:
            self._rows[name] = self._progress.add_task(name, total=None)
        self._progress.update(self._rows[name], completed=done or 0, total=total)

    def remove(self, name: str) -> None:
        """Erase the row of `name`."""
        row = self._rows.pop(name, None)
        if row is not None and self._progress is not None:
            self._progress.remove_task(row)

    def clear(self) -> None:
        """Erase all rows and stop drawing."""
        if self._progress is not None:
            self._progress.stop()
        self._progress = None
        self._rows.clear()


def _new_progress(console: Console) -> Progress:
    name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns: list[ProgressColumn] = [
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False, table_column=name),
        _Count(Column(justify="right", no_wrap=True)),
        _Times(Column(justify="right", no_wrap=True)),
    ]
    if console.width >= MIN_WIDTH_FOR_BAR:
        columns.insert(2, BarColumn(bar_width=min(40, console.width // 5)))
    # What is written to stdout may go to a pipe: rich must not draw it among the rows.
    return Progress(
        *columns,
        console=console,
        transient=True,
        expand=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


class _Count(ProgressColumn):
    """`12/48`; empty while the total is unknown."""

    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{task.completed:.0f}/{task.total:.0f}")


class _Times(ProgressColumn):
    """Elapsed time and the estimate of what is left: `0:12, 0:30 left`."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        elapsed = clock_time(task.finished_time if task.finished else task.elapsed)
        left = task.time_remaining
        estimate = f", {clock_time(left)} left" if left is not None and not task.finished else ""
        return Text(elapsed + estimate, style="dim")


def clock_time(seconds: float | None) -> str:
    """Seconds as `m:ss` or `h:mm:ss`."""
    whole = int(seconds or 0)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"
