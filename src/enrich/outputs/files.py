"""Write output files whole or not at all, and never into a published snapshot."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from enrich.errors import SnapshotError, UsageError
from enrich.io.atomic_files import replace_file

# Errors that mean that nothing can ever be written to a path; any other failure is the machine's.
WRONG_PLACE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EACCES, errno.EPERM, errno.EROFS,
     errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}
)  # fmt: skip


def is_file(path: Path) -> bool:
    """Whether `path` is a file; False also for text that no path can be, a long title for instance,
    where `Path.is_file` raises.
    """
    return os.path.isfile(path)  # noqa: PTH113


def write_whole(path: Path, data: bytes, snapshots: Iterable[Path] = ()) -> None:
    """Replace `path` with `data` in one step; an existing file keeps its permissions.

    Args:
        path: A file; its folder is made, a link is followed.
        data: The whole content.
        snapshots: Folders of published snapshots, which never change.

    Raises:
        UsageError: When `path` is a folder, lies in one of `snapshots`, or is no place to write to.
        SnapshotError: When the machine cannot write it, a full disk for instance.
    """
    target = path.resolve()
    for folder in snapshots:
        if target.is_relative_to(folder.resolve()):
            raise UsageError(
                f"{path} lies in the published snapshot {folder.name}, which never changes: "
                "choose a file elsewhere with -o."
            )
    try:
        if target.is_dir():
            raise UsageError(f"{path} is a folder: give the name of a file with -o.")
        replace_file(target, data)
    except OSError as error:
        kind = UsageError if error.errno in WRONG_PLACE else SnapshotError
        raise kind(
            f"{path} cannot be written ({error.strerror or error}): choose another place with -o."
        ) from error
