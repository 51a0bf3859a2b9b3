"""Compute how a list grew over its snapshots and what changed since the previous one."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from enrich.outputs.escape import one_line
from enrich.outputs.report.inputs import EarlierSnapshot, ReportInput
from enrich.outputs.report.model import NO_TITLE, ChangeGroup, Changes, Gain, GrowthPoint
from enrich.snapshot.compare import Change, compare

TOP_GAINS = 8


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


def changes(source: ReportInput) -> Changes | None:
    """What is different from the snapshot before; None when there is none."""
    if not source.earlier:
        return None
    before = source.earlier[-1]
    old, new = _counts(before.papers), _counts(source.tables["papers"])
    both = [paper_id for paper_id in new if paper_id in old]
    found: dict[str, list[Change]] = {}
    for change in compare({"entries": before.entries, "papers": before.papers}, source.tables):
        found.setdefault(change.what, []).append(change)
    return Changes(
        since_at=datetime.fromisoformat(before.manifest["finished"]),
        groups=tuple(
            ChangeGroup(what, tuple(_description(change) for change in group))
            for what, group in found.items()
            if what != "citations"
        ),
        gained=sum(new[paper_id] - old[paper_id] for paper_id in both),
        compared=len(both),
        top=tuple(
            Gain(one_line(change.title) or NO_TITLE, change.before, change.after)
            for change in found.get("citations", ())
            if isinstance(change.before, int)
            and isinstance(change.after, int)
            and change.after > change.before
        )[:TOP_GAINS],
    )


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
