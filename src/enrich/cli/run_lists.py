"""What `enrich run` does once its arguments are known: settings, lists, stages, summary."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from enrich import pipeline
from enrich.cli.console import Console
from enrich.cli.exit_codes import COMPLETE, HELD_BACK, INCOMPLETE
from enrich.clock import SystemClock
from enrich.errors import HeldBack
from enrich.lookup import Lookup
from enrich.pipeline import Job, Outcome
from enrich.settings import Settings, load_settings

NAMES = {"arxiv": "arXiv", "semantic_scholar": "Semantic Scholar"}


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    lists: tuple[str, ...] = ()
    out: Path | None = None
    sandbox: bool = False
    offline: bool = False
    refresh: bool = False
    dry_run: bool = False
    only: str | None = None
    index: Path | None = None
    no_report: bool = False


def perform(request: Request, console: Console) -> int:
    """Run the request over all its lists; returns the exit code, the gravest of the lists' own."""
    settings = load_settings(
        out=request.out,
        index=request.index,
        sandbox=request.sandbox or None,
        offline=request.offline or None,
        refresh=request.refresh or None,
        report=False if request.no_report else None,
    )
    begun = time.monotonic()
    texts = pipeline.read_lists(request.lists)
    jobs = [console.stage(f"parse {text.slug}", partial(pipeline.parse, text)) for text in texts]
    clock = SystemClock()
    asking = not request.dry_run
    with pipeline.open_services(settings, clock, console, asking=asking) as (pointed, lookup):
        if request.dry_run:
            return _tell_plan(jobs, lookup, console)
        summaries: list[dict[str, object]] = []
        codes: list[int] = []
        for job in jobs:
            try:
                outcome = pipeline.enrich_list(
                    job, pointed, lookup, clock, console, only=request.only
                )
            except HeldBack as held:
                console.warn(str(held))
                summaries.append(_held(job, held))
                codes.append(HELD_BACK)
                continue
            report = pipeline.report(outcome, console) if settings.report else None
            summaries.append(_summary(outcome, report))
            _tell(outcome, pointed, report, console)
            codes.append(INCOMPLETE if outcome.run.incomplete else COMPLETE)
    if console.as_json:
        console.json(_joined(summaries, time.monotonic() - begun))
    return max(codes, default=COMPLETE)


def _summary(outcome: Outcome, report: Path | None) -> dict[str, object]:
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
        "incomplete": run.incomplete,
    }


def _held(job: Job, held: HeldBack) -> dict[str, object]:
    return {
        "list": job.text.slug,
        "snapshot": None,
        "path": held.kept_at or None,
        "entries": len(job.parsed.entries),
        "held_back": list(held.failures),
        "incomplete": True,
    }


def _joined(summaries: Sequence[dict[str, object]], seconds: float) -> dict[str, object]:
    """One list: its own summary; several: their summaries and the sums."""
    if len(summaries) == 1:
        return {**summaries[0], "seconds": round(seconds, 3)}
    total: Counter[str] = Counter()
    for summary in summaries:
        requests = summary.get("requests", {})
        assert isinstance(requests, dict)
        total.update(requests)
    return {
        "lists": list(summaries),
        "requests": dict(total),
        "seconds": round(seconds, 3),
        "incomplete": any(summary["incomplete"] for summary in summaries),
    }


def _tell(outcome: Outcome, settings: Settings, report: Path | None, console: Console) -> None:
    run, published = outcome.run, outcome.published
    statuses = Counter(r.status for r in run.resolutions)
    kinds = Counter(e.kind for e in run.parsed.entries)
    console.tell(f"{run.list_title} ({published.list})", style="bold")
    console.tell(f"  {len(run.parsed.entries)} entries: {_counts(statuses)}")
    console.tell(f"  kinds: {_counts(kinds)}")
    console.tell(f"  {len(run.papers)} papers; requests: " + (", ".join(
        f"{NAMES[t.service]} {t.total}" for t in run.traffic) or "none"))  # fmt: skip
    for issue in run.issues if console.verbose else ():
        where = f"line {issue.line}: " if issue.line else ""
        console.tell(f"  {issue.severity} {issue.code}: {where}{issue.message}")
    if run.incomplete:
        down = [NAMES[t.service] for t in run.traffic if t.health in ("down", "degraded")]
        console.warn(
            f"incomplete: for {len(run.unasked)} entries "
            f"{' and '.join(down) or 'a service'} could not be asked; the next run asks again."
        )
    if settings.mode == "sandbox":
        console.tell("  This is sandbox data: invented counts and texts, for trying things out.")
    console.result(str(published.path))
    if report:
        console.tell(f"  look at it: {report}")
    console.tell(f'  load it: pandas.read_parquet("{published.path}/enriched.parquet")')


def _counts(counter: Mapping[Any, int]) -> str:
    ordered = sorted(counter.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {name}" for name, count in ordered)


def _tell_plan(jobs: Sequence[Job], lookup: Lookup, console: Console) -> int:
    plans = [(job, pipeline.plan(job, lookup)) for job in jobs]
    console.table(
        "A run would make about",
        ["list", "service", "endpoint", "requests"],
        [
            [job.text.slug, NAMES[service], endpoint, str(count)]
            for job, plan in plans
            for service, endpoint, count in plan.requests
        ],
    )
    seconds = sum(plan.seconds for _, plan in plans)
    further = sum(plan.at_most for _, plan in plans)
    console.tell(f"and take about {seconds:.0f} s at the services' published limits;")
    console.tell(f"at most {further} further requests look for what these do not find.")
    if console.as_json:
        told = [
            {
                "list": job.text.slug,
                "entries": len(job.parsed.entries),
                "requests": {name: plan.total(name) for name in NAMES},
                "requests_at_most": plan.at_most,
                "seconds": round(plan.seconds, 1),
            }
            for job, plan in plans
        ]
        console.json({"dry_run": True, "lists": told, "seconds": round(seconds, 1)})
    return COMPLETE
