"""`enrich report [LIST]`: write the HTML report of a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import ListArgument, OfSandbox, Root, SnapshotName, option, snapshots_root

app = new_app()

EPILOG = """\b
Examples:
  enrich report                        every list that has snapshots
  enrich report --sandbox              the same for what `enrich run --sandbox` published
  enrich report awesome-deep -o a.html
  enrich report awesome-deep --snapshot 2026-11
"""


@app.command(epilog=EPILOG)
def report(
    name: ListArgument = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
    out: Annotated[
        Path | None,
        option(
            "Where to write it [default: report.html beside the list's snapshots].",
            "FILE",
            "-o",
            "--out",
        ),
    ] = None,
) -> None:
    """Write one HTML file that shows a snapshot: figures, charts and every entry. No network."""
    from enrich.errors import UsageError
    from enrich.outputs.report.write import write_report
    from enrich.snapshot.reading import snapshot_folders

    selected = snapshot_folders(name, snapshot, snapshots_root(root, sandbox, name))
    if out is not None and len(selected) > 1:
        names = ", ".join(path.parent.name for path in selected)
        raise UsageError(
            f"-o names one file, but there are {len(selected)} lists ({names}): name one."
        )
    console = Console()
    for path in selected:
        console.result(str(write_report(path, out)))


main = entry_point(app, "enrich report")
