"""From errors to exit codes: one sentence on stderr, a traceback only for what nobody foresaw."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from types import FrameType

import typer

from enrich.errors import EnrichError

COMPLETE, UNEXPECTED, USAGE, INCOMPLETE, HELD_BACK, INTERRUPTED = 0, 1, 2, 3, 4, 130


def guarded(app: typer.Typer, argv: list[str] | None, name: str) -> int:
    """Run a command line and return its exit code.

    The command's own codes pass; an EnrichError gives its own; wrong usage gives 2; Ctrl-C and
    SIGTERM give 130; anything else is a defect and gives 1, with its traceback.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        app(args=argv, prog_name=name)
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else UNEXPECTED
        if code == INTERRUPTED:
            _say("interrupted; nothing was published, what was fetched is kept.")
        return code
    except EnrichError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted; nothing was published, what was fetched is kept.")
        return INTERRUPTED
    except Exception as error:
        traceback.print_exc()
        _say(f"unexpected {type(error).__name__}: {error}. This is a defect, please report it.")
        return UNEXPECTED
    return COMPLETE


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(message: str) -> None:
    print(f"enrich: {message}", file=sys.stderr)  # noqa: T201  # stderr is this module's edge
