"""Read the rows of a shard in batches, counting every refused line."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from enrich.errors import LocalIndexError
from enrich.index.keys import plain_titles
from enrich.index.parse import PARSERS, Broken, Row
from enrich.index.shards import Shard

BATCH_ROWS: Final = 20_000
_BLOCK: Final = 4 * 2**20
# The longest real line (a paper with thousands of authors) is about 1 MB.
_LONGEST_LINE: Final = 32 * 2**20
_EXAMPLES: Final = 20


@dataclass(slots=True)
class ShardReport:
    """What was read of one shard: bytes, rows, refused lines by reason, repairs by kind."""

    rows: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    touched: date | None = None
    digest: Any = field(default_factory=hashlib.sha256)
    bytes: int = 0

    def refuse(self, reason: str, place: str) -> None:
        """Count a refused line, and keep the place of the first ones."""
        self.faults[reason] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(f"{place}: {reason}")


def read_rows(shard: Shard, report: ShardReport) -> Iterator[list[Row]]:
    """The shard's rows in batches; refused lines are counted in `report`.

    Raises LocalIndexError for a damaged file: how much of it is lost is unknown.
    """
    parse = PARSERS[shard.kind]
    batch: list[Row] = []
    for place, line in _lines(shard, report):
        try:
            fields = orjson.loads(line) if isinstance(line, bytes) else line
            if not isinstance(fields, dict):
                raise Broken("not a JSON object")
            row = parse(fields)
        except orjson.JSONDecodeError:
            report.refuse("not JSON", f"{shard.url}, {place}")
            continue
        except Broken as broken:
            report.refuse(str(broken), f"{shard.url}, {place}")
            continue
        if note := row.pop("note", None):
            report.notes[note] += 1
        touched = row.get("touched")
        if touched and (report.touched is None or touched > report.touched):
            report.touched = touched
        report.rows += 1
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            yield _normalised(batch)
            batch = []
    if batch:
        yield _normalised(batch)


def _normalised(batch: list[Row]) -> list[Row]:
    if "title" in batch[0]:
        for row, plain in zip(batch, plain_titles([row["title"] for row in batch]), strict=True):
            row["plain"] = plain
    return batch


def _lines(shard: Shard, report: ShardReport) -> Iterator[tuple[str, bytes | dict[str, Any]]]:
    try:
        with shard.open() as file:
            if shard.form == "parquet":
                yield from _parquet_lines(shard, file, report)
            elif shard.form == "text":
                yield from _range_lines(shard, file, report)
            else:
                yield from _packed_lines(shard, _Hashed(file, report), report)
    except (OSError, pa.ArrowException) as error:
        raise LocalIndexError(
            f"{shard.url} is damaged ({error}): get it again, the shards done so far are kept."
        ) from error


def _parquet_lines(
    shard: Shard, file: BinaryIO, report: ShardReport
) -> Iterator[tuple[str, dict[str, Any]]]:
    groups = list(range(shard.start, shard.stop))
    table = pq.ParquetFile(file)
    report.bytes += sum(table.metadata.row_group(g).total_byte_size for g in groups)
    report.digest.update(repr((table.metadata.serialized_size, shard.stamp, groups)).encode())
    number = 0
    for batch in table.iter_batches(BATCH_ROWS, row_groups=groups):
        names = batch.schema.names
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            number += 1
            yield (
                f"row {number} of row group {shard.start} on",
                dict(zip(names, values, strict=True)),
            )


def _range_lines(shard: Shard, file: BinaryIO, report: ShardReport) -> Iterator[tuple[str, bytes]]:
    """The lines that begin in bytes [start, stop): a line belongs to the shard it begins in."""
    offset = shard.start
    if offset:
        file.seek(offset - 1)
        offset += len(_long_line(file)) - 1
    else:
        file.seek(0)
    while offset < shard.stop:
        line = _long_line(file)
        if not line:
            return
        report.digest.update(line)
        report.bytes += len(line)
        place = f"byte {offset}"
        offset += len(line)
        if len(line) > _LONGEST_LINE:
            report.refuse("line too long", f"{shard.url}, {place}")
        elif line.strip():
            yield place, line


def _long_line(file: BinaryIO) -> bytes:
    """The next line; of one that is too long a head, and the right number of bytes."""
    line = file.readline(_LONGEST_LINE + 1)
    if len(line) <= _LONGEST_LINE or line.endswith(b"\n"):
        return line
    rest = 0
    while True:
        more = file.readline(_BLOCK)
        rest += len(more)
        if not more or more.endswith(b"\n"):
            return line + b" " * rest


def _packed_lines(shard: Shard, file: _Hashed, report: ShardReport) -> Iterator[tuple[str, bytes]]:
    stream = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), shard.form)
    number, rest, skipping = 0, b"", False
    while block := stream.read(_BLOCK):
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        for line in lines:
            number += 1
            if skipping:
                skipping = False
            elif len(line) > _LONGEST_LINE:
                report.refuse("line too long", f"{shard.url}, line {number}")
            elif line.strip():
                yield f"line {number}", line
        if len(rest) > _LONGEST_LINE:
            if not skipping:
                report.refuse("line too long", f"{shard.url}, line {number + 1}")
            skipping, rest = True, b""
    if rest.strip() and not skipping:
        yield f"line {number + 1}", rest


class _Hashed(io.RawIOBase):
    """A file whose bytes are hashed and counted as they are read."""

    def __init__(self, file: BinaryIO, report: ShardReport) -> None:
        super().__init__()
        self._file, self._report = file, report

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._report.digest.update(block)
        self._report.bytes += len(block)
        return block
