"""Tasks of a bulk run: normalise some titles, match all titles with some parts.

Each writes one file and moves it into place, so running a task twice is harmless.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.errors import LocalIndexError
from enrich.index.candidates import Corpus, exact_sql, near_titles
from enrich.index.keys import key_column, plain_column
from enrich.index.layout import quoted, read_manifest
from enrich.io.atomic_files import replacing


@dataclass(frozen=True, slots=True)
class KeyJob:
    """Normalise the titles in one row group of `work`/input.parquet."""

    work: str
    group: int


@dataclass(frozen=True, slots=True)
class MatchJob:
    """Match the titles in `work` with the named parts of the index at `root`."""

    root: str
    work: str
    parts: tuple[str, ...]
    number: int
    memory: str


def write_keys(job: KeyJob) -> int:
    """Plain titles and keys of some row groups of the input."""
    work = Path(job.work)
    source = pq.ParquetFile(work / "input.parquet")
    groups = [job.group] if source.metadata.num_row_groups else []
    table = source.read_row_groups(groups, columns=["q", "title"])
    titles = [_one_line(title or "") for title in table["title"].to_pylist()]
    plains = plain_column(pa.array(titles, pa.string()))
    keyed = pa.table({"q": table["q"], "plain": plains, "key": key_column(plains)})
    pq.write_table(keyed, work / f"keyed-{job.group}.parquet", compression="lz4")
    return job.group


def _one_line(title: str) -> str:
    """The title with its white space as single spaces, as titles are stored in the index."""
    # Most titles are so already, and these three checks cost a fifth of splitting the words.
    if title.isprintable() and "  " not in title and title.strip() == title:
        return title
    return " ".join(title.split())


def match_exactly(job: MatchJob) -> int:
    """The exact hits of a group of parts: `exact-<group>.parquet` (q, kind, part, row, paper)."""
    with _group(job) as corpus:
        keyed = quoted(Path(job.work) / "keyed-*.parquet")
        corpus.con.execute(f"create temp view query as from read_parquet({keyed}) where key <> ''")
        final = Path(job.work) / f"exact-{job.number}.parquet"
        with replacing(final, durable=False) as file:
            corpus.con.execute(copy_to(exact_sql(corpus), file))
    return job.number


def match_nearly(job: MatchJob) -> int:
    """The near titles of a group of parts, to `near-<group>.parquet`."""
    with _group(job) as corpus:
        fuzzy = quoted(Path(job.work) / "fuzzy.parquet")
        corpus.con.execute(f"create temp view fuzzy as from read_parquet({fuzzy})")
        near = near_titles(corpus)
        final = Path(job.work) / f"near-{job.number}.parquet"
        with replacing(final, durable=False) as file:
            pq.write_table(near, file, compression="lz4")
    return job.number


@contextmanager
def _group(job: MatchJob) -> Iterator[Corpus]:
    """The corpus of one group of parts, closed when done."""
    manifest = read_manifest(Path(job.root))
    parts = tuple(p for p in manifest.parts if p.name in set(job.parts))
    if len(parts) != len(job.parts):
        raise LocalIndexError(f"The index at {job.root} was changed while it was read: run again.")
    with tempfile.TemporaryDirectory(prefix="enrich-bulk-") as spill:
        corpus = Corpus(
            Path(job.root), manifest, spill=Path(spill), parts=parts, threads=1, memory=job.memory
        )
        with corpus.con:
            yield corpus


def copy_to(sql: str, file: Path) -> str:
    """SQL that writes the rows of `sql` to a Parquet file."""
    return f"copy ({sql}) to {quoted(file)} (format parquet, compression lz4)"
