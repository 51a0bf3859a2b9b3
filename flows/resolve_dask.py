"""The flow that resolves a column of titles on a Dask cluster, each piece of work a task.

`python flows/resolve_dask.py FILE INDEX OUT [tcp://SCHEDULER:8786]` runs it once; without an
address it starts a cluster on this machine for the run. All workers see the same paths.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import flow, task
from prefect_dask.task_runners import DaskTaskRunner

from enrich.index import resolve_file

S = TypeVar("S")
R = TypeVar("R")


class TaskMapper:
    """Maps over shards by tasks of the flow that runs."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(
        self,
        fn: Callable[[S], R],
        shards: Sequence[S],
        progress: Callable[[int, int], None] | None = None,
    ) -> list[R]:
        """`[fn(shard) for shard in shards]`, a task each."""
        # No retries: Dask gives a dead worker's task to another, and what a task raises would
        # come again.
        work = task(name=fn.__name__.replace("_", " "), retries=0, persist_result=False)(fn)
        results: list[R] = []
        for future in [work.submit(shard) for shard in shards]:
            results.append(future.result())
            if progress:
                progress(len(results), len(shards))
        return results


@flow(
    name="resolve-dask",
    description="Resolve a column of titles against a local index on a Dask cluster.",
    retries=0,
    persist_result=False,
)
def resolve_dask(
    file: Path, index: Path, out: Path, workers: int = 2, work: Path | None = None
) -> dict[str, int]:
    """Resolve a file of titles and write its outcomes; returns rows by status.

    Args:
        file: CSV or Parquet with a column title, and authors and year if known.
        index: Folder of the local index.
        out: The Parquet file to write.
        workers: How many tasks the cluster works on at one time.
        work: Folder for intermediate files, seen by all workers. Empty: beside the output.
    """
    return resolve_file(file, index, out, work=work, mapper=TaskMapper(workers)).by_status


def on_dask(address: str | None = None, workers: int = 2) -> Callable[..., dict[str, int]]:
    """The flow with its tasks on the cluster at `address`, or on one started for the run."""
    runner = (
        DaskTaskRunner(address=address)
        if address
        else DaskTaskRunner(
            cluster_kwargs={
                "n_workers": workers, "threads_per_worker": 1, "host": "127.0.0.1",
                "dashboard_address": None,
            }
        )
    )  # fmt: skip
    # The runner's own annotations are narrower than those of the flow.
    return resolve_dask.with_options(task_runner=cast(Any, runner))


if __name__ == "__main__":
    titles, index, out, *cluster = sys.argv[1:]
    run = on_dask(cluster[0] if cluster else None)
    print(run(Path(titles), Path(index), Path(out)))  # noqa: T201
