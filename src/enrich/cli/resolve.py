"""`enrich resolve FILE --index DIR`: a column of titles, resolved in bulk."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.index import Dask, Quiet, Workers

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def resolve(
    file: Annotated[
        Path,
        typer.Argument(help="CSV or Parquet with a column title, and authors and year if known."),
    ],
    index: Annotated[
        Path, typer.Option("--index", envvar="ENRICH_INDEX", metavar="DIR", help="The index.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The Parquet file to write [default: FILE.resolved.parquet].",
            show_default=False,
        ),
    ] = None,
    workers: Workers = None,
    dask: Dask = None,
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="For what lies between; with --dask a folder that all workers see "
            "[default: beside the output].",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on stdout.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Resolve a column of titles against a local index: no request, the rules of a run."""
    from enrich.cli.console import Console
    from enrich.index.bulk import resolve_file

    out = out or file.with_suffix(".resolved.parquet")
    begun = time.monotonic()
    with Console(as_json=as_json, quiet=quiet) as console:
        result = resolve_file(
            file, index, out, observer=console, workers=workers, dask=dask, work=work
        )
    seconds = time.monotonic() - begun
    if as_json:
        told = {"out": str(out), "rows": result.rows, "by_status": result.by_status}
        typer.echo(json.dumps(told | {"requests": 0, "seconds": round(seconds, 3)}))
    elif not quiet:
        counts = ", ".join(f"{count:,} {status}" for status, count in result.by_status.items())
        typer.echo(f"{out}: {result.rows:,} rows ({counts}) in {seconds:.1f} s")


def main(argv: list[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.exit_codes import guarded

    return guarded(app, argv, name="python -m enrich.index.resolve_command")


if __name__ == "__main__":
    sys.exit(main())
