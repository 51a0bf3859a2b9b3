"""Tasks of a bulk run: normalise some titles, match all titles with some parts.

Each writes one file and moves it into place, so running a task twice is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from enrich.errors import LocalIndexError
from enrich.index.candidates import exact_titles, near_titles
from enrich.index.corpus import Corpus
from enrich.index.hashes import text_hashes
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


def write_keys(job: KeyJob) -> int:
    """Plain titles and hashes of their keys, of some row groups of the input."""
    work = Path(job.work)
    source = pq.ParquetFile(work / "input.parquet")
    groups = [job.group] if source.metadata.num_row_groups else []
    table = source.read_row_groups(groups, columns=["q", "title"])
    titles = [_one_line(title or "") for title in table["title"].to_pylist()]
    plains = plain_column(pa.array(titles, pa.string()))
    hashes = pa.array(text_hashes(key_column(plains)))
    keyed = pa.table({"q": table["q"], "plain": plains, "hash": hashes})
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
    corpus = _group(job)
    files = sorted(Path(job.work).glob("keyed-*.parquet"))
    keyed = pa.concat_tables([pq.read_table(file) for file in files])
    keyed = keyed.filter(pc.not_equal(keyed["plain"], "")).combine_chunks()
    q, plains, hashes = (_array(keyed, name) for name in ("q", "plain", "hash"))
    exact = exact_titles(corpus, q, plains, hashes.to_numpy())
    _write(exact, Path(job.work) / f"exact-{job.number}.parquet")
    return job.number


def match_nearly(job: MatchJob) -> int:
    """The near titles of a group of parts, to `near-<group>.parquet`."""
    corpus = _group(job)
    fuzzy = pq.read_table(Path(job.work) / "fuzzy.parquet")
    near = near_titles(corpus, _array(fuzzy, "q"), _array(fuzzy, "plain"))
    _write(near, Path(job.work) / f"near-{job.number}.parquet")
    return job.number


def _array(table: pa.Table, name: str) -> pa.Array:
    """A whole column."""
    return table[name].combine_chunks()


def _write(table: pa.Table, final: Path) -> None:
    with replacing(final, durable=False) as file:
        pq.write_table(table, file, compression="lz4")


def _group(job: MatchJob) -> Corpus:
    """The corpus of one group of parts."""
    manifest = read_manifest(Path(job.root))
    parts = tuple(p for p in manifest.parts if p.name in set(job.parts))
    if len(parts) != len(job.parts):
        raise LocalIndexError(f"The index at {job.root} was changed while it was read: run again.")
    return Corpus(Path(job.root), manifest, spill=Path(job.work) / "spill", parts=parts)


def copy_to(sql: str, file: Path) -> str:
    """SQL that writes the rows of `sql` to a Parquet file."""
    return f"copy ({sql}) to {quoted(file)} (format parquet, compression lz4)"
