"""Publishing: write aside, verify, gate, rename, and move `latest` last."""

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

import pyarrow as pa

from enrich.clock import Clock
from enrich.errors import HeldBack, SnapshotError, UsageError
from enrich.gates import Gate, GateLimits, check
from enrich.records import ListRun
from enrich.snapshot import layout
from enrich.snapshot.files import sync_folder, write_bytes, write_table
from enrich.snapshot.manifest import build_manifest, read_manifest
from enrich.snapshot.reading import read_table
from enrich.tables import build_tables

# What the tables of the next snapshot are made from, and the gates compare with.
_NEEDED = ("entries", "papers", "observations")


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that stands: where it is, what it follows, and what the gates said."""

    list: str
    snapshot: str
    path: Path
    previous: str | None
    rows: Mapping[str, int]
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

    Whatever goes wrong, earlier snapshots stay whole and `latest` stays valid. Raises HeldBack
    when a gate fails, UsageError when `out` belongs to the other realm, SnapshotError when the
    folder or the disk does not allow it.
    """
    claim_root(out, run.mode)
    folder = out / run.list_slug
    with _readable_errors(folder), _alone(folder):
        return _publish(run, folder, clock, limits or GateLimits(), manifest_extra or {})


def claim_root(out: Path, mode: str) -> None:
    """Make `out` a root of this mode's realm; raises UsageError if it is the other realm's.

    Offline runs count as live. Call it before work is done that could not be published.
    """
    realm = "sandbox" if mode == "sandbox" else "live"
    with _readable_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        marker = out / ".realm"
        with suppress(FileExistsError), marker.open("x") as file:
            file.write((_realm_of_snapshots(out) or realm) + "\n")
        found = marker.read_text().strip()
    if found != realm:
        raise UsageError(
            f"{out} holds {found} snapshots and this is a {realm} run: choose another folder with "
            "--out or ENRICH_OUT; sandbox and live snapshots are never mixed."
        )


def _realm_of_snapshots(out: Path) -> str | None:
    for slug in layout.list_slugs(out):
        name = layout.latest(out / slug)
        if name is not None:
            mode = read_manifest(out / slug / name).get("mode")
            return "sandbox" if mode == "sandbox" else "live"
    return None


def _publish(
    run: ListRun, folder: Path, clock: Clock, limits: GateLimits, extra: Mapping[str, Any]
) -> Published:
    previous = layout.latest(folder)
    last = {t: read_table(folder / previous, t) for t in _NEEDED} if previous else None
    taken = layout.snapshots(folder)
    name = layout.next_name(
        clock.now(),
        max([*taken, *([previous] if previous else [])], key=layout.sort_key, default=None),
    )
    tables = build_tables(run, name, last)
    gates = check(run, tables, last, limits)
    aside = folder / ".tmp" / name
    aside.mkdir(parents=True)
    files = {
        f"{table}.parquet": write_table(data, aside / f"{table}.parquet")
        for table, data in tables.items()
    }
    manifest = build_manifest(run, name, previous, gates, files, extra)
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    write_bytes(text.encode(), aside / layout.MANIFEST)
    sync_folder(aside)
    failures = tuple(gate.message for gate in gates if gate.verdict == "held")
    if failures:
        kept = _keep_aside(aside, folder / ".held" / name)
        raise HeldBack(
            f"The snapshot of {run.list_slug} was held back: {' '.join(failures)} Look at {kept}; "
            "the last snapshot stays the newest.",
            failures,
            str(kept),
        )
    final = folder / name
    aside.rename(final)
    sync_folder(folder)
    _point_latest(folder, name)
    rows = {table: len(data) for table, data in tables.items()}
    return Published(run.list_slug, name, final, previous, rows, gates)


def _keep_aside(aside: Path, held: Path) -> Path:
    held.parent.mkdir(exist_ok=True)
    if held.exists():
        shutil.rmtree(held)
    aside.rename(held)
    sync_folder(held.parent)
    return held


def _point_latest(folder: Path, name: str) -> None:
    fresh = folder / ".tmp" / layout.LATEST
    with suppress(FileNotFoundError):
        fresh.unlink()
    try:
        fresh.symlink_to(name)
    except OSError:
        # No links on this file system: a text file that holds the name is read the same way.
        write_bytes(f"{name}\n".encode(), fresh)
    fresh.replace(folder / layout.LATEST)
    sync_folder(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One publisher per list at a time; what a killed one left behind is cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by the system when a process dies
        shutil.rmtree(folder / ".tmp", ignore_errors=True)
        try:
            yield
        finally:
            shutil.rmtree(folder / ".tmp", ignore_errors=True)


@contextmanager
def _readable_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        code = error.errno if isinstance(error, OSError) else None
        why = os.strerror(code) if code else str(error)
        raise SnapshotError(
            f"Nothing was published, {folder} cannot be written ({why}): free some space, allow "
            "writing there, or choose another folder with --out. Earlier snapshots are untouched."
        ) from error
