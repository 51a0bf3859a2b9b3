"""Indexing one shard: the work of one task, which needs nothing but the shard and a folder.

It loads the shard into a private DuckDB (which spills to disk), writes its rows sorted, and moves
the finished part into place. A part that is there already is not made again: that is how a build
resumes, and why running a task twice does no harm.
"""

from __future__ import annotations

import gc
import json
import re
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from enrich.index.blocking import OF_RECORD, pairs_of
from enrich.index.dumps import load_rows
from enrich.index.hashes import text_hashes, word_hashes
from enrich.index.keys import key_column, plain_column
from enrich.index.layout import (
    ABSTRACT_ROWS,
    FILES,
    ID_COLUMN,
    LOOKED_UP,
    REPEATED,
    TEXTS,
    Part,
    connect,
    quoted,
    row_schema,
    write_json,
)
from enrich.index.lines import ShardReport
from enrich.index.postings import (
    TEXT_ROWS,
    Postings,
    Texts,
    added_up,
    id_hashes,
    write_postings,
    write_texts,
)
from enrich.index.shards import Shard
from enrich.io.atomic_files import replacing

# A look-up decodes the row groups of the records it found, and before that the footer of the file,
# which grows with their number.
ROW_GROUP: Final = 4_096
# The fastest level of zstd writes abstracts in 0.6 of the time of the default, 8 % larger (50,000
# records of benchmarks/index_build.py).
FAST_ZSTD: Final = "format parquet, compression zstd, compression_level 1"
# `2025-08-19/papers/20250822_0`, `2024-10-08-to-2024-10-15/papers/…`: the release day has dashes.
_DAYS: Final = (
    re.compile(r"(?<!\d)(20\d\d)-([01]\d)-([0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Job:
    """Index `shard` into the index at `root`; `released` overrides the dump's own release day."""

    shard: Shard
    root: str
    memory: str
    released: date | None = None
    threads: int = 1


@dataclass(frozen=True, slots=True)
class PairJob:
    """Make the blocking keys of the part `name`, with the token ids of `tokens`."""

    root: str
    name: str
    tokens: str


def build_part(job: Job) -> Part:
    """Make the part of one shard, or find it made."""
    shard = job.shard
    folder = Path(job.root) / "parts" / shard.name
    if (folder / "part.json").exists():
        return Part.from_json(json.loads((folder / "part.json").read_bytes()))
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{shard.name}-", dir=folder.parent))
    try:
        report = ShardReport()
        spill = staging / "spill"
        with connect(threads=job.threads, memory=job.memory, spill=spill) as con:
            gc.disable()  # many rows, no cycles: collecting takes a third of the time
            load_rows(con, shard, report)
            rows, notes = _sort(con, shard.kind, staging)
            released = job.released or _released(con, shard)
        report.notes.update(notes)
        part = Part(
            name=shard.name,
            kind=shard.kind,
            url=shard.url,
            span=(shard.start, shard.stop),
            sha256=report.digest.hexdigest(),
            rows=rows,
            bytes=report.size,
            faults=dict(report.faults),
            examples=report.located_examples(shard),
            notes=dict(report.notes),
            released=released,
        )
        shutil.rmtree(staging / "spill", ignore_errors=True)
        write_json(staging / "part.json", part.to_json())
        if folder.exists():  # finished by another task meanwhile, or left incomplete
            shutil.rmtree(folder)
        staging.rename(folder)
        return part
    finally:
        gc.enable()
        shutil.rmtree(staging, ignore_errors=True)


def _sort(con: duckdb.DuckDBPyConnection, kind: str, staging: Path) -> tuple[int, Counter[str]]:
    """Write the files of `kind` from the view `loaded`, sorted, each id once."""
    key = ID_COLUMN[kind]
    order = f"{key}, place" if kind in REPEATED else key
    notes: Counter[str] = Counter()
    rows = 0
    for table, schema in FILES[kind].items():
        # An arXiv record without an abstract has no row there.
        where = "where abstract is not null" if table == "abstracts" else ""
        source = f"loaded {where}"
        each = "*" if kind in REPEATED else f"distinct {key}"
        total, distinct = _one(con, f"select count(*), count({each}) from {source}")
        if total != distinct:
            # The newest of several records with one id, or the last of them.
            newest = "touched desc nulls last, " if "touched" in schema.names else ""
            source += (
                f" qualify row_number() over (partition by {key} order by {newest}place desc) = 1"
            )
            notes["repeated id, newest kept"] += total - distinct
        sql = f"select {', '.join(schema.names)} from {source} order by {order}"
        file = staging / f"{table}.parquet"
        if table == "abstracts":
            batches = _noting_ids(con.sql(sql).to_arrow_reader(TEXT_ROWS), staging, table)
            write_texts(staging / "abstracts.arrow", schema, batches, ABSTRACT_ROWS, "zstd")
        else:
            con.execute(f"copy ({sql}) to {quoted(file)} ({FAST_ZSTD}, row_group_size {ROW_GROUP})")
            if table in LOOKED_UP:
                columns = [name for name in LOOKED_UP[table] if name in schema.names]
                read = pq.ParquetFile(file).iter_batches(TEXT_ROWS, columns=columns)
                deque(_noting_ids(read, staging, table), maxlen=0)
        rows = rows or distinct
    if "records" in FILES[kind]:
        _write_titles(staging)
    return rows, notes


def _noting_ids(
    batches: Iterable[pa.RecordBatch], staging: Path, table: str
) -> Iterator[pa.RecordBatch]:
    """The batches of a file; after the last, writes by which identifiers its rows are looked up."""
    hashes, rows, at = [np.empty(0, np.uint64)], [np.empty(0, np.int64)], 0
    for batch in batches:
        for name in LOOKED_UP[table]:
            if name in batch.schema.names:
                has = pc.is_valid(batch[name])
                hashes.append(id_hashes(batch[name].filter(has), name))
                rows.append(np.flatnonzero(has) + at)
        at += len(batch)
        yield batch
    write_postings(
        staging / f"{table}-ids.arrow",
        np.concatenate(hashes),
        np.concatenate(rows).astype(np.uint32),
    )


def _write_titles(staging: Path) -> None:
    """Write the plain titles of the records, their keys, and how often each word occurs."""
    keys, words, counts = ([np.empty(0, kind)] for kind in (np.uint64, np.uint64, np.uint32))

    def batches() -> Iterator[pa.RecordBatch]:
        file = pq.ParquetFile(staging / "records.parquet")
        for batch in file.iter_batches(TEXT_ROWS, columns=["title", "paper"]):
            plains = plain_column(batch["title"])
            keys.append(text_hashes(key_column(plains)))
            some, n = np.unique(word_hashes(plains)[1], return_counts=True)
            words.append(some)
            counts.append(n.astype(np.uint32))
            yield pa.record_batch([plains, batch["paper"]], schema=TEXTS)

    write_texts(staging / "texts.arrow", TEXTS, batches())
    every = np.concatenate(keys)
    write_postings(staging / "titles.arrow", every, np.arange(len(every), dtype=np.uint32))
    write_postings(
        staging / "tokens.arrow", *added_up(np.concatenate(words), np.concatenate(counts))
    )


def write_pairs(job: PairJob) -> str:
    """Make the blocking keys of one part, or find them made; returns their file's name."""
    folder = Path(job.root) / "parts" / job.name
    final = folder / job.tokens.replace("tokens-", "pairs-")
    if final.exists():
        return final.name
    tokens = Postings(Path(job.root) / job.tokens)
    keys, rows, sizes = ([np.empty(0, kind)] for kind in (np.uint64, np.uint32, np.uint16))
    for number, batch in enumerate(Texts(folder / "texts.arrow").batches):
        pairs = pairs_of(batch["plain"], tokens, OF_RECORD)
        keys.append(pairs.keys)
        rows.append((pairs.places + number * TEXT_ROWS).astype(np.uint32))
        size = pc.utf8_length(batch["plain"]).to_numpy().astype(np.uint16)
        sizes.append(size[pairs.places])
    with replacing(final, durable=False) as file:
        write_postings(file, np.concatenate(keys), np.concatenate(rows), size=np.concatenate(sizes))
    return final.name


def _released(con: duckdb.DuckDBPyConnection, shard: Shard) -> date | None:
    """The day of the release: in the address for Semantic Scholar, else the newest update."""
    if shard.kind.startswith("s2"):
        for pattern in _DAYS:
            for year, month, day in reversed(pattern.findall(shard.url)):
                with suppress(ValueError):
                    return date(int(year), int(month), int(day))
    if "touched" not in row_schema(shard.kind).names:
        return None
    newest: date | None = _one(con, "select max(touched) from loaded")[0]
    return newest


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    (row,) = con.execute(sql).fetchall()
    found: tuple[Any, ...] = row
    return found
