"""The page's data block: JSON values for the table, the charts and the extra sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from enrich.outputs.escape import FORMULA_STARTS
from enrich.outputs.report.charts import Chart
from enrich.outputs.report.model import CandidateRow, EntryRow, PaperRow, Report
from enrich.outputs.report.part import Part
from enrich.outputs.sections import short_names, topic_part

# The names under which the page's script reads the values of a row -> the attributes they hold.
ENTRY_KEYS = {
    "id": "entry_id", "position": "position", "line": "line", "title": "title", "kind": "kind",
    "section": "section", "status": "status", "reason": "reason", "paper": "paper_id",
    "method": "method", "score": "score", "year": "year", "authors": "authors_text",
    "venue": "venue_text", "note": "note", "links": "links", "candidates": "candidates",
}  # fmt: skip
PAPER_KEYS = {
    "title": "title", "abstract": "abstract", "abstractSource": "abstract_source", "tldr": "tldr",
    "authors": "authors", "year": "year", "venue": "venue", "venueName": "venue_name",
    "citations": "citations", "influential": "influential", "countedOn": "counted_on",
    "history": "history", "categories": "categories", "withdrawn": "withdrawn",
    "bibtex": "bibtex", "links": "links",
}  # fmt: skip


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
    names = short_names(topic_part(section) for section in sections)
    papers = {paper_id: index for index, paper_id in enumerate(report.papers)}
    section_of = {section: index for index, section in enumerate(sections)}
    return {
        "list": report.slug,
        "sections": sections,
        "sectionNames": [names[topic_part(section)] for section in sections],
        "days": [day.isoformat() for day in report.days],
        "formulaStarts": FORMULA_STARTS,
        "papers": {
            "keys": [*PAPER_KEYS],
            "rows": [_row(paper, PAPER_KEYS) for paper in report.papers.values()],
        },
        "entries": {
            "keys": [*ENTRY_KEYS],
            "rows": [
                _row(
                    entry,
                    ENTRY_KEYS,
                    section=section_of[entry.section],
                    paper_id=papers.get(entry.paper_id or ""),
                )
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


def _row(record: EntryRow | PaperRow, keys: Mapping[str, str], **known: object) -> list[object]:
    """The values of a record in the order of the keys; `known` replaces attributes."""
    return [_value(known.get(name, getattr(record, name))) for name in keys.values()]


def _value(value: object) -> object:
    """A value as JSON has it: numbers short, days as text, addresses as label and URL."""
    match value:
        case float():
            return round(value, 3)
        case date():
            return value.isoformat()
        case CandidateRow():
            score = None if value.score is None else round(value.score, 2)
            url = value.link.url if value.link else None
            return [value.title, value.year, score, value.reason, url]
        case tuple():
            return [_value(part) for part in value]
    return value
