"""Write selected snapshots in one format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from enrich.outputs.export import (
    bibliography,
    entry_rows,
    markdown_list,
    network_formats,
    selection,
    sqlite,
)
from enrich.outputs.export.selection import EntryFilter
from enrich.snapshot.schema import TABLES

Format = Literal[
    "bibtex", "csl-json", "ris", "csv", "jsonl", "markdown", "sqlite", "graphml", "gexf",
    "cytoscape",
]  # fmt: skip


def render(
    selected: Sequence[Path],
    form: Format,
    wanted: EntryFilter = EntryFilter(),  # noqa: B008  # frozen
    *,
    abstracts: bool = False,
    everything: bool = False,
    ascii_tex: bool = False,
) -> str | bytes:
    """One format's text, or the bytes of a database.

    Bibliographies hold papers, graph formats the citations among them, the others a row per entry.

    Args:
        selected: The snapshots' folders.
        form: The format.
        wanted: Which entries are exported.
        abstracts: Bibliographies and database: with abstracts.
        everything: Bibliographies: also papers that are not resolved.
        ascii_tex: BibTeX: letters beyond ASCII as TeX commands.

    Raises:
        SnapshotError: When a snapshot cannot be read.
        UsageError: When a graph is wanted of a snapshot without references.
    """
    # The only format that is no text.
    if form == "sqlite":
        return sqlite.database(selected, wanted, abstracts=abstracts)
    if form in ("graphml", "gexf", "cytoscape"):
        network = network_formats.network(selected, wanted)
        write = {"graphml": network_formats.graphml, "gexf": network_formats.gexf}
        return write.get(form, network_formats.cytoscape)(network)
    rows = selection.entry_rows(selected, wanted)
    if form == "csv":
        return entry_rows.csv_table(TABLES["enriched"].names, rows)
    if form == "jsonl":
        return entry_rows.json_lines(rows)
    if form == "markdown":
        return markdown_list.markdown(selection.titles(selected), rows)
    references = selection.references(selected, wanted, abstracts=abstracts, everything=everything)
    if form == "bibtex":
        return bibliography.bibtex(references, ascii_only=ascii_tex)
    return bibliography.ris(references) if form == "ris" else bibliography.csl_json(references)
