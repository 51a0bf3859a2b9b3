"""`enrich verify [LIST]`: check the files of snapshots against the hashes in their manifests."""

from __future__ import annotations

from typing import Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import AsJson, ListArgument, OfSandbox, Root, option, snapshots_root

app = new_app()


@app.command(epilog="Exit codes: 0 every file is as it was published; 1 a file is not.")
def verify(
    list_name: ListArgument = None,
    snapshot: Annotated[
        str | None,
        option(
            "A snapshot's name, the beginning of it, or latest [default: all snapshots].",
            "NAME",
            "--snapshot",
        ),
    ] = None,
    root: Root = None,
    sandbox: OfSandbox = False,
    as_json: AsJson = False,
) -> None:
    """Find missing, damaged and unknown files in the published snapshots."""
    from enrich.snapshot import reading

    folder = snapshots_root(root, sandbox, list_name)
    faults = reading.verify(list_name, snapshot, folder).to_dict("records")
    console = Console(as_json=as_json)
    if as_json:
        console.json({"root": str(folder), "faults": faults})
    elif faults:
        columns = ("list", "snapshot", "file", "problem", "detail")
        rows = [[str(fault[name]) for name in columns] for fault in faults]
        console.table(f"Files that are not as they were published ({len(faults)})", columns, rows)
        console.print("Restore the snapshots named from a copy, or delete their folders.")
    else:
        console.print("Every file is as it was published.")
    raise typer.Exit(1 if faults else 0)


main = entry_point(app, "enrich verify")
