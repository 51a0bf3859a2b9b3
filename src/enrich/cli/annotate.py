"""`enrich annotate LIST` and `python -m enrich.annotate`: what is known, written into the list."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from enrich.cli.options import OfSandbox, Root, SnapshotName, root_of

if TYPE_CHECKING:
    from enrich.outputs.annotate.edit import Annotated as Result

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

EPILOG = """\b
Examples:
  enrich annotate README.md --dry-run           show what would change, as a diff
  enrich annotate README.md --in-place
  enrich annotate README.md -o annotated.md --style badge
  enrich annotate README.md --list awesome-deep --in-place
  enrich annotate README.md --strip --in-place  take everything out again
"""


class Look(StrEnum):
    """How a citation count looks."""

    TEXT = "text"
    BADGE = "badge"


@app.command(epilog=EPILOG)
def annotate(
    where: Annotated[
        str,
        typer.Argument(
            metavar="LIST", help="The Markdown file, or the name of a list that was read from one."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            help="Where to write it [default: stdout].",
            show_default=False,
        ),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Write into the list itself.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing, print a unified diff.")
    ] = False,
    strip: Annotated[
        bool, typer.Option("--strip", help="Take the marks out; no snapshot is needed.")
    ] = False,
    style: Annotated[
        Look, typer.Option(help="Counts as text, or as pictures from shields.io.")
    ] = Look.TEXT,
    name: Annotated[
        str | None,
        typer.Option(
            "--list",
            metavar="NAME",
            help="Whose snapshot belongs to the file [default: the list of the file's name].",
            show_default=False,
        ),
    ] = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
) -> None:
    """Add citation counts, venues and arXiv links to a list; all else stays byte for byte.

    What is added stands between comments, is renewed by the next call and taken out by --strip.
    """
    from enrich.cli.export import to_stdout
    from enrich.errors import UsageError
    from enrich.outputs.annotate import edit
    from enrich.outputs.export.write import write_whole
    from enrich.outputs.list_file import open_listing
    from enrich.outputs.patch import unified
    from enrich.parsing import parse_list, read_list

    if in_place and out is not None:
        raise UsageError("--in-place and -o name two places to write to: give one of them.")
    if strip and Path(where).is_file():
        path, text = Path(where), read_list(where)
        new = edit.strip(text.data, parse_list(text).encoding)
        said = "marks taken out"
    else:
        listing = open_listing(where, root_of(root, sandbox), snapshot, name)
        path, text = listing.path, listing.text
        if strip:
            new, said = edit.strip(text.data, listing.parsed.encoding), "marks taken out"
        else:
            done = edit.annotate(text, listing.parsed, edit.papers_of(listing), style.value)
            new, said = done.data, f"{done.marked} entries marked"
            _tell_left(done, str(path))
            if listing.sandbox:
                _say("warning: this is sandbox data, with invented counts.")
    target = path if in_place else out
    if dry_run:
        to_stdout(unified(text.data, new, path))
    elif target is None:
        to_stdout(new)
    elif in_place and new == text.data:
        said += ", nothing changed"
    else:
        write_whole(target, new)
    _say(said + (f" in {target}" if target and not dry_run else ""))


def _tell_left(done: Result, path: str) -> None:
    for entry, why in done.left:
        _say(f"{path}:{entry.line_start}: left alone, {why}: {entry.title}")


def _say(message: str) -> None:
    from enrich.outputs.escape import printable

    typer.echo(printable(message), err=True)


def main(argv: list[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.exit_codes import guarded

    return guarded(app, argv, name="python -m enrich.annotate")


if __name__ == "__main__":
    sys.exit(main())
