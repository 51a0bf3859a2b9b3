"""A run as Prefect shows it: stages and batches as task runs, progress as artifacts."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from concurrency_limits import ConcurrencyLimits
from prefect import get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.logging import get_logger
from prefect.states import Completed, Failed

from enrich.errors import EnrichError, ServiceError
from enrich.observer import Silent

T = TypeVar("T")

# A progress artifact is updated at most this often; each update is a request to the server.
PROGRESS_SECONDS = 2.0


@task(
    name="stage",
    task_run_name="{name}",
    description="One stage or one batch of a run.",
    retries=0,  # the clients retry, and only failures that pass
    persist_result=False,  # the store remembers what was fetched
    cache_policy=NO_CACHE,
)
def run_stage(name: str, work: Callable[[], None]) -> State[None] | None:
    """Run `work` as the task run `name`."""
    try:
        work()
    except ServiceError as error:
        # An outage is an expected end of a batch: the run goes on and warns once.
        return Completed(name="Unanswered", message=str(error))
    except EnrichError as error:
        # Returned, not raised: the page then shows the sentence and not a traceback.
        return Failed(message=str(error))
    return None


def _is_news(record: logging.LogRecord) -> bool:
    """False for what Prefect logs after the sentence of an error: a state's repr, a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    return not (
        isinstance(error, EnrichError)
        or record.getMessage().startswith("Task run failed with state: ")
    )


for _logger in ("task_runs", "flow_runs", "engine"):
    get_logger(_logger).addFilter(_is_news)


@dataclass
class _Bar:
    artifact: UUID
    done: int
    moved: float


class PrefectObserver(Silent):
    """An observer for the time of one flow run; `limits` is None where no server is shared."""

    def __init__(self, limits: ConcurrencyLimits | None) -> None:
        self._limits = limits
        self._log = get_run_logger()
        self._bars: dict[str, _Bar] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> PrefectObserver:
        return self

    def __exit__(self, *error: object) -> None:
        if self._limits:
            self._limits.close()

    def stage(self, name: str, work: Callable[[], T]) -> T:
        """Run `work` as a task run called `name`; stages within stages are tasks too."""
        results: list[T] = []  # kept from Prefect, which would serialise what a stage returns
        errors: list[EnrichError] = []

        def recorded() -> None:
            try:
                results.append(work())
            except EnrichError as error:
                errors.append(error)
                raise

        state = run_stage(name, recorded, return_state=True)
        if errors:
            raise errors[0]
        if not results:
            state.result(raise_on_failure=True)
        return results[0]

    def progress(self, name: str, done: int, total: int) -> None:
        """Update the progress artifact of `name`; what is done in one step gets none."""
        percent = 100.0 * done / total if total else 100.0
        label = f"{name}: {done} of {total}"
        now = time.monotonic()
        with self._lock:
            bar = self._bars.get(name)
            if bar is None or done < bar.done:  # a new search starts again
                if done >= total:
                    return
                artifact = create_progress_artifact(percent, artifact_key(name), label)
                assert isinstance(artifact, UUID)
                self._bars[name] = _Bar(artifact, done, now)
            elif done >= total or now - bar.moved >= PROGRESS_SECONDS:
                update_progress_artifact(bar.artifact, percent, label)
                bar.done, bar.moved = done, now

    def warn(self, message: str) -> None:
        """A warning in the run's log."""
        self._log.warning(message)

    def waiting(self, message: str) -> None:
        """A wait for a service in the run's log."""
        self._log.info(message)

    def permit(self, service: str) -> AbstractContextManager[object]:
        """Held around each request: one host of the server at a time asks `service`."""
        return self._limits.request(service) if self._limits else nullcontext()


def artifact_key(text: str) -> str:
    """`text` in the letters an artifact key may have: a-z, 0-9 and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "progress"
