"""The edge: a snapshot's folder in, a whole HTML file out."""

from __future__ import annotations

from pathlib import Path

from enrich.atomic_files import replace_file
from enrich.errors import SnapshotError, UsageError
from enrich.outputs.report.digest import digest
from enrich.outputs.report.material import gather
from enrich.outputs.report.page import build


def default_target(snapshot: Path) -> Path:
    """`report.html` beside the list's snapshots: nothing is ever added to a published one."""
    return snapshot.resolve().parent / "report.html"


def write_report(snapshot: Path, target: Path | None = None) -> Path:
    """Write the report of a published snapshot and return where it is.

    `target` is a file (default: `default_target`). It is replaced whole or not at all. Raises
    SnapshotError for what cannot be read or written and UsageError for a target in the snapshot.
    """
    folder = snapshot.resolve()
    path = (target or default_target(folder)).absolute()
    if path.parent.resolve().is_relative_to(folder):
        raise UsageError(
            f"{path} lies in the published snapshot {folder.name}, which never changes: "
            "choose a file elsewhere with -o."
        )
    if path.is_dir():
        raise UsageError(f"{path} is a folder: give the name of a file, for example report.html.")
    page = build(digest(gather(folder)))
    try:
        replace_file(path, page.encode())
    except OSError as error:
        raise SnapshotError(
            f"The report cannot be written to {path} ({error.strerror or error}): "
            "choose another place with -o."
        ) from error
    return path
