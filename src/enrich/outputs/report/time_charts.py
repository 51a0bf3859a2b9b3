"""Charts over time: citations a year of each paper, growth of the list over its snapshots. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from enrich.outputs.report import spec
from enrich.outputs.report.charts import Chart
from enrich.outputs.report.model import GrowthPoint, PaperRow

RATES_IN_TABLE = 100
# Labels of the time axis, at most.
TICKS = 6
# d3-time-format and strftime alike, the shortest first; the first that keeps ticks apart is used.
_DATE_FORMATS = ("%b %Y", "%d %b", "%d %b %H:%M", "%H:%M:%S")


def citations_a_year(papers: Sequence[PaperRow]) -> Chart | None:
    """Citations per year of age, one mark a paper: it shows recent papers on the rise."""
    rated = sorted(
        (paper for paper in papers if paper.rate is not None and paper.year is not None),
        key=lambda paper: (-(paper.rate or 0), paper.title),
    )
    if len(rated) < 3:
        return None
    values = [
        {"year": p.year, "rate": round(p.rate or 0, 1), "citations": p.citations, "title": p.title,
         "papers": 1}
        for p in rated
    ]  # fmt: skip
    best = rated[0]
    return Chart(
        name="rate",
        title="Citations per year of age",
        summary=f"Gathering them fastest: “{best.title}”, {best.rate:,.0f} a year.",
        spec=spec.scatter(
            values,
            "rate",
            spec.tooltip(title="Paper", year="Published", rate="A year", citations="Citations"),
        ),
        columns=("Paper", "Published", "Citations", "A year"),
        rows=tuple(
            (p.title, str(p.year), p.citations or 0, round(p.rate or 0))
            for p in rated[:RATES_IN_TABLE]
        ),
        filter_name="paper",
    )


def growth(points: Sequence[GrowthPoint]) -> Chart | None:
    """Citations over the list's snapshots, of all papers and of those counted every time."""
    if len(points) < 2:
        return None
    lines = {
        "All papers of the list": ("var(--resolved)", [1, 0]),
        "Papers in every snapshot": ("var(--unresolved)", [6, 4]),
    }
    values: list[dict[str, Any]] = [
        {
            "at": point.at.isoformat(),
            "day": f"{point.at:%Y-%m-%d %H:%M} UTC",
            "line": line,
            "citations": count,
            "entries": point.entries,
            "resolved": point.resolved,
            "counted": point.counted,
        }
        for point in points
        for line, count in zip(lines, (point.citations, point.same_papers), strict=True)
    ]
    ticks, date_format = _ticks([point.at for point in points])
    by_line = {"field": "line", "type": "nominal", "legend": spec.legend(symbolType="stroke")}
    encoding = {
        "x": {
            "field": "at",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": spec.quiet_axis(
                format=date_format,
                values=[_vega_time(at) for at in ticks],
                labelOverlap="greedy",
            ),
        },
        "y": spec.amount("citations")
        | {"scale": {"domain": _room([v["citations"] for v in values])}},
        "color": by_line
        | {"scale": {"domain": list(lines), "range": [colour for colour, _ in lines.values()]}},
        "strokeDash": by_line
        | {"scale": {"domain": list(lines), "range": [dash for _, dash in lines.values()]}},
        "tooltip": spec.tooltip(
            day="Snapshot", line="Line", citations="Citations", counted="Papers counted",
            entries="Entries", resolved="Resolved",
        ),
    }  # fmt: skip
    mark = {"type": "line", "strokeWidth": 2, "point": {"size": 55, "filled": True}}
    first, last = points[0], points[-1]
    return Chart(
        name="growth",
        title="Growth over snapshots",
        summary=f"{len(points)} snapshots: {first.entries:,} entries in the first, "
        f"{last.entries:,} in this one. The dashed line is over papers counted every time: "
        "it moves only when citations do.",
        spec=spec.chart(values, 220, mark=mark, encoding=encoding),
        columns=("Snapshot", "Entries", "Resolved", "Papers counted", "Citations", "Same papers"),
        rows=tuple(
            (f"{p.at:%Y-%m-%d %H:%M}", p.entries, p.resolved, p.counted, p.citations, p.same_papers)
            for p in points
        ),
    )


def _ticks(times: Sequence[datetime]) -> tuple[list[datetime], str]:
    """The times to label, and the shortest date format under which no two labels are alike."""
    last = len(times) - 1
    wanted = [times[round(i * last / (TICKS - 1))] for i in range(TICKS)]
    ticks = list(dict.fromkeys(wanted))
    for date_format in _DATE_FORMATS:
        if len({f"{at:{date_format}}" for at in ticks}) == len(ticks):
            break
    return ticks, date_format


def _vega_time(at: datetime) -> dict[str, int | bool]:
    return {
        "year": at.year, "month": at.month, "date": at.day, "hours": at.hour,
        "minutes": at.minute, "seconds": at.second, "utc": True,
    }  # fmt: skip


def _room(counts: Sequence[int]) -> list[float]:
    """The ends of an axis with some room around `counts`, also where they are all the same."""
    low, high = min(counts), max(counts)
    # Counts that are all the same still need an axis of some height.
    room = max((high - low) * 0.1, high * 0.01, 1)
    return [max(low - room, 0), high + room]
