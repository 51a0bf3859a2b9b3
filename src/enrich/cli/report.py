"""`enrich report [LIST]`: write the HTML report of a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import ListArgument, OfSandbox, Root, SnapshotName, snapshots_root

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
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="Where to write it [default: report.html beside the list's snapshots].",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write one HTML file that shows a snapshot: figures, charts and every entry. No network."""
    from enrich.outputs.report.write import write_report

    console = Console()
    folder = snapshots_root(root, sandbox, name)
    for chosen in _chosen(name, snapshot, folder, single=out is not None):
        console.result(str(write_report(chosen, out)))


def _chosen(name: str | None, snapshot: str, folder: Path, *, single: bool) -> list[Path]:
    from enrich.errors import UsageError
    from enrich.snapshot import layout
    from enrich.snapshot.reading import find_list, find_snapshot

    slugs = [find_list(name, folder)] if name else layout.list_slugs(folder)
    if single and len(slugs) > 1:
        raise UsageError(
            f"-o names one file, but there are {len(slugs)} lists ({', '.join(slugs)}): name one."
        )
    found = [(slug, find_snapshot(slug, snapshot, folder)) for slug in slugs]
    return [folder / slug / wanted for slug, wanted in found if wanted]


main = entry_point(app, "enrich report")
