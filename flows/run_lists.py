"""The body that both flows share: lists in, one result each out, one store for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from artifacts import changes_page, entries_caption, entries_table, failure, summary
from concurrency_limits import ConcurrencyLimits, check_limits, has_server
from notification import Log, notify
from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect_observer import PrefectObserver, artifact_key

from enrich import pipeline
from enrich.cli.run_summary import counts_sentence, incomplete_sentence, requests_sentence
from enrich.clock import SystemClock
from enrich.errors import EnrichError, HeldBack
from enrich.lookup import Lookup
from enrich.pipeline import Outcome
from enrich.settings import Settings
from enrich.snapshot.compare import Change
from enrich.snapshot.publishing import Published
from enrich.snapshot.reading import changes_between

CURE = "If the change is right, run again with the parameter accept_changes=true."
# The artifact that joins the changes of all lists of a run.
ALL_CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one list: an outcome, or the error that kept it from having one."""

    name: str
    outcome: Outcome | None = None
    changes: tuple[Change, ...] | None = None
    error: EnrichError | None = None


def list_label(source: str) -> str:
    """A short name of a list's address for the runs page: `owner/repo`, or the file's stem."""
    match = re.match(r"(?:github:|https?://(?:www\.)?github\.com/)([\w.\-]+/[\w.\-]+)", source)
    if match:
        return match[1].removesuffix(".git")
    path = Path(urlsplit(source).path if "://" in source else source)
    return path.parent.name if path.stem.lower() == "readme" and path.parent.name else path.stem


def end_state(
    work: Callable[[], Sequence[Result]], block: str | None = None
) -> State[tuple[str, ...]]:
    """Do the work and say how the flow run ends; the state's result are the published folders.

    Args:
        work: Runs the lists.
        block: The notification block that gets the changes; failures reach it by the flow's hook.

    Returns:
        Failed when a list has no new snapshot; Completed, called Incomplete when a service could
        not be asked. An error is returned in the state, not raised: a user's mistake is one
        sentence and not a traceback.
    """
    try:
        results = work()
    except EnrichError as error:
        return Failed(message=_sentence(error), data=error)
    errors = [result.error for result in results if result.error]
    done = [(r.outcome, r.changes) for r in results if r.outcome]
    if done:
        page = changes_page(done)
        if len(results) > 1:
            create_markdown_artifact(page, ALL_CHANGES, "What changed in all lists")
        notify(block, f"enrich: {', '.join(o.published.list for o, _ in done)}", page, _log())
    if errors:
        return Failed(message=" ".join(map(_sentence, errors)), data=errors[0])
    paths = tuple(str(outcome.published.path) for outcome, _ in done)
    warnings = [
        f"{outcome.published.list}: {incomplete_sentence(outcome.run)}"
        for outcome, _ in done
        if outcome.run.incomplete
    ]
    if warnings:
        return Completed(name="Incomplete", message=" ".join(warnings), data=paths)
    return Completed(message=f"Published {', '.join(paths)}.", data=paths)


def work_through(
    locations: Sequence[str],
    settings: Settings,
    *,
    only: str | None = None,
    name: str | None = None,
) -> tuple[Result, ...]:
    """Enrich every list and write its artifacts; one that fails does not stop the others.

    Args:
        locations: The lists.
        settings: The settings of the run.
        only: Ask only for entries that this pattern fits.
        name: Publish the list under this name; for a single list.

    Returns:
        One result per list.

    Raises:
        UsageError: The server lacks a concurrency limit, or `only` fits no entry; nothing has been
            asked then.
    """
    with PrefectObserver(_limits(settings)) as observer:
        jobs, problems = pipeline.prepare(locations, observer, name=name, out=settings.out)
        failed = tuple(_failed(list_label(p.location), p.error, observer) for p in problems)
        if not jobs:
            return failed
        wanted = pipeline.matching(jobs, only)
        return (*failed, *_run(wanted, settings, only, observer))


def _limits(settings: Settings) -> ConcurrencyLimits | None:
    """The server's limits; None without a server, where the store alone keeps the rate limit."""
    if not has_server() or settings.offline:
        return None
    check_limits()
    fast = pipeline.SANDBOX_SCALE if settings.sandbox else 1.0
    return ConcurrencyLimits(
        {
            "arxiv": settings.arxiv_interval / fast,
            "semantic_scholar": settings.s2_interval / fast,
        },
        settings.patience,
    )


def _run(
    jobs: Sequence[pipeline.Job], settings: Settings, only: str | None, observer: PrefectObserver
) -> Iterator[Result]:
    with pipeline.open_services(settings, SystemClock(), observer) as (pointed, lookup):
        for job in jobs:
            try:
                yield _enrich(job, pointed, lookup, observer, only)
            except EnrichError as error:
                yield _failed(job.text.slug, error, observer)


def _failed(name: str, error: EnrichError, observer: PrefectObserver) -> Result:
    observer.warn(_sentence(error))
    page = failure(name, error, CURE if isinstance(error, HeldBack) else "")
    create_markdown_artifact(page, f"{artifact_key(name)}-summary", "Not published")
    return Result(name, error=error)


def _enrich(
    job: pipeline.Job, settings: Settings, lookup: Lookup, observer: PrefectObserver,
    only: str | None,
) -> Result:  # fmt: skip
    plan = pipeline.plan(job, lookup, only)
    outcome = pipeline.enrich_list(job, settings, lookup, SystemClock(), observer, only=only)
    report = pipeline.report(outcome, observer) if settings.report else None
    run, published = outcome.run, outcome.published
    planned = sum(count for _, _, count in plan.requests)
    log = _log()
    log.info("%s: %s.", published.list, counts_sentence(run))
    log.info("Requests: %s; planned: %s.", requests_sentence(run), planned)
    log.info("Snapshot: %s; report: %s.", published.path, report or "none")
    if run.incomplete:
        observer.warn(incomplete_sentence(run))
    changes = _changes(published)
    name = artifact_key(job.text.slug)
    create_markdown_artifact(
        summary(outcome, plan, settings.realm == "sandbox", report),
        f"{name}-summary",
        f"Snapshot {published.snapshot}",
    )
    create_markdown_artifact(
        changes_page([(outcome, changes)]), f"{name}-changes", "What is new since the last snapshot"
    )
    create_table_artifact(
        entries_table(job, outcome),
        f"{name}-entries",
        entries_caption(len(job.parsed.entries)),
    )
    return Result(job.text.slug, outcome, changes)


def _changes(published: Published) -> tuple[Change, ...] | None:
    if published.previous is None:
        return None
    return changes_between(published.path.parent / published.previous, published.path)


def _sentence(error: EnrichError) -> str:
    return f"{error} {CURE}" if isinstance(error, HeldBack) else str(error)


def _log() -> Log:
    return get_run_logger()
