"""Build the table `observations`: counts newly observed, carried forward, or failed.

Every observation has status `ok` in exactly one snapshot, the first that holds it. A later
snapshot that has nothing newer repeats it as `carried_forward`, with the time of observation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from enrich.records import Findings, ListRun, Metric, Observation, Paper, Service
from enrich.snapshot.carry_forward import unavailable
from enrich.snapshot.schema import TABLES, Tables, empty

SOURCE: Final[Service] = "semantic_scholar"
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
# Statuses of observations that have a value.
_OBSERVED = ("ok", "carried_forward")

Key = tuple[str, str, str]
Observed = tuple[int, datetime]


def observe(run: ListRun, snapshot: str, papers: pa.Table, previous: Tables | None) -> pa.Table:
    """The table `observations` of one snapshot.

    Args:
        run: The run that is published.
        snapshot: Name of the snapshot.
        papers: The snapshot's table `papers`, values carried forward included.
        previous: Tables of the previous snapshot of the list, None for the first.

    Returns:
        One row per paper and metric with a value, and one per failed observation.
    """
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
        for o in (*run.failed_observations, *_failed(run, ids))
    ]
    schema = TABLES["observations"]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    keys = [
        pa.repeat(pa.scalar(value, pa.string()), len(rows)) for value in (run.list_slug, snapshot)
    ]
    arrays = [pa.array(column, schema.field(i + 2).type) for i, column in enumerate(columns)]
    return pa.table([*keys, *arrays], schema=schema)


def failed_observations(
    papers: Sequence[Paper], paper_of: Mapping[str, str], found: Findings, now: datetime
) -> tuple[Observation, ...]:
    """Failed observations of citation counts: rows with null, never a 0.

    `not_found`: Semantic Scholar answered that it does not have the paper. `throttled`, `error`:
    it could not be asked about the paper.

    Args:
        papers: The merged papers of the run.
        paper_of: entry_id -> paper_id.
        found: The answers of the services.
        now: Time of the observations.
    """
    s2 = next((t for t in found.traffic if t.service == SOURCE), None)
    if s2 is None:
        return ()
    answers = s2.health in ("ok", "unused")  # unused: its stored answers are still fresh
    missed = {paper_of[entry_id] for entry_id in found.unasked if entry_id in paper_of}

    def status(paper: Paper) -> Literal["not_found", "throttled", "error"] | None:
        if paper.paper_id not in missed:
            unknown = answers and paper.ids.s2_paper_id is None
            return "not_found" if unknown else None
        if answers or (paper.counts_observed_at and paper.counts_observed_at >= now):
            return None
        return "throttled" if s2.throttled else "error"

    return tuple(
        Observation(paper.paper_id, SOURCE, METRICS[0], None, now, outcome)
        for paper in papers
        if (outcome := status(paper))
    )


def _failed(run: ListRun, papers: Iterable[str]) -> Iterator[Observation]:
    """Failed observations of the papers that are only known from the previous snapshot."""
    if SOURCE not in unavailable(run):
        return
    throttled = any(t.throttled for t in run.traffic if t.service == SOURCE)
    for paper_id in sorted(set(papers) - {paper.paper_id for paper in run.papers}):
        status: Literal["throttled", "error"] = "throttled" if throttled else "error"
        yield Observation(paper_id, SOURCE, METRICS[0], None, run.finished, status)


def _newest(table: pa.Table) -> dict[Key, Observed]:
    """(paper, source, metric) -> the newest observed number, and when it was observed."""
    observed = table.filter(pc.is_in(table["status"], pa.array(_OBSERVED)))
    newest: dict[Key, Observed] = {}
    columns = ("paper_id", "source", "metric", "value", "observed_at")
    for paper_id, source, metric, value, time in zip(
        *(observed[name].to_pylist() for name in columns), strict=True
    ):
        key = (paper_id, source, metric)
        if value is not None and (key not in newest or time > newest[key][1]):
            newest[key] = (value, time)
    return newest
