"""Write the site of all lists into a folder, ready for GitHub Pages or any file server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from enrich.errors import UsageError
from enrich.outputs.files import write_whole
from enrich.outputs.report.assemble import assemble
from enrich.outputs.report.inputs import read_input
from enrich.outputs.report.page import build
from enrich.outputs.report.parts import parts_of
from enrich.outputs.site.combine import combine
from enrich.outputs.site.page import build_index

# Every page says so in its head, so that pages of lists that are gone can be recognised.
GENERATOR = '<meta name="generator" content="enrich">'
# Bytes of a page in which its head ends.
_HEAD_BYTES = 4096


def write_site(selected: Sequence[Path], folder: Path, title: str = "Reading lists") -> Path:
    """Write the index page and a page per list; each file is replaced whole.

    Args:
        selected: The snapshots' folders, one per list.
        folder: Where to write; it may hold other files, and pages of former lists are removed.
        title: The heading of the index page.

    Returns:
        The path of the index page.

    Raises:
        UsageError: When `folder` is a file or lies in a published snapshot.
        SnapshotError: When a snapshot cannot be read or a file cannot be written.
    """
    if folder.is_file():
        raise UsageError(f"{folder} is a file: give a folder for the site with -o.")
    reports = []
    for snapshot in selected:
        source = read_input(snapshot)
        report = assemble(source)
        reports.append(report)
        page = build(report, parts_of(source), home="../index.html")
        write_whole(folder / "lists" / f"{report.slug}.html", page.encode(), selected)
    site = combine(reports)
    index = folder / "index.html"
    write_whole(index, build_index(site, title).encode(), selected)
    # GitHub Pages would otherwise process the files with Jekyll.
    write_whole(folder / ".nojekyll", b"", selected)
    written = {Path(one.page).name for one in site.lists}
    for path in (folder / "lists").glob("*.html"):
        if path.name not in written and _is_ours(path):
            path.unlink()
    return index


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return GENERATOR.encode() in file.read(_HEAD_BYTES)
