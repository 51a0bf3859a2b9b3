"""`enrich resolve FILE --index DIR`: a column of titles, resolved in bulk."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.index import Dask, Workers
from enrich.cli.options import AsJson, Quiet

app = new_app()


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
            help="Folder for intermediate files; with --dask one that all workers see "
            "[default: beside the output].",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Resolve a column of titles against a local index: no request, the rules of a run."""
    from enrich.cli.console import Console
    from enrich.index.bulk import resolve_file

    out = out or file.with_suffix(".resolved.parquet")
    started = time.monotonic()
    with Console(as_json=as_json, quiet=quiet) as console:
        result = resolve_file(
            file, index, out, observer=console, workers=workers, dask=dask, work=work
        )
    seconds = time.monotonic() - started
    if as_json:
        summary = {"out": str(out), "rows": result.rows, "by_status": result.by_status}
        console.json(summary | {"requests": 0, "seconds": round(seconds, 3)})
    else:
        counts = ", ".join(f"{count:,} {status}" for status, count in result.by_status.items())
        console.print(f"{out}: {result.rows:,} rows ({counts}) in {seconds:.1f} s")


main = entry_point(app, "enrich resolve")
