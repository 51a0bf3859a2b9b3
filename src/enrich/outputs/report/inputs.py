"""Read what a report needs from disk: one snapshot's tables and the earlier snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from enrich.errors import SnapshotError
from enrich.outputs.export import keys
from enrich.outputs.export.selection import key_history
from enrich.snapshot import layout
from enrich.snapshot.compare import NEEDED
from enrich.snapshot.manifest import read_manifest
from enrich.snapshot.reading import read_table
from enrich.snapshot.schema import OPTIONAL, TableName, Tables
from enrich.snapshot.verifying import read_verified

T = TypeVar("T")
# The tables that a report is made of.
TABLES: tuple[TableName, ...] = ("entries", "papers", "candidates", "issues")
# A daily run over years: more points than this do not make the curve clearer.
MOST_SNAPSHOTS = 100


@dataclass(frozen=True, slots=True)
class EarlierSnapshot:
    """An earlier snapshot of the same list, the columns that are compared."""

    snapshot: str
    manifest: Mapping[str, Any]
    entries: pa.Table
    papers: pa.Table


@dataclass(frozen=True, slots=True)
class ReportInput:
    """One snapshot and those before it, oldest first.

    `unread` are earlier snapshots that cannot be read; `citation_keys` are by paper_id, None where
    one of them is needed.
    """

    snapshot: str
    manifest: Mapping[str, Any]
    tables: Tables
    earlier: tuple[EarlierSnapshot, ...] = ()
    unread: tuple[str, ...] = ()
    citation_keys: Mapping[str, str] | None = None


def read_input(snapshot: Path) -> ReportInput:
    """Read a published snapshot's folder and the earlier snapshots of its list.

    An earlier snapshot that cannot be read is named in `unread` and not used. Raises SnapshotError
    for a folder that is not a snapshot or cannot be read.
    """
    folder = snapshot.resolve()
    if not layout.is_name(folder.name):
        raise SnapshotError(
            f"{snapshot} is not a published snapshot (<root>/<list>/YYYYMMDDTHHMMSSZ): "
            "name the folder of one."
        )
    # A report of an older snapshot shows nothing of later ones.
    here = layout.sort_key(folder.name)
    names = [n for n in layout.snapshots(folder.parent) if layout.sort_key(n) < here]
    earlier, unread = [], []
    for name in thinned(names, MOST_SNAPSHOTS - 1):
        try:
            earlier.append(_earlier(folder.parent / name))
        except SnapshotError:
            unread.append(name)
    return ReportInput(
        snapshot=folder.name,
        manifest=read_manifest(folder),
        tables={name: read_table(folder, name) for name in _present(folder)},
        earlier=tuple(earlier),
        unread=tuple(unread),
        citation_keys=_citation_keys(folder),
    )


def _present(folder: Path) -> list[TableName]:
    """The tables that a report needs, and the optional ones that the snapshot has."""
    return [*TABLES, *(t for t in sorted(OPTIONAL) if (folder / f"{t}.parquet").is_file())]


def _citation_keys(folder: Path) -> dict[str, str] | None:
    try:
        return keys.assign(key_history([folder]))
    except SnapshotError:
        return None


def thinned(items: Sequence[T], most: int) -> list[T]:
    """At most `most` of `items`, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    last = len(items) - 1
    return [items[round(i * last / (most - 1))] for i in range(most)]


def _earlier(folder: Path) -> EarlierSnapshot:
    manifest = read_manifest(folder)
    tables = {name: read_verified(folder, name, columns) for name, columns in NEEDED.items()}
    missing = {c for name, columns in NEEDED.items() for c in columns} - {
        column for table in tables.values() for column in table.column_names
    }
    if missing or "finished" not in manifest:
        raise SnapshotError(f"{folder} is of another version of enrich and cannot be compared.")
    return EarlierSnapshot(folder.name, manifest, tables["entries"], tables["papers"])
