"""Snapshots at 100,000 entries with 8 authors each, beside bare `pyarrow.parquet`.

    python benchmarks/snapshots.py [--entries 100000] [--repeat 3]

Both sides write the same tables and read them in the same process, in turn: ours writes aside,
flushes to the disk, reads back, compares, sums and renames; the bare side calls `write_table` with
the same compression, flushes to the disk, and reads. Prints the ratio of the least of
several times, which must be at most 1.5, and what building the tables costs in time and memory.
Exit code 1 if it is more.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.records import (
    Author,
    Candidate,
    Entry,
    Identifiers,
    Link,
    ListRun,
    Paper,
    ParsedList,
    Record,
    Resolution,
    Traffic,
    Weighed,
)
from enrich.snapshot.files import write_tables
from enrich.snapshot.reading import read_table
from enrich.snapshot.tables import build_tables

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIMIT = 1.5


def make_run(entries: int) -> ListRun:
    """A list of `entries` papers, 8 authors each, with abstracts of about 1,000 characters."""
    rng = random.Random(7)
    words = [
        "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 11)))
        for _ in range(20_000)
    ]
    people = [f"{rng.choice(words).title()} {rng.choice(words).title()}" for _ in range(50_000)]

    def text(count: int) -> str:
        return " ".join(rng.choices(words, k=count))

    listed, resolutions, papers, paper_of = [], [], [], {}
    for i in range(entries):
        arxiv_id, title = f"{1001 + i // 20000:04d}.{i % 20000:05d}", text(9)
        ids = Identifiers(
            arxiv_id=arxiv_id, arxiv_version=1, s2_paper_id=f"{i:040x}", s2_corpus_id=i
        )
        authors = tuple(Author(rng.choice(people), str(rng.randrange(10**8))) for _ in range(8))
        link = Link("paper", f"https://arxiv.org/abs/{arxiv_id}", "paper", i + 1)
        entry = Entry(
            f"e{i}",
            i,
            ("Part", words[i % 50]),
            i + 1,
            i + 1,
            f"- [{title}]({link.url})",
            title,
            "paper",
            "it links a paper",
            links=(link,),
            ids=ids,
            arxiv_ids=(arxiv_id,),
        )
        record = Record("arxiv", arxiv_id, title, ids, NOW, authors=authors, year=2020)
        candidate = Candidate(record, "id:arxiv")
        weighed = Weighed(candidate, 1.0, 1.0, 0, 1.0, "accepted", "The list states the id.")
        papers.append(
            Paper(
                paper_id=f"arxiv:{arxiv_id}",
                title=title,
                ids=ids,
                fetched_at=NOW,
                sources=("arxiv", "semantic_scholar"),
                aliases=(f"arxiv:{arxiv_id}",),
                abstract=text(140),
                abstract_source="arxiv",
                authors=authors,
                year=2020,
                venue=words[i % 300],
                citation_count=rng.randrange(1000),
                influential_citation_count=rng.randrange(50),
                reference_count=40,
                counts_observed_at=NOW,
                is_withdrawn=False,
                arxiv_categories=("cs.CV",),
            )
        )
        listed.append(entry)
        resolutions.append(
            Resolution(
                entry.entry_id,
                "resolved",
                "The list states the id.",
                "1",
                "id:arxiv",
                1.0,
                candidate,
                (weighed,),
            )
        )
        paper_of[entry.entry_id] = f"arxiv:{arxiv_id}"
    return ListRun(
        "big",
        "Big",
        "big.md",
        "0" * 64,
        "sandbox",
        "1",
        NOW,
        NOW,
        ParsedList("Big", "markdown", "utf-8", tuple(listed)),
        tuple(resolutions),
        tuple(papers),
        paper_of,
        (),
        (Traffic("arxiv", "http://127.0.0.1", health="ok"),),
    )


def our_write(tables: dict[str, pa.Table], folder: Path) -> None:
    """What publishing does with the tables: write, flush, read back, compare, sum."""
    write_tables(tables, folder)


def our_read(tables: dict[str, pa.Table], folder: Path) -> None:
    """What loading does before the tables become DataFrames."""
    for name in tables:
        read_table(folder, name)


def bare_write(tables: dict[str, pa.Table], folder: Path) -> None:
    """pyarrow alone; flushed to the disk too, or it would be compared with memory."""
    for name, table in tables.items():
        with (folder / f"{name}.parquet").open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())


def bare_read(tables: dict[str, pa.Table], folder: Path) -> None:
    """pyarrow alone."""
    for name in tables:
        pq.read_table(folder / f"{name}.parquet")


def cost(work: Any, tables: dict[str, pa.Table], folder: Path) -> tuple[float, float]:
    """How long `work` takes, and how long processors work for it (seconds)."""
    start, busy = time.perf_counter(), time.process_time()
    work(tables, folder)
    return time.perf_counter() - start, time.process_time() - busy


def peak() -> float:
    """Peak memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    run = make_run(options.entries)
    print(f"{options.entries:,} entries with 8 authors each; the records take {peak():,.0f} MB")
    start = time.perf_counter()
    tables = build_tables(run, "20261122T000000Z", None)
    size = sum(table.nbytes for table in tables.values()) / 2**20
    print(
        f"building the tables: {time.perf_counter() - start:.1f} s, {size:,.0f} MB, "
        f"peak of the process {peak():,.0f} MB"
    )
    del run
    before = peak()
    works = (bare_write, bare_read, our_write, our_read)
    costs: dict[str, list[tuple[float, float]]] = {work.__name__: [] for work in works}
    for _ in range(options.repeat):
        for pair in (works[:2], works[2:]):
            with tempfile.TemporaryDirectory(dir=".") as folder:
                for work in pair:
                    costs[work.__name__].append(cost(work, tables, Path(folder)))
    ratios = []
    for kind, place in (("elapsed", 0), ("processor", 1)):
        # The least of several runs is what the work costs; the rest is what else ran meanwhile.
        least = {name: min(values[place] for values in found) for name, found in costs.items()}
        for what in ("write", "read"):
            bare, ours = least[f"bare_{what}"], least[f"our_{what}"]
            print(f"{kind:9} {what:5}: bare {bare:.2f} s, ours {ours:.2f} s, {ours / bare:.2f}")
        ratios.append(
            (least["our_write"] + least["our_read"]) / (least["bare_write"] + least["bare_read"])
        )
        print(f"ratio write and read of {kind} to bare: {ratios[-1]:.2f} (at most {LIMIT})")
    print(f"writing and reading raised the peak of memory by {peak() - before:,.0f} MB")
    return 0 if ratios[0] <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
