"""Publish a snapshot: write to a temporary folder, verify, check, rename, move `latest` last."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrich.clock import Clock
from enrich.errors import HeldBack, SnapshotError, UsageError
from enrich.io.atomic_files import flush
from enrich.records import ListRun
from enrich.snapshot import layout
from enrich.snapshot.files import write_bytes, write_tables
from enrich.snapshot.gates import Gate, GateLimits, check
from enrich.snapshot.manifest import build_manifest, read_manifest
from enrich.snapshot.reading import read_table
from enrich.snapshot.schema import OPTIONAL, TableName
from enrich.snapshot.tables import build_tables

# What the tables of the next snapshot are made from, and the gates compare with.
_NEEDED: tuple[TableName, ...] = ("entries", "papers", "observations")

# How many snapshots that were held back are kept for inspection, per list.
_HELD_KEPT = 3


@dataclass(frozen=True, slots=True)
class Published:
    """A published snapshot: its folder, its predecessor, and the verdicts of the gates."""

    list: str
    snapshot: str
    path: Path
    previous: str | None
    rows: Mapping[TableName, int]
    gates: tuple[Gate, ...]


def publish(
    run: ListRun,
    out: Path,
    *,
    clock: Clock,
    limits: GateLimits | None = None,
    manifest_extra: Mapping[str, Any] | None = None,
) -> Published:
    """Publish the run under `out` as the newest snapshot of its list.

    Whatever goes wrong, earlier snapshots stay whole and `latest` stays valid.

    Args:
        run: The finished run.
        out: The folder of the snapshots.
        clock: Gives the snapshot its name.
        limits: How much may change since the last snapshot.
        manifest_extra: Further keys of the manifest.

    Raises:
        HeldBack: A gate failed.
        UsageError: `out` belongs to the other realm.
        SnapshotError: The folder or the disk does not allow it.
    """
    claim_root(out, run.mode)
    folder = out / run.list_slug
    # The lock is taken before anything is read: another run may just be publishing.
    with _named_errors(folder), _exclusive(folder):
        return _publish(run, folder, clock, limits or GateLimits(), manifest_extra or {})


def claim_root(out: Path, mode: str) -> None:
    """Make `out` a root of this mode's realm, so that the two are never mixed.

    Offline runs count as live. Raises UsageError when `out` belongs to the other realm or cannot
    be written: worth calling before hours of work.
    """
    realm, other = ("sandbox", "live") if mode == "sandbox" else ("live", "sandbox")
    try:
        # One empty file per realm: two first runs at once cannot both believe the root is theirs.
        taken = (out / f".realm-{other}").exists()
        marker = out / f".realm-{realm}"
        if not taken and not marker.exists():
            taken = _realm_of_snapshots(out) == other
        if not taken:
            out.mkdir(parents=True, exist_ok=True)
            marker.touch()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(
            f"The output folder {out} cannot be written ({why}): allow writing there, or choose "
            "another with --out or ENRICH_OUT."
        ) from error
    if taken:
        raise UsageError(
            f"{out} holds {other} snapshots and this is a {realm} run: choose another folder with "
            "--out or ENRICH_OUT; sandbox and live snapshots are never mixed."
        )


def _realm_of_snapshots(out: Path) -> str | None:
    """The realm of a root whose marker was lost in copying, from its manifests."""
    for slug in layout.list_slugs(out):
        name = layout.latest(out / slug)
        if name is not None:
            mode = read_manifest(out / slug / name).get("mode")
            return "sandbox" if mode == "sandbox" else "live"
    return None


def _publish(
    run: ListRun, folder: Path, clock: Clock, limits: GateLimits, extra: Mapping[str, Any]
) -> Published:
    previous = _roll_forward(folder)
    name = layout.next_name(clock.now(), previous)
    last = None if previous is None else _last(folder / previous)
    tables = build_tables(run, name, last)
    gates = check(run, tables, last, limits)

    temporary = folder / ".tmp" / name
    temporary.mkdir(parents=True)
    files = write_tables(tables, temporary)
    manifest = build_manifest(run, name, previous, gates, files, extra)
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    write_bytes(text.encode(errors="replace"), temporary / layout.MANIFEST)
    for file in temporary.iterdir():
        file.chmod(0o444)  # nothing changes inside a snapshot, not by accident either
    flush(temporary)

    failures = tuple(gate.message for gate in gates if gate.verdict == "held")
    if failures:
        kept = _keep_held_back(temporary, folder / ".held" / name)
        raise HeldBack(
            f"The snapshot of {run.list_slug} was held back: {' '.join(failures)} It is kept for "
            f"inspection in {kept}; {previous or 'no snapshot'} stays the newest.",
            failures,
            str(kept),
        )
    temporary.rename(folder / name)
    flush(folder)
    _point_latest(folder, name)
    rows = {table: len(data) for table, data in tables.items()}
    return Published(run.list_slug, name, folder / name, previous, rows, gates)


def _roll_forward(folder: Path) -> str | None:
    """The newest snapshot. `latest` may lag behind it when a publisher died just before the end."""
    names = layout.snapshots(folder)
    if not names:
        return None
    if layout.latest(folder) != names[-1]:
        (folder / ".tmp").mkdir(exist_ok=True)
        _point_latest(folder, names[-1])
    return names[-1]


def _last(folder: Path) -> dict[TableName, Any]:
    try:
        optional = [name for name in OPTIONAL if (folder / f"{name}.parquet").exists()]
        return {name: read_table(folder, name) for name in (*_NEEDED, *optional)}
    except SnapshotError as error:
        raise SnapshotError(
            f"Nothing was published, because the new snapshot builds on the last one and that is "
            f"damaged. {error} Or move {folder} away: the run then builds on the one before it."
        ) from error


def _keep_held_back(temporary: Path, held: Path) -> Path:
    held.parent.mkdir(exist_ok=True)
    if held.exists():
        shutil.rmtree(held)
    temporary.rename(held)
    flush(held.parent)
    names = sorted((p.name for p in held.parent.iterdir()), key=layout.sort_key)
    for name in names[:-_HELD_KEPT]:
        shutil.rmtree(held.parent / name)
    return held


def _point_latest(folder: Path, name: str) -> None:
    fresh = folder / ".tmp" / layout.LATEST
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(name)
    except OSError:
        # No links on this file system: a text file that holds the name is read the same way.
        write_bytes(f"{name}\n".encode(), fresh)
    fresh.replace(folder / layout.LATEST)
    flush(folder)


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """One publisher per list at a time; the temporary files of a killed one are removed.

    The lock is the system's and ends with its process, so whatever lies in `.tmp` while it is
    held here belongs to a process that is gone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    flush(folder.parent)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(folder / ".tmp")
        try:
            yield
        finally:
            with suppress(OSError):
                _clear(folder / ".tmp")


def _clear(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


@contextmanager
def _named_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise SnapshotError(
            f"Nothing was published: {error.filename or folder} cannot be written ({why}). Free "
            "some space, allow writing there, or choose another folder with --out; earlier "
            "snapshots are untouched."
        ) from error
