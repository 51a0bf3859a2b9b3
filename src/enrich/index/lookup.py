"""Look up records in an index by identifiers or titles, without any request."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import Lock
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from enrich.errors import LocalIndexError
from enrich.index.candidates import exact_titles, near_titles
from enrich.index.citations import edges_of, reference_lists
from enrich.index.compose import UNKNOWN_DAY, Row, compose
from enrich.index.corpus import Corpus
from enrich.index.hashes import text_hashes
from enrich.index.keys import key_column, plain_titles
from enrich.index.layout import Manifest, read_manifest
from enrich.papers.references import ReferenceList
from enrich.records import Identifiers, Record

# What reading a file raises that was removed or damaged.
_UNREADABLE: Final = (OSError, pa.ArrowException)
# Identifiers by which a record is looked up, in order: the first match wins.
_BY_ID: Final = (
    ("arxiv", "arxiv_id"), ("s2_papers", "arxiv_id"), ("s2_papers", "s2_corpus_id"),
    ("s2_papers", "s2_paper_id"), ("arxiv", "doi"), ("s2_papers", "doi"),
    ("s2_papers", "acl_id"), ("s2_papers", "dblp_id"), ("s2_papers", "pmid"),
    ("s2_papers", "mag_id"),
)  # fmt: skip


class Index:
    """An index, opened for reading: the version that was published when it was opened.

    Use as a context manager, or `close` it. Safe to call from several threads, one at a time.
    """

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.root, self.manifest = root, manifest
        self._lock = Lock()
        spill = tempfile.mkdtemp(prefix="enrich-index-")
        self._clean = weakref.finalize(self, shutil.rmtree, spill, ignore_errors=True)
        self._corpus = Corpus(root, manifest, spill=Path(spill))

    @classmethod
    def open(cls, path: Path | str) -> Index:
        """The index at `path`. Raises LocalIndexError where there is none that can be used."""
        root = Path(path).resolve()
        manifest = read_manifest(root)
        for part in manifest.parts:
            if not (root / "parts" / part.name / "part.json").exists():
                raise LocalIndexError(
                    f"The index at {root} lacks its part {part.name}: build it again."
                )
        try:
            return cls(root, manifest)
        except _UNREADABLE as error:
            raise LocalIndexError(
                f"The index at {root} cannot be read ({str(error).splitlines()[0]}): "
                "build it again."
            ) from None

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._corpus.close()
        self._clean()

    def released(self, kind: str = "arxiv") -> date | None:
        """The release day of the index's `kind` records (`arxiv`, `s2_papers`)."""
        return self.manifest.released(kind)

    def by_ids(self, ids: Sequence[Identifiers]) -> list[Record | None]:
        """Per item the record that one of its identifiers names, None where the index has none.

        A record found at one service carries the other's fields too where the ids say they are
        one paper.
        """
        with self._asking():
            shas = self._corpus_ids_of(i.s2_paper_id for i in ids)
            found: list[Row | None] = [None] * len(ids)
            for kind, column in _BY_ID:
                open_ = [place for place, row in enumerate(found) if row is None]
                wanted = {}
                for place in open_:
                    value = getattr(ids[place], column)
                    if column == "s2_corpus_id" and value is None:
                        value = shas.get(ids[place].s2_paper_id or "")
                    if value is not None:
                        wanted[place] = value
                rows = self._find(kind, column, wanted.values())
                for place, value in wanted.items():
                    found[place] = rows.get(value)
            records = iter(self._records([row for row in found if row is not None]))
            return [None if row is None else next(records) for row in found]

    def by_titles(self, titles: Sequence[str]) -> list[list[Record]]:
        """Per title the candidate records, best first, at most one per paper: those with
        exactly this title, or else the nearest few. `decide` says which is the paper, if any."""
        with self._asking():
            plains = pa.array(
                plain_titles([" ".join(title.split()) for title in titles]), pa.string()
            )
            q = pa.array(range(len(titles)), pa.int64())
            some = pc.not_equal(plains, "")
            q, plains = q.filter(some), plains.filter(some)
            hashes = text_hashes(key_column(plains))
            exact = exact_titles(self._corpus, q, plains, hashes)
            inexact = pc.invert(pc.is_in(q, exact["q"].combine_chunks()))
            near = near_titles(self._corpus, q.filter(inexact), plains.filter(inexact))
            ratio = pa.repeat(pa.scalar(1.0), len(exact))
            return self._candidates(
                [*exact.append_column("ratio", ratio).to_pylist(), *near.to_pylist()], len(titles)
            )

    def references(self, corpus_ids: Sequence[int]) -> dict[int, ReferenceList]:
        """What papers reference, by corpus id; none where the index has no citations of them."""
        with self._asking():
            edges = edges_of(self._corpus, corpus_ids)
            cited = {edge.cited for edge in edges}
            works = self._find("s2_papers", "s2_corpus_id", [*cited, *corpus_ids])
            counts = {c: n for c in corpus_ids if (n := works.get(c, {}).get("reference_count"))}
            shas = self._shas_of(c for c in cited if c)
            days = {
                rank: datetime.combine(day, time(), UTC) if day else UNKNOWN_DAY
                for rank, day in self._corpus.released.items()
            }
            return reference_lists(edges, counts, works, shas, days)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except _UNREADABLE as error:
            raise LocalIndexError(
                f"The index at {self.root} was changed or damaged while it was open "
                f"({str(error).splitlines()[0]}): open it again, or build it again."
            ) from None

    def _candidates(self, hits: Sequence[Row], count: int) -> list[list[Record]]:
        whole = {
            (row["part"], row["row"]): row
            for kind in self._corpus.kinds
            for row in self._corpus.rows(
                kind, [(hit["part"], hit["row"]) for hit in hits if hit["kind"] == kind]
            )
        }
        rows = [{**whole[hit["part"], hit["row"]], **hit} for hit in hits]
        rows.sort(key=lambda r: (r["q"], -r["ratio"], r["paper"], r["kind"], -r["rank"]))
        once: dict[tuple[int, str], Row] = {}
        for row in rows:
            once.setdefault((row["q"], row["paper"]), row)
        found: list[list[Record]] = [[] for _ in range(count)]
        kept = list(once.values())
        for row, record in zip(kept, self._records(kept), strict=True):
            found[row["q"]].append(record)
        return found

    def _records(self, rows: Sequence[Row]) -> list[Record]:
        """Whole records: each row with its counterpart at the other service and its abstract."""
        arxiv_ids = {row["arxiv_id"] for row in rows if row["arxiv_id"]}
        # Of each service's rows, only the other's are to be found.
        of_arxiv = self._find("arxiv", "arxiv_id", _arxiv_ids(rows, "s2_papers"))
        of_s2 = self._find("s2_papers", "arxiv_id", _arxiv_ids(rows, "arxiv"))
        pairs = [
            (row, of_s2.get(row["arxiv_id"]))
            if row["kind"] == "arxiv"
            else (row, of_arxiv.get(row["arxiv_id"]))
            for row in rows
        ]
        corpus_ids = {r["s2_corpus_id"] for pair in pairs for r in pair if r and r["s2_corpus_id"]}
        arxiv_abstracts = self._find("arxiv_abstract", "arxiv_id", arxiv_ids)
        s2_abstracts = self._find("s2_abstract", "s2_corpus_id", corpus_ids)
        shas = self._shas_of(corpus_ids)
        records = []
        for row, other in pairs:
            arxiv, s2 = (row, other) if row["kind"] == "arxiv" else (other, row)
            corpus_id = s2["s2_corpus_id"] if s2 else None
            records.append(
                compose(
                    row["title"],
                    arxiv,
                    s2,
                    arxiv_abstracts.get(arxiv["arxiv_id"]) if arxiv else None,
                    s2_abstracts.get(corpus_id),
                    shas.get(corpus_id or 0),
                    self._as_of(arxiv),
                    self._as_of(s2),
                )
            )
        return records

    def _find(self, kind: str, column: str, values: Iterable[object]) -> dict[object, Row]:
        """value -> the newest row of `kind` whose `column` holds it."""
        return {row[column]: row for row in self._corpus.find(kind, column, values)}

    def _corpus_ids_of(self, shas: Iterable[str | None]) -> dict[str, int]:
        rows = self._find("s2_id", "s2_paper_id", shas)
        return {str(sha): row["s2_corpus_id"] for sha, row in rows.items()}

    def _shas_of(self, corpus_ids: Iterable[int]) -> dict[int, str]:
        """The primary sha of each corpus id."""
        rows = self._corpus.find("s2_id", "s2_corpus_id", corpus_ids)
        return {row["s2_corpus_id"]: row["s2_paper_id"] for row in rows if row["is_primary"]}

    def _as_of(self, row: Row | None) -> datetime | None:
        """The release day of the row's dump."""
        if row is None:
            return None
        day = self._corpus.released[row["part"]]
        return datetime.combine(day, time(), UTC) if day else None


def _arxiv_ids(rows: Sequence[Row], kind: str) -> list[str]:
    return [row["arxiv_id"] for row in rows if row["kind"] == kind and row["arxiv_id"]]
