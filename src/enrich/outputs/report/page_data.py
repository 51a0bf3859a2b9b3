"""The page's data block: JSON values that the table and the charts are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from enrich.outputs.addresses import Address
from enrich.outputs.report.charts import Chart
from enrich.outputs.report.model import EntryRow, PaperRow, Report

# The order of the values in each row of the block; the page's script reads them by these names.
ENTRY_KEYS = (
    "position", "line", "title", "kind", "section", "status", "reason", "paper", "method", "score",
    "year", "authors", "venue", "note", "links", "candidates",
)  # fmt: skip
PAPER_KEYS = (
    "title", "abstract", "abstractSource", "tldr", "authors", "year", "venue", "citations",
    "influential", "countedOn", "categories", "withdrawn", "links",
)  # fmt: skip


def page_data(report: Report, charts: Sequence[Chart]) -> dict[str, Any]:
    """Rows as arrays under one list of keys: half the size of an object for each."""
    sections = list(dict.fromkeys(entry.section for entry in report.entries))
    papers = {paper_id: index for index, paper_id in enumerate(report.papers)}
    section_of = {section: index for index, section in enumerate(sections)}
    return {
        "sections": sections,
        "papers": {"keys": PAPER_KEYS, "rows": [_paper(p) for p in report.papers.values()]},
        "entries": {
            "keys": ENTRY_KEYS,
            "rows": [
                _entry(entry, section_of[entry.section], papers.get(entry.paper_id or ""))
                for entry in report.entries
            ],
        },
        "charts": [
            {"name": chart.name, "says": chart.says, "spec": chart.spec, "picks": chart.picks}
            for chart in charts
        ],
    }


def _entry(entry: EntryRow, section: int, paper: int | None) -> list[Any]:
    return [
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
        paper.citations,
        paper.influential,
        paper.counted_on.isoformat() if paper.counted_on else None,
        paper.categories,
        paper.withdrawn,
        _links(paper.links),
    ]


def _links(links: Sequence[Address]) -> list[list[str]]:
    return [[link.label, link.url] for link in links]
