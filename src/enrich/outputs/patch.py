"""Unified diffs of bytes that `git apply` and `patch -p1` accept."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

# What `diff` and git write below a last line without a line feed.
_NO_NEWLINE = b"\\ No newline at end of file\n"


def unified(old: bytes, new: bytes, path: Path) -> bytes:
    """The diff from `old` to `new`, empty when they are equal; a line ends at a line feed.

    Args:
        old: The content before.
        new: The content after.
        path: The file, from which the names in the diff's head are made.
    """
    if old == new:
        return b""
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(old),
        _lines(new),
        _file_name(b"a/", path),
        _file_name(b"b/", path),
        lineterm=b"\n",
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n" + _NO_NEWLINE for line in lines)


def _lines(data: bytes) -> list[bytes]:
    """Lines with their line feeds: a carriage return is part of the line."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _file_name(side: bytes, path: Path) -> bytes:
    """The name as git writes it: relative to the working folder, quoted where needed."""
    relative = os.path.relpath(path)
    if relative.startswith(".."):
        relative = path.name
    name = side + os.fsencode(Path(relative).as_posix())
    if any(byte < 0x20 or byte in b'"\\\x7f' for byte in name):
        quoted = "".join(
            f"\\{byte:03o}" if byte < 0x20 or byte > 0x7E or byte in b'"\\' else chr(byte)
            for byte in name
        )
        return f'"{quoted}"'.encode()
    # A tab ends a name that holds blanks.
    return name + b"\t" if b" " in name else name
