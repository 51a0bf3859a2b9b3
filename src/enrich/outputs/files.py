"""Write output files whole or not at all, and never into a published snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from enrich.errors import SnapshotError, UsageError
from enrich.io.atomic_files import replace_file


def write_whole(path: Path, data: bytes, snapshots: Iterable[Path] = ()) -> None:
    """Replace `path` with `data` in one step; an existing file keeps its permissions.

    Args:
        path: A file; its folder is made, a link is followed.
        data: The whole content.
        snapshots: Folders of published snapshots, which never change.

    Raises:
        UsageError: When `path` is a folder or lies in one of `snapshots`.
        SnapshotError: When it cannot be written.
    """
    target = path.resolve()
    for folder in snapshots:
        if target.is_relative_to(folder.resolve()):
            raise UsageError(
                f"{path} lies in the published snapshot {folder.name}, which never changes: "
                "choose a file elsewhere with -o."
            )
    if target.is_dir():
        raise UsageError(f"{path} is a folder: give the name of a file with -o.")
    try:
        replace_file(target, data)
    except OSError as error:
        raise SnapshotError(
            f"{path} cannot be written ({error.strerror or error}): choose another place with -o."
        ) from error
