"""`enrich explain ENTRY`: what was found for an entry, and why it was decided so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from enrich.cli.console import Cell, Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import OfSandbox, Root, SnapshotName, complete_list, option, snapshots_root
from enrich.resolve.entry_history import (
    EntryHistory,
    Row,
    candidate_url,
    find_entry,
    override_id,
)

app = new_app()
# Slots of the list's layout that are shown: most lists have fewer.
_SLOTS = 6


@app.command()
def explain(
    entry: Annotated[
        str,
        typer.Argument(help="An entry_id or the beginning of one, a title or part of one."),
    ],
    list_name: Annotated[
        str | None,
        option("The list, if there are several.", "NAME", "--list", autocompletion=complete_list),
    ] = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
) -> None:
    """Show what the list says, what was found for it, and why it was decided so."""
    folder = snapshots_root(root, sandbox, list_name)
    history = find_entry(entry, load_histories(list_name, snapshot, str(folder)))
    console = Console()
    console.print(str(history.entry["title"]), style="bold")
    for name, value in _facts(history):
        if text := shown(value):
            console.print(f"  {name:<13}{text}")
    for layout in _layouts(folder / history.entry["list"] / history.entry["snapshot"])[:_SLOTS]:
        slot = f"{layout['role']} in {layout['slot']}, {layout['entries']} entries"
        console.print(f"  {'layout':<13}{slot}")
    print_candidates(console, history.candidates)


def _layouts(folder: Path) -> list[dict[str, Any]]:
    """What the snapshot's manifest says of the list's layout; older ones say nothing."""
    from enrich.snapshot.manifest import read_manifest

    found: list[dict[str, Any]] = read_manifest(folder)["list"].get("layouts", [])
    return found


def load_histories(list_name: str | None, snapshot: str, root: str) -> list[EntryHistory]:
    """Every entry of the lists' snapshots with its candidates, paper and issues.

    Args:
        list_name: The list's name or the beginning of it; None for all lists.
        snapshot: `latest`, a snapshot's name, or the beginning of one.
        root: The folder of the snapshots.
    """
    from enrich.snapshot.reading import load
    from enrich.snapshot.schema import TableName

    def rows(table: TableName) -> list[Row]:
        return cast("list[Row]", load(list_name, table, snapshot, root).to_dict("records"))

    return EntryHistory.all_of(rows("entries"), rows("candidates"), rows("papers"), rows("issues"))


def print_candidates(console: Console, candidates: tuple[Row, ...]) -> None:
    """The candidates below each other, best first, numbered from 1; nothing when there are none.

    Title, address and reason share one wide column: an id of 40 letters in a column of its own
    would take half of a terminal.
    """
    if not candidates:
        return
    rows: list[tuple[Cell, ...]] = [
        (
            str(number),
            shown(row["decision"]),
            f"{row['score']:.3f}",
            shown(row["year"]),
            (
                shown(row["title"]),
                shown(row["first_author"]),
                candidate_url(row) or override_id(row),
                shown(row["reason"]),
            ),
        )
        for number, row in enumerate(candidates, 1)
    ]
    columns = ("#", "decision", "score", "year", "title, first author, address, reason")
    console.table("", columns, rows, box=False)


def _facts(history: EntryHistory) -> list[tuple[str, Any]]:
    entry, paper = history.entry, history.paper
    facts: list[tuple[str, Any]] = [
        ("list", f"{entry['list']}, snapshot {entry['snapshot']}"),
        ("where", history.place),
        ("link", history.url),
        ("entry", entry["entry_id"]),
        ("kind", f"{entry['kind']} ({shown(entry.get('kind_reason'))})"),
        ("authors", entry["authors_text"]),
        ("venue", entry["venue_text"]),
        ("year", entry["year"]),
        *((f"listed {name}", entry[f"list_{name}_id"]) for name in ("arxiv", "s2", "acl")),
        ("listed doi", entry["list_doi"]),
        ("status", entry["status"]),
        ("paper", entry["paper_id"]),
        ("method", entry["method"]),
        ("score", entry["score"]),
        ("reason", entry["reason"]),
        ("rules", entry["rule_version"]),
    ]
    if paper:
        facts += [
            ("title", paper["title"]),
            ("known as", ", ".join(map(str, _items(paper.get("aliases"))))),
            ("citations", paper["citation_count"]),
            ("observed", paper["counts_observed_at"]),
            ("sources", ", ".join(map(str, _items(paper["sources"])))),
        ]
    return facts + [(row["severity"], f"{row['code']}: {row['message']}") for row in history.issues]


def _items(value: Any) -> list[Any]:
    return list(value) if value is not None and not isinstance(value, float) else []


def shown(value: Any) -> str:
    """A value of a table as text; "" where it is missing."""
    return "" if value is None or value != value or str(value) in ("<NA>", "NaT") else str(value)


main = entry_point(app, "enrich explain")
