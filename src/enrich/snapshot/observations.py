"""The counts of a run as history: what was observed anew, what is carried forward, what failed.

Every look at a number appears with status `ok` in exactly one snapshot, the first that holds it.
A later snapshot that has nothing newer repeats it as `carried_forward`, with its own time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from enrich.records import ListRun, Observation
from enrich.snapshot.carry_forward import unanswered
from enrich.snapshot.schema import TABLES, empty

SOURCE = "semantic_scholar"
METRICS = ("citation_count", "influential_citation_count", "reference_count")
_SEEN = ("ok", "carried_forward")

Key = tuple[str, str, str]
Seen = tuple[int, datetime]


def observe(
    run: ListRun, snapshot: str, papers: pa.Table, previous: Mapping[str, pa.Table] | None
) -> pa.Table:
    """The table `observations` of the snapshot; `papers` is the snapshot's table of papers."""
    last = _newest(empty("observations") if previous is None else previous["observations"])
    rows: list[tuple[str, str, str, int | None, datetime, str]] = []
    ids = papers["paper_id"].to_pylist()
    times = papers["counts_observed_at"].to_pylist()
    for metric in METRICS:
        for paper_id, value, time in zip(ids, papers[metric].to_pylist(), times, strict=True):
            before = last.get((paper_id, SOURCE, metric))
            if value is not None and time is not None and (before is None or time > before[1]):
                rows.append((paper_id, SOURCE, metric, value, time, "ok"))
            elif before is not None:
                rows.append((paper_id, SOURCE, metric, *before, "carried_forward"))
    rows += [
        (o.paper_id, o.source, o.metric, o.value, o.observed_at, o.status)
        for o in (*run.failed_looks, *_unseen(run, ids))
    ]
    schema = TABLES["observations"]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    keys = [
        pa.repeat(pa.scalar(value, pa.string()), len(rows)) for value in (run.list_slug, snapshot)
    ]
    arrays = [pa.array(column, schema.field(i + 2).type) for i, column in enumerate(columns)]
    return pa.table([*keys, *arrays], schema=schema)


def _unseen(run: ListRun, papers: Iterable[str]) -> Iterator[Observation]:
    """The looks that failed at papers which are only known from the last snapshot."""
    if SOURCE not in unanswered(run):
        return
    throttled = any(t.throttled for t in run.traffic if t.service == SOURCE)
    for paper_id in sorted(set(papers) - {paper.paper_id for paper in run.papers}):
        status: Literal["throttled", "error"] = "throttled" if throttled else "error"
        yield Observation(paper_id, SOURCE, METRICS[0], None, run.finished, status)


def _newest(table: pa.Table) -> dict[Key, Seen]:
    """(paper, source, metric) -> the newest number that was really observed, and when."""
    seen = table.filter(pc.is_in(table["status"], pa.array(_SEEN)))
    newest: dict[Key, Seen] = {}
    columns = ("paper_id", "source", "metric", "value", "observed_at")
    for paper_id, source, metric, value, time in zip(
        *(seen[name].to_pylist() for name in columns), strict=True
    ):
        key = (paper_id, source, metric)
        if value is not None and (key not in newest or time > newest[key][1]):
            newest[key] = (value, time)
    return newest
