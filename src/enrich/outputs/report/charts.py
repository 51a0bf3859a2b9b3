"""The charts: what each shows, as a Vega-Lite specification and as the same numbers in a table.

Pure. Every chart has a sentence that says what is to be seen and a table for whoever cannot see or
run it. `picks` names the filter of the entries' table that pressing a mark sets.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple

from enrich.outputs.report import spec
from enrich.outputs.report.model import LABELS, STATUSES, EntryRow, GrowthPoint, PaperRow, Report

SECTIONS_SHOWN = 15
VENUES_SHOWN = 12
VENUES_IN_TABLE = 100


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `spec` is Vega-Lite, `columns` and `rows` the same as a table."""

    name: str
    title: str
    says: str
    spec: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    picks: str | None = None


class _Sum(NamedTuple):
    """Papers put together: their citations, how many they are and the one in the middle."""

    citations: int
    papers: int
    median: int
    most: str


def charts(report: Report) -> tuple[Chart, ...]:
    """The charts there is something to show for, in reading order."""
    papers = resolved_papers(report)
    made = (
        _by_year(papers),
        _by_section(report),
        _venues(papers),
        _outcomes(report.entries),
        _growth(report.growth),
    )
    return tuple(chart for chart in made if chart is not None)


def resolved_papers(report: Report) -> list[PaperRow]:
    """The distinct papers of the list's resolved entries, in the list's order."""
    ids = dict.fromkeys(e.paper_id for e in report.entries if e.status == "resolved")
    return [report.papers[paper_id] for paper_id in ids if paper_id and paper_id in report.papers]


def section_groups(entries: Sequence[EntryRow]) -> dict[str, tuple[str, ...]]:
    """Entry id -> the part of its section that charts group by.

    The headings are followed as deep as there are no more groups than a chart can show, and at
    least to the first at which entries differ.
    """
    deepest = max((len(entry.section) for entry in entries), default=0)
    chosen = {entry.entry_id: entry.section[:1] for entry in entries}
    for depth in range(2, deepest + 1):
        finer = {entry.entry_id: entry.section[:depth] for entry in entries}
        if len(set(finer.values())) > SECTIONS_SHOWN and len(set(chosen.values())) > 1:
            break
        chosen = finer
    return chosen


def _by_year(papers: Sequence[PaperRow]) -> Chart | None:
    by_year: dict[int, list[PaperRow]] = defaultdict(list)
    for paper in papers:
        if paper.year is not None and paper.citations is not None:
            by_year[paper.year].append(paper)
    if not by_year:
        return None
    years = range(min(by_year), max(by_year) + 1)
    sums = {year: _sum(by_year.get(year, ())) for year in years}
    best = max(sums, key=lambda year: (sums[year].citations, year))
    values = [{"year": year, **total._asdict()} for year, total in sums.items()]
    encoding = {
        "x": {
            "field": "year",
            "type": "ordinal",
            "axis": spec.quiet_axis(labelAngle=0, labelOverlap="greedy"),
        },
        "y": spec.amount("citations"),
        "tooltip": spec.tooltip(
            year="Published", citations="Citations", papers="Papers", most="Most cited"
        ),
    }
    return Chart(
        name="year",
        title="Citations by year of publication",
        says=f"Papers published in {best} are cited most: {sums[best].citations:,} times.",
        spec=spec.chart(values, 220, mark=spec.bar(), encoding=encoding),
        columns=("Year", "Papers", "Citations", "Median"),
        rows=tuple(
            (str(year), total.papers, total.citations, total.median)
            for year, total in sums.items()
            if total.papers
        ),
        picks="year",
    )


def _by_section(report: Report) -> Chart | None:
    groups = section_groups(report.entries)
    by_section: dict[tuple[str, ...], dict[str, PaperRow]] = defaultdict(dict)
    for entry in report.entries:
        paper = report.papers.get(entry.paper_id or "")
        if entry.status == "resolved" and paper and paper.citations is not None:
            by_section[groups[entry.entry_id]][paper.paper_id] = paper
    if len(by_section) < 2:
        return None
    sums = {section: _sum(papers.values()) for section, papers in by_section.items()}
    ranked = sorted(sums, key=lambda section: -sums[section].citations)
    name = _names(ranked)
    best = max(ranked, key=lambda section: sums[section].median)
    says = f"Highest median: “{name[best]}”, {sums[best].median:,} citations a paper."
    if len(ranked) > SECTIONS_SHOWN:
        says += f" The {SECTIONS_SHOWN} most cited of {len(ranked)} sections are shown."
    values = [
        {"section": name[section], "path": "\n".join(section), **sums[section]._asdict()}
        for section in ranked[:SECTIONS_SHOWN]
    ]
    total = spec.tooltip(section="Section", citations="Citations", papers="Papers", median="Median")
    return Chart(
        name="section",
        title="Citations by section",
        says=says,
        spec=spec.ranking(values, "section", "citations", total),
        columns=("Section", "Papers", "Citations", "Median"),
        rows=tuple(
            (name[section], sums[section].papers, sums[section].citations, sums[section].median)
            for section in ranked
        ),
        picks="section",
    )


def _venues(papers: Sequence[PaperRow]) -> Chart | None:
    counts = Counter(paper.venue for paper in papers if paper.venue)
    if not counts:
        return None
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    says = f"{len(ranked):,} venues" if len(ranked) > 1 else "One venue"
    if len(ranked) > VENUES_SHOWN:
        says += f", the {VENUES_SHOWN} most frequent are shown"
    if unknown := sum(1 for paper in papers if not paper.venue):
        says += f"; for {unknown:,} of {len(papers):,} papers none is known"
    values = [{"venue": venue, "papers": count} for venue, count in ranked[:VENUES_SHOWN]]
    total = spec.tooltip(venue="Venue", papers="Papers")
    return Chart(
        name="venue",
        title="Where the papers appeared",
        says=f"{says}.",
        spec=spec.ranking(values, "venue", "papers", total),
        columns=("Venue", "Papers"),
        rows=tuple(ranked[:VENUES_IN_TABLE]),
        picks="venue",
    )


def _outcomes(entries: Sequence[EntryRow]) -> Chart | None:
    if not entries:
        return None
    counts = Counter((entry.kind, entry.status) for entry in entries)
    kinds = [kind for kind, _ in Counter(entry.kind for entry in entries).most_common()]
    present = [status for status in STATUSES if any(entry.status == status for entry in entries)]
    values = [
        {"row": kind, "part": LABELS[status], "status": status, "entries": counts[kind, status],
         "order": order}
        for kind in kinds
        for order, status in enumerate(present)
        if counts[kind, status]
    ]  # fmt: skip
    colours = {LABELS[status]: f"var(--{status.replace('_', '-')})" for status in present}
    resolved = sum(1 for entry in entries if entry.status == "resolved")
    total = spec.tooltip(row="Kind", part="Became", entries="Entries")
    return Chart(
        name="outcome",
        title="What became of the entries",
        says=f"{resolved:,} of {len(entries):,} entries have their paper.",
        spec=spec.stacked(values, len(kinds), colours, total),
        columns=("Kind", *(LABELS[status] for status in present)),
        rows=tuple((kind, *(counts[kind, status] for status in present)) for kind in kinds),
        picks="outcome",
    )


def _growth(points: Sequence[GrowthPoint]) -> Chart | None:
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
    by_line = {"field": "line", "type": "nominal", "legend": spec.legend(symbolType="stroke")}
    encoding = {
        "x": {
            "field": "at",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": spec.quiet_axis(
                format=_date_format(points[-1].at - points[0].at),
                tickCount=6,
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
        says=f"{len(points)} snapshots: {first.entries:,} entries in the first, "
        f"{last.entries:,} in this one. The dashed line is over papers counted every time: "
        "it moves only when citations do.",
        spec=spec.chart(values, 220, mark=mark, encoding=encoding),
        columns=("Snapshot", "Entries", "Resolved", "Papers counted", "Citations", "Same papers"),
        rows=tuple(
            (f"{p.at:%Y-%m-%d %H:%M}", p.entries, p.resolved, p.counted, p.citations, p.same_papers)
            for p in points
        ),
    )


def _date_format(span: timedelta) -> str:
    """How dates on an axis are written, in the terms of d3-time-format."""
    if span < timedelta(days=3):
        return "%-d %b %H:%M"
    return "%-d %b" if span < timedelta(days=300) else "%b %Y"


def _room(counts: Sequence[int]) -> list[float]:
    """The ends of an axis with some room around `counts`, also where they are all the same."""
    low, high = min(counts), max(counts)
    room = max((high - low) * 0.1, high * 0.01, 1)
    return [max(low - room, 0), high + room]


def _sum(papers: Iterable[PaperRow]) -> _Sum:
    counted = [(paper.citations, paper.title) for paper in papers if paper.citations is not None]
    if not counted:
        return _Sum(0, 0, 0, "")
    counts = [count for count, _ in counted]
    return _Sum(sum(counts), len(counts), int(median(counts)), max(counted)[1])


def _names(sections: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """A short name for each section, the whole path where the last heading is not enough."""
    last = Counter(section[-1:] for section in sections)
    return {
        section: " › ".join(section if last[section[-1:]] > 1 else section[-1:]) or "(no section)"
        for section in sections
    }
