"""`Snapshot`: one published snapshot with its tables as DataFrames."""

from __future__ import annotations

import html
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enrich.errors import UsageError
from enrich.snapshot import layout
from enrich.snapshot.manifest import read_manifest
from enrich.snapshot.reading import (
    Root,
    changes_between,
    read_table,
    root_folder,
    snapshot_folder,
    to_pandas,
)
from enrich.snapshot.schema import TableName
from enrich.snapshot.verifying import Fault, verify_snapshot

if TYPE_CHECKING:
    import pandas as pd


class Snapshot:
    """One published snapshot; its tables are loaded and verified when they are first used.

    Attributes:
        path: The snapshot's folder.
        list: Name of the list, as in the path.
        name: Name of the snapshot, as in the path.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.list, self.name = path.parent.name, path.name

    def table(self, name: TableName) -> pd.DataFrame:
        """One table of the snapshot by name, with pyarrow-backed columns."""
        return to_pandas(read_table(self.path, name))

    @cached_property
    def enriched(self) -> pd.DataFrame:
        """One row per entry of the list, its paper joined on."""
        return self.table("enriched")

    @cached_property
    def entries(self) -> pd.DataFrame:
        """One row per entry of the list."""
        return self.table("entries")

    @cached_property
    def papers(self) -> pd.DataFrame:
        """One row per distinct paper."""
        return self.table("papers")

    @cached_property
    def authors(self) -> pd.DataFrame:
        """One row per paper and author position."""
        return self.table("authors")

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """One row per candidate that was weighed for an entry."""
        return self.table("candidates")

    @cached_property
    def observations(self) -> pd.DataFrame:
        """One row per paper, metric and time of observation."""
        return self.table("observations")

    @cached_property
    def issues(self) -> pd.DataFrame:
        """What the list's owner or the operator should look at."""
        return self.table("issues")

    @cached_property
    def references(self) -> pd.DataFrame:
        """One row per reference of a paper; raises UsageError if the run did not ask for them."""
        return self._optional("references")

    @cached_property
    def suggestions(self) -> pd.DataFrame:
        """What the list is missing; raises UsageError if the run did not ask for references."""
        return self._optional("suggestions")

    def _optional(self, name: TableName) -> pd.DataFrame:
        if not (self.path / f"{name}.parquet").exists():
            raise UsageError(f"{self.name} has no table {name!r}: run with references=True.")
        return self.table(name)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """How the snapshot was made: sources, requests, gates, files and their hashes."""
        return read_manifest(self.path)

    @property
    def incomplete(self) -> bool:
        """True when a service that was needed could not be asked."""
        return bool(self.manifest["incomplete"])

    @property
    def report(self) -> Path | None:
        """The HTML report; None when there is none or it is of another snapshot of the list."""
        page = self.path.parent / layout.REPORT
        newest = layout.latest(self.path.parent) == self.name
        return page if newest and page.is_file() else None

    @property
    def previous(self) -> Snapshot | None:
        """The snapshot of the list before this one; None for the first."""
        names = layout.snapshots(self.path.parent)
        earlier = [n for n in names if layout.sort_key(n) < layout.sort_key(self.name)]
        return Snapshot(self.path.parent / earlier[-1]) if earlier else None

    def diff(self, other: Snapshot | None = None) -> pd.DataFrame:
        """What changed from `other`, by default the previous snapshot, to this one.

        Returns:
            One row per change: what (new, gone, resolved, citations, …), id, title, before, after.

        Raises:
            UsageError: There is no earlier snapshot.
        """
        earlier = other or self.previous
        if earlier is None:
            raise UsageError(f"{self.name} is the first snapshot of {self.list}: name another one.")
        import pandas as pd

        changes = changes_between(earlier.path, self.path)
        columns = ("what", "id", "title", "before", "after")
        return pd.DataFrame(
            [[getattr(change, name) for name in columns] for change in changes], columns=columns
        )

    def verify(self) -> tuple[Fault, ...]:
        """The files that are not as they were published; empty when all are."""
        return verify_snapshot(self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"Snapshot({str(self.path)!r})"

    def _repr_html_(self) -> str:
        """A summary for notebooks."""
        counts = Counter(self.manifest["by_status"]).most_common()
        facts = [
            ("list", self.manifest["list"]["title"] or self.list),
            ("snapshot", self.name),
            ("entries", ", ".join(f"{count} {status}" for status, count in counts)),
            ("mode", self.manifest["mode"]),
            ("complete", "no: a service could not be asked" if self.incomplete else "yes"),
        ]
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:left'>{html.escape(str(value))}</td></tr>"
            for name, value in facts
        )
        return f"<table>{rows}</table>"


def open_snapshot(
    list: str | None = None, snapshot: str = layout.LATEST, root: Root | None = None
) -> Snapshot:
    """A published snapshot by the names that `load` takes.

    Args:
        list: A list's name or the beginning of one; None when there is only one list.
        snapshot: `latest`, a name, or the beginning of one.
        root: The folder of the snapshots, by default ENRICH_OUT or data/enriched.

    Raises:
        UsageError: There is no such list or snapshot, or `list` is None and there are several.
    """
    folder = root_folder(root)
    slugs = layout.list_slugs(folder)
    if list is None and len(slugs) > 1:
        raise UsageError(f"There are several lists under {folder}: name one of {', '.join(slugs)}.")
    return Snapshot(snapshot_folder(list or "".join(slugs), snapshot, folder))
