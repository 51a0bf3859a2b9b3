"""The body that both flows share: lists in, one result each out, one store for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from artifacts import entries_caption, entries_table, failure, summary
from concurrency_limits import ConcurrencyLimits, check_limits, has_server
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect_observer import PrefectObserver, artifact_key

from enrich import pipeline
from enrich.cli.run_summary import incomplete_sentence
from enrich.clock import SystemClock
from enrich.errors import EnrichError
from enrich.lookup import Lookup
from enrich.pipeline import Outcome
from enrich.settings import Settings
from enrich.snapshot.compare import NEEDED, Change, compare
from enrich.snapshot.publishing import Published
from enrich.snapshot.reading import read_table


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one list: an outcome, or the error that kept it from having one."""

    name: str
    outcome: Outcome | None = None
    error: EnrichError | None = None


def end_state(work: Callable[[], Sequence[Result]]) -> State[tuple[str, ...]]:
    """Do the work and say how the flow run ends; the state's result are the published folders.

    Failed when a list has no new snapshot, Completed with a warning when one is incomplete.
    """
    try:
        results = work()
    except EnrichError as error:
        # Returned, not raised: a user's mistake is one sentence and not a traceback.
        return Failed(message=str(error), data=error)
    errors = [result.error for result in results if result.error]
    if errors:
        return Failed(message=" ".join(str(error) for error in errors), data=errors[0])
    outcomes = [result.outcome for result in results if result.outcome]
    paths = tuple(str(outcome.published.path) for outcome in outcomes)
    warnings = [
        f"{outcome.published.list}: {incomplete_sentence(outcome.run)}"
        for outcome in outcomes
        if outcome.run.incomplete
    ]
    return Completed(message=" ".join(warnings) or f"Published {', '.join(paths)}.", data=paths)


def work_through(
    locations: Sequence[str], settings: Settings, only: str | None = None
) -> tuple[Result, ...]:
    """Enrich every list and write its artifacts; one that fails does not stop the others.

    Raises UsageError when the server lacks a concurrency limit; nothing has been asked then.
    """
    with PrefectObserver(_limits(settings)) as observer:
        return tuple(_work(locations, settings, only, observer))


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


def _work(
    locations: Sequence[str], settings: Settings, only: str | None, observer: PrefectObserver
) -> Iterator[Result]:
    jobs, problems = pipeline.prepare(locations, observer)
    for problem in problems:
        yield _failed(Path(problem.location).name, problem.error, observer)
    if not jobs:
        return
    wanted = pipeline.matching(jobs, only)
    with pipeline.open_services(settings, SystemClock(), observer) as (pointed, lookup):
        for job in wanted:
            try:
                outcome = _enrich(job, pointed, lookup, observer, only)
            except EnrichError as error:
                yield _failed(job.text.slug, error, observer)
            else:
                yield Result(job.text.slug, outcome)


def _failed(name: str, error: EnrichError, observer: PrefectObserver) -> Result:
    observer.warn(str(error))
    create_markdown_artifact(failure(name, error), f"{artifact_key(name)}-summary", "Not published")
    return Result(name, error=error)


def _enrich(
    job: pipeline.Job, settings: Settings, lookup: Lookup, observer: PrefectObserver,
    only: str | None,
) -> Outcome:  # fmt: skip
    plan = pipeline.plan(job, lookup, only)
    outcome = pipeline.enrich_list(job, settings, lookup, SystemClock(), observer, only=only)
    if settings.report:
        pipeline.report(outcome, observer)
    if outcome.run.incomplete:
        observer.warn(incomplete_sentence(outcome.run))
    name, published = artifact_key(job.text.slug), outcome.published
    create_markdown_artifact(
        summary(outcome, plan, _changes(published), settings.realm == "sandbox"),
        f"{name}-summary",
        f"Snapshot {published.snapshot}",
    )
    create_table_artifact(
        entries_table(job, outcome),
        f"{name}-entries",
        entries_caption(len(job.parsed.entries)),
    )
    return outcome


def _changes(published: Published) -> tuple[Change, ...] | None:
    if published.previous is None:
        return None
    folders = (published.path.parent / published.previous, published.path)
    before, after = (
        {table: read_table(folder, table).select(columns) for table, columns in NEEDED.items()}
        for folder in folders
    )
    return compare(before, after)
