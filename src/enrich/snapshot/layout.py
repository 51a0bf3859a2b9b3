"""Folder layout of snapshots: paths, names and the newest one.

    <root>/.realm-live, .realm-sandbox  live or sandbox: the two are never mixed
    <root>/<list>/<snapshot>/           published, never changed again
    <root>/<list>/latest                relative symbolic link to the newest (a text file that
                                        holds its name where links cannot be made)
    <root>/<list>/.lock .tmp/ .held/    lock and temporary files of the publisher, held-back runs

Hidden folders are one level deeper than snapshots, so a glob over snapshots skips their files.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

MANIFEST = "manifest.json"
LATEST = "latest"
# The HTML report of the newest snapshot, beside the snapshots of its list.
REPORT = "report.html"
# `20261122T101500Z`, with `-2` for a second one in the same second.
_NAME = re.compile(r"(\d{8}T\d{6}Z)(?:-(\d+))?\Z")


def sort_key(name: str) -> tuple[str, int]:
    """Orders snapshot names by time: `…Z` before `…Z-2` before `…Z-10`."""
    match = _NAME.match(name)
    if match is None:
        raise ValueError(f"{name!r} is not the name of a snapshot (YYYYMMDDTHHMMSSZ)")
    return match[1], int(match[2] or 1)


def is_name(name: str) -> bool:
    """Whether `name` is the name of a snapshot."""
    return _NAME.match(name) is not None


def next_name(now: datetime, newest: str | None) -> str:
    """The name of a snapshot made now: later than `newest`, even if the clock was set back."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    if newest is None or (stamp, 1) > sort_key(newest):
        return stamp
    last, number = sort_key(newest)
    return f"{last}-{number + 1}"


def snapshots(folder: Path) -> list[str]:
    """Names of the published snapshots of one list, oldest first."""
    if not folder.is_dir():
        return []
    names = [p.name for p in folder.iterdir() if is_name(p.name) and (p / MANIFEST).is_file()]
    return sorted(names, key=sort_key)


def latest(folder: Path) -> str | None:
    """Name of the newest published snapshot of one list, None when there is none."""
    pointer = folder / LATEST
    try:
        name = pointer.readlink().name if pointer.is_symlink() else pointer.read_text().strip()
    except OSError:
        name = ""
    if is_name(name) and (folder / name / MANIFEST).is_file():
        return name
    # The link is missing or broken (a copy without links): the newest folder counts.
    names = snapshots(folder)
    return names[-1] if names else None


def list_slugs(root: Path) -> list[str]:
    """The lists that have a published snapshot under `root`, in order of their names."""
    if not root.is_dir():
        return []
    folders = [p for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(p.name for p in folders if latest(p) is not None)
