"""The charts as Vega-Lite specifications with the same numbers as tables. Pure.

Colours are CSS variables of the page, so that charts follow light, dark and print without being
drawn again. Every chart has a sentence that says what it shows and a table for whoever cannot see
or run it. `picks` names the filter of the entries table that a click on a mark sets.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from enrich.report.model import STATUSES, EntryRow, PaperRow, Report

SECTIONS_SHOWN = 15
VENUES_SHOWN = 12
LABELS = {
    "resolved": "Resolved",
    "unresolved": "Unresolved",
    "ambiguous": "Ambiguous",
    "conflict": "Conflict",
    "pending": "Pending",
    "not_a_paper": "Not a paper",
}


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


def charts(report: Report) -> tuple[Chart, ...]:
    """The charts there is something to show for, in reading order."""
    made = (
        _by_year(report),
        _by_section(report),
        _growth(report),
        _venues(report),
        _outcomes(report),
    )
    return tuple(chart for chart in made if chart is not None)


def section_group(entries: Sequence[EntryRow]) -> dict[str, tuple[str, ...]]:
    """Entry id -> the part of its section that charts group by.

    The depth is the first at which the list's entries differ: a list whose every heading stands
    under one common heading is told apart by the next.
    """
    deepest = max((len(entry.section) for entry in entries), default=0)
    for depth in range(1, deepest + 1):
        groups = {entry.entry_id: entry.section[:depth] for entry in entries}
        if len(set(groups.values())) > 1:
            return groups
    return {entry.entry_id: entry.section for entry in entries}


def _by_year(report: Report) -> Chart | None:
    by_year: dict[int, list[PaperRow]] = defaultdict(list)
    for paper in _listed(report):
        if paper.year is not None and paper.citations is not None:
            by_year[paper.year].append(paper)
    if not by_year:
        return None
    years = range(min(by_year), max(by_year) + 1)
    values = [
        {
            "year": year,
            "citations": sum(p.citations or 0 for p in by_year.get(year, ())),
            "papers": len(by_year.get(year, ())),
            "most": _most_cited(by_year.get(year, ())),
        }
        for year in years
    ]
    best = max(values, key=lambda v: (v["citations"], v["year"]))
    spec = _spec(values) | {
        "height": 220,
        "mark": _bar(),
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "axis": _axis(labelAngle=0, labelOverlap="greedy")},
            "y": {"field": "citations", "type": "quantitative", "axis": _axis(grid=True, tickCount=4, format="~s")},
            "tooltip": _tooltip(year="Published", citations="Citations", papers="Papers", most="Most cited"),
        },
    }  # fmt: skip
    return Chart(
        "year",
        "Citations by year of publication",
        f"Papers published in {best['year']} are cited most: {best['citations']:,} times.",
        spec,
        ("Year", "Papers", "Citations"),
        tuple((str(v["year"]), v["papers"], v["citations"]) for v in values if v["papers"]),
        picks="year",
    )


def _by_section(report: Report) -> Chart | None:
    groups = section_group(report.entries)
    by_section: dict[tuple[str, ...], dict[str, PaperRow]] = defaultdict(dict)
    for entry in report.entries:
        paper = report.papers.get(entry.paper_id or "")
        if entry.status == "resolved" and paper and paper.citations is not None:
            by_section[groups[entry.entry_id]][paper.paper_id] = paper
    if len(by_section) < 2:
        return None
    values = [
        {
            "section": " › ".join(section) or "(no section)",
            "path": "\n".join(section),
            "citations": sum(p.citations or 0 for p in papers.values()),
            "papers": len(papers),
            "median": int(median(p.citations or 0 for p in papers.values())),
        }
        for section, papers in by_section.items()
    ]
    values.sort(key=lambda v: -v["citations"])  # type: ignore[operator]  # an int by construction
    best = max(values, key=lambda v: v["median"])
    more = len(values) - SECTIONS_SHOWN
    says = f"“{best['section']}” has the highest median: {best['median']:,} citations a paper."
    return Chart(
        "section",
        "Citations by section",
        says + (f" The {SECTIONS_SHOWN} most cited of {len(values)} sections." if more > 0 else ""),
        _ranking(
            values[:SECTIONS_SHOWN],
            "section",
            "citations",
            _tooltip(section="Section", citations="Citations", papers="Papers", median="Median"),
        ),
        ("Section", "Papers", "Citations", "Median"),
        tuple((v["section"], v["papers"], v["citations"], v["median"]) for v in values),
        picks="section",
    )


def _growth(report: Report) -> Chart | None:
    if len(report.growth) < 2:
        return None
    series = ("All papers of the list", "Papers in every snapshot")
    values = [
        {
            "at": point.at.isoformat(),
            "series": name,
            "citations": count,
            "entries": point.entries,
            "resolved": point.resolved,
            "counted": point.counted,
        }
        for point in report.growth
        for name, count in zip(series, (point.citations, point.same_papers), strict=True)
    ]
    first, last = report.growth[0], report.growth[-1]
    spec = _spec(values) | {
        "height": 220,
        "mark": {"type": "line", "point": {"size": 60, "filled": True}, "strokeWidth": 2, "cursor": "default"},
        "encoding": {
            "x": {"field": "at", "type": "temporal", "axis": _axis(tickCount=5, labelOverlap="greedy")},
            "y": {
                "field": "citations",
                "type": "quantitative",
                "scale": {"zero": False, "nice": True},
                "axis": _axis(grid=True, tickCount=4, format="~s"),
            },
            "color": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": list(series), "range": ["var(--resolved)", "var(--unresolved)"]},
                "legend": _legend(),
            },
            "strokeDash": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": list(series), "range": [[1, 0], [6, 4]]},
                "legend": None,
            },
            "tooltip": _tooltip(
                series="Line", citations="Citations", entries="Entries", resolved="Resolved",
                counted="Papers counted",
            ),
        },
    }  # fmt: skip
    return Chart(
        "growth",
        "Growth over snapshots",
        f"Over {len(report.growth)} snapshots: {first.entries:,} entries then, {last.entries:,} "
        "now. The dashed line moves only when citations do, not when papers are added.",
        spec,
        ("Snapshot", "Entries", "Resolved", "Papers counted", "Citations", "Of papers in all"),
        tuple(
            (
                f"{p.at:%Y-%m-%d %H:%M}",
                p.entries,
                p.resolved,
                p.counted,
                p.citations,
                p.same_papers,
            )
            for p in report.growth
        ),
    )


def _venues(report: Report) -> Chart | None:
    papers = _listed(report)
    counts = Counter(paper.venue for paper in papers if paper.venue)
    if not counts:
        return None
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    unknown = sum(1 for paper in papers if not paper.venue)
    values = [{"venue": venue, "papers": count} for venue, count in ranked[:VENUES_SHOWN]]
    says = f"{len(counts):,} venues; {_shown_of(ranked, VENUES_SHOWN)}."
    if unknown:
        says += f" For {unknown:,} of {len(papers):,} papers no venue is known."
    return Chart(
        "venue",
        "Venues",
        says,
        _ranking(values, "venue", "papers", _tooltip(venue="Venue", papers="Papers")),
        ("Venue", "Papers"),
        tuple(ranked[:100]),
        picks="venue",
    )


def _outcomes(report: Report) -> Chart | None:
    counts = Counter((entry.kind, entry.status) for entry in report.entries)
    if not counts:
        return None
    kinds = [kind for kind, _ in Counter(entry.kind for entry in report.entries).most_common()]
    present = [status for status in STATUSES if any(s == status for _, s in counts)]
    values = [
        {
            "kind": kind,
            "status": LABELS[status],
            "key": status,
            "entries": counts[kind, status],
            "order": STATUSES.index(status),
        }
        for kind in kinds
        for status in present
        if counts[kind, status]
    ]
    spec = _spec(values) | {
        "height": {"step": 30},
        "mark": _bar(stroke="var(--paper)", strokeWidth=1),
        "encoding": {
            "y": {"field": "kind", "type": "nominal", "sort": kinds, "axis": _axis(labelLimit=180)},
            "x": {
                "field": "entries",
                "type": "quantitative",
                "axis": _axis(grid=True, tickCount=5, tickMinStep=1, format="~s"),
            },
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "status",
                "type": "nominal",
                "scale": {
                    "domain": [LABELS[status] for status in present],
                    "range": [f"var(--{status.replace('_', '-')})" for status in present],
                },
                "legend": _legend(),
            },
            "tooltip": _tooltip(kind="Kind", status="Became", entries="Entries"),
        },
    }
    resolved = sum(1 for entry in report.entries if entry.status == "resolved")
    return Chart(
        "outcome",
        "What became of the entries",
        f"{resolved:,} of {len(report.entries):,} entries have their paper.",
        spec,
        ("Kind", *(LABELS[status] for status in present)),
        tuple((kind, *(counts[kind, status] for status in present)) for kind in kinds),
        picks="outcome",
    )


def _listed(report: Report) -> list[PaperRow]:
    """The distinct papers of the list's resolved entries, in the list's order."""
    ids = dict.fromkeys(e.paper_id for e in report.entries if e.status == "resolved")
    return [report.papers[paper_id] for paper_id in ids if paper_id and paper_id in report.papers]


def _most_cited(papers: Iterable[PaperRow]) -> str:
    best = max(papers, key=lambda p: p.citations or 0, default=None)
    return best.title if best else ""


def _shown_of(ranked: Sequence[object], most: int) -> str:
    return "all are shown" if len(ranked) <= most else f"the {most} most frequent are shown"


def _ranking(
    values: list[dict[str, Any]], name: str, amount: str, tooltip: list[dict[str, str]]
) -> dict[str, Any]:
    """Horizontal bars, the longest first, each with its number at the end."""
    y = {
        "field": name,
        "type": "nominal",
        "sort": {"field": amount, "order": "descending"},
        "axis": _axis(labelLimit=190),
    }
    x = {
        "field": amount,
        "type": "quantitative",
        "axis": None,
        "scale": {"range": [0, {"expr": "max(width - 48, 0)"}]},
    }
    label = {
        "type": "text", "align": "left", "dx": 5, "fill": "var(--muted)", "fontSize": 12,
        "cursor": "pointer",
    }  # fmt: skip
    return _spec(values) | {
        "height": {"step": 24},
        "encoding": {"y": y, "x": x, "tooltip": tooltip},
        "layer": [
            {"mark": _bar()},
            {
                "mark": label,
                "encoding": {"text": {"field": amount, "type": "quantitative", "format": ","}},
            },
        ],
    }


def _spec(values: list[dict[str, Any]]) -> dict[str, Any]:
    font = "system-ui, sans-serif"
    return {
        "data": {"values": values},
        "width": "container",
        "background": None,
        "padding": 0,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {
            "font": font,
            "view": {"stroke": None},
            "axis": {"labelFont": font, "labelFontSize": 12, "titleFontSize": 12},
        },
    }


def _bar(**more: Any) -> dict[str, Any]:
    return {"type": "bar", "color": "var(--resolved)", "cursor": "pointer"} | more


def _axis(**more: Any) -> dict[str, Any]:
    plain = {
        "title": None,
        "grid": False,
        "domain": False,
        "ticks": False,
        "labelColor": "var(--muted)",
        "gridColor": "var(--line)",
        "labelPadding": 6,
    }
    return plain | more


def _legend() -> dict[str, Any]:
    return {
        "title": None,
        "orient": "top",
        "labelColor": "var(--ink)",
        "labelFontSize": 12,
        "symbolType": "square",
        "columns": 3,
    }


def _tooltip(**fields: str) -> list[dict[str, str]]:
    return [
        {"field": name, "type": "nominal", "title": title} if name not in _NUMBERS
        else {"field": name, "type": "quantitative", "title": title, "format": ","}
        for name, title in fields.items()
    ]  # fmt: skip


_NUMBERS = {"citations", "papers", "median", "entries", "resolved", "counted"}
