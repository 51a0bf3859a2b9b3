"""Verify the files of snapshots against the sha256 in their manifests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.errors import SnapshotError
from enrich.snapshot.layout import MANIFEST
from enrich.snapshot.manifest import read_manifest

Problem = Literal["missing", "damaged", "unknown", "unreadable"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One file of a snapshot that is not as it was published.

    Attributes:
        file: Name of the file in the snapshot's folder.
        problem: `missing`; `damaged`: its sha256 differs from the manifest's; `unknown`: the
            manifest does not name it; `unreadable`: the system or the format does not allow it.
        detail: One sentence.
    """

    file: str
    problem: Problem
    detail: str


def verify_snapshot(folder: Path) -> tuple[Fault, ...]:
    """Every file of one snapshot that is not as it was published; empty when all are."""
    try:
        files = _listed(read_manifest(folder))
    except SnapshotError as error:
        return (Fault(MANIFEST, "unreadable", str(error)),)
    faults = [
        fault
        for name, facts in files.items()
        if (fault := _fault(folder / name, str(facts.get("sha256")))) is not None
    ]
    unknown = sorted({path.name for path in folder.iterdir()} - set(files) - {MANIFEST})
    faults += [Fault(name, "unknown", "The manifest does not name this file.") for name in unknown]
    return tuple(faults)


def read_verified(folder: Path, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """One table of a snapshot, read from bytes whose sha256 is the one in the manifest.

    A folder without a manifest (a table copied elsewhere) is read with Parquet's page checksums.

    Args:
        folder: The snapshot's folder.
        table: The table's name.
        columns: The columns to decode, None for all; those that the file lacks are left out.

    Returns:
        The table as it was written; `reading.read_table` gives it today's columns.

    Raises:
        SnapshotError: The file is missing, damaged or cannot be read.
    """
    path = folder / f"{table}.parquet"
    known = _listed(read_manifest(folder)) if (folder / MANIFEST).exists() else {}
    try:
        # Hash and parse the same bytes: what is returned is what was verified.
        data = path.read_bytes()
        if path.name in known:
            _compare(data, str(known[path.name].get("sha256")))
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        return file.read(columns=None if columns is None else list(columns))
    except (OSError, ValueError, pa.ArrowException) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        raise SnapshotError(
            f"{path} cannot be read ({why}): load another snapshot, or restore it from a copy."
        ) from error


def _listed(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The files that the manifest names, with their facts."""
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(facts, dict) for facts in files.values()):
        raise SnapshotError("The manifest names no files: restore the snapshot from a copy.")
    return files


def _compare(data: bytes, expected: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ValueError(
            f"its sha256 is {found[:12]}… and the manifest says {expected[:12]}…: "
            "the file was damaged after publication"
        )


def _fault(path: Path, expected: str) -> Fault | None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return Fault(path.name, "missing", "The manifest names this file.")
    except OSError as error:
        return Fault(path.name, "unreadable", f"It cannot be read ({error.strerror or error}).")
    if found == expected:
        return None
    detail = f"Its sha256 is {found[:12]}… and the manifest says {expected[:12]}…."
    return Fault(path.name, "damaged", detail)
