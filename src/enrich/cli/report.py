"""`enrich report [LIST]` and `python -m enrich.report`: the report by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.options import OfSandbox, Root, SnapshotName, root_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

EPILOG = """\b
Examples:
  enrich report                        every list that has snapshots
  enrich report --sandbox              the same of what `enrich run --sandbox` published
  enrich report awesome-deep -o a.html
  enrich report awesome-deep --snapshot 2026-11
"""


@app.command(epilog=EPILOG)
def report(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[LIST]",
            help="A list's name or the beginning of it. Default: every list that has snapshots.",
            show_default=False,
        ),
    ] = None,
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

    for folder in _chosen(name, snapshot, root_of(root, sandbox), single=out is not None):
        typer.echo(write_report(folder, out))


def _chosen(name: str | None, snapshot: str, folder: Path, *, single: bool) -> list[Path]:
    from enrich.errors import UsageError
    from enrich.snapshot import layout
    from enrich.snapshot.reading import find_list, find_snapshot

    slugs = [find_list(name, folder)] if name else layout.list_slugs(folder)
    if not slugs:
        raise UsageError(
            f"There is no snapshot under {folder}: run `python -m enrich.run` first, name the "
            "folder with --root or ENRICH_OUT, or add --sandbox after a sandbox run."
        )
    if single and len(slugs) > 1:
        raise UsageError(
            f"-o names one file, but there are {len(slugs)} lists ({', '.join(slugs)}): name one."
        )
    found = [(slug, find_snapshot(slug, snapshot, folder)) for slug in slugs]
    return [folder / slug / wanted for slug, wanted in found if wanted]


def main(argv: list[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.exit_codes import guarded

    return guarded(app, argv, name="python -m enrich.report")


if __name__ == "__main__":
    sys.exit(main())
