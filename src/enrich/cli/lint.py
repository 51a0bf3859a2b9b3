"""`enrich lint LIST` and `python -m enrich.lint`: what is wrong in a list, where, and the cure."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from enrich.cli.options import OfSandbox, Root, SnapshotName, root_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

# What the command returns when it found something that counts.
PROBLEMS = 1

EPILOG = """\b
Exit codes: 0 nothing that counts; 1 errors (with --strict: anything); 2 usage. With --fix: 0.

\b
Examples:
  enrich lint README.md
  enrich lint README.md --strict
  enrich lint README.md --format github          in a GitHub workflow
  enrich lint README.md --fix | git apply
"""


class Form(StrEnum):
    """How issues are written."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"


@app.command(epilog=EPILOG)
def lint(
    where: Annotated[
        str,
        typer.Argument(
            metavar="LIST", help="The list's file, or the name of a list that was read from one."
        ),
    ],
    form: Annotated[
        Form, typer.Option("--format", help="Lines, GitHub annotations or JSON.")
    ] = Form.TEXT,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Print a patch of what has one certain cure; writes nothing."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings and infos count as errors do.")
    ] = False,
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
    """Say what is wrong in a list, by its text and by what its newest snapshot found."""
    from enrich.cli.export import to_stdout
    from enrich.outputs.lint import formats
    from enrich.outputs.lint.fixes import fix as cure
    from enrich.outputs.lint.problems import find_problems
    from enrich.outputs.list_file import open_listing
    from enrich.outputs.patch import unified

    listing = open_listing(where, root_of(root, sandbox), snapshot, name)
    found = find_problems(listing)
    path = str(listing.path)
    if listing.snapshot is None:
        _say(f"{path} has no snapshot here: checked by its text alone (--list names another).")
    if found.outdated:
        _say(
            f"left out: {found.outdated} findings about entries that have changed since the "
            "snapshot; run again to renew them."
        )
    if fix:
        fixed = cure(listing, found.issues)
        to_stdout(unified(listing.text.data, fixed.data, listing.path))
        _say(f"{len(fixed.codes)} of {len(found.issues)} issues have a certain cure.")
        return
    if form is Form.GITHUB:
        typer.echo(formats.as_github(path, found.issues), nl=False)
    elif form is Form.JSON:
        name_of = listing.snapshot.name if listing.snapshot else None
        typer.echo(formats.as_json(path, found.issues, name_of), nl=False)
    else:
        typer.echo(formats.as_text(path, found.issues), nl=False)
    counts = formats.counts(found.issues)
    _say(", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in counts.items()))
    if counts["error"] or (strict and found.issues):
        raise typer.Exit(PROBLEMS)


def _say(message: str) -> None:
    from enrich.outputs.escape import printable

    typer.echo(printable(message), err=True)


def main(argv: list[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's); returns the exit code."""
    from enrich.cli.exit_codes import guarded

    return guarded(app, argv, name="python -m enrich.lint")


if __name__ == "__main__":
    sys.exit(main())
