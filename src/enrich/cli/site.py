"""`enrich site`: one static site of all lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import OfSandbox, Root, SnapshotName, snapshots_root

app = new_app()

EPILOG = """\b
Examples:
  enrich site                          every list, into the folder site
  enrich site --sandbox -o /tmp/site   the same for what `enrich run --sandbox` published
  enrich site -o docs --title "What we read"

\b
The folder needs no server: open index.html, or publish it with GitHub Pages.
"""


@app.command(epilog=EPILOG)
def site(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="The folder to write into.")
    ] = Path("site"),
    title: Annotated[str, typer.Option(help="The heading of the index page.")] = "Reading lists",
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
) -> None:
    """Write an index page with a search over all lists, and a report page per list. No network."""
    from enrich.outputs.site.write import write_site
    from enrich.snapshot.reading import snapshot_folders

    selected = snapshot_folders(None, snapshot, snapshots_root(root, sandbox))
    Console().result(str(write_site(selected, out, title)))


main = entry_point(app, "enrich site")
