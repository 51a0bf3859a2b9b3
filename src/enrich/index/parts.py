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
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from enrich.index.blocking import OF_RECORD, pairs_of
from enrich.index.dumps import load_rows
from enrich.index.layout import (
    FILES,
    ID_COLUMN,
    REPEATED,
    Part,
    connect,
    quoted,
    row_schema,
    write_json,
)
from enrich.index.lines import ShardReport
from enrich.index.shards import Shard

# Small row groups: looking up a few ids or titles reads few other rows. Of 200,000 records of
# benchmarks/index_build.py the file is 4 % larger than with groups of 40,960; with 4,096, 8 %.
ROW_GROUP: Final = 8_192
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
    memory: str
    threads: int = 1


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
        con.execute(
            f"copy (select {', '.join(schema.names)} from {source} order by {order})"
            f" to {quoted(staging / f'{table}.parquet')}"
            f" ({FAST_ZSTD}, row_group_size {ROW_GROUP})",
        )
        rows = rows or distinct
    if "records" in FILES[kind]:
        _write_keys(con, staging)
    return rows, notes


def _write_keys(con: duckdb.DuckDBPyConnection, staging: Path) -> None:
    records = f"read_parquet({quoted(staging / 'records.parquet')}, file_row_number = true)"
    con.execute(
        "copy (select replace(plain, ' ', '') as key, file_row_number::uinteger as row, paper"
        f" from {records} where plain <> '' order by key, row)"
        f" to {quoted(staging / 'keys.parquet')}"
        f" ({FAST_ZSTD}, row_group_size {ROW_GROUP})",
    )
    con.execute(
        "copy (select token, count(*) as n from"
        f" (select unnest(string_split(plain, ' ')) as token from {records})"
        f" where token <> '' group by token order by token)"
        f" to {quoted(staging / 'tokens.parquet')} ({FAST_ZSTD})",
    )


def write_pairs(job: PairJob) -> str:
    """Make the blocking keys of one part, or find them made; returns their file's name."""
    folder = Path(job.root) / "parts" / job.name
    final = folder / job.tokens.replace("tokens-", "pairs-")
    if final.exists():
        return final.name
    staging = Path(tempfile.mkdtemp(prefix=".pairs-", dir=folder))
    try:
        with connect(threads=job.threads, memory=job.memory, spill=staging / "spill") as con:
            tokens = quoted(Path(job.root) / job.tokens)
            con.execute(f"create temp table token as from read_parquet({tokens})")
            source = f"read_parquet({quoted(folder / 'records.parquet')}, file_row_number = true)"
            titles = f"(select file_row_number::uinteger as row, plain from {source})"
            con.execute(
                f"copy (select pair, row, size from ({pairs_of(titles, OF_RECORD)})"
                f" order by pair, row) to {quoted(staging / 'pairs.parquet')}"
                f" ({FAST_ZSTD}, row_group_size 122880)",
            )
        (staging / "pairs.parquet").replace(final)
        return final.name
    finally:
        shutil.rmtree(staging, ignore_errors=True)


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
    row = con.execute(sql).fetchone()
    assert row is not None
    return row
