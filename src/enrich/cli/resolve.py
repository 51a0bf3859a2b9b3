"""`enrich resolve TITLE` or `enrich resolve FILE --index DIR`: titles without a list."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.index import Dask, Workers
from enrich.cli.options import AsJson, Quiet, flag, option
from enrich.errors import UsageError

app = new_app()

# What is taken for the name of a file even where there is none: it is a mistake then, not a title.
FILE_SUFFIXES = (".csv", ".tsv", ".parquet")

EPILOG = """\b
Examples:
  enrich resolve "Attention is all you need" --author Vaswani --year 2017
  enrich resolve "Attention is all you need" --index ~/index
  enrich resolve titles.csv --index ~/index
"""


@app.command(epilog=EPILOG)
def resolve(
    what: Annotated[
        str,
        typer.Argument(
            metavar="TITLE|FILE",
            help="One title; or a CSV or Parquet file with a column title, and authors and year "
            "if known.",
        ),
    ],
    author: Annotated[
        list[str] | None, option("One title: an author; may be repeated.", "NAME", "--author")
    ] = None,
    year: Annotated[
        int | None, option("One title: the year it appeared.", min=1800, max=2200)
    ] = None,
    index: Annotated[
        Path | None,
        option(
            "The local index; a file needs one. A title without one is asked of the services.",
            "DIR",
            "--index",
            envvar="ENRICH_INDEX",
        ),
    ] = None,
    sandbox: Annotated[
        bool, flag("--sandbox", "One title: ask stand-in services on loopback.")
    ] = False,
    out: Annotated[
        Path | None, option("The Parquet file to write [default: FILE.resolved.parquet].", "FILE")
    ] = None,
    workers: Workers = None,
    dask: Dask = None,
    work: Annotated[
        Path | None,
        option(
            "Folder for intermediate files; with --dask one that all workers see "
            "[default: beside the output].",
            "DIR",
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Resolve one title, or a column of titles, by the rules of a run.

    With an index no request is made.
    """
    from enrich.cli.console import Console
    from enrich.outputs.files import is_file

    file = Path(what)
    if not is_file(file) and file.suffix.lower() not in FILE_SUFFIXES:
        from enrich.cli.resolve_title import TitleQuery, resolve_title

        query = TitleQuery(what, tuple(author or ()), year, None if sandbox else index, sandbox)
        with Console(as_json=as_json, quiet=quiet) as console:
            raise typer.Exit(resolve_title(query, console))
    if index is None:
        raise UsageError(f"{what} is a file: name the local index to resolve it from with --index.")
    from enrich.index.bulk import resolve_file
    from enrich.io.arrow import leave_pandas_out

    # Titles are read and written as Arrow tables: pandas would only cost its import.
    leave_pandas_out()
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
