"""Reduce the matches of a bulk run to the rows `decide` needs, and write the outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from enrich.index.candidates import CONTAINED_RATIO, nearest
from enrich.index.corpus import Corpus
from enrich.index.decide import found_nowhere, found_once, no_title, outcome_row
from enrich.index.layout import quoted
from enrich.index.match import copy_to
from enrich.io.atomic_files import replacing
from enrich.resolve import RULE_VERSION
from enrich.resolve.title_relation import SHORT

# Titles decided by one task.
PIECE: Final = 8_192
# A candidate's columns in `open.parquet`; these ids are taken from either service.
_EITHER: Final = ("arxiv_id", "s2_corpus_id", "s2_paper_id", "acl_id", "dblp_id", "pmid", "mag_id")
_CANDIDATE: Final = ("paper", "title", "authors", "year", "doi", *_EITHER)
_OUTCOME: Final = (
    "status", "method", "score", "reason", "matched_title", "arxiv_id", "s2_paper_id",
    "s2_corpus_id", "doi",
)  # fmt: skip


def select_inexact(corpus: Corpus, work: Path) -> None:
    """`fuzzy.parquet`: the titles that no part has exactly."""
    for name in ("keyed", "exact"):
        corpus.con.execute(
            f"create temp view {name} as from read_parquet({quoted(work / f'{name}-*.parquet')})",
        )
    corpus.con.execute(
        "create temp table hits as select q, count(distinct paper) as papers from exact group by q",
    )
    corpus.con.execute(
        copy_to(
            "select q, plain from keyed anti join hits using (q) where plain <> ''",
            work / "fuzzy.parquet",
        ),
    )


def gather(corpus: Corpus, work: Path) -> None:
    """Table `found`: the record of each title with one exact match and no authors or year.
    `open.parquet`: one row per title to decide, with its candidates as a list."""
    con = corpus.con
    con.execute(f"create temp view input as from read_parquet({quoted(work / 'input.parquet')})")
    con.execute(
        "create temp table settled as select q from hits join input using (q)"
        " join keyed using (q) where papers = 1 and authors is null and year is null"
        f" and {_words('plain')} > {SHORT}",
    )
    con.execute(
        "create temp table once as"
        " select q, kind, part, row, paper, 100.0 as ratio from exact semi join settled using (q)",
    )
    con.execute(f"create temp table found as {_whole(corpus, 'once', people=False)}")
    near = con.sql(f"from read_parquet({quoted(work / 'near-*.parquet')})").to_arrow_table()
    con.register("near", nearest(near))
    # A record that is neither much alike nor one within the other can only be the paper if
    # authors or year support it. With no better record nothing has to be decided; with one, only
    # that one; with several, what they share with the others may count.
    con.execute(
        f"""create temp table candidate as
        select q, kind, part, row, paper, ratio,
            input.authors is not null or input.year is not null as has_people,
            count(case when ratio >= {CONTAINED_RATIO} then 1 end) over (partition by q) as strong
        from (
            select q, kind, part, row, paper, 100.0 as ratio
            from exact anti join settled using (q)
            union all select q, kind, part, row, paper, ratio from near
        ) join input using (q)
        qualify has_people or strong > 1 or strong = 1 and ratio >= {CONTAINED_RATIO}"""
    )
    con.execute(f"create temp table best as {_whole(corpus, 'candidate')}")
    flat = con.sql(
        f"select q, ratio, {', '.join(_CANDIDATE)} from best order by q, ratio desc, paper"
    ).to_arrow_table()
    judged = con.sql(
        "select q, title, authors, year from input semi join best using (q) order by q"
    ).to_arrow_table()
    judged = judged.append_column("candidates", _lists(flat))
    # DuckDB's row groups are larger than it is asked for; each is one task.
    pq.write_table(judged, work / "open.parquet", compression="lz4", row_group_size=PIECE)


def write_outcomes(corpus: Corpus, work: Path, out: Path) -> dict[str, int]:
    """Write the outcomes, a row per row of the input, in its order; returns rows by status."""
    con = corpus.con
    once, nowhere, empty = (
        outcome_row(0, made()) for made in (found_once, found_nowhere, no_title)
    )
    decided = [quoted(path) for path in sorted(work.glob("decided-*.parquet"))]
    others = f"union all by name from read_parquet([{', '.join(decided)}])" if decided else ""
    settled = ", ".join(
        f"{_literal(once[name])} as {name}" for name in ("status", "method", "score", "reason")
    )
    con.execute(
        f"""create temp view outcome as
        select q, {settled},
            title as matched_title, arxiv_id, s2_paper_id, s2_corpus_id, doi
        from found {others}""",
    )
    columns = ", ".join(
        f"case when outcome.q is not null then outcome.{name}"
        f" when plain = '' then {_literal(empty[name])} else {_literal(nowhere[name])} end"
        f" as {name}"
        for name in _OUTCOME
    )
    with replacing(out) as file:
        con.execute(
            f"copy (select q as row, input.title, authors, year, {columns},"
            f" '{RULE_VERSION}' as rule_version from input join keyed using (q)"
            f" left join outcome using (q) order by q) to {quoted(file)}"
            " (format parquet, compression zstd)",
        )
        counts = con.execute(
            f"select status, count(*) from read_parquet({quoted(file)}) group by status order by 1"
        ).fetchall()
    return dict(counts)


def _lists(flat: pa.Table) -> pa.Array:
    """The rows of a table sorted by q as one list of candidates per q."""
    flat = flat.combine_chunks()
    q = flat["q"].to_numpy()
    first = np.flatnonzero(np.concatenate([[True], q[1:] != q[:-1]]))[: len(q)]
    each = flat.select(_CANDIDATE).to_struct_array().combine_chunks()
    return pa.ListArray.from_arrays(pa.array([*first, len(q)], pa.int32()), each)


def _whole(corpus: Corpus, candidates: str, *, people: bool = True) -> str:
    """SQL for one row per (q, paper) of relation `candidates`: the best of the paper's rows, with
    the other service's fields. The same as `Index` composes record by record.
    Without `people` authors and year are left out."""
    of_people = "authors, year" if people else "null::varchar[] as authors, null::int as year"
    columns = ", ".join(("title", of_people, "doi", *_EITHER))
    found = " union all ".join(
        f"select q, ratio, paper, kind, part, {columns} from (select q, ratio, part, row from"
        f" {candidates} where kind = '{kind}') join {kind} using (part, row)"
        for kind in corpus.kinds
    )
    if len(corpus.kinds) == 1:  # one row per paper then, since replaced rows are left out
        corpus.con.execute(f"create or replace temp table own as {found}")
        return _with_shas(corpus, "(select * exclude (kind, part) from own)")
    corpus.con.execute(
        f"create or replace temp table own as select * from ({found}) qualify row_number() over"
        " (partition by q, paper order by ratio desc, kind, part desc) = 1",
    )
    other = " union all ".join(
        f"select '{mine}' as kind, {columns} from {its}"
        f" semi join (select arxiv_id from own where kind = '{mine}') using (arxiv_id)"
        " qualify row_number() over (partition by arxiv_id order by rank desc, title desc) = 1"
        for mine, its in (("arxiv", "s2_papers"), ("s2_papers", "arxiv"))
    )
    either = ", ".join(f"coalesce(own.{name}, o.{name}) as {name}" for name in _EITHER)
    return _with_shas(
        corpus,
        f"""(select q, ratio, paper, own.title, {either},
            case when own.kind = 'arxiv' then {_filled("own", "o")} else {_filled("o", "own")} end
                as authors,
            case when own.kind = 'arxiv' then coalesce(o.year, own.year)
                else coalesce(own.year, o.year) end as year,
            case when own.kind = 'arxiv' then coalesce(own.doi, o.doi)
                else coalesce(o.doi, own.doi) end as doi
        from own left join ({other}) o
            on own.kind = o.kind and own.arxiv_id = o.arxiv_id)""",
    )


def _filled(one: str, other: str) -> str:
    return f"case when len({one}.authors) > 0 then {one}.authors else {other}.authors end"


def _with_shas(corpus: Corpus, whole: str) -> str:
    """`whole` with the primary sha of each corpus id, where the index has them."""
    if not corpus.parts_of("s2_id"):
        return f"select * from {whole}"
    return (
        f"select w.* replace (coalesce(p.sha, w.s2_paper_id) as s2_paper_id) from {whole} w"
        " left join (select s2_corpus_id, arg_max(s2_paper_id, (rank, s2_paper_id)) as sha"
        " from s2_id where is_primary and s2_corpus_id in (select s2_corpus_id from own)"
        " group by s2_corpus_id) p on p.s2_corpus_id = w.s2_corpus_id"
    )


def _words(plain: str) -> str:
    return f"(length({plain}) - length(replace({plain}, ' ', '')) + 1)"


def _literal(value: object) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, float) else quoted(str(value))
