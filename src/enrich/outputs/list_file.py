"""Open a list's file together with its newest snapshot, for annotate and lint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrich.errors import UsageError
from enrich.outputs.files import is_file
from enrich.parsing import ListText, parse_list, read_list
from enrich.records import ParsedList
from enrich.snapshot import layout
from enrich.snapshot.manifest import read_manifest
from enrich.snapshot.reading import find_list, read_table, snapshot_folder
from enrich.snapshot.schema import TableName


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list's file, parsed, and its snapshot; `snapshot` is None when there is none."""

    path: Path
    text: ListText
    parsed: ParsedList
    snapshot: Path | None = None
    manifest: Mapping[str, Any] | None = None

    @property
    def sandbox(self) -> bool:
        """Whether the snapshot holds made-up data of the sandbox."""
        return self.manifest is not None and self.manifest.get("mode") == "sandbox"

    def rows(self, table: TableName) -> list[dict[str, Any]]:
        """The rows of one table of the snapshot; none without a snapshot."""
        if self.snapshot is None:
            return []
        rows: list[dict[str, Any]] = read_table(self.snapshot, table).to_pylist()
        return rows


def open_list_file(where: str, root: Path, snapshot: str, name: str | None = None) -> ListFile:
    """Open a list by its file, or by the name of a list whose snapshot names its file.

    Args:
        where: A path or a list's name.
        root: The folder of the snapshots.
        snapshot: `latest`, a snapshot's name, or the beginning of one.
        name: The list whose snapshot belongs to the file; by default the list that has the file's
            name or was read from it.

    Raises:
        UsageError: When there is no such file, list or snapshot.
        ListError: When the file cannot be read as a list.
    """
    path = Path(where)
    if is_file(path):
        slug = find_list(name, root) if name else _slug_of(path, root)
    else:
        if "/" in where or path.suffix or not layout.list_slugs(root):
            raise UsageError(f"{where} is no file: give the path of the list itself.")
        slug = find_list(where, root)
    folder = snapshot_folder(slug, snapshot, root) if slug else None
    manifest = read_manifest(folder) if folder else None
    if not path.is_file():
        assert manifest is not None
        path = _here(str(manifest["list"]["location"]))
        if not path.is_file():
            raise UsageError(
                f"{where} was read from {path}, which is no file here: give the path of your copy, "
                f"with --list {slug}."
            )
    text = read_list(str(path))
    return ListFile(path, text, parse_list(text), folder, manifest)


def _slug_of(path: Path, root: Path) -> str | None:
    """The list under `root` that was read from this file, or has its name; None if none has."""
    # The name a run would give the file, then the files that earlier runs read.
    slugs = layout.list_slugs(root)
    slug = read_list(str(path)).slug
    if slug in slugs:
        return slug
    for known in slugs:
        newest = layout.latest(root / known)
        location = read_manifest(root / known / newest)["list"]["location"] if newest else ""
        found = _here(str(location))
        if found.is_file() and found.samefile(path):
            return known
    return None


def _here(location: str) -> Path:
    """A list's file: where the manifest says, else of that name in this folder or in data/raw.

    A manifest names no folders outside the one that a run was started in.
    """
    path = Path(location)
    for folder in (Path(), Path("data/raw")):
        if not path.is_file() and path.name and (folder / path.name).is_file():
            return folder / path.name
    return path
