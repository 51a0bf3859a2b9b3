"""Map a task over shards: in this process, in local processes, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from queue import SimpleQueue
from typing import Any, Final, Protocol, TypeVar

from enrich.errors import LocalIndexError, UsageError
from enrich.io.arrow import leave_pandas_out

S = TypeVar("S")
R = TypeVar("R")
Progress = Callable[[int, int], None]

# A shard whose worker died is tried again, once.
_ATTEMPTS: Final = 2


def map_shards(
    fn: Callable[[S], R],
    shards: Sequence[S],
    *,
    workers: int = 1,
    dask: str | None = None,
    progress: Progress | None = None,
) -> list[R]:
    """`[fn(shard) for shard in shards]`, in this process, in local ones or on a Dask cluster.

    `fn` is importable, and may run again for a shard whose worker died: it writes to a
    temporary file and moves it into place. An error of `fn` itself ends the map.
    Results keep their order.
    """
    with Mapper(workers=min(workers, len(shards)), dask=dask) as mapper:
        return mapper.map(fn, shards, progress)


class Maps(Protocol):
    """The interface of `Mapper`, which a flow may implement with its own task runner."""

    @property
    def workers(self) -> int:
        """How many shards are worked on at one time."""
        ...

    def map(
        self, fn: Callable[[S], R], shards: Sequence[S], progress: Progress | None = None
    ) -> list[R]:
        """`[fn(shard) for shard in shards]`."""
        ...


class Mapper:
    """Workers that stay for several maps: `workers` local processes (1: this one), or the Dask
    cluster at address `dask`. Raises UsageError without Dask, LocalIndexError without cluster.

    Attributes:
        threads: How many threads all tasks together may use.
    """

    def __init__(self, *, workers: int = 1, threads: int = 1, dask: str | None = None) -> None:
        self._client = _client(dask) if dask is not None else None
        self._workers = max(workers, 1) if self._client is None else _threads(self._client)
        self.threads = self._workers if self._client is not None else max(threads, self._workers)
        # One pool of one process per slot: a process that is killed breaks its own pool only, and
        # the shards that the others hold go on.
        self._slots: SimpleQueue[ProcessPoolExecutor] = SimpleQueue()
        if self._client is None and self._workers > 1:
            for _ in range(self._workers):
                self._slots.put(_process())

    @property
    def workers(self) -> int:
        """How many shards are worked on at one time."""
        return self._workers

    def __enter__(self) -> Mapper:
        return self

    def __exit__(self, *error: object) -> None:
        if self._client is not None:
            self._client.close()
        while not self._slots.empty():
            self._slots.get().shutdown(cancel_futures=True)

    def map(
        self, fn: Callable[[S], R], shards: Sequence[S], progress: Progress | None = None
    ) -> list[R]:
        """`[fn(shard) for shard in shards]`; see `map_shards`."""
        report = progress or (lambda done, total: None)
        if self._client is not None:
            return self._on_dask(fn, shards, report)
        if self._workers > 1:
            return self._in_processes(fn, shards, report)
        results: list[R] = []
        for shard in shards:
            results.append(fn(shard))
            report(len(results), len(shards))
        return results

    def _in_processes(self, fn: Callable[[S], R], shards: Sequence[S], report: Progress) -> list[R]:
        threads = ThreadPoolExecutor(self._workers)
        try:
            futures: list[Future[R]] = [threads.submit(self._run, fn, s) for s in shards]
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                report(done, len(shards))
            return [future.result() for future in futures]
        finally:
            threads.shutdown(cancel_futures=True)

    def _run(self, fn: Callable[[S], R], shard: S) -> R:
        slot = self._slots.get()
        try:
            for _ in range(_ATTEMPTS):
                try:
                    return slot.submit(fn, shard).result()
                except BrokenProcessPool:
                    slot.shutdown()
                    slot = _process()
            raise LocalIndexError(
                f"The worker process died {_ATTEMPTS} times on {shard}. Memory may be short: use "
                "fewer --workers."
            )
        finally:
            self._slots.put(slot)

    def _on_dask(self, fn: Callable[[S], R], shards: Sequence[S], report: Progress) -> list[R]:
        # Dask itself gives a dead worker's task to another. Results are fetched as they come, so
        # that a worker that dies later takes none of them with it.
        assert self._client is not None
        futures = self._client.map(fn, list(shards), pure=False)
        place = {future.key: number for number, future in enumerate(futures)}
        results: dict[int, R] = {}
        finished: Any = require_dask().as_completed(
            futures, loop=self._client.loop, with_results=True
        )
        for future, result in finished:
            results[place[future.key]] = result
            future.release()
            report(len(results), len(shards))
        return [results[number] for number in range(len(shards))]


def require_dask() -> Any:
    """The `distributed` package; raises UsageError with the cure where it is not installed."""
    try:
        import distributed
    except ImportError:
        raise UsageError(
            "Dask is not installed, and --dask needs it: pip install 'enrich[dask]'."
        ) from None
    return distributed


def _client(address: str) -> Any:
    try:
        return require_dask().Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise LocalIndexError(
            f"No Dask scheduler answers at {address} ({error}): start one with `dask scheduler` "
            "and workers with `dask worker`."
        ) from None


def _threads(client: Any) -> int:
    threads: int = sum(client.nthreads().values())
    return max(threads, 1)


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=leave_pandas_out
    )
