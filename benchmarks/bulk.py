"""The local index at several sizes, beside a bare DuckDB join: `python benchmarks/bulk.py`.

    python benchmarks/bulk.py [--sizes 1000000,3000000] [--titles N] [--large] [--keep DIR]

For each size: a build from JSON lines, and a resolution of N titles by the command line, start
included, in seconds, in ratio to DuckDB's join of the same precomputed keys, and with the memory of
all processes together; 50 look-ups in a process of their own; precision and recall against what was
drawn. Then how the time per record grows from the smallest size to the largest. `--large` adds 10
and 30 million records. See benchmarks/bulk_data.py for the records and titles, and
benchmarks/bulk_dask.py for a cluster.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.bulk_data import REAL, REAL_FILE, connect, make_dumps, make_titles

from enrich.index import Index
from enrich.index.decide import entry
from enrich.index.keys import plain_titles
from enrich.index.postings import Texts
from enrich.records import Candidate
from enrich.resolve import decide

LARGE: Final = (10_000_000, 30_000_000)
# Aims: seconds of 50 look-ups and of opening an index; GB of a resolution and of a build.
LOOKUPS, OPENING, RESOLVE_GB, BUILD_GB = 0.5, 0.5, 3.0, 4.0
_LOOK_UP: Final = """
import sys, time
import pyarrow.parquet as pq
from enrich.index import Index
from enrich.io.arrow import leave_pandas_out
from enrich.records import Identifiers
leave_pandas_out()
rows = pq.read_table(sys.argv[2]).slice(0, 50).to_pylist()
begun = time.perf_counter()
with Index.open(sys.argv[1]) as index:
    opened = time.perf_counter()
    index.by_titles([row["title"] for row in rows])
    titled = time.perf_counter()
    index.by_ids([Identifiers(arxiv_id=row["truth"]) for row in rows])
    print(opened - begun, titled - opened, time.perf_counter() - titled)
"""


class Peak:
    """The most memory that the children of this process had to themselves at one time, in GB.

    Pages of files that are mapped into memory do not count: the system takes them back.
    """

    def __enter__(self) -> Peak:
        self.gb, self._stop = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.1):
            total = 0
            for process in me.children(recursive=True):
                with suppress(psutil.Error):
                    memory = process.memory_info()
                    total += memory.rss - getattr(memory, "shared", 0)
            self.gb = max(self.gb, total / 1e9)


def timed(*command: object) -> tuple[float, float]:
    """Seconds of `enrich COMMAND` in processes of its own, and their memory in GB."""
    begun = time.perf_counter()
    with Peak() as peak:
        subprocess.run(
            [sys.executable, "-m", "enrich", *map(str, command), "--quiet"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return time.perf_counter() - begun, peak.gb


def bare_join(folder: Path, index: Path, titles: Path) -> float:
    """The least of three times of DuckDB's join of precomputed keys, its result written down."""
    asked = plain_titles(pq.read_table(titles)["title"].to_pylist())
    pq.write_table(pa.table({"key": [t.replace(" ", "") for t in asked]}), folder / "keyed.parquet")
    keys = folder / "keys"
    keys.mkdir()
    con = connect()
    for number, file in enumerate(sorted(index.glob("parts/*/texts.arrow"))):
        texts = pa.Table.from_batches(Texts(file).batches)
        con.register("texts", texts)
        con.execute(f"""copy (
            select replace(plain, ' ', '') as key, row_number() over () - 1 as row from texts
            order by key) to '{keys}/{number}.parquet' (compression zstd)""")
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        con.execute(f"""copy (
            select q.file_row_number as q, k.row from
            read_parquet('{folder}/keyed.parquet', file_row_number = true) q
            join read_parquet('{keys}/*.parquet') k using (key)
        ) to '{folder}/bare.parquet'""")
        seconds.append(time.perf_counter() - begun)
    shutil.rmtree(keys)
    return min(seconds)


def lookups(index: Path, titles: Path) -> tuple[float, float, float]:
    """The least seconds of opening an index, of 50 titles and of 50 ids, in a new process each."""
    printed = [
        subprocess.run(
            [sys.executable, "-c", _LOOK_UP, str(index), str(titles)],
            check=True, capture_output=True, text=True,
        ).stdout.split()
        for _ in range(3)
    ]  # fmt: skip
    opening, by_titles, by_ids = (min(map(float, each)) for each in zip(*printed, strict=True))
    return opening, by_titles, by_ids


def quality(pairs: Sequence[tuple[str | None, str | None]]) -> str:
    """Precision and recall of (found, truth) pairs."""
    right = sum(found is not None and found == truth for found, truth in pairs)
    found = sum(found is not None for found, _ in pairs)
    there = sum(truth is not None for _, truth in pairs)
    return f"precision {right / max(found, 1):.4f}, recall {right / max(there, 1):.4f}"


def one_at_a_time(index: Path, rows: Sequence[tuple[int, str]]) -> list[str | None]:
    """What `decide` says of each title over the candidates the index gives for it."""
    with Index.open(index) as opened:
        found = opened.by_titles([title for _, title in rows])
    resolutions = [
        decide(entry(q, title, None, None), [Candidate(r, "title:index") for r in records])
        for (q, title), records in zip(rows, found, strict=True)
    ]
    return [r.chosen.record.ids.arxiv_id if r.chosen else None for r in resolutions]


def measure(folder: Path, real: Path, count: int, asked: int, workers: int) -> tuple[float, float]:
    """Print the figures of one size; returns seconds of build and of resolution."""
    name = f"{count / 1e6:g} M"
    dumps = make_dumps(folder / "dumps", real, count)
    titles = make_titles(folder / "titles.parquet", dumps, asked)
    index, out = folder / "index", folder / "out.parquet"
    shutil.rmtree(index, ignore_errors=True)
    given = [part for dump in dumps for part in ("--arxiv", dump)]
    build, build_gb = timed("index", "build", "--out", index, "--workers", workers, *given)
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    print(f"build {name} records: {build:.1f} s, {build_gb:.1f} GB; on disk {size / 1e9:.1f} GB")
    bare = bare_join(folder, index, titles)
    spent, used = timed("resolve", titles, "--index", index, "--out", out, "--workers", workers)
    print(f"resolve {asked:,} titles: {spent:.1f} s, {used:.1f} GB; bare join {bare:.2f} s")
    opening, by_titles, by_ids = lookups(index, titles)
    print(f"look-ups: opening {opening:.3f} s, 50 titles {by_titles:.2f} s, 50 ids {by_ids:.2f} s")
    print(f"ratio resolve in {name} to bare join: {spent / bare:.1f} (at most 25)")
    print(f"ratio memory of resolve in {name} to 3 GB: {used / RESOLVE_GB:.2f} (at most 1)")
    print(f"ratio memory of build of {name} to 4 GB: {build_gb / BUILD_GB:.2f} (at most 1)")
    print(f"ratio opening {name} to 0.5 s: {opening / OPENING:.2f} (at most 1)")
    print(f"ratio 50 titles in {name} to 0.5 s: {by_titles / LOOKUPS:.2f} (at most 1)")
    print(f"ratio 50 ids in {name} to 0.5 s: {by_ids / LOOKUPS:.2f} (at most 1)")
    truth = pq.read_table(titles)["truth"].to_pylist()
    found = pq.read_table(out, columns=["arxiv_id"])["arxiv_id"].to_pylist()
    print(f"{name}, all titles: {quality(list(zip(found, truth, strict=True)))}")
    texts = pq.read_table(titles)["title"].to_pylist()
    sample = range(0, asked, max(asked // 1000, 1))
    single = one_at_a_time(index, [(q, texts[q]) for q in sample])
    differ = sum(s != found[q] for s, q in zip(single, sample, strict=True))
    print(f"titles of {len(sample)} that are another paper one at a time: {differ}")
    return build, spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000000,3000000", help="records, ascending")
    parser.add_argument("--large", action="store_true", help="add 10 and 30 million records")
    parser.add_argument("--titles", type=int, default=1_000_000)
    parser.add_argument("--real", type=Path, default=REAL / REAL_FILE)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=Path, help="keep (and use again) the dumps in this folder")
    args = parser.parse_args()
    if not args.real.exists():
        raise SystemExit(f"{args.real} is not there: name a Parquet file of titles with --real.")
    folder = args.keep or Path(tempfile.mkdtemp(prefix="bench-bulk-"))
    sizes = [int(size) for size in args.sizes.split(",")] + list(LARGE if args.large else ())
    try:
        seconds = [measure(folder, args.real, size, args.titles, args.workers) for size in sizes]
    finally:
        if not args.keep:
            shutil.rmtree(folder)
    for what, each in zip(("build", "resolve"), zip(*seconds, strict=True), strict=True):
        growth = (each[-1] / sizes[-1]) / (each[0] / sizes[0])
        print(
            f"ratio time per record of {what}, {sizes[-1] / 1e6:g} M to {sizes[0] / 1e6:g} M:"
            f" {growth:.2f} (at most 1.2)"
        )


if __name__ == "__main__":
    main()
