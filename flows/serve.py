"""`python flows/serve.py`: the nightly deployments from this process, without a work pool.

`--source github:owner/repo` serves a further list, as often as it is given; with `--paused` all
schedules start paused: for trying things out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import prefect_env  # noqa: F401  # before Prefect
from concurrency_limits import has_server
from enrich_all import enrich_all
from enrich_list import enrich_list
from prefect import Flow, serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect_observer import artifact_key
from run_lists import list_label
from schedules import NIGHTLY_ALL, NIGHTLY_GITHUB, NIGHTLY_LIST, TIMEZONE
from setup import set_up

# After an outage every missed night fires at once: one run, the others are cancelled.
ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def main(argv: Sequence[str] | None = None) -> int:
    """Set the server up and serve until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(description="Serve the nightly deployments.")
    parser.add_argument("--paused", action="store_true", help="start with paused schedules")
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="LIST",
        help="serve a further list, for example github:owner/repo; may be repeated",
    )
    given = parser.parse_args(argv)
    if not has_server():
        print("enrich: no server is configured; set PREFECT_API_URL.", file=sys.stderr)  # noqa: T201
        return 2
    with get_client(sync_client=True) as client:
        set_up(client)
    further = [
        _deployment(
            enrich_list, artifact_key(list_label(source)), NIGHTLY_GITHUB, given.paused,
            {"source": source},
        )
        for source in given.source
    ]  # fmt: skip
    serve(
        _deployment(enrich_list, "served", NIGHTLY_LIST, given.paused),
        _deployment(enrich_all, "served", NIGHTLY_ALL, given.paused),
        *further,
        # A restart of the machine stops this process; the schedule must not end with it.
        pause_on_shutdown=False,
    )
    return 0


def _deployment(
    flow: Flow[Any, Any],
    name: str,
    cron: str,
    paused: bool,
    parameters: dict[str, Any] | None = None,
) -> RunnerDeployment:
    made = flow.to_deployment(
        name,
        schedule=Cron(cron, timezone=TIMEZONE),
        paused=paused,
        parameters=parameters,
        concurrency_limit=ONE,
        tags=["enrich"],
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs
    return made


if __name__ == "__main__":
    sys.exit(main())
