"""What a report is made of, read from disk: one snapshot's tables and the list's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.changes import NEEDED
from enrich.errors import SnapshotError
from enrich.snapshot import layout
from enrich.snapshot.manifest import read_manifest

TABLES = ("entries", "papers", "candidates", "issues")
# A daily run over years: more points than this do not make the curve clearer.
MOST_SNAPSHOTS = 100


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier snapshot of the same list, the columns that are compared."""

    snapshot: str
    manifest: Mapping[str, Any]
    entries: pa.Table
    papers: pa.Table


@dataclass(frozen=True, slots=True)
class Material:
    """One snapshot and those before it, oldest first."""

    snapshot: str
    manifest: Mapping[str, Any]
    tables: Mapping[str, pa.Table]
    past: tuple[Past, ...] = ()


def gather(snapshot: Path) -> Material:
    """Read a published snapshot's folder and its earlier neighbours.

    Raises SnapshotError for a folder that is not a snapshot or cannot be read.
    """
    folder = snapshot.resolve()
    if not layout.is_name(folder.name):
        raise SnapshotError(
            f"{snapshot} is not a published snapshot (<root>/<list>/YYYYMMDDTHHMMSSZ): "
            "name the folder of one."
        )
    here = layout.sort_key(folder.name)
    earlier = [n for n in layout.snapshots(folder.parent) if layout.sort_key(n) < here]
    return Material(
        snapshot=folder.name,
        manifest=read_manifest(folder),
        tables={name: _read(folder, name) for name in TABLES},
        past=tuple(_past(folder.parent / name) for name in thinned(earlier, MOST_SNAPSHOTS - 1)),
    )


def thinned(names: list[str], most: int) -> list[str]:
    """At most `most` of `names`, evenly spread, the first and the last among them."""
    if len(names) <= most:
        return names
    last = len(names) - 1
    return [names[round(i * last / (most - 1))] for i in range(most)]


def _past(folder: Path) -> Past:
    return Past(
        snapshot=folder.name,
        manifest=read_manifest(folder),
        entries=_read(folder, "entries", list(NEEDED["entries"])),
        papers=_read(folder, "papers", list(NEEDED["papers"])),
    )


def _read(folder: Path, table: str, columns: list[str] | None = None) -> pa.Table:
    path = folder / f"{table}.parquet"
    try:
        # ParquetFile reads this file alone, where read_table would look for a dataset around it.
        with pq.ParquetFile(path) as file:
            return file.read(columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise SnapshotError(
            f"{path} cannot be read ({error}): name another snapshot, or restore this one."
        ) from error
