"""Which records are worth weighing for a title: those of the same key, or else the nearest few.

The same SQL serves one list and a million rows. Its relations: `query` (q, plain, key), `fuzzy`
(q, plain: the titles without an exact hit), and the views of a `Corpus`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from enrich.index.blocking import OF_QUERY, pairs_of
from enrich.index.layout import RECORD_KINDS, Manifest, Part, connect, quoted

# How alike two titles are, 0-100: rapidfuzz's ratio of the plain titles or of their keys, whichever
# is more, and at least WITHIN where one stands whole in the other. Below FLOOR `decide` finds no
# paper the same, whatever authors and year say; above it, the nearest few per title are weighed.
FLOOR: Final = 60.0
WITHIN: Final = 80.0
NEAREST: Final = 5
# Of a part, at most so many records are compared with one title: those that share most rare words.
BLOCK: Final = 60


class Corpus:
    """The parts of an index as DuckDB views, rows that a newer part replaces left out.

    `arxiv`, `s2_papers` (records with part, row, rank), `arxiv_abstract`, `s2_abstract`, `s2_id`;
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
        selects = []
        for part in parts:
            of_part = part.pairs if table == "pairs" else f"{table}.parquet"
            file = quoted(self._root / "parts" / part.name / str(of_part))
            columns = (
                "*"
                if numbered == "row"
                else ("* exclude (file_row_number), file_row_number::uinteger as row")
            )
            kind = f"'{part.kind}' as kind"
            selects.append(
                f"select {columns}, {part.rank} as part, {part.rank} as rank, {kind}"
                f" from read_parquet({file}{option})"
            )
        told = " union all ".join(selects)
        if self._some_dead and parts[0].kind in RECORD_KINDS and table == "records":
            told = f"from ({told}) anti join dead using (part, row)"
        self.con.execute(f"create temp view {name} as {told}")
        self.views[name] = tie

    @property
    def alive(self) -> str:
        """SQL that leaves replaced rows out of a relation with part and row."""
        return " anti join dead using (part, row)" if self._some_dead else ""


def exact_sql(corpus: Corpus) -> str:
    """SQL for (q, kind, part, row, paper): the records whose key is the query's."""
    return " union all ".join(
        f"select q, kind, part, row, paper from query join {kind}_keys using (key){corpus.alive}"
        for kind in corpus.kinds
    )


def fuzzy_sql(corpus: Corpus) -> str:
    """SQL for (q, kind, part, row, paper, plain, other): record titles worth comparing with the
    plain titles of `fuzzy`."""
    wanted = pairs_of("(select q as row, plain from fuzzy)", OF_QUERY)
    return " union all ".join(
        f"""
        select q, kind, part, row, paper, plain, other from (
            select q, part, row from (
                select w.row as q, k.part, k.row, count(*) as shared,
                    any_value(abs(w.size::int - k.size::int)) as apart
                from {kind}_pairs k join ({wanted}) w using (pair)
                group by q, k.part, k.row
            ) qualify row_number() over (
                partition by q, part order by shared desc, apart, row
            ) <= {BLOCK}
        ) join (select kind, part, row, paper, plain as other from {kind}) using (part, row)
        join fuzzy using (q)
        """
        for kind in corpus.kinds
    )


def score_pairs(pairs: pa.Table, *, workers: int = 1) -> pa.Table:
    """The pairs that are near enough, (q, kind, part, row, ratio 0-100): per query the nearest
    papers, ties broken by id, so that no order of shards changes the answer."""
    plain, other = pairs["plain"].to_pylist(), pairs["other"].to_pylist()
    ratio = process.cpdist(plain, other, scorer=fuzz.ratio, score_cutoff=FLOOR, workers=workers)
    key, its = ([text.replace(" ", "") for text in texts] for texts in (plain, other))
    ratio = np.maximum(
        ratio, process.cpdist(key, its, scorer=fuzz.ratio, score_cutoff=FLOOR, workers=workers)
    )
    within = np.fromiter((b in a or a in b for a, b in zip(key, its, strict=True)), bool, len(key))
    ratio = np.maximum(ratio, np.where(within, WITHIN, 0.0))
    near = np.flatnonzero(ratio >= FLOOR)
    kept = pairs.take(near).select(["q", "kind", "part", "row", "paper"])
    kept = kept.append_column("ratio", pa.array(ratio[near].astype(np.float64)))
    return nearest(kept)


def nearest(pairs: pa.Table) -> pa.Table:
    """Per query the candidates of its `NEAREST` best papers."""
    if not pairs.num_rows:
        return pairs
    ordered = pairs.sort_by(
        [("q", "ascending"), ("ratio", "descending"), ("paper", "ascending"), ("kind", "ascending"),
         ("part", "descending")]
    )  # fmt: skip
    q = ordered["q"].to_numpy()
    paper = pc.dictionary_encode(ordered["paper"].combine_chunks()).indices.to_numpy()
    # A paper's first row is counted; its others come with it or not at all.
    seen: dict[tuple[int, int], int] = {}
    count: dict[int, int] = {}
    keep = np.zeros(len(q), dtype=bool)
    for place, key in enumerate(zip(q.tolist(), paper.tolist(), strict=True)):
        if key not in seen:
            count[key[0]] = count.get(key[0], 0) + 1
            seen[key] = count[key[0]]
        keep[place] = seen[key] <= NEAREST
    return ordered.filter(pa.array(keep))
