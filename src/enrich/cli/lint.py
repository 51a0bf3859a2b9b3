"""`enrich lint LIST`: the problems of a list, where they are, and how to fix them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import (
    ListOfFile,
    OfSandbox,
    Root,
    SnapshotName,
    file_argument,
    flag,
    root_of,
)

app = new_app()

# The exit code when there are issues that count.
PROBLEMS = 1

EPILOG = """\b
Exit codes: 0 no errors; 1 errors (with --strict: any issue); 2 usage. With --fix: 0.

\b
Examples:
  enrich lint README.md
  enrich lint README.md --strict
  enrich lint README.md --format github          in a GitHub workflow
  enrich lint README.md --fix | git apply
"""


@app.command(epilog=EPILOG)
def lint(
    where: Annotated[str, file_argument("The list's file")],
    form: Annotated[
        Literal["text", "github", "json"],
        typer.Option("--format", help="Lines, GitHub annotations or JSON."),
    ] = "text",
    fix: Annotated[
        bool, flag("--fix", "Print a patch for what has one certain fix; write nothing.")
    ] = False,
    strict: Annotated[bool, flag("--strict", "Warnings and infos count as errors do.")] = False,
    name: ListOfFile = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
) -> None:
    """Report what is wrong in a list, from its text and from its newest snapshot."""
    from enrich.outputs.lint import formats
    from enrich.outputs.lint.fixes import fix as apply_fixes
    from enrich.outputs.lint.problems import find_problems
    from enrich.outputs.list_file import open_list_file
    from enrich.outputs.patch import unified

    console = Console()
    file = open_list_file(where, root_of(root, sandbox), snapshot, name)
    found = find_problems(file)
    path = str(file.path)
    if file.snapshot is None:
        console.note(
            f"{path} has no snapshot here: checked by its text alone (--list names another)."
        )
    if found.outdated:
        console.note(
            f"not shown: {found.outdated} findings about entries that have changed since the "
            "snapshot; run again to renew them."
        )
    if fix:
        fixed = apply_fixes(file, found.issues)
        console.write_bytes(unified(file.text.data, fixed.data, file.path))
        console.note(f"{len(fixed.codes)} of {len(found.issues)} issues have a certain fix.")
        return
    if form == "github":
        console.write(formats.as_github(path, found.issues))
    elif form == "json":
        snapshot_name = file.snapshot.name if file.snapshot else None
        console.write(formats.as_json(path, found.issues, snapshot_name))
    else:
        console.write(formats.as_text(path, found.issues))
    counts = formats.counts(found.issues)
    console.note(
        ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in counts.items())
    )
    if counts["error"] or (strict and found.issues):
        raise typer.Exit(PROBLEMS)


main = entry_point(app, "enrich lint")
