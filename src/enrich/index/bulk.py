"""Resolve a file of titles against an index.

    input -> keys -> exact hits per group of parts -> near titles per group -> decisions -> Parquet

Each task reads all titles from the work folder and streams its parts once. The matches are few,
and are reduced in one process.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from enrich.index.corpus import Corpus
from enrich.index.decide import DecideJob, decide_piece
from enrich.index.input import read_titles
from enrich.index.layout import RECORD_KINDS, Manifest, Part, read_manifest
from enrich.index.match import KeyJob, MatchJob, match_exactly, match_nearly, write_keys
from enrich.index.reduce import gather, select_inexact, write_outcomes
from enrich.index.workers import Mapper, Maps
from enrich.observer import Observer, Silent

# Parts of one task, in rows: a task that dies costs no more than this.
GROUP_ROWS: Final = 10_000_000
MEMORY_MB: Final = 2000


@dataclass(frozen=True, slots=True)
class BulkResult:
    """The file written, its rows, and rows by status."""

    out: Path
    rows: int
    by_status: dict[str, int]


def resolve_file(
    source: Path,
    index: Path,
    out: Path,
    *,
    observer: Observer | None = None,
    workers: int | None = None,
    dask: str | None = None,
    work: Path | None = None,
    mapper: Maps | None = None,
) -> BulkResult:
    """Resolve the column `title` (with `authors` and `year` where they are) of a CSV or Parquet
    file against the index, and write one row per input row to the Parquet file `out`.

    Args:
        source: The CSV or Parquet file.
        index: Folder of the index.
        out: The Parquet file to write, completely or not at all.
        observer: Receives stages and progress.
        workers: Local processes [one per core].
        dask: Address of a Dask scheduler to use instead.
        work: Folder for intermediate files, visible to all workers [beside `out`].
        mapper: Runs the tasks instead of `workers` and `dask`.

    Returns:
        The file, its number of rows, and rows by status.

    Raises:
        UsageError: The file has no titles or cannot be read.
        LocalIndexError: The index is missing or damaged.
    """
    manifest = read_manifest(index)
    folder = (work or out.resolve().parent).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=folder))
    observer = observer or Silent()
    try:
        if mapper is not None:
            return _resolve(source, index.resolve(), manifest, out, staging, observer, mapper)
        with Mapper(workers=workers or os.cpu_count() or 1, dask=dask) as own:
            return _resolve(source, index.resolve(), manifest, out, staging, observer, own)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _resolve(
    source: Path,
    index: Path,
    manifest: Manifest,
    out: Path,
    work: Path,
    observer: Observer,
    mapper: Maps,
) -> BulkResult:
    observer.stage("read titles", lambda: read_titles(source, work / "input.parquet"))
    groups = pq.ParquetFile(work / "input.parquet").metadata.num_row_groups
    keying = [KeyJob(str(work), group) for group in range(max(groups, 1))]
    observer.stage("normalise titles", lambda: mapper.map(write_keys, keying))
    jobs = [
        MatchJob(str(index), str(work), tuple(part.name for part in group), number)
        for number, group in enumerate(part_groups(manifest.parts, mapper.workers))
    ]
    observer.stage("match exactly", lambda: mapper.map(match_exactly, jobs))
    corpus = Corpus(
        index,
        manifest,
        spill=work / "spill",
        threads=os.cpu_count() or 1,
        memory=f"{MEMORY_MB}MB",
    )
    with corpus.con:
        observer.stage("select inexact titles", lambda: select_inexact(corpus, work))
        observer.stage("match nearly", lambda: mapper.map(match_nearly, jobs))
        observer.stage("gather candidates", lambda: gather(corpus, work))
        pieces = pq.ParquetFile(work / "open.parquet").metadata.num_row_groups
        deciding = [DecideJob(str(work), piece) for piece in range(pieces)]
        observer.stage("decide", lambda: mapper.map(decide_piece, deciding))
        by_status = observer.stage("write", lambda: write_outcomes(corpus, work, out))
    return BulkResult(out, sum(by_status.values()), by_status)


def part_groups(parts: Sequence[Part], workers: int) -> list[list[Part]]:
    """The record parts in groups of like size, one task each: one per worker where there are as
    many parts, more where a group would have over GROUP_ROWS."""
    mine = [part for part in parts if part.kind in RECORD_KINDS]
    total = sum(part.rows for part in mine)
    count = max(workers, -(-total // GROUP_ROWS))
    groups: dict[int, list[Part]] = {}
    before = 0
    for part in mine:
        # By the middle of the part, so that no group is left with a scrap: each reads all titles.
        place = (2 * before + part.rows) * count // (2 * total or 1)
        groups.setdefault(place, []).append(part)
        before += part.rows
    return list(groups.values())
