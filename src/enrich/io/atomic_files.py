"""Replace files atomically: readers see the old file or the new one, never a part of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Long file names leave no room for the random suffix: most file systems allow 255 bytes.
_NAME_KEPT = 60


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield the path of a temporary file that takes the place of `path` when the block succeeds.

    The folder is created where it is missing. A symbolic link is followed: its target is replaced
    and the link stays. An existing file keeps its permissions. If the block raises, `path` is
    unchanged and the temporary file is removed.

    Args:
        path: The file to replace or create.
        durable: Flush the content to disk first, so that it survives a loss of power; False for
            intermediate files that can be computed again.

    Raises:
        OSError: The folder or the file cannot be written.
    """
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:_NAME_KEPT]}.", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if durable:
            flush(temporary)
        temporary.chmod(mode)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically and durably; see `replacing`."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def flush(path: Path) -> None:
    """Flush a file or a folder to disk, so that its content or its renames survive a power loss."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
