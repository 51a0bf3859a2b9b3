"""`enrich diff [A] [B]`: what changed between two snapshots of a list."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import OfSandbox, Root, complete_list, flag, root_of, snapshots_root
from enrich.errors import UsageError
from enrich.outputs.escape import markdown_text
from enrich.outputs.files import is_file

if TYPE_CHECKING:
    from enrich.snapshot.compare import Change

app = new_app()


@app.command()
def diff(
    a: Annotated[
        str | None,
        typer.Argument(
            help="The older: LIST@SNAPSHOT, LIST or a folder; alone, a list.",
            autocompletion=complete_list,
        ),
    ] = None,
    b: Annotated[
        str | None, typer.Argument(help="The newer [default: the newest of the list].")
    ] = None,
    root: Root = None,
    sandbox: OfSandbox = False,
    top: Annotated[
        int, typer.Option(min=0, help="How many changes of each kind to show; 0 is all.")
    ] = 20,
    as_json: Annotated[bool, flag("--json", "One JSON object, all changes.")] = False,
    markdown: Annotated[bool, flag("--markdown", "Markdown, for an issue.")] = False,
) -> None:
    """Show new and gone entries, newly resolved ones, changed counts, titles and publications.

    Without A and B: the last two snapshots of the only list. With LIST alone: its last two.
    """
    from enrich.snapshot.reading import changes_between

    console = Console()
    older, newer = _pair(a, b, root, sandbox)
    changes = changes_between(older, newer)
    if as_json:
        found = [asdict(change) for change in changes]
        console.json({"a": str(older), "b": str(newer), "changes": found})
    elif markdown:
        console.write(_markdown(older, newer, changes, top))
    else:
        _print(console, older, newer, changes, top)


def _pair(a: str | None, b: str | None, given: Path | None, sandbox: bool) -> tuple[Path, Path]:
    """The folders of the older and the newer snapshot that the arguments mean."""
    from enrich.snapshot import layout
    from enrich.snapshot.reading import find_list

    root = root_of(given, sandbox)
    if a is not None and b is not None:
        return _folder(a, root), _folder(b, root)
    if a is not None and ("@" in a or is_file(Path(a) / layout.MANIFEST)):
        older = _folder(a, root)
        newest = layout.latest(older.parent)
        return older, older.parent / (newest or older.name)
    root = snapshots_root(given, sandbox, a)
    slugs = layout.list_slugs(root)
    if a is None and len(slugs) > 1:
        raise UsageError(f"There are several lists under {root}: name one of {', '.join(slugs)}.")
    folder = root / find_list(a or "".join(slugs), root)
    names = layout.snapshots(folder)
    if len(names) < 2:
        raise UsageError(f"{folder.name} has only one snapshot: there is nothing to compare with.")
    return folder / names[-2], folder / names[-1]


def _folder(wanted: str, root: Path) -> Path:
    """The folder that a path, LIST@SNAPSHOT or LIST means."""
    from enrich.snapshot import layout
    from enrich.snapshot.reading import snapshot_folder

    path = Path(wanted)
    if is_file(path / layout.MANIFEST):
        return path.resolve()
    name, _, snapshot = wanted.partition("@")
    return snapshot_folder(name, snapshot or layout.LATEST, root)


def _heading(older: Path, newer: Path) -> str:
    if older.parent.name == newer.parent.name:
        return f"{newer.parent.name}: {older.name} → {newer.name}"
    return f"{older.parent.name} {older.name} → {newer.parent.name} {newer.name}"


def _groups(changes: tuple[Change, ...]) -> list[tuple[str, list[Change]]]:
    from enrich.snapshot.compare import HEADINGS

    groups = groupby(changes, lambda change: change.what)
    return [(HEADINGS[what], list(found)) for what, found in groups]


def _values(change: Change) -> tuple[str, str, str]:
    moved = ""
    if isinstance(change.before, int) and isinstance(change.after, int):
        moved = f"{change.after - change.before:+d}"
    return (
        "" if change.before is None else str(change.before),
        "" if change.after is None else str(change.after),
        moved,
    )


def _print(
    console: Console, older: Path, newer: Path, changes: tuple[Change, ...], top: int
) -> None:
    console.print(_heading(older, newer), style="bold")
    if not changes:
        console.print("Nothing changed.")
    for heading, found in _groups(changes):
        console.table(
            f"{heading} ({len(found)})",
            ("title", "before", "after", ""),
            [(change.title, *_values(change)) for change in found[: top or None]],
            box=False,
        )
        if top and len(found) > top:
            console.print(f"… and {len(found) - top} more; --top 0 shows all.")


def _markdown(older: Path, newer: Path, changes: tuple[Change, ...], top: int) -> str:
    lines = [f"# {markdown_text(_heading(older, newer))}"]
    if not changes:
        lines += ["", "Nothing changed."]
    for heading, found in _groups(changes):
        lines += ["", f"## {heading} ({len(found)})", ""]
        lines += ["| title | before | after | |", "|---|---|---|---|"]
        lines += [
            "| " + " | ".join(markdown_text(x) for x in (change.title, *_values(change))) + " |"
            for change in found[: top or None]
        ]
        if top and len(found) > top:
            lines += ["", f"… and {len(found) - top} more."]
    return "\n".join(lines) + "\n"


main = entry_point(app, "enrich diff")
