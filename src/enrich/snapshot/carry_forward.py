"""Carry forward values from the previous snapshot while a service is unavailable.

An outage must neither hold a snapshot back nor empty it. Values carried forward keep the times at
which they were observed; an answer of a service, also "no such paper", always replaces them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args

import pyarrow as pa
import pyarrow.compute as pc

from enrich.records import ListRun, Metric, Service
from enrich.snapshot.column_types import TIME
from enrich.snapshot.schema import TABLES, Tables

# Counts and their time belong together: all are carried forward, or none.
_COUNTS = (*get_args(Metric), "counts_observed_at")


def unavailable(run: ListRun) -> frozenset[Service]:
    """The services that could not be asked for everything that was needed."""
    return frozenset(
        traffic.service
        for traffic in run.traffic
        if traffic.health == "down" or (traffic.health == "degraded" and run.incomplete)
    )


def last_papers(run: ListRun, previous: Tables | None) -> dict[str, str]:
    """entry_id -> the paper it was last known by, for the entries that are pending now."""
    pending = {r.entry_id for r in run.resolutions if r.status == "pending"}
    if previous is None or not pending:
        return {}
    last = previous["entries"]
    known = pc.coalesce(last["paper_id"], last["last_paper_id"]).to_pylist()
    return {
        entry_id: paper_id
        for entry_id, paper_id in zip(last["entry_id"].to_pylist(), known, strict=True)
        if entry_id in pending and paper_id is not None
    }


def carry_forward(
    papers: pa.Table,
    snapshot: str,
    pending: Mapping[str, str],
    down: frozenset[str],
    started: datetime,
    previous: Tables | None,
) -> pa.Table:
    """The table `papers` of this run, completed from the previous snapshot.

    Papers that only pending entries name are added as they were. Where a source is missing from a
    paper because it is unavailable, the columns that are null for that reason are filled.

    Args:
        papers: The table `papers` as this run knows it.
        snapshot: Name of the snapshot.
        pending: entry_id -> paper_id in the previous snapshot, for entries that are pending now.
        down: Services that are unavailable, see `unavailable`.
        started: When this run started.
        previous: Tables of the previous snapshot, None for the first.

    Returns:
        A table with the same schema and at least the same rows.
    """
    if previous is None:
        return papers
    filled = _fill(papers, down, previous["papers"]) if down else papers
    filled = _fill_newer_counts(filled, started, previous["papers"])
    filled = _fill_references(filled, previous["papers"])
    return _add(filled, snapshot, set(pending.values()), previous["papers"])


def _add(papers: pa.Table, snapshot: str, wanted: set[str], last: pa.Table) -> pa.Table:
    missing = wanted - set(papers["paper_id"].to_pylist())
    rows = last.filter(pc.is_in(last["paper_id"], pa.array(sorted(missing), pa.string())))
    # A paper whose ids have since been merged into another row of this run is that row.
    for column in ("arxiv_id", "s2_paper_id", "s2_corpus_id"):
        known = pc.is_in(rows[column], papers[column].drop_null().combine_chunks())
        rows = rows.filter(pc.invert(known))
    return with_rows(papers, rows, snapshot)


def with_rows(table: pa.Table, rows: pa.Table, snapshot: str) -> pa.Table:
    """The table with rows of an earlier snapshot, which belong to `snapshot` from now on.

    Args:
        table: A table of this snapshot.
        rows: Rows of the same table of an earlier snapshot.
        snapshot: Name of this snapshot.
    """
    if not len(rows):
        return table
    place = table.schema.get_field_index("snapshot")
    name = pa.repeat(pa.scalar(snapshot, pa.string()), len(rows))
    rows = rows.set_column(place, table.schema.field(place), name)
    return pa.concat_tables([table, rows.cast(table.schema)])


def _fill_newer_counts(papers: pa.Table, started: datetime, last: pa.Table) -> pa.Table:
    """Fill counts that are missing here but were observed by another process during this run."""
    newer = pc.greater(last["counts_observed_at"], pa.scalar(started, TIME))
    missing = pc.is_null(papers["counts_observed_at"])
    return _taken(papers, _COUNTS, missing, last.filter(pc.fill_null(newer, False)))


def _fill_references(papers: pa.Table, last: pa.Table) -> pa.Table:
    """Keep what was known of references that could not be asked for now; the status says so."""
    missing = pc.and_(
        pc.equal(papers["references_status"], "failed"), pc.is_null(papers["references_known"])
    )
    names = ("references_known", "references_observed_at")
    return _taken(papers, names, pc.fill_null(missing, False), last)


def _taken(
    papers: pa.Table, names: Sequence[str], missing: pa.ChunkedArray, last: pa.Table
) -> pa.Table:
    """The table with columns taken from the rows of the same papers in `last` where `missing`."""
    where = pc.index_in(papers["paper_id"].combine_chunks(), last["paper_id"].combine_chunks())
    for name in names:
        filled = pc.if_else(missing, last[name].take(where), papers[name])
        place = papers.schema.get_field_index(name)
        papers = papers.set_column(place, papers.schema.field(name), filled)
    return papers


def _fill(papers: pa.Table, down: frozenset[str], last: pa.Table) -> pa.Table:
    before = dict(zip(last["paper_id"].to_pylist(), last["sources"].to_pylist(), strict=True))
    row_of = {paper_id: row for row, paper_id in enumerate(before)}
    where: list[int | None] = []
    sources: list[list[str]] = []
    for paper_id, now in zip(
        papers["paper_id"].to_pylist(), papers["sources"].to_pylist(), strict=True
    ):
        lost = (set(before.get(paper_id) or ()) & down) - set(now)
        where.append(row_of[paper_id] if lost else None)
        sources.append(sorted({*now, *lost}))
    rows = last.take(pa.array(where, pa.int64()))
    columns = {name: pc.coalesce(papers[name], rows[name]) for name in TABLES["papers"].names}
    columns["sources"] = pa.array(sources, TABLES["papers"].field("sources").type)
    older = pc.fill_null(pc.less(rows["fetched_at"], papers["fetched_at"]), False)
    columns["fetched_at"] = pc.if_else(older, rows["fetched_at"], papers["fetched_at"])
    return pa.table(columns, schema=TABLES["papers"])
