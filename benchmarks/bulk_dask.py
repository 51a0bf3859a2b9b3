"""A build and a resolution on a Dask cluster that loses a worker: `python benchmarks/bulk_dask.py`.

    python benchmarks/bulk_dask.py [--records N] [--titles N]

The same records (benchmarks/bulk_data.py) are indexed and the same titles resolved by four local
workers and by a cluster of four worker processes on this machine, of which one is killed while it
builds and another while it resolves. Prints the ratio of the times; exit code 1 if any row differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
from distributed import LocalCluster

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.bulk_data import REAL, REAL_FILE, make_dumps, make_titles

from enrich.clock import SystemClock
from enrich.index import build, resolve_file
from enrich.observer import Silent

WORKERS = 4


def run(folder: Path, dumps: list[str], titles: Path, address: str | None) -> float:
    """Seconds of a build and a resolution into `folder`, on the cluster or on local workers."""
    begun = time.perf_counter()
    build(
        folder / "index", {"arxiv": dumps}, clock=SystemClock(), observer=Silent(),
        workers=WORKERS, dask=address,
    )  # fmt: skip
    resolve_file(
        titles, folder / "index", folder / "out.parquet", workers=WORKERS, dask=address,
        work=folder / "work",
    )  # fmt: skip
    return time.perf_counter() - begun


def kill(cluster: LocalCluster, number: int, folder: Path, sign: str, killed: list[str]) -> None:
    """Kill a worker as soon as `folder` holds a file that fits `sign`."""
    while not list(folder.glob(sign)):
        time.sleep(0.02)
    process = list(cluster.workers.values())[number].process
    os.kill(process.pid, signal.SIGKILL)
    killed.append(sign)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=2_000_000)
    parser.add_argument("--titles", type=int, default=300_000)
    parser.add_argument("--real", type=Path, default=REAL / REAL_FILE)
    args = parser.parse_args()
    if not args.real.exists():
        raise SystemExit(f"{args.real} is not there: name a Parquet file of titles with --real.")
    folder = Path(tempfile.mkdtemp(prefix="bench-dask-"))
    try:
        dumps = make_dumps(folder / "dumps", args.real, args.records)
        titles = make_titles(folder / "titles.parquet", dumps, args.titles)
        local = run(folder / "local", dumps, titles, None)
        killed: list[str] = []
        with LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster:
            for number, sign in enumerate(("index/parts/*/part.json", "work/.out*/exact-*")):
                threading.Thread(
                    target=kill, args=(cluster, number, folder / "dask", sign, killed), daemon=True
                ).start()
            spent = run(folder / "dask", dumps, titles, cluster.scheduler_address)
        same = pq.read_table(folder / "local/out.parquet").equals(
            pq.read_table(folder / "dask/out.parquet")
        )
    finally:
        shutil.rmtree(folder)
    print(
        f"{args.records:,} records, {args.titles:,} titles: {local:.1f} s on {WORKERS} local"
        f" workers, {spent:.1f} s on Dask with {len(killed)} of them killed; rows"
        f" {'identical' if same else 'DIFFER'}"
    )
    print(f"ratio Dask with workers killed to local workers: {spent / local:.2f} (at most 1.3)")
    return int(not same or len(killed) != 2)


if __name__ == "__main__":
    sys.exit(main())
