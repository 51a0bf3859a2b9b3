"""From errors to exit codes: one sentence on stderr, a traceback only for a defect."""

from __future__ import annotations

import io
import signal
import sys
import threading
import traceback
from types import FrameType

import typer

from enrich.errors import EnrichError
from enrich.outputs.escape import printable

# Relied on by scripts; 130 is 128 + SIGINT, as shells report it.
COMPLETE, UNEXPECTED, USAGE, INCOMPLETE, HELD_BACK, INTERRUPTED = 0, 1, 2, 3, 4, 130


def run_guarded(app: typer.Typer, argv: list[str] | None, name: str) -> int:
    """Run a command line and return its exit code.

    Args:
        app: The command.
        argv: Its arguments; None takes the process's.
        name: What the command is called in its usage line.

    Returns:
        The command's own code; an EnrichError's `exit_code`; 2 for wrong usage; 130 after Ctrl-C
        or SIGTERM; 1, with a traceback, for anything else.
    """
    if threading.current_thread() is threading.main_thread():
        # Signals can be handled in the main thread alone; a call may come from another one.
        signal.signal(signal.SIGTERM, _interrupt)
    _print_what_the_encoding_lacks()
    try:
        app(args=argv, prog_name=name)
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else UNEXPECTED
        if code == INTERRUPTED:
            _print_interrupted()
        return code
    except EnrichError as error:
        _print(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _print_interrupted()
        return INTERRUPTED
    except Exception as error:
        traceback.print_exc()
        _print(f"unexpected {type(error).__name__}: {error}. This is a defect, please report it.")
        return UNEXPECTED
    return COMPLETE


def most_severe(codes: list[int]) -> int:
    """The exit code of a run over several lists: 2, then 4, then 3, then 0.

    A list that cannot be read comes first, because only a person can correct it.
    """
    order = (USAGE, HELD_BACK, INCOMPLETE, COMPLETE)
    return min(codes, key=order.index, default=COMPLETE)


def _print_what_the_encoding_lacks() -> None:
    """Write characters that an ASCII terminal or log cannot hold as escapes, never fail on them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _print_interrupted() -> None:
    _print("interrupted; nothing was published, what was fetched is kept.")


def _print(message: str) -> None:
    text = "\n".join(printable(line) for line in message.splitlines())
    print(f"enrich: {text}", file=sys.stderr)  # noqa: T201  # stderr is this module's edge
