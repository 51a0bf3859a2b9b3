"""Bulk resolution beside a bare DuckDB join: `python benchmarks/bulk.py [--records N --titles N]`.

Records: the real titles of a catalogue (Parquet, `--real`), filled up to N with titles made of
halves of them. Titles asked for: drawn from the records, 85 % unchanged but for case and
punctuation, 15 % not exact: misspelt, cut, with a venue after them, or of papers not there.
The bare join is DuckDB's, over the very same precomputed keys, in the same run. Prints seconds,
ratios, peak memory of the whole process tree, and precision and recall against what was drawn; and
the same for a sample resolved one title at a time, as a run over a list does.
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
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import duckdb
import psutil
import pyarrow.parquet as pq

from enrich.clock import SystemClock
from enrich.index import Index, build, resolve_file
from enrich.index.decide import entry
from enrich.index.keys import plain_titles
from enrich.observer import Silent
from enrich.records import Candidate, Identifiers
from enrich.resolve import decide

REAL = Path(__file__).resolve().parents[1] / "../shared/data/catalogue"
REAL_FILE = "arxiv_archive_partial_2020_titles.parquet"
T = TypeVar("T")


class Timed(Silent):
    """Keeps the seconds of each stage: by the clock, and of processors over all processes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    def stage(self, name: str, work: Callable[[], T]) -> T:
        begun, used = time.perf_counter(), cpu_seconds()
        try:
            return work()
        finally:
            self.seconds[name] = time.perf_counter() - begun
            self.cpu[name] = cpu_seconds() - used

    def print_stages(self) -> None:
        for name, each in self.seconds.items():
            print(f"    {name:32}{each:6.1f} s {self.cpu[name]:7.1f} s of processor")


def cpu_seconds() -> float:
    """Processor seconds of this process and its living children."""
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


class Peak:
    """The most memory that this process and its children had resident at one time, in GB."""

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
        while not self._stop.wait(0.2):
            total = 0
            for process in [me, *me.children(recursive=True)]:
                with suppress(psutil.Error):
                    total += process.memory_info().rss
            self.gb = max(self.gb, total / 1e9)


def make_records(folder: Path, real: Path, count: int) -> list[str]:
    """The real file, and Parquet of generated records to make up `count`."""
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    con.execute(f"create table real as from read_parquet('{real}') limit {count}")
    have = con.execute("select count(*) from real").fetchall()[0][0]
    con.execute(f"copy real to '{folder}/real.parquet' (row_group_size 200000)")
    missing = max(count - have, 0)
    con.execute("select setseed(0.42)")
    con.execute(f"""copy (
        with half as (
            select string_split(regexp_replace(title, '\\s+', ' ', 'g'), ' ') as words, authors,
                row_number() over (order by hash(arxiv_id)) as n from real where len(title) > 30
        ), pick as (
            select i, 1 + hash(i, 1) % (select count(*) from half) as a,
                1 + hash(i, 2) % (select count(*) from half) as b from range({missing}) t(i)
        )
        select printf('%02d%02d.%05d', 20 + i // 720000, 1 + (i // 60000) % 12, 1 + i % 60000)
                as arxiv_id,
            array_to_string(
                a.words[:len(a.words) // 2] || b.words[len(b.words) // 2:], ' ') as title,
            a.authors, 'cs.LG' as categories,
            printf('20%02d-%02d-01', 20 + i // 720000, 1 + (i // 60000) % 12) as created
        from pick join half a on a.n = pick.a join half b on b.n = pick.b
    ) to '{folder}/made.parquet' (row_group_size 200000)""")
    return [f"{folder}/real.parquet", f"{folder}/made.parquet"][: 1 + bool(missing)]


def make_titles(folder: Path, records: Sequence[str], count: int) -> Path:
    """`count` titles with the id each was drawn from (null: no record has it), 15 % not exact."""
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    files = ", ".join(f"'{file}'" for file in records)
    con.execute(f"""copy (
        with drawn as (
            select arxiv_id, regexp_replace(title, '\\s+', ' ', 'g') as t,
                hash(arxiv_id, 3) % 1000 as kind, hash(arxiv_id, 4) as h
            from read_parquet([{files}], union_by_name = true)
            where title is not null order by hash(arxiv_id, 5) limit {count}
        )
        select case
            when kind < 60
                then t[:1 + h % len(t)] || chr((97 + h % 26)::integer) || t[2 + h % len(t):]
            when kind < 90 then t[:h % len(t)] || t[2 + h % len(t):]
            when kind < 110 then t || ' (CVPR 2019)'
            when kind < 120 then replace(t, ' the ', ' ')
            when kind < 150 then reverse(t[:len(t) // 2]) || ' ' || reverse(t[len(t) // 2:])
            when kind < 500 then upper(t)
            else t end as title,
            case when kind between 120 and 149 then null else arxiv_id end as truth
        from drawn order by hash(arxiv_id, 6)
    ) to '{folder}/titles.parquet' (row_group_size 122880)""")
    return folder / "titles.parquet"


def bare_join(folder: Path, index: Path, titles: Path) -> float:
    """Seconds of DuckDB's join of precomputed keys, its result written down."""
    keyed = pq.read_table(titles).select(["title"])
    keys = [plain.replace(" ", "") for plain in plain_titles(keyed["title"].to_pylist())]
    pq.write_table(keyed.append_column("key", [keys]).select(["key"]), folder / "keyed.parquet")
    con = duckdb.connect(config={"threads": os.cpu_count() or 1})
    con.execute("set enable_progress_bar = false")
    begun = time.perf_counter()
    con.execute(f"""copy (
        select q.file_row_number as q, k.row from
        read_parquet('{folder}/keyed.parquet', file_row_number = true) q
        join read_parquet('{index}/parts/*/keys.parquet') k using (key)
    ) to '{folder}/bare.parquet'""")
    return time.perf_counter() - begun


def by_command_line(folder: Path, index: Path, titles: Path, workers: int) -> float:
    """Seconds of `enrich resolve` in a process of its own."""
    command = ["resolve", str(titles), "--index", str(index), "--out", str(folder / "cli.parquet")]
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "enrich", *command, "--workers", str(workers), "--quiet"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - begun


def lookups(index: Path, rows: Sequence[tuple[str, str | None]]) -> None:
    """Print the seconds of opening an index and of looking up `rows` (title, arXiv id or None)."""
    begun = time.perf_counter()
    with Index.open(index) as opened:
        ready = time.perf_counter()
        opened.by_titles([title for title, _ in rows])
        titled = time.perf_counter()
        opened.by_ids([Identifiers(arxiv_id=arxiv_id) for _, arxiv_id in rows if arxiv_id])
        ended = time.perf_counter()
    print(
        f"{len(rows)} look-ups: opening {ready - begun:.2f} s, by titles {titled - ready:.2f} s,"
        f" by ids {ended - titled:.2f} s (each at most 0.5 s)"
    )


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=3_000_000)
    parser.add_argument("--titles", type=int, default=1_000_000)
    parser.add_argument("--real", type=Path, default=REAL / REAL_FILE)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=Path, help="keep (and use again) the data in this folder")
    args = parser.parse_args()
    if not args.real.exists():
        raise SystemExit(f"{args.real} is not there: name a Parquet file of titles with --real.")
    folder = args.keep or Path(tempfile.mkdtemp(prefix="bench-bulk-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        run(folder, args)
    finally:
        if not args.keep:
            shutil.rmtree(folder)


def run(folder: Path, args: argparse.Namespace) -> None:
    records = [str(p) for p in (folder / "real.parquet", folder / "made.parquet") if p.exists()]
    if not records:
        records = make_records(folder, args.real, args.records)
        make_titles(folder, records, args.titles)
    titles, index = folder / "titles.parquet", folder / "index"
    shutil.rmtree(index, ignore_errors=True)
    print(
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {args.workers} workers"
    )
    timed = Timed()
    begun = time.perf_counter()
    with Peak() as peak:
        build(index, {"arxiv": records}, clock=SystemClock(), observer=timed, workers=args.workers)
    seconds = time.perf_counter() - begun
    rows = sum(pq.ParquetFile(r).metadata.num_rows for r in records)
    print(f"build {rows:,} records: {seconds:.1f} s, peak {peak.gb:.1f} GB")
    timed.print_stages()
    bare = bare_join(folder, index, titles)
    timed = Timed()
    begun = time.perf_counter()
    with Peak() as peak:
        result = resolve_file(titles, index, folder / "out.parquet", observer=timed,
                              workers=args.workers)  # fmt: skip
    seconds = time.perf_counter() - begun
    print(f"resolve {result.rows:,} titles: {seconds:.1f} s, peak {peak.gb:.1f} GB")
    print(f"    {result.by_status}")
    timed.print_stages()
    exact = timed.seconds["match exactly"]
    print(f"bare join {bare:.2f} s, exact part {exact:.2f} s")
    print(f"ratio exact part to bare join: {exact / bare:.2f} (at most 2)")
    whole = by_command_line(folder, index, titles, args.workers)
    print(f"by the command line, start included: {whole:.1f} s")
    print(f"ratio resolve by command line to bare join: {whole / bare:.1f} (at most 25)")
    truth = pq.read_table(titles)["truth"].to_pylist()
    found = pq.read_table(folder / "out.parquet", columns=["arxiv_id"])["arxiv_id"].to_pylist()
    print(f"bulk, all rows:       {quality(list(zip(found, truth, strict=True)))}")
    asked = pq.read_table(titles)["title"].to_pylist()
    lookups(index, [(asked[q], truth[q]) for q in range(0, len(asked), max(len(asked) // 50, 1))])
    sample = range(0, len(asked), max(len(asked) // 5000, 1))
    single = one_at_a_time(index, [(q, asked[q]) for q in sample])
    print(f"bulk, sample:         {quality([(found[q], truth[q]) for q in sample])}")
    pairs = [(s, truth[q]) for s, q in zip(single, sample, strict=True)]
    print(f"one by one, sample:   {quality(pairs)}")
    differ = sum(s != found[q] for s, q in zip(single, sample, strict=True))
    print(f"rows of the sample in which the two ways differ: {differ} of {len(sample)}")


if __name__ == "__main__":
    main()
