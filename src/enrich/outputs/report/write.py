"""Write the report of a snapshot's folder as one HTML file."""

from __future__ import annotations

from pathlib import Path

from enrich.outputs.files import write_whole
from enrich.outputs.report.assemble import assemble
from enrich.outputs.report.inputs import read_input
from enrich.outputs.report.page import build
from enrich.outputs.report.parts import parts_of
from enrich.snapshot import layout


def default_target(snapshot: Path) -> Path:
    """`report.html` beside the list's snapshots: nothing is ever added to a published one."""
    return snapshot.resolve().parent / layout.REPORT


def write_report(snapshot: Path, target: Path | None = None) -> Path:
    """Write the report of a published snapshot and return its path.

    `target` is a file (default: `default_target`). It is replaced whole or not at all. Raises
    SnapshotError for what cannot be read or written and UsageError for a target in the snapshot.
    """
    folder = snapshot.resolve()
    path = (target or default_target(folder)).absolute()
    source = read_input(folder)
    page = build(assemble(source), parts_of(source))
    write_whole(path, page.encode(), [folder])
    return path
