"""`enrich run [LIST ...]`, also `python -m enrich.run`: lists in, snapshots out.

Only the argument parser is imported before the arguments have been checked; Prefect never is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import AsJson, Quiet, flag, option

app = new_app()

EPILOG = (
    "Exit codes: 0 complete; 1 unexpected error; 2 usage, or a list that cannot be read (the "
    "others are published); 3 published but incomplete, a service could not be asked; 4 held back "
    "by a gate, nothing published; 130 interrupted, nothing published, what was fetched is kept."
)


@app.command(epilog=EPILOG)
def run(
    lists: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LIST]...",
            help="A path, the URL of a raw file, or github:owner/repo[@ref][:path]. "
            "Default: every list in data/raw/.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        option(
            "Where snapshots are published [default: data/enriched, or data/sandbox for "
            "the sandbox; env ENRICH_OUT].",
            "DIR",
        ),
    ] = None,
    name: Annotated[
        str | None,
        option("Publish the list under this name [default: made of its address].", "NAME"),
    ] = None,
    sandbox: Annotated[
        bool, flag("--sandbox", "Ask embedded stand-in services on loopback.")
    ] = False,
    offline: Annotated[bool, flag("--offline", "Use only what is already fetched.")] = False,
    refresh: Annotated[bool, flag("--refresh", "Ask again for everything, however fresh.")] = False,
    dry_run: Annotated[
        bool, flag("--dry-run", "Parse, then print how many requests a run would make.")
    ] = False,
    only: Annotated[
        str | None,
        option(
            "Ask only for entries whose title, section or id fits this part or glob; the "
            "others are answered from what is already fetched.",
            "PATTERN",
        ),
    ] = None,
    thorough: Annotated[
        bool,
        flag(
            "--thorough",
            "Search every title that was not found one at a time, not only an eighth of the "
            "list: one request each [env ENRICH_TITLE_SEARCHES=1].",
        ),
    ] = False,
    index: Annotated[
        Path | None, option("Resolve from this local index first [env ENRICH_INDEX].", "DIR")
    ] = None,
    references: Annotated[
        bool,
        flag(
            "--references",
            "Ask which works the papers reference too, and suggest what the list is missing.",
        ),
    ] = False,
    accept_changes: Annotated[
        bool,
        flag(
            "--accept-changes",
            "Publish although much has changed since the last snapshot: the cure for a run "
            "that was held back and was right.",
        ),
    ] = False,
    no_report: Annotated[
        bool, flag("--no-report", "Publish the tables only, write no HTML report.")
    ] = False,
    as_json: AsJson = False,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Print every batch and every issue.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Turn curated lists of papers into enriched Parquet snapshots."""
    from enrich.cli.console import Console
    from enrich.cli.run_lists import run_lists
    from enrich.pipeline import ACCEPT_CHANGES
    from enrich.settings import load_settings

    settings = load_settings(
        out=out,
        index=index,
        sandbox=sandbox or None,
        offline=offline or None,
        refresh=refresh or None,
        title_searches=1.0 if thorough else None,
        references=references or None,
        report=False if no_report else None,
        **(ACCEPT_CHANGES if accept_changes else {}),
    )
    with Console(as_json=as_json, verbose=verbose, quiet=quiet) as console:
        code = run_lists(lists or (), settings, console, name=name, only=only, dry_run=dry_run)
    raise typer.Exit(code)


main = entry_point(app, "python -m enrich.run")
