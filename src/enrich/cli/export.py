"""`enrich export [LIST]`: a snapshot in other formats, from BibTeX to SQLite."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, get_args

import typer

from enrich import records
from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import (
    ListArgument,
    OfSandbox,
    OutFile,
    Root,
    SnapshotName,
    flag,
    option,
    snapshots_root,
)

app = new_app()

EPILOG = """\b
Examples:
  enrich export awesome-deep --format bibtex -o papers.bib
  enrich export awesome-deep --format bibtex --tex      accents as TeX commands
  enrich export --format csv --bom -o all.csv           for Excel
  enrich export awesome-deep -f jsonl | jq .citation_count
  enrich export -f sqlite -o all.db && datasette all.db
  enrich export awesome-deep -f ris --snapshot 2026-11
  enrich export awesome-deep -f gexf -o list.gexf       for Gephi, after run --references
  enrich export awesome-deep --section "video retrieval" --min-citations 100
"""


# typer takes the choices of repeated options from enumerations; the values are those of the tables.
Status = StrEnum("Status", [(value, value) for value in get_args(records.Status)])  # type: ignore[misc]
Kind = StrEnum("Kind", [(value, value) for value in get_args(records.Kind)])  # type: ignore[misc]
# The formats of `outputs/export/write.py`, which takes long to import.
Format = Literal[
    "bibtex", "csl-json", "ris", "csv", "jsonl", "markdown", "sqlite", "graphml", "gexf",
    "cytoscape",
]  # fmt: skip


@app.command(epilog=EPILOG)
def export(
    name: ListArgument = None,
    form: Annotated[
        Format,
        typer.Option(
            "-f",
            "--format",
            help="bibtex, csl-json and ris hold the papers; graphml, gexf and cytoscape the "
            "citations among them; the other formats every entry.",
        ),
    ] = "bibtex",
    out: OutFile = None,
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
    section: Annotated[
        str | None, option("Only entries under a heading with these words.", "WORDS")
    ] = None,
    status: Annotated[
        list[Status] | None, option("Only entries of this status; may be repeated.")
    ] = None,
    kind: Annotated[
        list[Kind] | None, option("Only entries of this kind; may be repeated.")
    ] = None,
    min_citations: Annotated[
        int | None, option("Only entries with N citations or more.", "N", min=0)
    ] = None,
    all_entries: Annotated[
        bool, flag("--all-entries", "bibtex, csl-json, ris: also papers that are not resolved.")
    ] = False,
    abstracts: Annotated[
        bool, flag("--abstracts", "bibtex, csl-json, ris, sqlite: with abstracts.")
    ] = False,
    tex: Annotated[bool, flag("--tex", "bibtex: letters beyond ASCII as TeX commands.")] = False,
    bom: Annotated[
        bool, flag("--bom", "csv: begin with a byte order mark, as Excel wants it.")
    ] = False,
) -> None:
    """Write a snapshot for reference managers, spreadsheets, programs or SQL. No network."""
    from enrich.errors import UsageError
    from enrich.outputs.export.selection import EntryFilter, entry_rows
    from enrich.outputs.export.write import render
    from enrich.outputs.files import write_whole
    from enrich.snapshot.reading import snapshot_folders

    if form == "sqlite" and out is None:
        raise UsageError("A database is no text: name its file with -o.")
    selected = snapshot_folders(name, snapshot, snapshots_root(root, sandbox, name))
    wanted = EntryFilter(
        section=section,
        status=tuple(status or ()),
        kind=tuple(kind or ()),
        min_citations=min_citations,
    )
    if wanted != EntryFilter() and next(entry_rows(selected, wanted), None) is None:
        names = ", ".join(path.parent.name for path in selected)
        Console().warn(f"no entry of {names} fits {wanted}: what is written holds none.")
    made = render(
        selected,
        form,
        wanted,
        abstracts=abstracts,
        everything=all_entries,
        ascii_tex=tex,
    )
    encoding = "utf-8-sig" if bom and form == "csv" else "utf-8"
    data = made if isinstance(made, bytes) else made.encode(encoding, "replace")
    if out is None:
        Console().write_bytes(data)
    else:
        write_whole(out, data, selected)
        Console().result(str(out))


main = entry_point(app, "enrich export")
