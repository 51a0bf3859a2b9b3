"""What an export is made of, read from the snapshots: the papers with their keys, the entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.errors import SnapshotError, UsageError
from enrich.outputs.export import keys
from enrich.outputs.export.people import Person
from enrich.outputs.export.reference import Reference, clean, escaped, reference
from enrich.snapshot import layout
from enrich.snapshot.manifest import read_manifest
from enrich.snapshot.reading import find_list, find_snapshot, read_table
from enrich.snapshot.schema import TABLES

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One snapshot of one list, and the list's folder."""

    folder: Path
    snapshot: str

    @property
    def path(self) -> Path:
        """The snapshot's folder."""
        return self.folder / self.snapshot


def choose(name: str | None, snapshot: str, root: Path) -> list[Chosen]:
    """The snapshots meant: of one list, or of all lists that have one that begins so."""
    slugs = [find_list(name, root)] if name else layout.list_slugs(root)
    if not slugs:
        raise UsageError(
            f"There is no snapshot under {root}: run `python -m enrich.run` first, or name the "
            "folder with --root or ENRICH_OUT."
        )
    found = [
        Chosen(root / slug, wanted)
        for slug in slugs
        if (wanted := find_snapshot(slug, snapshot, root, must=name is not None)) is not None
    ]
    if not found:
        raise UsageError(f"No list under {root} has a snapshot that begins with {snapshot!r}.")
    return found


def titles(chosen: list[Chosen]) -> dict[str, str]:
    """slug -> the list's own title."""
    return {c.folder.name: str(read_manifest(c.path)["list"]["title"]) for c in chosen}


def columns() -> list[str]:
    """The columns of `enriched`, in order."""
    return list(TABLES["enriched"].names)


def rows(chosen: list[Chosen]) -> Iterator[Row]:
    """The rows of `enriched`, one per entry."""
    for one in chosen:
        yield from read_table(one.path, "enriched").to_pylist()


def references(chosen: list[Chosen], *, abstracts: bool, everything: bool) -> list[Reference]:
    """The papers in the order in which the lists name them, each once, with their keys.

    With `everything`, entries that were taken for papers and are not resolved follow as the list
    writes them.
    """
    known = keys.assign(_history(chosen))
    papers = {
        row["paper_id"]: row for c in chosen for row in read_table(c.path, "papers").to_pylist()
    }
    found: dict[str, Reference] = {}
    loose: list[Reference] = []
    for row in rows(chosen):
        paper_id = row["paper_id"]
        if paper_id is not None and paper_id in papers:
            if paper_id not in found:
                made = reference(papers[paper_id])
                found[paper_id] = replace(
                    made, key=known[paper_id], abstract=made.abstract if abstracts else None
                )
        elif everything and row["kind"] == "paper":
            loose.append(_unresolved(row))
    return [*found.values(), *loose]


def _unresolved(row: Row) -> Reference:
    note = f"As the list writes it; {row['status']}"
    authors = row["authors_text"] and clean(row["authors_text"])
    links = row["links"] or []
    paper_links = [x["url"] for x in links if x["role"] == "paper"] + [x["url"] for x in links]
    arxiv_id = row["list_arxiv_id"] if row["status"] == "pending" else None
    return Reference(
        paper_id=row["entry_id"],
        form="misc",
        title=clean(row["title"]),
        authors=(Person(literal=authors),) if authors else (),
        year=row["year"],
        venue=row["venue_text"] and clean(row["venue_text"]),
        arxiv_id=arxiv_id and escaped(arxiv_id),
        url=next((url for url in paper_links if url.startswith(("http://", "https://"))), None),
        note=note,
        # An entry_id is stable and no paper's key holds it.
        key=f"entry-{row['entry_id']}",
    )


def _history(chosen: list[Chosen]) -> Iterator[list[Row]]:
    """What keys are made of, in every snapshot up to the chosen ones, oldest first."""
    made = [
        (layout.sort_key(name), one.folder / name)
        for one in chosen
        for name in layout.snapshots(one.folder)
        if layout.sort_key(name) <= layout.sort_key(one.snapshot)
    ]
    for _, folder in sorted(made):
        path = folder / "papers.parquet"
        try:
            with pq.ParquetFile(path) as file:
                yield file.read(columns=list(keys.KEY_COLUMNS)).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise SnapshotError(
                f"{path} cannot be read ({error}), and citation keys follow from all snapshots of "
                "a list: restore it from a copy."
            ) from error
