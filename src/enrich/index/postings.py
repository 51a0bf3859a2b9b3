"""Sorted files that are looked up without being read: Arrow IPC, uncompressed, mapped into memory.

Postings hold (key, row) sorted by key; a binary search reads a few pages of them, whatever their
number. Texts hold columns of strings by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrich.index.hashes import Hashes, Numbers, number_hashes, text_hashes

Rows = npt.NDArray[np.uint32]
# Rows of one batch of texts.
TEXT_ROWS: Final = 65_536


def write_postings(path: Path, keys: Hashes, values: Rows, **more: npt.NDArray[np.uint16]) -> None:
    """Write postings sorted by key; values with one key keep their order."""
    order = np.argsort(keys, kind="stable")
    columns: dict[str, npt.NDArray[Any]] = {"key": keys, "value": values, **more}
    batch = pa.record_batch({name: pa.array(each[order]) for name, each in columns.items()})
    with pa.ipc.new_file(str(path), batch.schema) as file:
        file.write_batch(batch)


def added_up(keys: Hashes, values: Rows) -> tuple[Hashes, Rows]:
    """Each key once, with the sum of its values."""
    order = np.argsort(keys)
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    return keys[first], np.add.reduceat(values[order], first) if len(first) else values


def id_hashes(values: pa.Array, column: str) -> Hashes:
    """The hashes by which the identifiers of a column are looked up."""
    if pa.types.is_integer(values.type):
        return number_hashes(values, column)
    return text_hashes(values, column)


class Postings:
    """A file of `write_postings`: `keys` in order, the `value` of each, and `more` columns."""

    def __init__(self, path: Path) -> None:
        batch = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
        self.more = {
            name: column.to_numpy()
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        self.keys: Hashes = self.more.pop("key")
        self.values: Rows = self.more.pop("value")

    def find(self, keys: Hashes) -> tuple[Numbers, Numbers]:
        """The places among `keys`, which are best sorted, and of the postings of each."""
        first = np.searchsorted(self.keys, keys, "left")
        counts = np.searchsorted(self.keys, keys, "right") - first
        found = np.flatnonzero(counts)
        counts = counts[found]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(found, counts), np.repeat(first[found], counts) + within


def write_texts(
    path: Path,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    rows: int = TEXT_ROWS,
    compression: str | None = None,
) -> None:
    """Write columns in batches of `rows`, the last of fewer. Compressed, a row is read with its
    whole batch."""
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec(compression, 1) if compression else None)
    waiting: list[pa.RecordBatch] = []
    with pa.ipc.new_file(str(path), schema, options=options) as file:
        for batch in batches:
            waiting.append(batch)
            if (count := sum(map(len, waiting))) >= rows:
                joined = pa.concat_batches(waiting)
                whole = count - count % rows
                for at in range(0, whole, rows):
                    file.write_batch(joined.slice(at, rows))
                waiting = [joined.slice(whole)]
        if waiting:
            file.write_batch(pa.concat_batches(waiting))


class Texts:
    """A file of `write_texts`, with `size` rows in each batch."""

    def __init__(self, path: Path, size: int = TEXT_ROWS) -> None:
        self._path, self._size = path, size

    @cached_property
    def _file(self) -> pa.RecordBatchFileReader:
        return pa.ipc.open_file(pa.memory_map(str(self._path)))

    @property
    def batches(self) -> Iterable[pa.RecordBatch]:
        """The whole columns."""
        return (self._file.get_batch(i) for i in range(self._file.num_record_batches))

    def take(self, rows: Rows) -> pa.Table:
        """The texts of `rows`, in their order."""
        order = np.argsort(rows, kind="stable")
        number, within = np.divmod(rows[order].astype(np.int64), self._size)
        cuts = np.flatnonzero(np.diff(number)) + 1
        parts = [
            self._file.get_batch(int(number[some[0]])).take(pa.array(within[some]))
            for some in np.split(np.arange(len(rows)), cuts)
            if len(some)
        ]
        back = np.empty(len(rows), np.int64)
        back[order] = np.arange(len(rows))
        return pa.Table.from_batches(parts, self._file.schema).combine_chunks().take(pa.array(back))
