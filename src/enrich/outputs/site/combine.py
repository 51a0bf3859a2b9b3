"""Combine the reports of several lists: which papers they share, figures over all. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from enrich.outputs.report.charts import resolved_papers
from enrich.outputs.report.model import EntryRow, PaperRow, Report


@dataclass(slots=True)
class SharedPaper:
    """A paper over all lists; `places` are (index of the list, entry id) of its entries."""

    paper: PaperRow
    places: list[tuple[int, str]] = field(default_factory=list)

    @property
    def lists(self) -> tuple[int, ...]:
        """The lists that hold it, each once, in order."""
        return tuple(dict.fromkeys(index for index, _ in self.places))


@dataclass(frozen=True, slots=True)
class ListSummary:
    """One list on the index page; `history` are its citations over its snapshots."""

    report: Report
    page: str
    papers: int
    resolved: int
    lookups: int
    citations: int | None
    history: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Combined:
    """All lists: their summaries, distinct papers, and entries without a paper (list, entry)."""

    lists: tuple[ListSummary, ...]
    papers: tuple[SharedPaper, ...]
    others: tuple[tuple[int, EntryRow], ...]


def combine(reports: Sequence[Report]) -> Combined:
    """The reports of the newest snapshots of all lists, as one.

    Papers of two lists are one where they have an identifier in common.
    """
    papers: list[SharedPaper] = []
    known: dict[str, SharedPaper] = {}
    others: list[tuple[int, EntryRow]] = []
    for index, report in enumerate(reports):
        for entry in report.entries:
            row = report.papers.get(entry.paper_id or "")
            if entry.status != "resolved" or row is None:
                others.append((index, entry))
                continue
            names = (row.paper_id, *row.aliases)
            shared = next((known[name] for name in names if name in known), None)
            if shared is None:
                shared = SharedPaper(row)
                papers.append(shared)
            elif (row.citations or -1) > (shared.paper.citations or -1):
                # The higher count is the later one, where lists were run on different days.
                shared.paper = row
            shared.places.append((index, entry.entry_id))
            known.update((name, shared) for name in names if name not in known)
    return Combined(tuple(_summary(r) for r in reports), tuple(papers), tuple(others))


def _summary(report: Report) -> ListSummary:
    papers = resolved_papers(report)
    counts = [paper.citations for paper in papers if paper.citations is not None]
    wanted = [entry for entry in report.entries if entry.status != "not_a_paper"]
    return ListSummary(
        report=report,
        page=f"lists/{report.slug}.html",
        papers=len(papers),
        resolved=sum(1 for entry in wanted if entry.status == "resolved"),
        lookups=len(wanted),
        citations=sum(counts) if counts else None,
        history=tuple(point.citations for point in report.growth),
    )
