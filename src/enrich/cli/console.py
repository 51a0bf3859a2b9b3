"""The terminal: the only place of the package that prints.

Results go to stdout; stages, progress and warnings to stderr, so that output can be piped. Every
text passes `escape.printable`, so that no list and no service can move the cursor, set colours or
rename the window.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from rich.console import Console as RichConsole
from rich.table import Table
from rich.text import Text

from enrich.cli.progress_bars import ProgressBars
from enrich.observer import Silent
from enrich.outputs.escape import printable

T = TypeVar("T")
# A cell of a table: one text, or several that stand below each other.
Cell = str | tuple[str, ...]


class Console(Silent):
    """The terminal as an observer of runs, and the place where results are printed.

    Bars are drawn only while no result is printed: `print`, `table`, `json` and `write` erase them
    first, so that nothing of a result is ever overwritten.
    """

    def __init__(
        self, *, as_json: bool = False, verbose: bool = False, quiet: bool = False
    ) -> None:
        self.as_json, self.verbose, self.quiet = as_json, verbose, quiet
        self._err = RichConsole(stderr=True, highlight=False, soft_wrap=True)
        self._out = RichConsole(highlight=False, soft_wrap=True)
        # Bars are drawn on a terminal only: a log would hold every frame of them.
        draws = self._err.is_terminal and not self._err.is_dumb_terminal and not quiet
        self._bars = ProgressBars(self._err) if draws else None
        self._running: list[str] = []
        self._lock = threading.RLock()

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *error: object) -> None:
        self._erase_bars()

    def stage(self, name: str, work: Callable[[], T]) -> T:
        """Run `work`; show it as a bar, or as one line in a log.

        A stage inside a stage (a batch) is printed with --verbose only.
        """
        with self._lock:
            outermost = not self._running
            self._running.append(name)
            if self.verbose or (outermost and self._bars is None and not self.quiet):
                self._print(self._err, Text(f"· {printable(name)}", style="dim"))
            if outermost and self._bars:
                self._bars.update(printable(name))
        try:
            return work()
        finally:
            with self._lock:
                self._running.remove(name)
                if outermost:
                    self._erase_bars()

    def progress(self, name: str, done: int, total: int) -> None:
        """Move the bar of `name`; a log gets no line of it.

        Args:
            name: The work, as its bar is called.
            done: How many items are finished.
            total: How many there are.
        """
        if self._bars is None:
            return
        with self._lock:
            self._bars.update(printable(name), done, total)

    def warn(self, message: str) -> None:
        """One sentence an operator should see, even when quiet."""
        self._print(self._err, Text(f"warning: {printable(message)}", style="yellow"))

    def waiting(self, message: str) -> None:
        """Report a wait for a service; left out when quiet."""
        self.note(f"· {message}")

    def note(self, message: str) -> None:
        """A remark beside the result, on stderr; left out when quiet."""
        if not self.quiet:
            self._print(self._err, Text(printable(message)))

    def print(self, message: str = "", style: str = "") -> None:
        """One line of the result, for people; left out with --json and --quiet."""
        if not self.as_json and not self.quiet:
            self._print(self._out, Text(printable(message), style=style))

    def result(self, line: str) -> None:
        """The line that even --quiet prints; left out with --json."""
        if not self.as_json:
            self._print(self._out, Text(printable(line)))

    def table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        box: bool = True,
    ) -> None:
        """A table of the result, for people; left out with --json and --quiet.

        Args:
            title: What stands above it; may be empty.
            columns: The headings. A column that holds only numbers is aligned to the right.
            rows: The cells, as many a row as there are columns.
            box: Whether lines are drawn around the cells.
        """
        if self.as_json or self.quiet:
            return
        table = Table(
            title=Text(printable(title)) if title else None,
            title_justify="left",
            title_style="bold",
            header_style="bold",
            pad_edge=box,
        )
        if not box:
            table.box = None
        for place, column in enumerate(columns):
            numeric = bool(rows) and all(_is_number(row[place]) for row in rows)
            short = all(len(row[place]) <= 12 for row in rows if isinstance(row[place], str))
            table.add_column(
                column,
                justify="right" if numeric else "left",
                overflow="fold",
                no_wrap=short and not any(isinstance(row[place], tuple) for row in rows),
            )
        for row in rows:
            table.add_row(*(_cell_text(cell) for cell in row))
        with self._lock:
            self._erase_bars()
            RichConsole(highlight=False).print(table)

    def json(self, value: Mapping[str, object]) -> None:
        """The one JSON object of --json, on one line; ASCII where stdout is not Unicode."""
        unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        self._write(json.dumps(value, ensure_ascii=not unicode) + "\n")

    def write(self, text: str) -> None:
        """Several lines of a result, each made printable, without wrapping or style."""
        lines = text.split("\n")
        self._write("\n".join(printable(line) for line in lines))

    def write_bytes(self, data: bytes) -> None:
        """A file's content: unchanged into a pipe, made printable on a terminal."""
        if sys.stdout.isatty():
            self.write(data.decode("utf-8", "replace").replace("\r\n", "\n"))
            return
        with self._lock:
            self._erase_bars()
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def ask(self, question: str) -> str:
        """Print a question and read one line; raises EOFError at the end of the input."""
        with self._lock:
            self._erase_bars()
        lines = question.split("\n")
        return self._out.input(Text("\n".join(printable(line) for line in lines)))

    def _print(self, console: RichConsole, text: Text) -> None:
        with self._lock:
            if console is self._out:
                self._erase_bars()
            console.print(text)

    def _write(self, text: str) -> None:
        with self._lock:
            self._erase_bars()
            sys.stdout.write(text)
            sys.stdout.flush()

    def _erase_bars(self) -> None:
        if self._bars:
            self._bars.clear()


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.replace(",", "").replace(".", "", 1).isdigit()


def _cell_text(cell: Cell) -> Text:
    lines = (cell,) if isinstance(cell, str) else cell
    return Text("\n".join(printable(line) for line in lines if line))
