"""What is reported of a finished run: the sentences for people and the JSON for programs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from enrich.errors import HeldBack
from enrich.pipeline import Job, Outcome, Problem
from enrich.records import SERVICE_NAMES, ListRun


def counts_sentence(run: ListRun) -> str:
    """`48 entries: 29 resolved, 11 not_a_paper, 8 unresolved`."""
    statuses = Counter(resolution.status for resolution in run.resolutions)
    total = _count(len(run.parsed.entries), "entry", "entries")
    return f"{total}: {joined_counts(statuses)}"


def requests_sentence(run: ListRun) -> str:
    """`arXiv 2, Semantic Scholar 3`, or `none`."""
    counts = [f"{SERVICE_NAMES[t.service]} {t.total}" for t in run.traffic]
    return ", ".join(counts) or "none"


def joined_counts(counter: Mapping[Any, int]) -> str:
    """`29 resolved, 11 not_a_paper`, the largest first."""
    ordered = sorted(counter.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {name}" for name, count in ordered)


def deferred_sentence(run: ListRun) -> str:
    """How many titles were not yet searched one at a time, and how to search them now."""
    entries = _count(len(run.deferred), "title was", "titles were")
    return (
        f"{entries} not found among many and not yet searched one at a time: the next runs go on, "
        "`enrich run --thorough` searches all."
    )


def incomplete_sentence(run: ListRun) -> str:
    """Why a published snapshot is incomplete: which entries, which counts, which service."""
    pending = sum(r.status == "pending" for r in run.resolutions)
    failed = sum(o.status in ("throttled", "error") for o in run.failed_observations)
    further = len(run.unasked) - pending
    what = [f"{_count(pending, 'entry is', 'entries are')} pending"] * bool(pending)
    if failed:
        what.append(f"the counts of {_count(failed, 'paper', 'papers')} could not be refreshed")
    elif further > 0:
        what.append(f"details of {_count(further, 'entry', 'entries')} are missing")
    causes = [
        f"{' and '.join(names)} {failure}"
        for health, failure in (
            ("down", "could not be asked"),
            ("degraded", "answered only in part"),
        )
        if (names := [SERVICE_NAMES[t.service] for t in run.traffic if t.health == health])
    ]
    return (
        f"incomplete: {' and '.join(what) or 'something is missing'}, because "
        f"{' and '.join(causes) or 'a service could not be asked'}. The next run asks again."
    )


def summary(outcome: Outcome, report: Path | None) -> dict[str, object]:
    """One published list as --json prints it."""
    run, published = outcome.run, outcome.published
    return {
        "list": published.list,
        "snapshot": published.snapshot,
        "path": str(published.path),
        "report": str(report) if report else None,
        "entries": len(run.parsed.entries),
        "by_status": dict(Counter(r.status for r in run.resolutions)),
        "by_kind": dict(Counter(e.kind for e in run.parsed.entries)),
        "requests": {t.service: t.total for t in run.traffic},
        "seconds": round((run.finished - run.started).total_seconds(), 3),
        "not_yet_searched_alone": len(run.deferred),
        "incomplete": run.incomplete,
    }


def held_back_summary(job: Job, held: HeldBack) -> dict[str, object]:
    """One list that a gate held back, as --json prints it."""
    return {
        "list": job.text.slug,
        "snapshot": None,
        "path": held.kept_at or None,
        "entries": len(job.parsed.entries),
        "held_back": list(held.failures),
        "incomplete": True,
    }


def joined_summary(
    summaries: Sequence[dict[str, object]], problems: Sequence[Problem], seconds: float
) -> dict[str, object]:
    """The JSON object of a run over all its lists.

    Args:
        summaries: One per list that was run.
        problems: The lists that could not be read.
        seconds: How long the whole run took.

    Returns:
        For one list without problems its own summary; else `lists`, `unreadable` and the sums.
    """
    if len(summaries) == 1 and not problems:
        return {**summaries[0], "seconds": round(seconds, 3)}
    total: Counter[str] = Counter()
    for one in summaries:
        requests = one.get("requests", {})
        assert isinstance(requests, dict)
        total.update(requests)
    return {
        "lists": list(summaries),
        "unreadable": [{"list": p.location, "message": str(p.error)} for p in problems],
        "requests": dict(total),
        "seconds": round(seconds, 3),
        "incomplete": bool(problems) or any(one["incomplete"] for one in summaries),
    }


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
