"""Shards, the pieces a dump comes in, and the one way work is spread over them."""

from __future__ import annotations

import glob
import hashlib
import itertools
import multiprocessing
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, TypeVar

import pyarrow.parquet as pq

from enrich.errors import LocalIndexError, UsageError

S = TypeVar("S")
R = TypeVar("R")

# One piece of a plain JSON-lines file, or of a Parquet file: small enough for a worker's memory,
# large enough that starting it costs nothing.
TEXT_PIECE = 256 * 2**20
PARQUET_ROWS = 400_000
# A worker that dies takes its shard with it; the shard is given out again this often.
_CHANCES = 2


@dataclass(frozen=True, slots=True)
class Shard:
    """One piece of a dump: a whole compressed file, bytes [start, stop) of a plain one, or the
    row groups [start, stop) of a Parquet file. `stamp` changes when the file does."""

    kind: str
    url: str
    form: str
    start: int
    stop: int
    stamp: str

    @property
    def name(self) -> str:
        """A folder name that is this piece of this file and no other."""
        told = f"{self.url}|{self.form}|{self.start}|{self.stop}|{self.stamp}"
        stem = re.sub(r"[^A-Za-z0-9]+", "-", self.url.rsplit("/", 1)[-1])[:40].strip("-")
        return f"{self.kind}-{stem}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"

    def open(self) -> BinaryIO:
        """The file's bytes from the start, over whichever file system its address names."""
        return open_url(self.url)


def open_url(url: str) -> BinaryIO:
    """A local path or fsspec address, opened for reading bytes. Raises LocalIndexError."""
    try:
        if "://" not in url:
            return Path(url).open("rb")
        import fsspec

        opened: BinaryIO = fsspec.open(url, "rb").open()
        return opened
    except (OSError, ImportError, ValueError) as error:
        raise LocalIndexError(
            f"{url} cannot be read: {error}. Give a path or an address that fsspec can open."
        ) from None


def find_shards(kind: str, pattern: str, *, piece: int = TEXT_PIECE) -> tuple[Shard, ...]:
    """The shards of all files that `pattern` (path, glob or fsspec address) names, in order.

    Files are told apart by their first bytes: Semantic Scholar's have no extension.
    """
    shards: list[Shard] = []
    for url, size, stamp in _files(pattern):
        with open_url(url) as file:
            head = file.read(4)
            if head[:2] == b"\x1f\x8b":
                shards.append(Shard(kind, url, "gzip", 0, size, stamp))
            elif head == b"\x28\xb5\x2f\xfd":
                shards.append(Shard(kind, url, "zstd", 0, size, stamp))
            elif head == b"PAR1":
                shards += _parquet_pieces(kind, url, file, stamp)
            elif head.lstrip()[:1] == b"{" or not head.strip():
                cuts = [*range(0, max(size, 1), piece), size]
                shards += [
                    Shard(kind, url, "text", a, b, stamp) for a, b in itertools.pairwise(cuts)
                ]
            else:
                raise LocalIndexError(
                    f"{url} begins with {head!r}, which is neither JSON lines nor gzip, zstd or "
                    "Parquet; give the dump as it was published."
                )
    return tuple(shards)


def _files(pattern: str) -> list[tuple[str, int, str]]:
    if "://" in pattern:
        import fsspec

        try:
            fs, path = fsspec.core.url_to_fs(pattern)
            paths = fs.glob(path) if glob.has_magic(path) else [path]
            infos = [(p, fs.info(p)) for p in sorted(str(p) for p in paths)]
        except (OSError, ImportError, ValueError) as error:
            raise LocalIndexError(f"{pattern} cannot be read: {error}.") from None
        found = [
            (
                fs.unstrip_protocol(p),
                int(i["size"] or 0),
                str(i.get("mtime") or i.get("ETag") or ""),
            )
            for p, i in infos
            if i.get("type", "file") == "file"
        ]
    else:
        # Path.glob takes no absolute pattern.
        paths = sorted(glob.glob(pattern))  # noqa: PTH207
        paths = paths or ([pattern] if Path(pattern).is_file() else [])
        stats = [(p, Path(p).stat()) for p in paths if Path(p).is_file()]
        found = [(str(Path(p).resolve()), s.st_size, str(s.st_mtime_ns)) for p, s in stats]
    if not found:
        raise UsageError(f"No file matches {pattern!r}; give a dump's path, glob or address.")
    return found


def _parquet_pieces(kind: str, url: str, file: BinaryIO, stamp: str) -> Iterator[Shard]:
    try:
        meta = pq.ParquetFile(file).metadata
    except Exception as error:  # pyarrow raises several kinds for one broken file
        raise LocalIndexError(f"{url} is not a whole Parquet file: {error}.") from None
    start = rows = 0
    for group in range(meta.num_row_groups):
        rows += meta.row_group(group).num_rows
        if rows >= PARQUET_ROWS or group == meta.num_row_groups - 1:
            yield Shard(kind, url, "parquet", start, group + 1, stamp)
            start, rows = group + 1, 0


def map_shards(
    fn: Callable[[S], R],
    shards: Sequence[S],
    *,
    workers: int = 1,
    dask: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[R]:
    """`[fn(shard) for shard in shards]`, in this process, in local ones or on a Dask cluster.

    `fn` is importable, and may run again for a shard whose worker died: it writes its output
    aside and moves it into place. An error of `fn` itself ends the map. Results keep their order.
    """
    if dask is not None:
        return _on_dask(fn, shards, dask, progress)
    results: list[R] = []
    if workers <= 1 or len(shards) <= 1:
        for done, shard in enumerate(shards, 1):
            results.append(fn(shard))
            if progress:
                progress(done, len(shards))
        return results
    return _in_processes(fn, shards, min(workers, len(shards)), progress)


def _in_processes(
    fn: Callable[[S], R],
    shards: Sequence[S],
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> list[R]:
    # One pool of one process per slot: a process that is killed breaks its own pool only, and the
    # shards that the others hold go on.
    slots: SimpleQueue[ProcessPoolExecutor] = SimpleQueue()
    spawn = multiprocessing.get_context("spawn")
    for _ in range(workers):
        slots.put(ProcessPoolExecutor(1, mp_context=spawn))

    def run(shard: S) -> R:
        slot = slots.get()
        try:
            for chance in range(1, _CHANCES + 1):
                try:
                    return slot.submit(fn, shard).result()
                except BrokenProcessPool:
                    slot.shutdown()
                    slot = ProcessPoolExecutor(1, mp_context=spawn)
                    if chance == _CHANCES:
                        raise LocalIndexError(
                            f"The worker process died {_CHANCES} times on {shard}. Memory may be "
                            "short: use fewer --workers or smaller shards."
                        ) from None
            raise AssertionError
        finally:
            slots.put(slot)

    threads = ThreadPoolExecutor(workers)
    try:
        futures: list[Future[R]] = [threads.submit(run, shard) for shard in shards]
        for done, future in enumerate(as_completed(futures), 1):
            future.result()
            if progress:
                progress(done, len(shards))
        return [future.result() for future in futures]
    finally:
        threads.shutdown(cancel_futures=True)
        while not slots.empty():
            slots.get().shutdown()


def _on_dask(
    fn: Callable[[S], R],
    shards: Sequence[S],
    address: str,
    progress: Callable[[int, int], None] | None,
) -> list[R]:
    distributed = require_dask()
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise LocalIndexError(
            f"No Dask scheduler answers at {address}: {error}. Start one with `dask scheduler`."
        ) from None
    with client:
        # Dask itself gives a dead worker's task to another; results are fetched as they come, so
        # that a worker that dies later takes none of them with it.
        futures = client.map(fn, list(shards), pure=False, retries=0)
        place = {future.key: number for number, future in enumerate(futures)}
        results: dict[int, R] = {}
        finished: Any = distributed.as_completed(futures, with_results=True)
        for future, result in finished:
            results[place[future.key]] = result
            future.release()
            if progress:
                progress(len(results), len(shards))
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
