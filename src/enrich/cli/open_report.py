"""`enrich open [LIST]`: the report of a list in the browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import OfSandbox, Root, flag, list_argument, no_snapshots, snapshot_roots

app = new_app()


@app.command("open")
def open_report(
    name: Annotated[
        str | None, list_argument("A list's name or the beginning of it [default: the only one].")
    ] = None,
    root: Root = None,
    sandbox: OfSandbox = False,
    print_only: Annotated[bool, flag("--print", "Print the report's path, open nothing.")] = False,
) -> None:
    """Open the report of a list's newest snapshot in the browser; write it first if need be.

    Without --root or --sandbox: a live list, else one of the sandbox.
    """
    path = _report_of(_newest(name, snapshot_roots(root, sandbox), sandbox))
    Console().result(str(path))
    if not print_only and not webbrowser.open(path.resolve().as_uri()):
        Console().warn("no browser could be started: open the file above in one.")


def _newest(name: str | None, roots: list[Path], sandbox: bool) -> Path:
    """The newest snapshot of the list that is meant, in the first folder that has it."""
    from enrich.errors import UsageError
    from enrich.snapshot import layout
    from enrich.snapshot.reading import find_list

    for folder in roots:
        slugs = [s for s in layout.list_slugs(folder) if s.startswith(name or "")]
        if len(slugs) > 1 and name is None:
            raise UsageError(f"There are {len(slugs)} lists: name one of {', '.join(slugs)}.")
        if slugs:
            slug = find_list(name or slugs[0], folder)
            return folder / slug / (layout.latest(folder / slug) or "")
    raise no_snapshots(roots[0], sandbox, name)


def _report_of(snapshot: Path) -> Path:
    from enrich.outputs.report.write import default_target, write_report
    from enrich.snapshot.layout import MANIFEST

    path = default_target(snapshot)
    # A report of an earlier snapshot is older than this one's manifest.
    made_for = (snapshot / MANIFEST).stat().st_mtime
    if path.is_file() and path.stat().st_mtime >= made_for:
        return path
    return write_report(snapshot)


main = entry_point(app, "enrich open")
