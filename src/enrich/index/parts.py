"""Indexing one shard: the work of one task, which needs nothing but the shard and a folder.

It streams the shard once into a staging file, sorts it with DuckDB (which spills), and moves the
finished part into place. A part that is there already is not made again: that is how a build
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
from typing import Final

import duckdb
import pyarrow as pa

from enrich.index.blocking import OF_RECORD, pairs_of
from enrich.index.dumps import ShardReport, read_rows
from enrich.index.layout import FILES, ID_COLUMN, Part, connect, quoted, write_json
from enrich.index.parse import Row
from enrich.index.shards import Shard

# Small row groups: looking up a few ids or titles reads few other rows.
ROW_GROUP: Final = 40_960
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


@dataclass(frozen=True, slots=True)
class PairJob:
    """Make the blocking keys of the part `name`, with the token ids of `tokens`."""

    root: str
    name: str
    tokens: str
    memory: str


def build_part(job: Job) -> Part:
    """Make the part of one shard, or find it made."""
    shard = job.shard
    folder = Path(job.root) / "parts" / shard.name
    if (folder / "part.json").exists():
        return Part.from_json(json.loads((folder / "part.json").read_bytes()))
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{shard.name}-", dir=folder.parent))
    try:
        report = _stage(shard, staging)
        with connect(memory=job.memory, spill=staging / "spill") as con:
            rows, notes = _sort(con, shard.kind, staging)
        report.notes.update(notes)
        part = Part(
            name=shard.name,
            kind=shard.kind,
            url=shard.url,
            span=(shard.start, shard.stop),
            sha256=report.digest.hexdigest(),
            rows=rows,
            bytes=report.bytes,
            faults=dict(report.faults),
            examples=tuple(report.examples),
            notes=dict(report.notes),
            released=job.released or _released(shard, report),
        )
        shutil.rmtree(staging / "spill", ignore_errors=True)
        write_json(staging / "part.json", part.to_json())
        if folder.exists():  # finished by another task meanwhile, or left incomplete
            shutil.rmtree(folder)
        staging.rename(folder)
        return part
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _stage(shard: Shard, staging: Path) -> ShardReport:
    """Stream the shard's rows into unsorted files, one per table of its kind."""
    report = ShardReport()
    gc.disable()  # many rows, no cycles: collecting takes a third of the time
    tables = FILES[shard.kind]
    writers = {
        table: pa.ipc.new_file(staging / f"{table}.arrow", schema)
        for table, schema in tables.items()
    }
    try:
        for rows in read_rows(shard, report):
            for table, writer in writers.items():
                kept = rows
                if table == "abstracts" and shard.kind == "arxiv":
                    kept = [row for row in rows if row["abstract"]]
                if kept:
                    writer.write_batch(_batch(kept, tables[table]))
    finally:
        gc.enable()
        for writer in writers.values():
            writer.close()
    return report


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    given = rows[0].keys()
    return pa.RecordBatch.from_arrays(
        [
            pa.array([row[field.name] for row in rows], field.type)
            if field.name in given
            else pa.nulls(len(rows), field.type)
            for field in schema
        ],
        schema=schema,
    )


def _sort(con: duckdb.DuckDBPyConnection, kind: str, staging: Path) -> tuple[int, Counter[str]]:
    key = ID_COLUMN[kind]
    notes: Counter[str] = Counter()
    rows = 0
    for table, schema in FILES[kind].items():
        staged, source = staging / f"{table}.arrow", "staged"
        with pa.memory_map(str(staged)) as mapped:
            con.register("staged", pa.ipc.open_file(mapped).read_all())
            total, distinct = _one(con, f"select count(*), count(distinct {key}) from staged")
            if total != distinct:
                # The newest of several records with one id, or the last of them.
                newest = "touched desc nulls last, " if "touched" in schema.names else ""
                source = (
                    "(select * exclude (place) from"
                    " (select *, row_number() over () as place from staged) qualify row_number()"
                    f" over (partition by {key} order by {newest}place desc) = 1)"
                )
                notes["repeated id, newest kept"] += total - distinct
            final = quoted(staging / f"{table}.parquet")
            con.execute(
                f"copy (from {source} order by {key}) to {final}"
                f" (format parquet, compression zstd, row_group_size {ROW_GROUP})",
            )
            con.unregister("staged")
        staged.unlink()
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
        f" (format parquet, compression zstd, row_group_size {ROW_GROUP})",
    )
    con.execute(
        "copy (select token, count(*) as n from"
        f" (select unnest(string_split(plain, ' ')) as token from {records})"
        f" where token <> '' group by token order by token)"
        f" to {quoted(staging / 'tokens.parquet')} (format parquet, compression zstd)",
    )


def write_pairs(job: PairJob) -> str:
    """Make the blocking keys of one part, or find them made; returns their file's name."""
    folder = Path(job.root) / "parts" / job.name
    final = folder / job.tokens.replace("tokens-", "pairs-")
    if final.exists():
        return final.name
    staging = Path(tempfile.mkdtemp(prefix=".pairs-", dir=folder))
    try:
        with connect(memory=job.memory, spill=staging / "spill") as con:
            tokens = quoted(Path(job.root) / job.tokens)
            con.execute(f"create temp table token as from read_parquet({tokens})")
            source = f"read_parquet({quoted(folder / 'records.parquet')}, file_row_number = true)"
            titles = f"(select file_row_number::uinteger as row, plain from {source})"
            con.execute(
                f"copy (select pair, row, size from ({pairs_of(titles, OF_RECORD)})"
                f" order by pair, row) to {quoted(staging / 'pairs.parquet')}"
                " (format parquet, compression zstd, row_group_size 122880)",
            )
        (staging / "pairs.parquet").replace(final)
        return final.name
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _released(shard: Shard, report: ShardReport) -> date | None:
    """The day of the release: in the address for Semantic Scholar, else the newest update."""
    if shard.kind.startswith("s2"):
        for pattern in _DAYS:
            for year, month, day in reversed(pattern.findall(shard.url)):
                with suppress(ValueError):
                    return date(int(year), int(month), int(day))
    return report.touched


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row
