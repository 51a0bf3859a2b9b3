"""What a person sees of a run: progress bars on a terminal, quiet lines when piped, JSON if asked.

Progress and warnings go to stderr, results to stdout, so that output can be piped. Text that came
from a list or a service is printed with its control characters made harmless.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TypeVar

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from enrich.observer import Silent
from enrich.outputs.escape import printable

T = TypeVar("T")


class Console(Silent):
    """The terminal as an observer of runs, and the place where results are printed."""

    def __init__(
        self, *, as_json: bool = False, verbose: bool = False, quiet: bool = False
    ) -> None:
        self.as_json, self.verbose, self.quiet = as_json, verbose, quiet
        self._err = RichConsole(stderr=True, highlight=False, soft_wrap=True)
        self._out = RichConsole(highlight=False, soft_wrap=True)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Console:
        if self._err.is_terminal and not self.quiet:
            self._bars = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                console=self._err, transient=True,
            )  # fmt: skip
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars:
            self._bars.stop()

    def stage(self, name: str, work: Callable[[], T]) -> T:
        """Run `work`; with --verbose, and in a log, say that it begins."""
        if self.verbose or (self._bars is None and not self.quiet):
            self._print(self._err, Text(f"· {printable(name)}", style="dim"))
        return work()

    def progress(self, name: str, done: int, total: int) -> None:
        """Move the bar of `name`; a log is spared."""
        if self._bars is None:
            return
        with self._lock:
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(printable(name), total=total)
            self._bars.update(self._tasks[name], completed=done, total=total)

    def warn(self, message: str) -> None:
        """One sentence an operator should see, even when quiet."""
        self._print(self._err, Text(f"warning: {printable(message)}", style="yellow"))

    def tell(self, message: str = "", style: str = "") -> None:
        """One line of the result, for people; left out with --json and --quiet."""
        if not self.as_json and not self.quiet:
            self._print(self._out, Text(message, style=style))

    def result(self, line: str) -> None:
        """The line that even --quiet prints; left out with --json."""
        if not self.as_json:
            self._print(self._out, Text(line))

    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None:
        """A small table of the result, for people; cells are plain text."""
        if self.as_json or self.quiet:
            return
        table = Table(title=Text(title), title_justify="left", title_style="bold")
        for column in columns:
            numeric = all(row[len(table.columns)].replace(",", "").isdigit() for row in rows)
            table.add_column(
                column, justify="right" if numeric and rows else "left", overflow="fold"
            )
        for row in rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        RichConsole(highlight=False).print(table)

    def json(self, value: Mapping[str, object]) -> None:
        """The one JSON object of --json."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def _print(self, console: RichConsole, text: Text) -> None:
        with self._lock:
            console.print(text)
