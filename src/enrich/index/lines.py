"""Lines of a JSON-lines shard as Arrow batches: streamed, hashed, each with its place.

A plain file's lines are placed by their byte offset, a compressed file's by their number.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrich.errors import LocalIndexError
from enrich.index.shards import Shard

Offsets = npt.NDArray[np.int64]
LINES: Final = pa.schema([("place", pa.int64()), ("line", pa.string())])
_BLOCK: Final = 8 * 2**20
# The longest real line (a paper with thousands of authors) is about 1 MB.
_LONGEST_LINE: Final = 32 * 2**20
_EXAMPLES: Final = 20


@dataclass(slots=True)
class ShardReport:
    """What was read of one shard: bytes, refused lines by reason, repairs by kind.

    `examples` holds the place and reason of the first refused lines.
    """

    faults: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str]] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0

    def refuse(self, reason: str, place: int) -> None:
        """Count a refused line and keep its place, if it is among the first."""
        self.faults[reason] += 1
        self.examples = sorted([*self.examples, (place, reason)])[:_EXAMPLES]

    def count_bytes(self, data: bytes, size: int | None = None) -> None:
        """Add bytes that were read to the checksum, and their size (or `size`) to the total."""
        self.digest.update(data)
        self.size += len(data) if size is None else size

    def located_examples(self, shard: Shard) -> tuple[str, ...]:
        """The first refused lines, with file, place and reason."""
        where = {"text": "byte {}", "parquet": f"row {{}} of row group {shard.start} on"}
        pattern = where.get(shard.form, "line {}")
        return tuple(f"{shard.url}, {pattern.format(at)}: {why}" for at, why in self.examples)


def line_batches(shard: Shard, report: ShardReport) -> Iterator[pa.RecordBatch]:
    """The lines of a JSON-lines shard, without blank ones.

    A line that is too long or not UTF-8 is refused in `report`. Raises LocalIndexError for a
    damaged file: how much of it is lost is unknown.
    """
    try:
        with shard.open() as file:
            if shard.form == "text":
                yield from _batches(_range_blocks(shard, file, report), report, by_bytes=True)
            else:
                yield from _batches(_unpacked_blocks(shard, file, report), report, by_bytes=False)
    except (OSError, pa.ArrowException) as error:
        raise LocalIndexError(
            f"{shard.url} is damaged ({error}): get it again, the shards done so far are kept."
        ) from error


def _range_blocks(shard: Shard, file: BinaryIO, report: ShardReport) -> Iterator[tuple[int, bytes]]:
    """Blocks of the lines that begin in bytes [start, stop), each with its offset."""
    offset = shard.start
    if offset:
        # A line belongs to the shard it begins in: skip the rest of the line before.
        file.seek(offset - 1)
        offset -= 1
        while head := file.readline(_BLOCK):
            offset += len(head)
            if head.endswith(b"\n"):
                break
    while offset < shard.stop and (block := file.read(min(_BLOCK, shard.stop - offset))):
        report.count_bytes(block)
        yield offset, block
        offset += len(block)
        if offset >= shard.stop and not block.endswith(b"\n"):
            while tail := file.readline(_BLOCK):
                report.count_bytes(tail)
                yield offset, tail
                offset += len(tail)
                if tail.endswith(b"\n"):
                    break


def _unpacked_blocks(
    shard: Shard, file: BinaryIO, report: ShardReport
) -> Iterator[tuple[int, bytes]]:
    raw = pa.PythonFile(_Counted(file, report), mode="r")
    stream = pa.CompressedInputStream(raw, shard.form)
    while block := stream.read(_BLOCK):
        yield 0, block


class _Counted(io.RawIOBase):
    """A file whose bytes are counted and hashed as they are read."""

    def __init__(self, file: BinaryIO, report: ShardReport) -> None:
        super().__init__()
        self._file, self._report = file, report

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._report.count_bytes(block)
        return block


def _batches(
    blocks: Iterator[tuple[int, bytes]], report: ShardReport, *, by_bytes: bool
) -> Iterator[pa.RecordBatch]:
    """Cut blocks at line ends; what is left of one is put before the next."""
    rest, at, number, skipping = b"", 0, 1, False
    for offset, block in blocks:
        if skipping:  # to the end of a line that is too long
            head, newline, block = block.partition(b"\n")
            if not newline:
                continue
            skipping, number = False, number + 1
            offset += len(head) + 1
        at = at if rest else offset
        if cut := block.rfind(b"\n") + 1:
            data = b"".join((rest, memoryview(block)[:cut]))
            ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
            yield _batch(data, ends, at, number, report, by_bytes=by_bytes)
            at += len(data)
            number += len(ends)
            rest = block[cut:]
        else:
            rest += block
        if len(rest) > _LONGEST_LINE:
            report.refuse("line too long", at if by_bytes else number)
            rest, skipping = b"", True
    if rest:
        data = rest + b"\n"
        yield _batch(data, np.array([len(data)]), at, number, report, by_bytes=by_bytes)


def _batch(
    data: bytes, ends: Offsets, at: int, number: int, report: ShardReport, *, by_bytes: bool
) -> pa.RecordBatch:
    """The lines of `data`, which end before `ends`; the first begins at byte `at`, has `number`."""
    offsets = np.concatenate([np.zeros(1, np.int64), ends])
    places = offsets[:-1] + at if by_bytes else np.arange(number, number + len(ends))
    lines = pa.StringArray.from_buffers(
        len(ends), pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)
    )
    lengths = np.diff(offsets)
    kept = lengths > 1
    try:
        lines.validate(full=True)
    except pa.ArrowInvalid:
        for i in range(len(ends)):
            try:
                data[offsets[i] : offsets[i + 1]].decode()
            except UnicodeDecodeError:
                kept[i] = False
                report.refuse("not JSON", int(places[i]))
    for i in np.flatnonzero(lengths > _LONGEST_LINE).tolist():
        if kept[i]:
            report.refuse("line too long", int(places[i]))
            kept[i] = False
    for i in np.flatnonzero(kept & (lengths < 16)).tolist():
        if not data[offsets[i] : offsets[i + 1]].strip():
            kept[i] = False
    batch = pa.record_batch([pa.array(places), lines], schema=LINES)
    return batch if kept.all() else batch.filter(pa.array(kept))
