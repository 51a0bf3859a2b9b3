"""Options that several commands share, so that they read and behave alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from enrich.errors import UsageError


def flag(name: str, help: str) -> Any:
    """An option that is on where it is given."""
    return typer.Option(name, help=help)


def option(help: str, metavar: str | None = None, *names: str, **rules: Any) -> Any:
    """An option that may be left out.

    Args:
        help: What it means; a default that is not the parameter's own stands in brackets.
        metavar: What stands for its value in the help text.
        names: Its names, where they do not follow from the parameter's.
        rules: Further arguments of `typer.Option`.
    """
    return typer.Option(*names, help=help, metavar=metavar, show_default=False, **rules)


def complete_list(incomplete: str) -> list[str]:
    """Names of lists that begin with `incomplete`, for the shell: live ones, then the sandbox's."""
    from enrich.snapshot import layout

    names: dict[str, None] = {}
    for sandbox in (False, True):
        names |= dict.fromkeys(layout.list_slugs(root_of(None, sandbox)))
    return [name for name in names if name.startswith(incomplete)]


def list_argument(help: str) -> Any:
    """The name of a list, which may be left out."""
    return typer.Argument(
        metavar="[LIST]", help=help, show_default=False, autocompletion=complete_list
    )


def file_argument(what: str) -> Any:
    """A list's own file; `what` begins the help text."""
    return typer.Argument(
        metavar="LIST", help=f"{what}, or the name of a list that was read from one."
    )


Root = Annotated[
    Path | None,
    option(
        "The folder of the snapshots [default: data/enriched, or data/sandbox with "
        "--sandbox; env ENRICH_OUT].",
        "DIR",
        "--root",
    ),
]
OfSandbox = Annotated[bool, flag("--sandbox", "About what sandbox runs have published.")]
SnapshotName = Annotated[
    str,
    typer.Option("--snapshot", metavar="NAME", help="A snapshot's name or the beginning of it."),
]
ListArgument = Annotated[
    str | None,
    list_argument("A list's name or the beginning of it. Default: every list that has snapshots."),
]
ListOfFile = Annotated[
    str | None,
    option(
        "Whose snapshot belongs to the file [default: the list of the file's name].",
        "NAME",
        "--list",
        autocompletion=complete_list,
    ),
]
OutFile = Annotated[
    Path | None, option("Where to write it [default: stdout].", "FILE", "-o", "--out")
]
AsJson = Annotated[bool, flag("--json", "Print one JSON object on stdout.")]
Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", help="Print nothing but errors and the result's path.")
]


def root_of(root: Path | None, sandbox: bool) -> Path:
    """The folder of the snapshots that the options name."""
    from enrich.settings import load_settings

    return load_settings(out=root, sandbox=sandbox or None).out


def snapshots_root(root: Path | None, sandbox: bool, name: str | None = None) -> Path:
    """`root_of`, checked before it is read.

    Args:
        root: The value of --root.
        sandbox: The value of --sandbox.
        name: The list that is wanted, or the beginning of its name; None for any.

    Returns:
        A folder that holds snapshots.

    Raises:
        UsageError: When there are none, or none of `name`; it names the option that finds them.
    """
    from enrich.snapshot import layout

    folder = root_of(root, sandbox)
    if any(slug.startswith(name or "") for slug in layout.list_slugs(folder)):
        return folder
    raise no_snapshots(folder, sandbox, name)


def snapshot_roots(root: Path | None, sandbox: bool) -> list[Path]:
    """The one folder that the options name, or without any the live one and the sandbox's."""
    folder = root_of(root, sandbox)
    return [folder] if root or sandbox else list(dict.fromkeys((folder, root_of(None, True))))


def no_snapshots(folder: Path, sandbox: bool, name: str | None = None) -> UsageError:
    """The error that says how to find or make the snapshots that `folder` lacks.

    Args:
        folder: Where they were looked for.
        sandbox: Whether that was the sandbox's folder.
        name: The list that is wanted, or the beginning of its name; None for any.

    Returns:
        A UsageError that names the missing option or the command to run first.
    """
    from enrich.snapshot import layout

    slugs = layout.list_slugs(folder)
    other = root_of(None, not sandbox)
    elsewhere = [slug for slug in layout.list_slugs(other) if slug.startswith(name or "")]
    if elsewhere and folder == root_of(None, sandbox) != other:
        cure = "Leave out --sandbox" if sandbox else "Add --sandbox"
        cure += f": {other} has {', '.join(elsewhere)}."
    elif slugs:
        cure = f"There are {', '.join(slugs)}."
    else:
        run = "enrich run --sandbox" if sandbox else "enrich run"
        cure = f"Run `{run}` first, or name the folder with --root or ENRICH_OUT."
    missing = f"no list {name!r}" if name and slugs else "no snapshot"
    return UsageError(f"There is {missing} under {folder}. {cure}")
