"""The page's data block: JSON values for the table, the charts and the extra sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from enrich.outputs.addresses import Address
from enrich.outputs.escape import FORMULA_STARTS
from enrich.outputs.report.charts import Chart
from enrich.outputs.report.model import EntryRow, PaperRow, Report
from enrich.outputs.report.part import Part
from enrich.outputs.sections import short_names, telling_part

# The order of the values in each row of the block; the page's script reads them by these names.
ENTRY_KEYS = (
    "id", "position", "line", "title", "kind", "section", "status", "reason", "paper", "method",
    "score", "year", "authors", "venue", "note", "links", "candidates",
)  # fmt: skip
PAPER_KEYS = (
    "title", "abstract", "abstractSource", "tldr", "authors", "year", "venue", "venueName",
    "citations", "influential", "countedOn", "history", "categories", "withdrawn", "bibtex",
    "links",
)  # fmt: skip


def page_data(report: Report, charts: Sequence[Chart], parts: Sequence[Part]) -> dict[str, Any]:
    """The data block.

    Args:
        report: What the page shows.
        charts: Its charts.
        parts: Its extra sections.

    Returns:
        Rows as arrays under one list of keys: half the size of an object for each.
    """
    sections = list(dict.fromkeys(entry.section for entry in report.entries))
    names = short_names(telling_part(section) for section in sections)
    papers = {paper_id: index for index, paper_id in enumerate(report.papers)}
    section_of = {section: index for index, section in enumerate(sections)}
    return {
        "list": report.slug,
        "sections": sections,
        "sectionNames": [names[telling_part(section)] for section in sections],
        "days": [day.isoformat() for day in report.days],
        "formulaStarts": FORMULA_STARTS,
        "papers": {"keys": PAPER_KEYS, "rows": [_paper(p) for p in report.papers.values()]},
        "entries": {
            "keys": ENTRY_KEYS,
            "rows": [
                _entry(entry, section_of[entry.section], papers.get(entry.paper_id or ""))
                for entry in report.entries
            ],
        },
        "charts": [
            {"name": chart.name, "summary": chart.summary, "spec": chart.spec,
             "filter": chart.filter_name}
            for chart in charts
        ],
        "parts": {part.name: part.data for part in parts if part.data is not None},
    }  # fmt: skip


def _entry(entry: EntryRow, section: int, paper: int | None) -> list[Any]:
    return [
        entry.entry_id,
        entry.position,
        entry.line,
        entry.title,
        entry.kind,
        section,
        entry.status,
        entry.reason,
        paper,
        entry.method,
        None if entry.score is None else round(entry.score, 3),
        entry.year,
        entry.authors_text,
        entry.venue_text,
        entry.note,
        _links(entry.links),
        [
            [c.title, c.year, None if c.score is None else round(c.score, 2), c.reason,
             c.link.url if c.link else None]
            for c in entry.candidates
        ],
    ]  # fmt: skip


def _paper(paper: PaperRow) -> list[Any]:
    return [
        paper.title,
        paper.abstract,
        paper.abstract_source,
        paper.tldr,
        paper.authors,
        paper.year,
        paper.venue,
        paper.venue_name,
        paper.citations,
        paper.influential,
        paper.counted_on.isoformat() if paper.counted_on else None,
        paper.history,
        paper.categories,
        paper.withdrawn,
        paper.bibtex,
        _links(paper.links),
    ]


def _links(links: Sequence[Address]) -> list[list[str]]:
    return [[link.label, link.url] for link in links]
