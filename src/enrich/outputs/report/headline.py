"""The headline figures, each with what it counts and when it was observed. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median

from enrich.outputs.report.charts import resolved_papers
from enrich.outputs.report.model import OPEN_STATUSES, Changes, PaperRow, Report

# Kind of change -> words for counting and heading it.
CHANGES = {
    "new": "added",
    "gone": "removed",
    "resolved": "newly resolved",
    "no longer resolved": "no longer resolved",
    "another paper": "another paper than before",
    "title": "with a new title",
    "version": "in a new version",
    "published": "now published",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, its label and a sentence that explains it."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class OpenReason:
    """Why entries are open: the reason, how many entries have it, the title of one."""

    status: str
    reason: str
    entries: int
    example: str


def figures(report: Report) -> tuple[Figure, ...]:
    """The headline, in reading order."""
    wanted = [entry for entry in report.entries if entry.status != "not_a_paper"]
    resolved = [entry for entry in wanted if entry.status == "resolved"]
    papers = resolved_papers(report)
    counts = [paper.citations for paper in papers if paper.citations is not None]
    is_open = [entry for entry in report.entries if entry.status in OPEN_STATUSES]
    found = [
        Figure("Entries", f"{len(report.entries):,}", _of_kinds(report)),
        Figure(
            "Resolved",
            _percent(len(resolved), len(wanted)),
            f"{len(resolved):,} of {len(wanted):,} entries that are looked up; "
            f"{len(papers):,} distinct papers",
        ),
        Figure(
            "Citations",
            f"{sum(counts):,}" if counts else "unknown",
            f"of {_part(len(counts), len(papers))} papers, {_counted_on(papers)}",
        ),
        Figure(
            "Median paper",
            f"{median(counts):,.0f}" if counts else "unknown",
            "citations: half of the papers have more, half have fewer",
        ),
        Figure(
            "With abstract",
            _percent(sum(1 for paper in papers if paper.abstract), len(papers)),
            f"of {len(papers):,} papers",
        ),
        Figure("Open", f"{len(is_open):,}", _of_statuses(report)),
    ]
    return tuple(found)


def open_reasons(report: Report) -> tuple[OpenReason, ...]:
    """Why entries are open, the most frequent reason first.

    Reasons that differ only in quoted titles, ids and numbers are grouped.
    """
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for entry in report.entries:
        if entry.status in OPEN_STATUSES:
            key = (entry.status, _generic(entry.reason))
            counts[key] += 1
            example.setdefault(key, entry.title)
    return tuple(
        OpenReason(status, reason, count, example[status, reason])
        for (status, reason), count in counts.most_common()
    )


def change_sentence(changes: Changes) -> str:
    """What is different from the snapshot before, in one or two sentences."""
    parts = [f"{len(group.lines):,} {CHANGES[group.what]}" for group in changes.groups]
    rest = f"{', '.join(parts)}." if parts else "The entries and papers are the same."
    if not changes.compared:
        return f"{rest} No paper was counted both times."
    papers = _many(changes.compared, "paper")
    if not changes.gained:
        return f"{rest} Citations of {papers} counted both times: the same."
    more = "more" if changes.gained > 0 else "fewer"
    return f"{rest} {abs(changes.gained):,} citations {more}, over {papers} counted both times."


def day(when: date) -> str:
    """A date as people read it: 22 November 2026."""
    return f"{when.day} {when:%B %Y}"


def _generic(reason: str) -> str:
    quoted = re.sub(r"“[^”]*”|\"[^\"]*\"|'[^']*'(?!\w)", "“…”", reason)
    # Brackets after a title hold facts of that one paper.
    quoted = re.sub(r"“…” \([^)]*\)", "“…”", quoted)
    return re.sub(r"\b(?:arxiv:|doi:)?\d(?:[\w./:-]*\w)?", "…", quoted, flags=re.IGNORECASE)


def _of_kinds(report: Report) -> str:
    counts = Counter(entry.kind for entry in report.entries).most_common()
    sections = len({entry.section for entry in report.entries})
    parts = [_many(count, kind) for kind, count in counts[:3]]
    if rest := sum(count for _, count in counts[3:]):
        parts.append(f"{rest:,} of other kinds")
    return f"{', '.join(parts)}; {_many(sections, 'section')}"


def _many(count: int, name: str) -> str:
    plural = name if name in ("code", "other") or count == 1 else f"{name}s"
    return f"{count:,} {plural}"


def _of_statuses(report: Report) -> str:
    counts = Counter(entry.status for entry in report.entries)
    parts = [f"{counts[status]:,} {status}" for status in OPEN_STATUSES if counts[status]]
    return ", ".join(parts) or "nothing is left to find"


def _counted_on(papers: list[PaperRow]) -> str:
    days = sorted({paper.counted_on for paper in papers if paper.counted_on})
    if not days:
        return "not counted yet"
    if len(days) == 1:
        return f"counted on {day(days[0])}"
    return f"counted between {day(days[0])} and {day(days[-1])}"


def _part(part: int, whole: int) -> str:
    return f"{whole:,}" if part == whole else f"{part:,} of {whole:,}"


def _percent(part: int, whole: int) -> str:
    if not whole:
        return "none"
    # Never rounded up to a 100 % or down to a 0 % that is not true.
    share = 100 * part / whole
    if part != whole and share > 99:
        return "> 99 %"
    if part and share < 1:
        return "< 1 %"
    return f"{share:.0f} %"
