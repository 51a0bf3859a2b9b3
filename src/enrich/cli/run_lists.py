"""What `enrich run` does once its arguments are known: settings, lists, stages, results."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from enrich import pipeline
from enrich.cli.console import Console
from enrich.cli.exit_codes import COMPLETE, HELD_BACK, INCOMPLETE, USAGE, most_severe
from enrich.cli.run_summary import (
    counts_sentence,
    deferred_sentence,
    held_back_summary,
    incomplete_sentence,
    joined_counts,
    joined_summary,
    requests_sentence,
    summary,
)
from enrich.clock import SystemClock
from enrich.errors import HeldBack, ListError
from enrich.io.arrow import leave_pandas_out
from enrich.lookup import Lookup
from enrich.pipeline import Job, Outcome
from enrich.records import SERVICE_NAMES
from enrich.settings import Settings


def run_lists(
    lists: Sequence[str],
    settings: Settings,
    console: Console,
    *,
    name: str | None = None,
    only: str | None = None,
    dry_run: bool = False,
) -> int:
    """Run over lists and print what came of each.

    Args:
        lists: Paths, URLs or `github:…`; none means every list in data/raw.
        settings: The settings of the run.
        console: Where results and warnings are printed.
        name: Publish under this name; for a single list.
        only: Make requests for entries that fit this pattern alone.
        dry_run: Print how many requests a run would make, and make none.

    Returns:
        The exit code, the most severe of the lists' own.

    Raises:
        ListError: No list can be read.
    """
    started = time.monotonic()
    jobs, problems = pipeline.prepare(lists, console, name=name, out=settings.out)
    if not jobs:
        raise ListError("\n".join(str(problem.error) for problem in problems))
    wanted = pipeline.matching(jobs, only)
    for job in (job for job in jobs if job not in wanted):
        console.warn(f"--only {only!r} fits no entry of {job.text.slug}: it is not run.")
    clock = SystemClock()
    asking = not dry_run
    if asking:
        # A run makes no DataFrame, and importing pandas takes 0.4 s.
        leave_pandas_out()
    codes = [USAGE for _ in problems]
    with pipeline.open_services(settings, clock, console, asking=asking) as (pointed, lookup):
        if dry_run:
            _print_plan(wanted, lookup, only, console)
        summaries: list[dict[str, object]] = []
        for job in wanted if asking else ():
            try:
                outcome = pipeline.enrich_list(job, pointed, lookup, clock, console, only=only)
            except HeldBack as held:
                console.warn(f"{held} If the change is right, run again with --accept-changes.")
                summaries.append(held_back_summary(job, held))
                codes.append(HELD_BACK)
                continue
            report = pipeline.report(outcome, console) if settings.report else None
            summaries.append(summary(outcome, report))
            _print_outcome(outcome, pointed, report, console)
            codes.append(INCOMPLETE if outcome.run.incomplete else COMPLETE)
    for problem in problems:
        console.warn(f"not run: {problem.error}")
    if console.as_json and asking:
        console.json(joined_summary(summaries, problems, time.monotonic() - started))
    return most_severe(codes)


def _print_outcome(
    outcome: Outcome, settings: Settings, report: Path | None, console: Console
) -> None:
    run, published = outcome.run, outcome.published
    console.print(f"{run.list_title} ({published.list})", style="bold")
    console.print(f"  {counts_sentence(run)}")
    console.print(f"  kinds: {joined_counts(Counter(e.kind for e in run.parsed.entries))}")
    console.print(f"  {len(run.papers)} papers; requests: {requests_sentence(run)}")
    for issue in run.issues if console.verbose else ():
        where = f"line {issue.line}: " if issue.line else ""
        console.print(f"  {issue.severity} {issue.code}: {where}{issue.message}")
    if run.deferred:
        console.print(f"  {deferred_sentence(run)}")
    if run.incomplete:
        console.warn(incomplete_sentence(run))
    if settings.mode == "sandbox":
        console.print("  This is sandbox data: invented counts and texts, for trying things out.")
    console.result(str(published.path))
    if report:
        console.print(f"  look at it: {report}")
    console.print(f'  load it: pandas.read_parquet("{published.path}/enriched.parquet")')


def _print_plan(jobs: Sequence[Job], lookup: Lookup, only: str | None, console: Console) -> None:
    plans = [(job, pipeline.plan(job, lookup, only)) for job in jobs]
    seconds = sum(plan.seconds for _, plan in plans)
    further = sum(plan.at_most for _, plan in plans)
    if console.as_json:
        rows = [
            {
                "list": job.text.slug,
                "entries": len(job.parsed.entries),
                "requests": {name: plan.total(name) for name in SERVICE_NAMES},
                "requests_at_most": plan.at_most,
                "seconds": round(plan.seconds, 1),
            }
            for job, plan in plans
        ]
        console.json({"dry_run": True, "lists": rows, "seconds": round(seconds, 1)})
        return
    if not any(plan.requests or plan.at_most for _, plan in plans):
        console.print("A run would make no request: everything is fetched and fresh.")
        return
    console.table(
        "A run would make about",
        ["list", "service", "endpoint", "requests"],
        [
            [job.text.slug, SERVICE_NAMES[service], endpoint, str(count)]
            for job, plan in plans
            for service, endpoint, count in plan.requests
        ],
    )
    console.print(f"and take about {seconds:.0f} s at the services' published limits;")
    console.print(f"at most {further} further requests search for what these do not find.")
