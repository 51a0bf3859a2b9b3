"""Shards: the pieces a dump comes in, each small enough for one task."""

from __future__ import annotations

import glob
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq

from enrich.errors import LocalIndexError, UsageError
from enrich.index.layout import FORMAT, title_rules

# One piece of a plain JSON-lines file, or of a Parquet file: small enough for a worker's memory,
# large enough that starting it costs nothing.
TEXT_PIECE = 256 * 2**20
PARQUET_ROWS = 400_000
# A file of several pieces has a multiple of this, so that 2 or 4 workers end at the same time.
_EVEN = 4


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
        """A folder name that is this piece of this file, indexed by these rules, and no other."""
        rules = f"{FORMAT}|{title_rules()}"
        identity = f"{rules}|{self.url}|{self.form}|{self.start}|{self.stop}|{self.stamp}"
        stem = re.sub(r"[^A-Za-z0-9]+", "-", self.url.rsplit("/", 1)[-1])[:40].strip("-")
        return f"{self.kind}-{stem}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"

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

    The format is recognised by the first bytes: Semantic Scholar's have no extension.
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
                count = max(-(-size // piece), 1)
                count += -count % _EVEN if count > 1 else 0
                cuts = [size * place // count for place in range(count + 1)]
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
