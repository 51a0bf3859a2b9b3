"""The list over time: how it grew, and what is different from the snapshot before."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from enrich.outputs.report.links import shown
from enrich.outputs.report.material import Material, Past
from enrich.outputs.report.model import NO_TITLE, ChangeGroup, Changes, Gain, GrowthPoint
from enrich.snapshot.compare import Change, compare

TOP_GAINS = 8


def growth(material: Material) -> tuple[GrowthPoint, ...]:
    """One point per snapshot, oldest first, this one last."""
    now = Past(
        material.snapshot, material.manifest, material.tables["entries"], material.tables["papers"]
    )
    points = [(past, _counts(past.papers)) for past in (*material.past, now)]
    always = set.intersection(*(set(counts) for _, counts in points))
    return tuple(
        GrowthPoint(
            snapshot=past.snapshot,
            at=datetime.fromisoformat(past.manifest["finished"]),
            entries=len(past.entries),
            resolved=past.entries["status"].to_pylist().count("resolved"),
            counted=len(counts),
            citations=sum(counts.values()),
            same_papers=sum(counts[paper_id] for paper_id in always),
        )
        for past, counts in points
    )


def changes(material: Material) -> Changes | None:
    """What is different from the snapshot before; None when there is none."""
    if not material.past:
        return None
    before = material.past[-1]
    old, new = _counts(before.papers), _counts(material.tables["papers"])
    both = [paper_id for paper_id in new if paper_id in old]
    found: dict[str, list[Change]] = {}
    for change in compare({"entries": before.entries, "papers": before.papers}, material.tables):
        found.setdefault(change.what, []).append(change)
    return Changes(
        since_at=datetime.fromisoformat(before.manifest["finished"]),
        groups=tuple(
            ChangeGroup(what, tuple(_told(change) for change in group))
            for what, group in found.items()
            if what != "citations"
        ),
        gained=sum(new[paper_id] - old[paper_id] for paper_id in both),
        compared=len(both),
        top=tuple(
            Gain(shown(change.title) or NO_TITLE, change.before, change.after)
            for change in found.get("citations", ())
            if isinstance(change.before, int)
            and isinstance(change.after, int)
            and change.after > change.before
        )[:TOP_GAINS],
    )


def _told(change: Change) -> str:
    title = shown(change.title) or NO_TITLE
    match change.what:
        case "no longer resolved" | "published":
            return f"{title}: {shown(str(change.after))}"
        case "title" | "version":
            return f"{title}: was {shown(str(change.before))}"
    return title


def _counts(papers: pa.Table) -> dict[str, int]:
    pairs = zip(papers["paper_id"].to_pylist(), papers["citation_count"].to_pylist(), strict=True)
    return {paper_id: count for paper_id, count in pairs if count is not None}
