"""The list over time: how it grew, and what is different from the snapshot before."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from enrich.report.links import shown
from enrich.report.material import Material, Past
from enrich.report.model import Changes, Gain, GrowthPoint

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
    before, entries = material.past[-1], material.tables["entries"]
    old, new = _statuses(before.entries), _statuses(entries)
    titles = _titles(before.entries, "entry_id") | _titles(entries, "entry_id")
    both = [entry_id for entry_id in new if entry_id in old]
    old_counts, new_counts = _counts(before.papers), _counts(material.tables["papers"])
    names = _titles(material.tables["papers"], "paper_id")
    gains = [
        Gain(names[paper_id], old_counts[paper_id], count)
        for paper_id, count in new_counts.items()
        if paper_id in old_counts
    ]
    rising = sorted((g for g in gains if g.after > g.before), key=lambda g: g.before - g.after)
    return Changes(
        since=before.snapshot,
        since_at=datetime.fromisoformat(before.manifest["finished"]),
        added=tuple(titles[e] for e in new if e not in old),
        removed=tuple(titles[e] for e in old if e not in new),
        settled=tuple(titles[e] for e in both if old[e] != "resolved" == new[e]),
        unsettled=tuple(titles[e] for e in both if old[e] == "resolved" != new[e]),
        gained=sum(gain.after - gain.before for gain in gains),
        compared=len(gains),
        top=tuple(rising[:TOP_GAINS]),
    )


def _counts(papers: pa.Table) -> dict[str, int]:
    pairs = zip(papers["paper_id"].to_pylist(), papers["citation_count"].to_pylist(), strict=True)
    return {paper_id: count for paper_id, count in pairs if count is not None}


def _statuses(entries: pa.Table) -> dict[str, str]:
    return dict(zip(entries["entry_id"].to_pylist(), entries["status"].to_pylist(), strict=True))


def _titles(table: pa.Table, key: str) -> dict[str, str]:
    pairs = zip(table[key].to_pylist(), table["title"].to_pylist(), strict=True)
    return {name: shown(title) or "(no title)" for name, title in pairs}
