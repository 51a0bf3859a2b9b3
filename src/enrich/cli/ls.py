"""`enrich ls`: the lists that have snapshots, how old and how complete they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import AsJson, OfSandbox, Root, no_snapshots, snapshot_roots

app = new_app()


@app.command()
def ls(root: Root = None, sandbox: OfSandbox = False, as_json: AsJson = False) -> None:
    """List what has been published: lists, snapshots, age, coverage and size.

    Without options: live lists and those of the sandbox.
    """
    from enrich.clock import SystemClock
    from enrich.snapshot import layout

    roots = snapshot_roots(root, sandbox)
    rows = [_facts(folder / slug) for folder in roots for slug in layout.list_slugs(folder)]
    if not rows:
        raise no_snapshots(roots[0], sandbox)
    console = Console(as_json=as_json)
    if as_json:
        console.json({"lists": rows})
        return
    now = SystemClock().now()
    for row in rows:
        count = row["snapshots"]
        console.print(f"{row['list']}{' (sandbox data)' * (row['mode'] == 'sandbox')}", "bold")
        console.print(
            f"  {row['entries']} entries, {row['coverage']:.0%} of {row['papers']} papers resolved"
            + f", {row['pending']} pending" * bool(row["pending"])
        )
        console.print(
            f"  {count} snapshot{'' if count == 1 else 's'}, {size(row['bytes'])}, newest "
            f"{age(now - datetime.fromisoformat(row['finished']))}: {row['path']}"
        )


def _facts(folder: Path) -> dict[str, Any]:
    """What the manifest of the newest snapshot says of one list, and the size of all of them."""
    from enrich.snapshot import layout
    from enrich.snapshot.manifest import read_manifest

    newest = folder / (layout.latest(folder) or "")
    manifest = read_manifest(newest)
    statuses = manifest["by_status"]
    papers = sum(count for status, count in statuses.items() if status != "not_a_paper")
    resolved = statuses.get("resolved", 0)
    snapshots = layout.snapshots(folder)
    return {
        "list": folder.name,
        "title": manifest["list"]["title"],
        "path": str(newest),
        "mode": manifest["mode"],
        "snapshots": len(snapshots),
        "finished": manifest["finished"],
        "incomplete": manifest["incomplete"],
        "entries": manifest["list"]["entries"],
        "papers": papers,
        "resolved": resolved,
        "coverage": resolved / papers if papers else 0.0,
        "pending": statuses.get("pending", 0),
        "bytes": sum(f.stat().st_size for name in snapshots for f in (folder / name).iterdir()),
    }


def age(passed: timedelta) -> str:
    """A time that has passed, in the largest unit that fits: `3 days ago`."""
    seconds = max(0.0, passed.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if count := int(seconds // length):
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def size(number: int) -> str:
    """Bytes in the decimal unit that fits: `1.2 MB`."""
    for unit, length in (("GB", 10**9), ("MB", 10**6)):
        if number >= length:
            return f"{number / length:.1f} {unit}"
    return f"{number / 1000:.0f} kB"


main = entry_point(app, "enrich ls")
