"""Load snapshots as DataFrames, by the name of a list."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from enrich.errors import UsageError
from enrich.papers.identifiers import id_keys
from enrich.parsing.entry_ids import KnownEntry, identity_of
from enrich.records import Identifiers
from enrich.settings import load_settings
from enrich.snapshot import layout
from enrich.snapshot.compare import NEEDED, Change, compare
from enrich.snapshot.schema import OPTIONAL, TABLES, TableName, conform
from enrich.snapshot.verifying import read_verified, verify_snapshot

# pandas takes half a second of a start, and only what returns a DataFrame needs it.
if TYPE_CHECKING:
    import pandas as pd

Root = str | os.PathLike[str]


def load(
    list: str | None = None,
    table: TableName = "enriched",
    snapshot: str = "latest",
    root: Root | None = None,
) -> pd.DataFrame:
    """One table of one snapshot, with pyarrow-backed columns.

    Args:
        list: A list's name or the beginning of one; None gives all lists together.
        table: The table's name.
        snapshot: `latest`, a name, or the beginning of one (`2026-11`: the newest of that month).
        root: The folder of the snapshots, by default ENRICH_OUT or data/enriched.

    Raises:
        UsageError: There is no such list, snapshot or table.
        SnapshotError: A snapshot cannot be read.
    """
    if table not in TABLES:
        raise UsageError(f"There is no table {table!r}; the tables are {', '.join(TABLES)}.")
    found = snapshot_folders(list, snapshot, root_folder(root))
    if table in OPTIONAL:
        found = [path for path in found if (path / f"{table}.parquet").exists()]
    if not found:
        raise UsageError(
            f"No snapshot that is meant has the table {table!r}: run with --references."
        )
    return to_pandas(pa.concat_tables([read_table(path, table) for path in found]))


def history(list: str | None = None, root: Root | None = None) -> pd.DataFrame:
    """Every observation of all snapshots of a list (None: of all lists), each once.

    Sorted by paper, metric and time. Failed observations are rows without a value.
    """
    found = snapshot_folders(list, None, root_folder(root))
    frame = to_pandas(pa.concat_tables([read_table(path, "observations") for path in found]))
    # An observation is `ok` in the first snapshot that holds it and `carried_forward` in later
    # ones: the first is kept, also where the snapshot that made it was deleted.
    identity = ["list", "paper_id", "source", "metric", "observed_at"]
    frame = frame.assign(carried=frame["status"] == "carried_forward")
    frame = frame.sort_values([*identity, "carried", "snapshot"], kind="stable")
    frame = frame.drop_duplicates([*identity, "value"])
    return frame.drop(columns="carried").reset_index(drop=True)


def lists(root: Root | None = None) -> pd.DataFrame:
    """The lists that have snapshots: list, latest, snapshots (how many), entries, resolved."""
    folder = root_folder(root)
    rows = []
    for slug in layout.list_slugs(folder):
        newest = layout.latest(folder / slug) or ""
        statuses = read_table(folder / slug / newest, "entries")["status"].to_pylist()
        counts = len(layout.snapshots(folder / slug)), len(statuses), statuses.count("resolved")
        rows.append((slug, newest, *counts))
    columns = {"list": pa.string(), "latest": pa.string()}
    columns |= dict.fromkeys(("snapshots", "entries", "resolved"), pa.int32())
    return to_pandas(_table(columns, rows))


def verify(
    list: str | None = None, snapshot: str | None = None, root: Root | None = None
) -> pd.DataFrame:
    """Check every file of snapshots against the sha256 in their manifests.

    Args:
        list: A list's name or the beginning of one; None checks all lists.
        snapshot: As in `load`; None checks every snapshot.
        root: The folder of the snapshots, by default ENRICH_OUT or data/enriched.

    Returns:
        One row per file that is not as it was published: list, snapshot, file, problem (missing,
        damaged, unknown, unreadable), detail. No row means that everything is intact.

    Raises:
        UsageError: There is no such list or snapshot.
    """
    rows = [
        (path.parent.name, path.name, fault.file, fault.problem, fault.detail)
        for path in snapshot_folders(list, snapshot, root_folder(root))
        for fault in verify_snapshot(path)
    ]
    columns = ("list", "snapshot", "file", "problem", "detail")
    return to_pandas(_table(dict.fromkeys(columns, pa.string()), rows))


def _table(columns: Mapping[str, pa.DataType], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = [pa.array(c, kind) for c, kind in zip(values, columns.values(), strict=True)]
    return pa.table(arrays, names=[*columns])


def snapshot_folders(list: str | None, snapshot: str | None, folder: Path) -> Sequence[Path]:
    """The folders of snapshots, by the names of list and snapshot.

    Args:
        list: The list's name or the beginning of it; None for all lists.
        snapshot: `latest`, a name, or the beginning of one; None for every snapshot.
        folder: The folder of the snapshots.

    Raises:
        UsageError: There is none.
    """
    slugs = layout.list_slugs(folder) if list is None else [find_list(list, folder)]
    if not slugs:
        raise _nothing(folder)
    found: dict[Path, None] = {}
    for slug in slugs:
        if snapshot is None:
            names: Sequence[str | None] = layout.snapshots(folder / slug)
        else:
            names = [find_snapshot(slug, snapshot, folder, must=list is not None)]
        found |= {folder / slug / name: None for name in names if name is not None}
    if not found:
        raise UsageError(f"No list under {folder} has a snapshot that begins with {snapshot!r}.")
    return tuple(found)


def published_identities(root: Root) -> dict[str, str]:
    """alias -> paper_id, as the newest snapshots of all lists under `root` have published them.

    A `paper_id` never changes once it was published, also where the local store is lost. Where two
    lists disagree, the first by name counts.
    """
    folder = Path(root)
    known: dict[str, str] = {}
    for slug in layout.list_slugs(folder):
        papers = read_table(folder / slug / (layout.latest(folder / slug) or ""), "papers")
        ids, aliases = papers["paper_id"].to_pylist(), papers["aliases"].to_pylist()
        for paper_id, others in zip(ids, aliases, strict=True):
            for alias in (paper_id, *(others or ())):
                known.setdefault(alias, paper_id)
    return known


def published_entries(root: Root, slug: str) -> tuple[KnownEntry, ...]:
    """The entries of a list's newest snapshot under `root`, for their ids; none if it has none."""
    columns = ["entry_id", "title", "section", "raw", "links", "list_arxiv_id"]
    return tuple(
        KnownEntry(
            row["entry_id"], row["title"] or "",
            identity_of((link["url"] for link in row["links"] or ()), row["list_arxiv_id"]),
            tuple(row["section"] or ()), row["raw"] or "",
        )
        for row in _newest(Path(root) / slug, "entries", columns)
    )  # fmt: skip


def published_titles(root: Root, slug: str) -> dict[str, str]:
    """Titles that services gave for papers of a list's newest snapshot, by identifier key."""
    columns = ["title", "arxiv_id", "doi", "s2_paper_id", "acl_id"]
    return {
        key: row["title"]
        for row in _newest(Path(root) / slug, "papers", columns)
        if row["title"]
        for key in id_keys(Identifiers(**{column: row[column] for column in columns[1:]}))
    }


def _newest(folder: Path, table: TableName, columns: Sequence[str]) -> Sequence[dict[str, Any]]:
    """Rows of a list's newest snapshot; none where it has no snapshot."""
    name = layout.latest(folder)
    if name is None:
        return ()
    rows: Sequence[dict[str, Any]] = read_table(folder / name, table).select(columns).to_pylist()
    return rows


def root_folder(root: Root | None) -> Path:
    """The folder of the snapshots: `root`, or where runs publish (`Settings.out`)."""
    return Path(root) if root else load_settings().out


def find_list(name: str, folder: Path) -> str:
    """The one list under `folder` whose slug is or begins with `name`; raises UsageError."""
    slugs = layout.list_slugs(folder)
    if not slugs:
        raise _nothing(folder)
    if name in slugs:
        return name
    found = [slug for slug in slugs if name and slug.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{name!r} is the beginning of {', '.join(found)}: write more of it.")
    raise UsageError(f"There is no list {name!r} under {folder}; there are {', '.join(slugs)}.")


def find_snapshot(slug: str, wanted: str, folder: Path, *, must: bool = True) -> str | None:
    """The newest snapshot of a list whose name begins with `wanted`, `latest` being the newest.

    Dashes and colons in `wanted` are taken as separators (`2026-11-22`).

    Args:
        slug: The list.
        wanted: `latest`, a name, or the beginning of one.
        folder: The folder of the snapshots.
        must: Whether it has to be there.

    Returns:
        The snapshot's name; None where it is not there and need not be.

    Raises:
        UsageError: It has to be there and is not.
    """
    if wanted == layout.LATEST:
        return layout.latest(folder / slug)
    names = layout.snapshots(folder / slug)
    if wanted in names:
        return wanted
    plain = wanted.replace("-", "").replace(":", "").replace(" ", "T")
    found = [name for name in names if plain and name.startswith(plain)]
    if found:
        return found[-1]
    if not must:
        return None
    raise UsageError(
        f"{slug} has no snapshot that begins with {wanted!r}; its {len(names)} snapshots go from "
        f"{names[0]} to {names[-1]}."
    )


def snapshot_folder(name: str, snapshot: str, folder: Path) -> Path:
    """The folder of one snapshot of one list.

    Args:
        name: The list's name or the beginning of it.
        snapshot: `latest`, a snapshot's name, or the beginning of one.
        folder: The folder of the snapshots.

    Raises:
        UsageError: There is no such list or snapshot.
    """
    slug = find_list(name, folder)
    return folder / slug / (find_snapshot(slug, snapshot, folder) or "")


def read_table(folder: Path, table: TableName) -> pa.Table:
    """One table of one snapshot folder; raises SnapshotError when it is missing or damaged."""
    return conform(read_verified(folder, table), table)


def changes_between(older: Path, newer: Path) -> tuple[Change, ...]:
    """What changed between two snapshots' folders; raises SnapshotError as `read_table` does."""
    before, after = (
        {name: read_table(folder, name).select(columns) for name, columns in NEEDED.items()}
        for folder in (older, newer)
    )
    return compare(before, after)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """A DataFrame whose columns keep their Arrow types; missing stays missing."""
    import pandas as pd

    # Column descriptions would be carried through every operation of pandas.
    frame = table.replace_schema_metadata(None).to_pandas(types_mapper=pd.ArrowDtype)
    assert isinstance(frame, pd.DataFrame)  # pyarrow is untyped
    return frame


def _nothing(folder: Path) -> UsageError:
    return UsageError(
        f"There is no snapshot under {folder}: run `python -m enrich.run` first, or name the "
        "folder with root= or ENRICH_OUT."
    )
