"""The parts of an index, opened for reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from enrich.index.compose import Row
from enrich.index.layout import (
    ABSTRACT_ROWS,
    ARXIV_RECORDS,
    FILES,
    RECORD_KINDS,
    S2_RECORDS,
    Manifest,
    Part,
    connect,
    quoted,
    sql_type,
)
from enrich.index.postings import Postings, Rows, Texts, id_hashes

# What rows are looked up in: the kinds of parts, their file, and the column that orders the rows
# of one part and id.
_VIEWS: Final = {
    "arxiv": (("arxiv",), "records", "title"),
    "s2_papers": (("s2_papers",), "records", "title"),
    "arxiv_abstract": (("arxiv", "arxiv_abstracts"), "abstracts", "abstract"),
    "s2_abstract": (("s2_abstracts",), "abstracts", "abstract"),
    "s2_id": (("s2_ids",), "shas", "s2_paper_id"),
    "s2_citation": (("s2_citations",), "citations", "cited_corpus_id"),
}


_COLUMNS: Final = {field.name: field.type for field in (*ARXIV_RECORDS, *S2_RECORDS)}


class OpenPart:
    """One part; its files are opened when they are asked for."""

    def __init__(self, folder: Path, part: Part, dead: Rows) -> None:
        self.kind, self.rank, self._folder, self._pairs = part.kind, part.rank, folder, part.pairs
        self.dead = dead
        self._ids: dict[str, Postings] = {}
        self._tables: dict[str, tuple[pq.ParquetFile, npt.NDArray[np.int64]]] = {}

    def path(self, table: str) -> Path:
        """The Parquet file `table`."""
        return self._folder / f"{table}.parquet"

    @cached_property
    def titles(self) -> Postings:
        """The hash of a title's key -> row."""
        return Postings(self._folder / "titles.arrow")

    @cached_property
    def pairs(self) -> Postings:
        """Blocking key -> row, with the `size` of its title."""
        return Postings(self._folder / str(self._pairs))

    @cached_property
    def texts(self) -> Texts:
        """Plain title and paper by row."""
        return Texts(self._folder / "texts.arrow")

    def ids(self, table: str) -> Postings:
        """The hash of an identifier -> row of the file `table`."""
        if table not in self._ids:
            self._ids[table] = Postings(self._folder / f"{table}-ids.arrow")
        return self._ids[table]

    def alive(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of `rows` no newer part replaces."""
        return ~np.isin(rows, self.dead) if len(self.dead) else np.ones(len(rows), np.bool_)

    @cached_property
    def abstracts(self) -> Texts:
        """Abstracts by row."""
        return Texts(self._folder / "abstracts.arrow", ABSTRACT_ROWS)

    def read(self, table: str, rows: Rows) -> list[Row]:
        """The whole rows of a file, in order. Only the batches that hold one are decoded."""
        rows = np.unique(rows)
        if table == "abstracts":
            whole = self.abstracts.take(rows)
        else:
            file, begins = self._table(table)
            groups = np.searchsorted(begins, rows, "right") - 1
            whole = pa.concat_tables(
                [
                    file.read_row_group(group).take(pa.array(rows[groups == group] - begins[group]))
                    for group in sorted(set(groups.tolist()))
                ]
            )
        facts = {"part": self.rank, "rank": self.rank, "kind": self.kind}
        if table == "records":
            facts |= dict.fromkeys(_COLUMNS)
        return [
            {**facts, **row, "row": int(at)}
            for row, at in zip(whole.to_pylist(), rows, strict=True)
        ]

    def _table(self, table: str) -> tuple[pq.ParquetFile, npt.NDArray[np.int64]]:
        """A Parquet file, and where its row groups begin."""
        if table not in self._tables:
            file = pq.ParquetFile(self.path(table), memory_map=True, pre_buffer=False)
            sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
            self._tables[table] = file, np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        return self._tables[table]


class Corpus:
    """An index's parts, or some of them; rows that a newer part replaces are left out.

    `con` is a DuckDB with views of whole files: `arxiv`, `s2_papers` (records with part, row,
    rank), `s2_id` and `s2_citation`.
    """

    def __init__(
        self,
        root: Path,
        manifest: Manifest,
        *,
        spill: Path,
        parts: tuple[Part, ...] | None = None,
        threads: int = 2,
        memory: str = "1500MB",
    ) -> None:
        self._root, self._manifest, self._spill = root, manifest, spill
        self._threads, self._memory = threads, memory
        self.released: dict[int, date | None] = {p.rank: p.released for p in manifest.parts}
        self._dead = _dead_rows(root / manifest.dead) if manifest.dead else {}
        none = np.empty(0, np.uint32)
        self.parts = [
            OpenPart(root / "parts" / part.name, part, self._dead.get(part.name, none))
            for part in (manifest.parts if parts is None else parts)
        ]

    def close(self) -> None:
        """Close what is open."""
        if "con" in vars(self):
            self.con.close()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The record kinds that the index has."""
        return tuple(kind for kind in RECORD_KINDS if self.parts_of(kind))

    @property
    def record_parts(self) -> list[OpenPart]:
        """The parts that hold records."""
        return [part for kind in RECORD_KINDS for part in self.parts if part.kind == kind]

    def parts_of(self, view: str) -> list[OpenPart]:
        """The parts of a view."""
        return [part for part in self.parts if part.kind in _VIEWS[view][0]]

    @cached_property
    def tokens(self) -> Postings:
        """The hash of a word -> token id."""
        return Postings(self._root / str(self._manifest.tokens))

    def find(self, view: str, column: str, values: Iterable[object]) -> list[Row]:
        """The whole rows of `view` whose `column` holds one of `values`, the newest last."""
        wanted = {value for value in values if value is not None}
        table = _VIEWS[view][1]
        places: list[tuple[int, int]] = []
        if wanted:
            number = column == "s2_corpus_id"
            keys = id_hashes(pa.array(wanted, pa.int64() if number else pa.string()), column)
            for part in self.parts_of(view):
                postings = part.ids(table)
                rows = postings.values[postings.find(keys)[1]]
                if table == "records":
                    rows = rows[part.alive(rows)]
                places += [(part.rank, row) for row in rows.tolist()]
        # Two identifiers may have one hash.
        return [row for row in self.rows(view, places) if row[column] in wanted]

    def rows(self, view: str, places: Iterable[tuple[int, int]]) -> list[Row]:
        """The whole rows of `view` at `places` (part, row), the newest last."""
        _, table, tie = _VIEWS[view]
        numbers: dict[int, list[int]] = {}
        for rank, row in places:
            numbers.setdefault(rank, []).append(row)
        found = [
            row
            for part in self.parts
            if part.rank in numbers
            for row in part.read(table, np.array(numbers[part.rank], np.uint32))
        ]
        return sorted(found, key=lambda row: (row["rank"], row[tie] or ""))

    @cached_property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The parts as DuckDB's views."""
        con = connect(threads=self._threads, memory=self._memory, spill=self._spill)
        dead = [(part.rank, part.dead) for part in self.parts]
        con.register("dead", pa.table({
            "part": np.repeat([rank for rank, _ in dead], [len(rows) for _, rows in dead]),
            "row": np.concatenate([rows for _, rows in dead]),
        }))  # fmt: skip
        for view in ("arxiv", "s2_papers", "s2_id", "s2_citation"):
            _, table, _ = _VIEWS[view]
            nulls = "".join(
                f", null::{sql_type(type_)} as {name}"
                for name, type_ in _COLUMNS.items()
                if view in RECORD_KINDS and name not in FILES[view][table].names
            )
            selects = [
                f"select * exclude (file_row_number), file_row_number::uinteger as row,"
                f" {part.rank} as part, {part.rank} as rank, '{part.kind}' as kind{nulls} from"
                f" read_parquet({quoted(part.path(table))}, file_row_number = true)"
                for part in self.parts_of(view)
            ]
            if not selects:
                continue
            union = " union all ".join(selects)
            if self._dead and view in RECORD_KINDS:
                union = f"from ({union}) anti join dead using (part, row)"
            con.execute(f"create temp view {view} as {union}")
        return con


def _dead_rows(path: Path) -> dict[str, Rows]:
    """The replaced rows of each part, by its name."""
    table = pq.read_table(path)
    return {
        name: table.filter(pc.equal(table["part"], name))["row"].to_numpy()
        for name in pc.unique(table["part"]).to_pylist()
    }
