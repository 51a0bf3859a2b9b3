"""Write the files of a snapshot: written, flushed to disk, read back, hashed."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.errors import SnapshotError
from enrich.io.atomic_files import flush
from enrich.snapshot.schema import Tables

# Rows per group: bounds what a reader or the check holds in memory at once.
GROUP_ROWS = 65_536

# Columns whose values repeat. Dictionaries for the others (titles, abstracts, ids) cost a fifth of
# the time of writing and save nothing.
_REPEATING = {
    "list", "snapshot", "kind", "kind_reason", "status", "method", "reason", "rule_version",
    "venue", "year", "paper_year", "abstract_source", "arxiv_primary_category", "fetched_at",
    "counts_observed_at", "observed_at", "source", "metric", "decision", "severity", "code",
}  # fmt: skip


# Tables written at the same time: pyarrow writes and reads one table on one core.
_AT_ONCE = 2


def write_tables(tables: Tables, folder: Path) -> dict[str, dict[str, object]]:
    """Write every table to `<name>.parquet` in `folder`; rows, bytes and sha256 by file name."""
    largest_first = sorted(tables, key=lambda name: -tables[name].nbytes)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        writing = {
            name: pool.submit(write_table, tables[name], folder / f"{name}.parquet")
            for name in largest_first
        }
        return {f"{name}.parquet": writing[name].result() for name in tables}


def write_table(table: pa.Table, path: Path) -> dict[str, object]:
    """Write `table` to `path`, flush it, read it back; its rows, bytes and sha256.

    Raises SnapshotError when what is read back is not what was written.
    """
    with path.open("wb") as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            row_group_size=GROUP_ROWS,
            use_dictionary=[name for name in table.column_names if name in _REPEATING],
            write_page_checksum=True,
        )
    # On disk before it is read back, so that the check sees what a power loss would leave.
    flush(path)
    _verify(table, path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"rows": len(table), "bytes": path.stat().st_size, "sha256": digest}


def _verify(table: pa.Table, path: Path) -> None:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            schema = file.schema_arrow
            rows = sum(len(batch) for batch in file.iter_batches(GROUP_ROWS))
    except (OSError, pa.ArrowException) as error:
        raise SnapshotError(
            f"{path.name} cannot be read back after writing ({error}): check the disk and run "
            "again; nothing was published."
        ) from error
    if rows != len(table) or not _same(schema, table.schema):
        raise SnapshotError(
            f"{path.name} was read back with {rows} rows or another schema, {len(table)} rows were "
            "written: check the disk and run again; nothing was published."
        )


def _same(found: pa.Schema, written: pa.Schema) -> bool:
    # The reader adds keys of its own to the fields' metadata; what was written must be among them.
    return (
        found.equals(written)
        and found.metadata == written.metadata
        and all(
            (field.metadata or {}).items() <= (found.field(i).metadata or {}).items()
            for i, field in enumerate(written)
        )
    )


def write_bytes(data: bytes, path: Path) -> None:
    """Write `data` to `path` and flush it to disk."""
    path.write_bytes(data)
    flush(path)
