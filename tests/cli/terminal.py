"""A command on a real pseudo-terminal, and what an emulator shows of it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyte


@dataclass(frozen=True)
class Seen:
    """How a command ended and what stood on the screen: at its end, and each time it changed."""

    code: int
    lines: list[str]
    frames: list[list[str]]
    raw: bytes


def on_terminal(
    arguments: Sequence[str],
    columns: int,
    env: Mapping[str, str] | None = None,
    answers: bytes = b"",
) -> Seen:
    """Run `enrich ARGUMENTS` on a terminal of this width and read its screen.

    The terminal wraps long lines: compare whole screens by `squashed`.
    """
    rows = 60
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "enrich", *arguments],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**inherited, "TERM": "xterm-256color", **(env or {})},
    )  # fmt: skip
    os.close(slave)
    if answers:
        os.write(master, answers)
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    frames: list[list[str]] = []
    raw = b""
    while chunk := _read(master):
        raw += chunk
        stream.feed(chunk)
        frames.append([row.rstrip() for row in screen.display])
    os.close(master)
    shown = "\n".join(row.rstrip() for row in screen.display).rstrip()
    return Seen(process.wait(), shown.split("\n"), frames, raw)


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # Linux reports the end of a terminal as an error
        return b""


def squashed(lines: Sequence[str]) -> str:
    """The lines without any space, so that it does not matter where they were wrapped."""
    return "".join("".join(lines).split())


def bar_rows(frames: Sequence[Sequence[str]]) -> set[str]:
    """The rows of all frames that are bars: they end with an elapsed time, or with an estimate."""
    ends = re.compile(r" \d+:\d\d(, \d+:\d\d left)?$")
    return {row for frame in frames for row in frame if ends.search(row)}
