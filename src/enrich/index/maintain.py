"""Building and updating an index: map over the shards, one small reduction, one manifest."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from enrich.clock import Clock
from enrich.errors import LocalIndexError, UsageError
from enrich.index.layout import (
    ID_COLUMN,
    RECORD_KINDS,
    Manifest,
    Part,
    connect,
    quoted,
    read_manifest,
    write_manifest,
)
from enrich.index.parts import Job, PairJob, build_part, write_pairs
from enrich.index.postings import Postings, added_up, write_postings
from enrich.index.shards import Shard, find_shards
from enrich.index.workers import Mapper
from enrich.observer import Observer

# In all, over every worker; a build stays under 4 GB with two.
MEMORY_MB: Final = 2400
# Threads of one process that index JSON lines in SQL. One of them reads the lines in Python: 1.0 of
# 8.7 s of processor (200,000 records of benchmarks/index_build.py).
_THREADS: Final = 4
# The id of the rarest word of a first build; those of updates come before it.
_FIRST_TOKEN: Final = 2**31


def build(
    out: Path,
    sources: Mapping[str, Sequence[str]],
    *,
    clock: Clock,
    observer: Observer,
    workers: int | None = None,
    dask: str | None = None,
    released: date | None = None,
) -> Manifest:
    """Build the index at `out` from dumps and publish it in one step.

    `sources` maps kind (`arxiv`, `s2_papers`, `s2_abstracts`, `s2_ids`, `s2_citations`) to paths,
    globs or fsspec addresses. Shards that an interrupted build finished are kept; an existing index
    stays in use until the new one replaces it. Raises UsageError, LocalIndexError.
    """
    shards = _shards(sources)
    if not any(shard.kind in RECORD_KINDS for shard in shards):
        raise UsageError("An index needs records: give --arxiv, --s2-papers, or both.")
    with _mapper(shards, workers, dask) as mapper:
        parts = _map_parts(out, shards, observer, mapper, released)
        ranked = [replace(part, rank=rank) for rank, part in enumerate(parts)]
        return _publish(out, ranked, None, clock, observer, mapper)


def update(
    root: Path,
    sources: Mapping[str, Sequence[str]],
    *,
    clock: Clock,
    observer: Observer,
    workers: int | None = None,
    dask: str | None = None,
    released: date | None = None,
) -> Manifest:
    """Add newer dumps or Datasets diffs to the index at `root`.

    A record replaces the one with the same id; `s2_deleted` removes records. Existing files are
    never changed. Arguments and errors as for `build`.
    """
    old = read_manifest(root)
    shards = _shards(sources)
    known = {part.name for part in old.parts}
    if not (fresh := [shard for shard in shards if shard.name not in known]):
        observer.warn("Every file given is in the index already; nothing was done.")
        return old
    rank = max(part.rank for part in old.parts) + 1
    generation = max(part.generation for part in old.parts) + 1
    with _mapper(fresh, workers, dask) as mapper:
        parts = _map_parts(root, fresh, observer, mapper, released)
        newer = [
            replace(part, rank=rank + place, generation=generation)
            for place, part in enumerate(parts)
        ]
        return _publish(root, [*old.parts, *newer], old.tokens, clock, observer, mapper)


def info(root: Path) -> dict[str, Any]:
    """Contents of the index at `root` as plain values: rows, release days, refused lines."""
    manifest = read_manifest(root)
    kinds = {}
    for kind in ID_COLUMN:
        parts = [part for part in manifest.parts if part.kind == kind]
        if parts:
            day = manifest.released(kind)
            kinds[kind] = {
                "rows": sum(part.rows for part in parts),
                "parts": len(parts),
                "released": day.isoformat() if day else None,
                "refused": _total(part.faults for part in parts),
                "mended": _total(part.notes for part in parts),
            }
    files = [path for path in root.rglob("*") if path.is_file()]
    return {
        "path": str(root),
        "built": manifest.built,
        "bytes": sum(path.stat().st_size for path in files),
        "replaced_rows": _count(root, manifest.dead),
        "versions": dict(manifest.versions),
        "kinds": kinds,
    }


def _shards(sources: Mapping[str, Sequence[str]]) -> list[Shard]:
    shards: list[Shard] = []
    for kind, patterns in sources.items():
        for pattern in patterns:
            shards += find_shards(kind, pattern)
    return [_abstracts_only(shard) for shard in shards]


def _mapper(shards: Sequence[Shard], workers: int | None, dask: str | None) -> Mapper:
    """Workers to index `shards`: a process per core where rows are parsed in Python, else one for
    several threads, so that a build of one file starts no other process."""
    threads = workers or os.cpu_count() or 1
    in_python = any(shard.form == "parquet" for shard in shards)
    return Mapper(
        workers=threads if in_python else -(-threads // _THREADS), threads=threads, dask=dask
    )


def _abstracts_only(shard: Shard) -> Shard:
    """A Parquet table of arXiv ids and abstracts without titles is a kind of its own."""
    if shard.kind != "arxiv" or shard.form != "parquet":
        return shard
    import pyarrow.parquet as pq

    with shard.open() as file:
        names = set(pq.ParquetFile(file).schema_arrow.names)
    bare = "title" not in names and "abstract" in names
    return replace(shard, kind="arxiv_abstracts") if bare else shard


def _map_parts(
    out: Path,
    shards: Sequence[Shard],
    observer: Observer,
    mapper: Mapper,
    released: date | None,
) -> list[Part]:
    out.mkdir(parents=True, exist_ok=True)
    threads, memory = _shares(mapper, len(shards))
    jobs = [Job(shard, str(out.resolve()), memory, released, threads) for shard in shards]
    parts = observer.stage(
        f"index {len(shards)} shards",
        lambda: mapper.map(
            build_part, jobs, lambda done, total: observer.progress("index shards", done, total)
        ),
    )
    for part in parts:
        for fault, count in part.faults.items():
            observer.warn(f"{part.url}: {count} lines refused, {fault}.")
        for example in part.examples[:3]:
            observer.warn(f"  {example}")
    if undated := sorted({p.url for p in parts if p.kind == "s2_papers" and not p.released}):
        observer.warn(
            f"The release day of {', '.join(undated)} is not in its address, so its counts are "
            "not used. Build with --released YYYY-MM-DD to use them."
        )
    if not any(part.rows for part in parts):
        raise LocalIndexError(
            f"No line of {', '.join(sorted({p.url for p in parts}))} could be read as a record; "
            "check that each option got the dump it is named for."
        )
    return parts


def _publish(
    root: Path,
    parts: Sequence[Part],
    old_tokens: str | None,
    clock: Clock,
    observer: Observer,
    mapper: Mapper,
) -> Manifest:
    threads = os.cpu_count() or 1
    spill = Path(tempfile.mkdtemp(prefix=".reduce-", dir=root))
    try:
        tokens = observer.stage("index words", lambda: _write_tokens(root, parts, old_tokens))
        fresh = [part for part in parts if part.kind in RECORD_KINDS and part.pairs is None]
        jobs = [PairJob(str(root.resolve()), part.name, tokens) for part in fresh]
        made = observer.stage("index blocking keys", lambda: _map_pairs(mapper, jobs, observer))
        named = {part.name: file for part, file in zip(fresh, made, strict=True)}
        parts = [replace(part, pairs=named.get(part.name, part.pairs)) for part in parts]
        with connect(threads=threads, memory=f"{MEMORY_MB}MB", spill=spill) as con:
            dead = observer.stage("index repeats", lambda: _write_dead(con, root, parts))
    finally:
        shutil.rmtree(spill, ignore_errors=True)
    manifest = Manifest(clock.now().isoformat(), tuple(parts), tokens, dead)
    write_manifest(root, manifest)
    _sweep(root, manifest)
    return manifest


def _map_pairs(mapper: Mapper, jobs: Sequence[PairJob], observer: Observer) -> list[str]:
    """The files of blocking keys; sorting them leaves other threads of a process their turn."""
    if mapper.workers > 1:
        return mapper.map(
            write_pairs, jobs, lambda done, total: observer.progress("index keys", done, total)
        )
    with ThreadPoolExecutor(mapper.threads) as threads:
        return list(threads.map(write_pairs, jobs))


def _write_tokens(root: Path, parts: Sequence[Part], old: str | None) -> str:
    """Number the words, the rarest first. Ids are permanent, so that the blocking keys of
    older parts stay valid: new words of an update are the rarest and get smaller ids."""
    counted = [
        Postings(root / "parts" / part.name / "tokens.arrow")
        for part in parts
        if part.kind in RECORD_KINDS
    ]
    words, counts = added_up(
        np.concatenate([each.keys for each in counted]),
        np.concatenate([each.values for each in counted]),
    )
    first = _FIRST_TOKEN
    if old is not None:
        known = Postings(root / old)
        new = ~np.isin(words, known.keys)
        words, counts = words[new], counts[new]
        first = int(known.values.min(initial=_FIRST_TOKEN)) - len(words)
    ids = np.empty(len(words), np.uint32)
    ids[np.lexsort((words, counts))] = np.arange(first, first + len(words), dtype=np.uint32)
    if old is not None:
        words, ids = np.concatenate([words, known.keys]), np.concatenate([ids, known.values])
    staging = root / ".tokens.arrow"
    write_postings(staging, words, ids)
    name = f"tokens-{_digest(staging)}.arrow"
    staging.replace(root / name)
    return name


def _write_dead(con: duckdb.DuckDBPyConnection, root: Path, parts: Sequence[Part]) -> str | None:
    """Write the rows whose id a part of higher rank has too, or deletes."""
    con.execute("create temp table dead (part varchar, row uinteger)")
    newest = max(part.generation for part in parts)
    for kind in RECORD_KINDS:
        key = ID_COLUMN[kind]
        mine = [part for part in parts if part.kind == kind]
        rows = [
            f"select {key} as id, {quoted(p.name)} as part, file_row_number::uinteger as row,"
            f" {p.rank} as rank from read_parquet("
            f"{quoted(root / 'parts' / p.name / 'records.parquet')}, file_row_number = true)"
            for p in mine
        ]
        if kind == "s2_papers":
            rows += [
                f"select s2_corpus_id, null, null, {p.rank} from read_parquet("
                f"{quoted(root / 'parts' / p.name / 'deleted.parquet')})"
                for p in parts
                if p.kind == "s2_deleted"
            ]
            # corpusid is unique within a release, so a first build has no repeats to find.
            if newest == 0:
                continue
        if len(rows) < 2:
            continue
        con.execute(f"create or replace temp view every as {' union all '.join(rows)}")
        con.execute(
            "create or replace temp table repeated as"
            " select id, max(rank) as rank from every group by id having count(*) > 1",
        )
        con.execute(
            "insert into dead select part, row from every join repeated using (id)"
            " where every.rank < repeated.rank and part is not null",
        )
    if not _one(con, "select count(*) from dead"):
        return None
    staging = root / ".dead.parquet"
    con.execute(f"copy (from dead order by part, row) to {quoted(staging)} (compression zstd)")
    name = f"dead-{_digest(staging)}.parquet"
    staging.replace(root / name)
    return name


def _sweep(root: Path, manifest: Manifest) -> None:
    """Remove files that the manifest no longer names."""
    for path in (root / "parts").iterdir():
        if path.name not in {part.name for part in manifest.parts}:
            shutil.rmtree(path, ignore_errors=True)
    for path in [*root.glob("tokens-*.arrow"), *root.glob("dead-*.parquet")]:
        if path.name not in (manifest.tokens, manifest.dead):
            path.unlink()
    pairs = {part.name: part.pairs for part in manifest.parts}
    for path in root.glob("parts/*/pairs-*.arrow"):
        if path.name != pairs[path.parent.name]:
            path.unlink()


def _shares(mapper: Mapper, tasks: int) -> tuple[int, str]:
    """Threads and memory of each of `tasks`: more where there are fewer tasks than workers."""
    at_once = max(min(mapper.workers, tasks), 1)
    return max(mapper.threads // at_once, 1), f"{max(MEMORY_MB // at_once, 256)}MB"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _count(root: Path, name: str | None) -> int:
    return _one(duckdb.connect(), f"select count(*) from {quoted(root / name)}") if name else 0


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def _total(counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            total[name] = total.get(name, 0) + count
    return total
