"""The charts: each as a Vega-Lite specification and as the same numbers in a table. Pure.

Every chart has a sentence that says what it shows and a table for readers who cannot see or run it.
`filter_name` is the filter of the entries' table that pressing a mark sets.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from enrich.outputs.report import spec
from enrich.outputs.report.model import LABELS, STATUSES, EntryRow, PaperRow, Report
from enrich.outputs.sections import Section, short_names, topic_part

# Bars of a chart; its table holds the others too.
SECTIONS_SHOWN = 15
VENUES_SHOWN = 12
VENUES_IN_TABLE = 100
# A median over fewer papers says more about one of them than about the section.
MIN_FOR_MEDIAN = 5


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `spec` is Vega-Lite, `columns` and `rows` hold the same as a table."""

    name: str
    title: str
    summary: str
    spec: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    filter_name: str | None = None


class _Sum(NamedTuple):
    """Papers taken together: their citations, how many are counted, the median, the most cited."""

    citations: int
    papers: int
    median: int
    most: str


def resolved_papers(report: Report) -> list[PaperRow]:
    """The distinct papers of the list's resolved entries, in the list's order."""
    ids = dict.fromkeys(e.paper_id for e in report.entries if e.status == "resolved")
    return [report.papers[paper_id] for paper_id in ids if paper_id and paper_id in report.papers]


def papers_by_year(papers: Sequence[PaperRow]) -> Chart | None:
    """How many papers of each year the list holds."""
    counts = Counter(paper.year for paper in papers if paper.year is not None)
    if not counts:
        return None
    years = range(min(counts), max(counts) + 1)
    best = max(counts, key=lambda year: (counts[year], year))
    values = [{"year": year, "papers": counts[year]} for year in years]
    unknown = sum(1 for paper in papers if paper.year is None)
    summary = f"Most papers, {counts[best]:,} of {len(papers):,}, are from {best}."
    if unknown:
        summary += f" No year is known of {unknown:,}."
    return Chart(
        name="papers",
        title="Papers by year of publication",
        summary=summary,
        spec=spec.years(values, "papers", spec.tooltip(year="Published", papers="Papers")),
        columns=("Year", "Papers"),
        rows=tuple((str(year), counts[year]) for year in years if counts[year]),
        filter_name="year",
    )


def citations_by_year(papers: Sequence[PaperRow]) -> Chart | None:
    """How often the papers of each year are cited."""
    by_year: dict[int, list[PaperRow]] = defaultdict(list)
    for paper in papers:
        if paper.year is not None and paper.citations is not None:
            by_year[paper.year].append(paper)
    if not by_year:
        return None
    sums = {year: _sum(by_year.get(year, ())) for year in range(min(by_year), max(by_year) + 1)}
    best = max(sums, key=lambda year: (sums[year].citations, year))
    values = [{"year": year, **total._asdict()} for year, total in sums.items()]
    tooltip = spec.tooltip(
        year="Published", citations="Citations", papers="Papers", most="Most cited"
    )
    return Chart(
        name="year",
        title="Citations by year of publication",
        summary=f"Papers published in {best} are cited most: {sums[best].citations:,} times.",
        spec=spec.years(values, "citations", tooltip),
        columns=("Year", "Papers", "Citations", "Median"),
        rows=tuple(
            (str(year), total.papers, total.citations, total.median)
            for year, total in sums.items()
            if total.papers
        ),
        filter_name="year",
    )


def by_section(entries: Sequence[EntryRow], papers: Mapping[str, PaperRow]) -> Chart | None:
    """Citations by the deepest heading that says what its entries are about."""
    groups: dict[Section, dict[str, PaperRow]] = defaultdict(dict)
    for entry in entries:
        paper = papers.get(entry.paper_id or "")
        if entry.status == "resolved" and paper and paper.citations is not None:
            groups[topic_part(entry.section)][paper.paper_id] = paper
    if len(groups) < 2:
        return None
    names = short_names(topic_part(entry.section) for entry in entries)
    name = {section: names[section] or "(no section)" for section in groups}
    sums = {section: _sum(found.values()) for section, found in groups.items()}
    ranked = sorted(sums, key=lambda section: (-sums[section].citations, name[section]))
    values = [
        {"section": name[section], "path": "\n".join(section), "whole": " › ".join(section),
         **sums[section]._asdict()}
        for section in ranked[:SECTIONS_SHOWN]
    ]  # fmt: skip
    tooltip = spec.tooltip(whole="Section", citations="Citations", papers="Papers", median="Median")
    return Chart(
        name="section",
        title="Citations by section",
        summary=_section_summary(sums, ranked, name),
        spec=spec.ranking(values, "section", "citations", tooltip),
        columns=("Section", "Papers", "Citations", "Median"),
        rows=tuple(
            (name[section], sums[section].papers, sums[section].citations, sums[section].median)
            for section in ranked
        ),
        filter_name="section",
    )


def _section_summary(
    sums: Mapping[Section, _Sum], ranked: Sequence[Section], name: Mapping[Section, str]
) -> str:
    enough = [section for section in ranked if sums[section].papers >= MIN_FOR_MEDIAN]
    if enough:
        best = max(enough, key=lambda section: sums[section].median)
        summary = (
            f"Highest median: “{name[best]}”, {sums[best].median:,} citations a paper "
            f"({sums[best].papers:,} papers)."
        )
    else:
        best = ranked[0]
        summary = f"Cited most: “{name[best]}”, {sums[best].citations:,} times."
    if len(ranked) > SECTIONS_SHOWN:
        summary += f" The {SECTIONS_SHOWN} most cited of {len(ranked)} sections are shown."
    return summary


def by_venue(papers: Sequence[PaperRow]) -> Chart | None:
    """Where the papers were published; preprint servers are no venues."""
    counts = Counter(paper.venue for paper in papers if paper.venue)
    if not counts:
        return None
    long_name = {paper.venue: paper.venue_name or "" for paper in papers if paper.venue}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    summary = f"{len(ranked):,} venues" if len(ranked) > 1 else "One venue"
    if len(ranked) > VENUES_SHOWN:
        summary += f", the {VENUES_SHOWN} most frequent are shown"
    if unknown := sum(1 for paper in papers if not paper.venue):
        summary += f"; {unknown:,} of {len(papers):,} papers are preprints or of unknown venue"
    values = [
        {"venue": venue, "name": long_name[venue], "papers": count}
        for venue, count in ranked[:VENUES_SHOWN]
    ]
    return Chart(
        name="venue",
        title="Where the papers appeared",
        summary=f"{summary}.",
        spec=spec.ranking(values, "venue", "papers", spec.tooltip(name="Venue", papers="Papers")),
        columns=("Venue", "Papers"),
        rows=tuple(ranked[:VENUES_IN_TABLE]),
        filter_name="venue",
    )


def by_outcome(entries: Sequence[EntryRow]) -> Chart | None:
    """What became of the entries of each kind."""
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
    tooltip = spec.tooltip(row="Kind", part="Became", entries="Entries")
    return Chart(
        name="outcome",
        title="What became of the entries",
        summary=f"{resolved:,} of {len(entries):,} entries have their paper.",
        spec=spec.stacked(values, len(kinds), colours, tooltip),
        columns=("Kind", *(LABELS[status] for status in present)),
        rows=tuple((kind, *(counts[kind, status] for status in present)) for kind in kinds),
        filter_name="outcome",
    )


def _sum(papers: Iterable[PaperRow]) -> _Sum:
    counted = [(paper.citations, paper.title) for paper in papers if paper.citations is not None]
    if not counted:
        return _Sum(0, 0, 0, "")
    counts = [count for count, _ in counted]
    return _Sum(sum(counts), len(counts), int(median(counts)), max(counted)[1])
