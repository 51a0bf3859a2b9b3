"""Rankings shown as tables: the most cited papers, the most frequent authors. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from enrich.outputs.report.model import PaperRow, Report

# Rows of the two tables.
PAPERS_SHOWN = 10
AUTHORS_SHOWN = 12
# One paper makes nobody a frequent author.
MIN_PAPERS_OF_AUTHOR = 2


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper of the list and its growth.

    Attributes:
        paper: The paper.
        entry_id: The first entry that resolved to it.
        byline: First author, venue and year.
        line: Points of its sparkline, None where its count did not change.
        trend: The sparkline in words.
    """

    paper: PaperRow
    entry_id: str
    byline: str
    line: str | None
    trend: str


@dataclass(frozen=True, slots=True)
class RankedAuthor:
    """An author of several papers; `view` is the page's address that shows them."""

    name: str
    papers: int
    citations: int
    view: str


def most_cited(report: Report, papers: Sequence[PaperRow]) -> list[RankedPaper]:
    """The papers with the most citations, each with its growth as a line."""
    first: dict[str, str] = {}
    for entry in report.entries:
        first.setdefault(entry.paper_id or "", entry.entry_id)
    counted = [paper for paper in papers if paper.citations]
    ranked = sorted(counted, key=lambda paper: (-(paper.citations or 0), paper.title))
    return [
        RankedPaper(
            paper,
            first[paper.paper_id],
            _byline(paper),
            sparkline(paper.history),
            _trend(paper.history, report.days),
        )
        for paper in ranked[:PAPERS_SHOWN]
    ]


def frequent_authors(papers: Sequence[PaperRow]) -> list[RankedAuthor]:
    """The authors of the most papers; an author is a name, as the sources write it."""
    by_name: dict[str, list[PaperRow]] = defaultdict(list)
    for paper in papers:
        for name in dict.fromkeys(paper.authors):
            by_name[name].append(paper)
    found = [
        RankedAuthor(
            name,
            len(written),
            sum(paper.citations or 0 for paper in written),
            "#view?" + urlencode({"author": name}),
        )
        for name, written in by_name.items()
        if len(written) >= MIN_PAPERS_OF_AUTHOR
    ]
    return sorted(found, key=lambda a: (-a.papers, -a.citations, a.name))[:AUTHORS_SHOWN]


def _byline(paper: PaperRow) -> str:
    authors = (
        paper.authors[0] + (" et al." if len(paper.authors) > 1 else "") if paper.authors else ""
    )
    parts = (authors, paper.venue, str(paper.year or ""))
    return " · ".join(part for part in parts if part)


def _trend(history: Sequence[int | None], days: Sequence[date]) -> str:
    known = [(day, count) for day, count in zip(days, history, strict=False) if count is not None]
    if len(known) < 2:
        return ""
    return f"{known[0][1]:,} to {known[-1][1]:,} citations since {known[0][0]}"


def sparkline(
    history: Sequence[int | None], width: float = 72.0, height: float = 18.0
) -> str | None:
    """Points of an SVG polyline over a paper's counts, oldest first; None without two counts.

    Args:
        history: The counts, None where a snapshot has none.
        width: Width of the drawing in pixels.
        height: Its height.
    """
    known = [(place, count) for place, count in enumerate(history) if count is not None]
    if len(known) < 2:
        return None
    low, high = min(c for _, c in known), max(c for _, c in known)
    if low == high:
        return None
    # A pixel at each side keeps the line's ends inside the drawing.
    across = len(history) - 1
    return " ".join(
        f"{1 + place / across * (width - 2):.1f},"
        f"{height - 1 - (count - low) / (high - low) * (height - 2):.1f}"
        for place, count in known
    )
