"""Select what an export holds: snapshots, entries that fit a filter, papers with their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from enrich.errors import SnapshotError
from enrich.outputs.escape import one_line, safe_url
from enrich.outputs.export import keys
from enrich.outputs.export.people import Person
from enrich.outputs.export.reference import Reference, reference
from enrich.outputs.sections import topic_part
from enrich.papers.identifiers import in_address
from enrich.papers.titles import plain_title
from enrich.snapshot import layout
from enrich.snapshot.manifest import read_manifest
from enrich.snapshot.reading import read_table
from enrich.snapshot.verifying import read_verified

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are exported; every condition that is set must hold.

    Attributes:
        section: Words that one heading above the entry holds, in any case and without accents.
        status: Statuses of which the entry has one; empty for all.
        kind: Kinds of which the entry has one; empty for all.
        min_citations: Least known citation count; entries without a count do not fit.
    """

    section: str | None = None
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    min_citations: int | None = None

    def __str__(self) -> str:
        """The conditions as options of the command line."""
        options = [f"--status {value}" for value in self.status]
        options += [f"--kind {value}" for value in self.kind]
        options += [f"--section {self.section!r}"] if self.section is not None else []
        options += [f"--min-citations {self.min_citations}"] * (self.min_citations is not None)
        return " ".join(options)

    def fits(self, row: Row) -> bool:
        """Whether a row of `enriched` is wanted."""
        if self.section is not None:
            wanted = plain_title(self.section)
            if not any(wanted in plain_title(heading) for heading in row["section"] or ()):
                return False
        if self.status and row["status"] not in self.status:
            return False
        if self.kind and row["kind"] not in self.kind:
            return False
        count = row["citation_count"]
        return self.min_citations is None or (count is not None and count >= self.min_citations)


def titles(selected: Sequence[Path]) -> dict[str, str]:
    """Slug -> the list's own title, for the folders of snapshots."""
    return {path.parent.name: str(read_manifest(path)["list"]["title"]) for path in selected}


def entry_rows(selected: Sequence[Path], wanted: EntryFilter) -> Iterator[Row]:
    """The rows of `enriched` that fit the filter, one per entry."""
    for path in selected:
        for row in read_table(path, "enriched").to_pylist():
            if wanted.fits(row):
                yield row


def references(
    selected: Sequence[Path], wanted: EntryFilter, *, abstracts: bool, everything: bool
) -> list[Reference]:
    """The papers in the order of the lists, each once, with citation keys.

    Args:
        selected: The snapshots' folders.
        wanted: Papers of no entry that fits are left out.
        abstracts: Whether references carry abstracts.
        everything: Whether unresolved entries of kind paper follow, as the list writes them.

    Returns:
        References whose keywords are the sections their entries stand in.

    Raises:
        SnapshotError: When a snapshot cannot be read.
    """
    known = keys.assign(key_history(selected))
    papers = {
        row["paper_id"]: row for path in selected for row in read_table(path, "papers").to_pylist()
    }
    sections: dict[str, dict[str, None]] = {}
    unresolved: list[Reference] = []
    for row in entry_rows(selected, wanted):
        paper_id = row["paper_id"]
        if paper_id in papers:
            sections.setdefault(paper_id, {}).update(dict.fromkeys(_keywords(row)))
        elif everything and row["kind"] == "paper":
            unresolved.append(_unresolved(row))
    found = [
        replace(
            made := reference(papers[paper_id]),
            key=known[paper_id],
            keywords=tuple(names),
            abstract=made.abstract if abstracts else None,
        )
        for paper_id, names in sections.items()
    ]
    return [*found, *unresolved]


def _keywords(row: Row) -> tuple[str, ...]:
    # A comma or semicolon would split one heading into several keywords.
    last = topic_part(tuple(row["section"] or ()))[-1:]
    return tuple(
        " ".join(one_line(name).replace(",", " ").replace(";", " ").split()) for name in last
    )


def _unresolved(row: Row) -> Reference:
    authors = row["authors_text"] and one_line(row["authors_text"])
    links = row["links"] or []
    paper_links = [x["url"] for x in links if x["role"] == "paper"] + [x["url"] for x in links]
    arxiv_id = row["list_arxiv_id"] if row["status"] == "pending" else None
    return Reference(
        paper_id=row["entry_id"],
        form="misc",
        title=one_line(row["title"]),
        authors=(Person(literal=authors),) if authors else (),
        year=row["year"],
        venue=row["venue_text"] and one_line(row["venue_text"]),
        arxiv_id=arxiv_id and in_address(arxiv_id),
        url=next((url for url in paper_links if safe_url(url)), None),
        keywords=_keywords(row),
        note=f"As the list writes it; {row['status']}",
        # An entry_id is stable and no paper's key contains it.
        key=f"entry-{row['entry_id']}",
    )


def key_history(selected: Sequence[Path]) -> Iterator[list[Row]]:
    """The key columns of every snapshot up to the selected ones, oldest first."""
    made = [
        (layout.sort_key(name), path.parent / name)
        for path in selected
        for name in layout.snapshots(path.parent)
        if layout.sort_key(name) <= layout.sort_key(path.name)
    ]
    for _, folder in sorted(made):
        try:
            yield read_verified(folder, "papers", keys.KEY_COLUMNS).to_pylist()
        except SnapshotError as error:
            raise SnapshotError(
                f"{error} Citation keys depend on all snapshots of a list."
            ) from error
