"""The same work on one process, on local processes and on a Dask cluster; workers that die."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.index.conftest import CLOCK, RecordingObserver
from tests.index.dumps import Fact, write_arxiv, write_s2
from tests.index.tasks import CountedJob, always_die, index_counted, refuse, square
from tests.index.test_index_bulk import questions, write

from enrich.errors import LocalIndexError, UsageError
from enrich.index import build, map_shards, resolve_file
from enrich.index.parts import Job
from enrich.index.shards import find_shards

SEVEN = list(range(7))


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A scheduler and three worker processes on loopback; gives the scheduler's address."""
    distributed = pytest.importorskip("distributed", reason="Dask is an optional extra")
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None, silence_logs=50,
    ) as made:  # fmt: skip
        yield made.scheduler_address


def counted_jobs(papers: list[Fact], folder: Path) -> list[CountedJob]:
    """Six shards to index, the first of which kills the first worker that takes it."""
    (folder / "notes").mkdir()
    shards = [
        find_shards("arxiv", str(write_arxiv(folder / f"{k}.json.gz", papers[k::6])))[0]
        for k in range(6)
    ]
    jobs = [Job(shard, str(folder / "index"), "256MB") for shard in shards]
    return [CountedJob(job, str(folder / "notes"), deadly=k == 0) for k, job in enumerate(jobs)]


def check_costs_one_shard_once(made: list[CountedJob], names: list[str]) -> None:
    attempts = [len(note.attempts()) for note in made]
    assert attempts == [2, 1, 1, 1, 1, 1]
    assert names == [note.job.shard.name for note in made]
    assert len(set(made[0].attempts())) == 2


@pytest.mark.parametrize("workers", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_results_keep_the_order_of_the_shards(workers: int) -> None:
    """Whichever worker is done first; progress counts up to the whole."""
    reported: list[tuple[int, int]] = []
    results = map_shards(
        square, SEVEN, workers=workers, progress=lambda done, total: reported.append((done, total))
    )
    assert results == [n * n for n in SEVEN]
    assert reported == [(n, 7) for n in range(1, 8)]
    assert map_shards(square, [], workers=workers) == []


@pytest.mark.slow
def test_an_error_of_the_task_ends_the_map() -> None:
    """It comes out as it is, from another process too."""
    for workers in (1, 2):
        with pytest.raises(ValueError, match="two is refused"):
            map_shards(refuse, SEVEN, workers=workers)


@pytest.mark.slow
def test_a_killed_process_costs_its_shard_once(papers: list[Fact], tmp_path: Path) -> None:
    """A local worker that is killed: its shard is done again by a new one, no other is."""
    made = counted_jobs(papers, tmp_path)
    check_costs_one_shard_once(made, map_shards(index_counted, made, workers=2))


@pytest.mark.slow
def test_a_task_that_kills_every_worker_is_given_up(tmp_path: Path) -> None:
    """After the second death the shard is named, with what may help."""
    with pytest.raises(LocalIndexError, match=r"died 2 times on 1.*fewer --workers"):
        map_shards(always_die, [1, 1], workers=2)


def test_dask_that_is_not_installed_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'enrich\[dask\]'"):
        map_shards(square, SEVEN, dask="tcp://127.0.0.1:1")


@pytest.mark.slow
def test_no_cluster_at_the_address_is_reported() -> None:
    """Nobody listening there is an error that names the address, not a hang."""
    with pytest.raises(LocalIndexError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        map_shards(square, SEVEN, dask="tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_killed_dask_worker_costs_its_shard_once(
    cluster: str, papers: list[Fact], tmp_path: Path
) -> None:
    """A worker process of the cluster killed mid-way: its shard goes to another worker, and only
    that one is done twice."""
    made = counted_jobs(papers, tmp_path)
    check_costs_one_shard_once(made, map_shards(index_counted, made, dask=cluster))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_one_process_local_processes_and_dask_agree(
    cluster: str, papers: list[Fact], tmp_path: Path
) -> None:
    """Indexes built and titles resolved by each of the three ways are the same, row for row."""
    arxiv = [str(write_arxiv(tmp_path / f"{k}.json.gz", papers[k::4])) for k in range(4)]
    sources = {"arxiv": arxiv, **write_s2(tmp_path, papers)}
    source = write(tmp_path / "q", questions(papers))
    outcomes, indexes = [], []
    ways: list[tuple[int, str | None]] = [(1, None), (2, None), (1, cluster)]
    for number, (workers, dask) in enumerate(ways):
        index, out = tmp_path / f"index{number}", tmp_path / f"out{number}"
        build(index, sources, clock=CLOCK, observer=RecordingObserver(), workers=workers, dask=dask)
        resolve_file(source, index, out, workers=workers, dask=dask)
        outcomes.append(pq.read_table(out))
        indexes.append({p.relative_to(index): p.read_bytes() for p in index.rglob("*.*")})
    assert outcomes[0].num_rows == len(papers) + 3
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert indexes[0] == indexes[1] == indexes[2]
