"""`python -m enrich.explain ENTRY`: the whole story of one entry of the newest snapshot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from enrich.cli.exit_codes import guarded
from enrich.cli.options import OfSandbox, Root, SnapshotName, root_of
from enrich.outputs.escape import printable
from enrich.resolve.entry_history import Story, find_entry

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def explain(
    entry: Annotated[
        str, typer.Argument(help="An entry_id, the beginning of one, or part of a title.")
    ],
    list_name: Annotated[
        str | None,
        typer.Option("--list", metavar="NAME", help="The list, if there are several."),
    ] = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
) -> None:
    """Show what the list says, what was found for it, and why it was decided so."""
    story = find_entry(entry, load_stories(list_name, snapshot, root_of(root, sandbox)))
    console = Console(highlight=False, soft_wrap=True)
    for line in _lines(story):
        console.print(line)
    if story.candidates:
        console.print(candidate_table(story))


def load_stories(list_name: str | None, snapshot: str, root: Path) -> list[Story]:
    """Every entry of the lists' snapshots with its candidates and paper."""
    from enrich.snapshot.reading import load
    from enrich.snapshot.schema import TableName

    def rows(table: TableName) -> list[dict[str, Any]]:
        return cast(
            "list[dict[str, Any]]", load(list_name, table, snapshot, root).to_dict("records")
        )

    return Story.all_of(rows("entries"), rows("candidates"), rows("papers"), rows("issues"))


def candidate_table(story: Story) -> Table:
    """The candidates side by side, best first, numbered from 1."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("#", "decision", "score", "year", "first author", "id", "title, and why"):
        table.add_column(column, overflow="fold", no_wrap=column in ("decision", "id"))
    for number, row in enumerate(story.candidates, 1):
        cells = (
            str(number), _shown(row["decision"]), f"{row['score']:.3f}", _shown(row["year"]),
            _shown(row["first_author"]), story.id_of(row),
        )  # fmt: skip
        why = f"{printable(_shown(row['title']))}\n{printable(_shown(row['reason']))}"
        table.add_row(*(Text(printable(cell)) for cell in cells), Text(why))
    return table


def _lines(story: Story) -> list[Text]:
    entry = story.entry
    facts: list[tuple[str, Any]] = [
        ("list", f"{entry['list']}, snapshot {entry['snapshot']}"),
        ("where", f"lines {entry['line_start']}-{entry['line_end']}, {_section(entry)}"),
        ("entry", entry["entry_id"]),
        ("kind", f"{entry['kind']} ({_shown(entry.get('kind_reason'))})"),
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
    if story.paper:
        facts += [
            ("title", story.paper["title"]),
            ("known as", ", ".join(map(str, story.paper.get("aliases") or ()))),
            ("citations", story.paper["citation_count"]),
            ("observed", story.paper["counts_observed_at"]),
            ("sources", ", ".join(map(str, story.paper["sources"]))),
        ]
    facts += [(row["severity"], f"{row['code']}: {row['message']}") for row in story.issues]
    lines = [Text(printable(str(entry["title"])), style="bold")]
    lines += [
        Text(f"  {name:<13}{printable(_shown(value))}") for name, value in facts if _shown(value)
    ]
    return lines


def _section(entry: dict[str, Any]) -> str:
    section = entry["section"]
    return " / ".join(map(str, section)) if section is not None and len(section) else "no section"


def _shown(value: Any) -> str:
    return "" if value is None or value != value or str(value) in ("<NA>", "NaT") else str(value)


def main(argv: list[str] | None = None) -> int:
    """Run with `argv` (default: the process's); returns the exit code."""
    return guarded(app, argv, "enrich explain")


if __name__ == "__main__":
    sys.exit(main())
