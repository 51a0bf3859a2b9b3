"""Find the candidate records of titles: exact matches, or else the nearest few.

The same SQL serves one list and a million rows. Its relations: `query` (q, plain, key), `fuzzy`
(q, plain: the titles without an exact hit), and the views of a `Corpus`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import compress
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from enrich.index.blocking import OF_QUERY, pairs_of
from enrich.index.layout import RECORD_KINDS, Manifest, Part, connect, quoted
from enrich.resolve.title_relation import unlike

# How alike two titles are, 0-100: rapidfuzz's ratio of the plain titles or of their keys, the
# larger, and at least CONTAINED_RATIO if one contains the other. Below MIN_RATIO `decide` accepts
# no paper, whatever authors and year say (tests/index/test_index_bulk.py compares the two).
MIN_RATIO: Final = 60.0
CONTAINED_RATIO: Final = 80.0
NEAREST: Final = 5
# At most so many records of a part are compared with one title: those sharing most rare words.
# benchmarks/bulk.py measures recall against time for these four.
MAX_PER_PART: Final = 6
# A pair of words in more records of a part is ignored; one in at most RARE_PAIR_FREQUENCY records
# is enough by itself. Else three words must be shared, or two by a title that has no more.
MAX_PAIR_FREQUENCY: Final = 200
RARE_PAIR_FREQUENCY: Final = 3
_BATCH: Final = 50_000
# Scores are single precision.
_ROUNDING: Final = 0.01


class Corpus:
    """The parts of an index as DuckDB views, rows that a newer part replaces left out.

    `arxiv`, `s2_papers` (records with part, row, rank), `arxiv_abstract`, `s2_abstract`, `s2_id`,
    `s2_citation`;
    `token`, and per record kind `<kind>_keys` and `<kind>_pairs`.
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
        self.con = connect(threads=threads, memory=memory, spill=spill)
        self.views: dict[str, str] = {}
        self._selects: dict[str, dict[int, str]] = {}
        self.released: dict[int, date | None] = {p.rank: p.released for p in manifest.parts}
        self._root, self._manifest = root, manifest
        self._parts = manifest.parts if parts is None else parts
        self._dead()
        for kind in RECORD_KINDS:
            self._view(kind, (kind,), "records", "title")
            self._view(f"{kind}_keys", (kind,), "keys", "row")
            self._view(f"{kind}_pairs", (kind,), "pairs", "row")
        self._view("arxiv_abstract", ("arxiv", "arxiv_abstracts"), "abstracts", "abstract")
        self._view("s2_abstract", ("s2_abstracts",), "abstracts", "abstract")
        self._view("s2_id", ("s2_ids",), "shas", "s2_paper_id")
        self._view("s2_citation", ("s2_citations",), "citations", "cited_corpus_id")
        tokens = quoted(root / (manifest.tokens or ""))
        self.con.execute(f"create temp view token as from read_parquet({tokens})")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The record kinds that the index has."""
        return tuple(kind for kind in RECORD_KINDS if kind in self.views)

    def _dead(self) -> None:
        rank = {part.name: part.rank for part in self._manifest.parts}
        self.con.execute("create temp table dead (part integer, row uinteger)")
        if self._manifest.dead:
            self.con.register("ranks", pa.table({"name": list(rank), "part": list(rank.values())}))
            self.con.execute(
                "insert into dead select ranks.part, d.row from"
                f" read_parquet({quoted(self._root / self._manifest.dead)}) d"
                " join ranks on ranks.name = d.part",
            )
            self.con.unregister("ranks")
        self._some_dead = bool(self._manifest.dead)

    def _view(self, name: str, kinds: tuple[str, ...], table: str, tie: str) -> None:
        parts = [p for p in self._parts if p.kind in kinds]
        if not parts:
            return
        numbered = "row" if table in ("keys", "pairs") else "file_row_number"
        option = ", file_row_number = true" if numbered == "file_row_number" else ""
        selects = self._selects[name] = {}
        for part in parts:
            of_part = part.pairs if table == "pairs" else f"{table}.parquet"
            file = quoted(self._root / "parts" / part.name / str(of_part))
            columns = (
                "*"
                if numbered == "row"
                else ("* exclude (file_row_number), file_row_number::uinteger as row")
            )
            kind = f"'{part.kind}' as kind"
            selects[part.rank] = (
                f"select {columns}, {part.rank} as part, {part.rank} as rank, {kind}"
                f" from read_parquet({file}{option})"
            )
        union = " union all ".join(selects.values())
        if self._some_dead and parts[0].kind in RECORD_KINDS and table == "records":
            union = f"from ({union}) anti join dead using (part, row)"
        self.con.execute(f"create temp view {name} as {union}")
        self.views[name] = tie

    def rows(self, name: str, places: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
        """The whole rows of view `name` at `places` (part, row), the newest last.

        Only the row groups that hold one are decoded, where a join would read the whole view.
        """
        numbers: dict[int, list[str]] = {}
        for part, row in sorted(set(places)):
            numbers.setdefault(part, []).append(str(row))
        if not numbers:
            return []
        union = " union all ".join(
            f"{self._selects[name][part]} where file_row_number in ({', '.join(some)})"
            for part, some in numbers.items()
        )
        found = self.con.sql(f"from ({union}) order by rank, {self.views[name]}")
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
        return rows

    @property
    def alive(self) -> str:
        """SQL that removes replaced rows from a relation with part and row."""
        return " anti join dead using (part, row)" if self._some_dead else ""


def exact_sql(corpus: Corpus) -> str:
    """SQL for (q, kind, part, row, paper): the records whose key is the query's."""
    return " union all ".join(
        f"select q, kind, part, row, paper from query join {kind}_keys using (key){corpus.alive}"
        for kind in corpus.kinds
    )


def near_titles(corpus: Corpus) -> pa.Table:
    """(q, kind, part, row, paper, ratio) for the plain titles of `fuzzy`: the nearest of the titles
    that share enough rare words with each. Memory stays bounded: pairs are scored as they come."""
    con = corpus.con
    con.execute(
        "create or replace temp table rare as select *, max(known) over (partition by row) < 4"
        f" as few from ({pairs_of('(select q as row, plain from fuzzy)', OF_QUERY)})"
    )
    scored = [_NONE]
    for kind in corpus.kinds:
        con.execute(
            f"create or replace temp table matched_pairs as"
            f" select part, row, pair, size from {kind}_pairs semi join rare using (pair)"
        )
        for batch in con.sql(_blocks(kind)).to_arrow_reader(_BATCH):
            scored.append(score_pairs(pa.Table.from_batches([batch])))
    return nearest(pa.concat_tables(scored))


def _blocks(kind: str) -> str:
    """SQL for (q, kind, part, row, paper, plain, other): record titles to compare.

    `matched_pairs` holds the records' blocking keys that any of the titles has too.
    """
    return f"""
        with sized as (
            select part, pair, count(*) as n from matched_pairs group by part, pair
            having n <= {MAX_PAIR_FREQUENCY}
        ), shared as (
            select w.row as q, k.part, k.row, abs(any_value(w.size::int - k.size::int)) as apart,
                count(*) as pairs
            from matched_pairs k join sized using (part, pair) join rare w using (pair)
            group by q, k.part, k.row
            having pairs > 1 or any_value(w.few) or min(n) <= {RARE_PAIR_FREQUENCY}
        ), chosen as (
            select q, part, row from shared qualify row_number() over (
                partition by q, part order by pairs desc, apart, row
            ) <= {MAX_PER_PART}
        )
        select q, kind, part, row, paper, plain, other
        from chosen join (select kind, part, row, paper, plain as other from {kind})
            using (part, row) join fuzzy using (q)
    """


def score_pairs(pairs: pa.Table) -> pa.Table:
    """The pairs that are near enough, (q, kind, part, row, paper, ratio 0-100)."""
    columns = pairs["plain"], pairs["other"]
    plain, other = (column.to_pylist() for column in columns)
    sizes = [pc.utf8_length(column).to_numpy() for column in columns]
    whole = np.add(*sizes)
    # Titles that differ in spacing are compared by their keys. These share no more letters than
    # the titles do, which gives the titles a lower bound.
    letters = whole - [a.count(" ") + b.count(" ") for a, b in zip(plain, other, strict=True)]
    needed = MIN_RATIO * letters / whole - _ROUNDING
    least = float(needed.min(initial=MIN_RATIO))
    ratio = process.cpdist(plain, other, scorer=fuzz.ratio, score_cutoff=least)
    # If one contains the other, the ratio is exactly what their lengths give.
    share = 200.0 * np.minimum(*sizes) / whole
    for i in np.flatnonzero((np.abs(ratio - share) < _ROUNDING) | (share < least + _ROUNDING)):
        if plain[i] in other[i] or other[i] in plain[i]:
            ratio[i] = max(ratio[i], CONTAINED_RATIO)
    alike = ratio >= needed
    keys = ([t.replace(" ", "") for t in compress(texts, alike)] for texts in (plain, other))
    ratio[alike] = np.maximum(ratio[alike], process.cpdist(*keys, scorer=fuzz.ratio))
    near = np.flatnonzero(ratio >= MIN_RATIO)
    for i in near[ratio[near] < CONTAINED_RATIO]:
        # Small words, spelling or an abbreviation apart: the rules take them for one title.
        if not unlike(plain[i], other[i]):
            ratio[i] = CONTAINED_RATIO
    kept = pairs.take(near).select(["q", "kind", "part", "row", "paper"])
    return kept.append_column("ratio", pa.array(ratio[near].astype(np.float64))).cast(_NEAR)


def nearest(pairs: pa.Table) -> pa.Table:
    """Per query the candidates of its `NEAREST` best papers, ties broken by the papers' ids: no
    order of parts changes the answer."""
    papers = pairs.group_by(["q", "paper"]).aggregate([("ratio", "max")])
    papers = papers.sort_by(
        [("q", "ascending"), ("ratio_max", "descending"), ("paper", "ascending")]
    )
    q = papers["q"].to_numpy()
    place = np.arange(len(q)) - np.searchsorted(q, q)
    best = papers.filter(pa.array(place < NEAREST)).select(["q", "paper"])
    return pairs.join(best, ["q", "paper"], join_type="inner").select(_NEAR.names)


_NEAR: Final = pa.schema(
    [
        ("q", pa.int64()), ("kind", pa.string()), ("part", pa.int32()), ("row", pa.uint32()),
        ("paper", pa.string()), ("ratio", pa.float64()),
    ]
)  # fmt: skip
# `empty_table` would import pandas.
_NONE: Final = pa.Table.from_batches([], _NEAR)
