"""`enrich annotate LIST`: write citation counts, venues and links into the list itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import (
    ListOfFile,
    OfSandbox,
    OutFile,
    Root,
    SnapshotName,
    file_argument,
    flag,
    root_of,
)

app = new_app()

EPILOG = """\b
Examples:
  enrich annotate README.md --dry-run           show what would change, as a diff
  enrich annotate README.md --in-place
  enrich annotate README.md -o annotated.md --style badge
  enrich annotate README.md --list awesome-deep --in-place
  enrich annotate README.md --strip --in-place  remove everything again
"""


@app.command(epilog=EPILOG)
def annotate(
    where: Annotated[str, file_argument("The Markdown file")],
    out: OutFile = None,
    in_place: Annotated[bool, flag("--in-place", "Write into the list itself.")] = False,
    dry_run: Annotated[bool, flag("--dry-run", "Write nothing, print a unified diff.")] = False,
    strip: Annotated[bool, flag("--strip", "Remove the marks; no snapshot is needed.")] = False,
    style: Annotated[
        Literal["text", "badge"],
        typer.Option(help="Counts as text, or as pictures from shields.io."),
    ] = "text",
    dates: Annotated[
        bool, flag("--dates", "The day of the count in every mark, not once at the end.")
    ] = False,
    name: ListOfFile = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
) -> None:
    """Add citation counts, venues and arXiv links to a list; everything else is unchanged.

    Additions are enclosed in comments; the next call renews them and --strip removes them.
    """
    from enrich.errors import UsageError
    from enrich.outputs.annotate import edit
    from enrich.outputs.files import is_file, write_whole
    from enrich.outputs.list_file import open_list_file
    from enrich.outputs.patch import unified
    from enrich.parsing import parse_list, read_list

    console = Console()
    if in_place and out is not None:
        raise UsageError("--in-place and -o name two places to write to: give one of them.")
    if strip and is_file(Path(where)):
        path, text = Path(where), read_list(where)
        new = edit.strip(text.data, parse_list(text).encoding)
        summary = "marks removed"
    else:
        file = open_list_file(where, root_of(root, sandbox), snapshot, name)
        path, text = file.path, file.text
        if strip:
            new, summary = edit.strip(text.data, file.parsed.encoding), "marks removed"
        else:
            done = edit.annotate(text, file.parsed, edit.papers_of(file), style, dates=dates)
            new, summary = done.data, f"{done.marked} entries marked"
            for entry, why in done.skipped:
                console.note(f"{path}:{entry.line_start}: skipped, {why}: {entry.title}")
            if file.sandbox:
                console.warn("this is sandbox data, with made-up counts.")
    target = path if in_place else out
    if dry_run:
        console.write_bytes(unified(text.data, new, path))
    elif target is None:
        console.write_bytes(new)
    elif in_place and new == text.data:
        summary += ", nothing changed"
    else:
        write_whole(target, new)
    console.note(summary + (f" in {target}" if target and not dry_run else ""))


main = entry_point(app, "enrich annotate")
