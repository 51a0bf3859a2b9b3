"""Compute how a list grew over its snapshots and what changed since the previous one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pyarrow as pa

from enrich.outputs.escape import one_line
from enrich.outputs.report.inputs import EarlierSnapshot, ReportInput, thinned
from enrich.outputs.report.model import (
    NO_TITLE,
    ChangeGroup,
    ChangeLine,
    Changes,
    Gain,
    GrowthPoint,
)
from enrich.snapshot.compare import Change, compare

# Papers whose counts grew most.
TOP_GAINS = 8
# Points of a paper's sparkline: more cannot be seen at its width.
SPARKLINE_POINTS = 24


def growth(source: ReportInput) -> tuple[GrowthPoint, ...]:
    """One point per snapshot, oldest first, this one last."""
    now = EarlierSnapshot(
        source.snapshot, source.manifest, source.tables["entries"], source.tables["papers"]
    )
    points = [(one, _counts(one.papers)) for one in (*source.earlier, now)]
    always = set.intersection(*(set(counts) for _, counts in points))
    return tuple(
        GrowthPoint(
            snapshot=one.snapshot,
            at=datetime.fromisoformat(one.manifest["finished"]),
            entries=len(one.entries),
            resolved=one.entries["status"].to_pylist().count("resolved"),
            counted=len(counts),
            citations=sum(counts.values()),
            same_papers=sum(counts[paper_id] for paper_id in always),
        )
        for one, counts in points
    )


def count_history(
    source: ReportInput,
) -> tuple[tuple[date, ...], Mapping[str, tuple[int | None, ...]]]:
    """Days of at most SPARKLINE_POINTS snapshots, and the counts of each paper on these days."""
    tables = [(one.manifest, one.papers) for one in source.earlier]
    tables.append((source.manifest, source.tables["papers"]))
    chosen = thinned(tables, SPARKLINE_POINTS)
    counts = [_counts(papers) for _, papers in chosen]
    days = tuple(datetime.fromisoformat(manifest["finished"]).date() for manifest, _ in chosen)
    return days, {
        paper_id: tuple(known.get(paper_id) for known in counts) for paper_id in counts[-1]
    }


def changes(source: ReportInput) -> Changes | None:
    """What is different from the snapshot before; None when there is none."""
    if not source.earlier:
        return None
    before = source.earlier[-1]
    old, new = _counts(before.papers), _counts(source.tables["papers"])
    both = [paper_id for paper_id in new if paper_id in old]
    entry_of = _entries_of_papers(source.tables["entries"])
    found: dict[str, list[Change]] = {}
    for change in compare({"entries": before.entries, "papers": before.papers}, source.tables):
        found.setdefault(change.what, []).append(change)
    return Changes(
        since_at=datetime.fromisoformat(before.manifest["finished"]),
        groups=tuple(
            ChangeGroup(what, tuple(_line(change, entry_of) for change in group))
            for what, group in found.items()
            if what != "citations"
        ),
        gained=sum(new[paper_id] - old[paper_id] for paper_id in both),
        compared=len(both),
        top=tuple(
            Gain(
                entry_of.get(change.id),
                one_line(change.title) or NO_TITLE,
                change.before,
                change.after,
            )
            for change in found.get("citations", ())
            if isinstance(change.before, int)
            and isinstance(change.after, int)
            and change.after > change.before
        )[:TOP_GAINS],
    )


def _entries_of_papers(entries: pa.Table) -> dict[str, str]:
    """Entry ids by themselves, and the first entry of each paper by the paper's id."""
    found: dict[str, str] = {}
    ids, papers = entries["entry_id"].to_pylist(), entries["paper_id"].to_pylist()
    for entry_id, paper_id in zip(ids, papers, strict=True):
        found[entry_id] = entry_id
        if paper_id is not None:
            found.setdefault(paper_id, entry_id)
    return found


def _line(change: Change, entry_of: Mapping[str, str]) -> ChangeLine:
    return ChangeLine(_description(change), entry_of.get(change.id))


def _description(change: Change) -> str:
    title = one_line(change.title) or NO_TITLE
    match change.what:
        case "no longer resolved" | "published":
            return f"{title}: {one_line(str(change.after))}"
        case "title" | "version":
            return f"{title}: was {one_line(str(change.before))}"
    return title


def _counts(papers: pa.Table) -> dict[str, int]:
    pairs = zip(papers["paper_id"].to_pylist(), papers["citation_count"].to_pylist(), strict=True)
    return {paper_id: count for paper_id, count in pairs if count is not None}
