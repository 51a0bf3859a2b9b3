"""`python flows/serve.py`: both nightly deployments from this process, without a work pool.

With `--paused` their schedules start paused: for trying things out.
"""

from __future__ import annotations

import sys
from typing import Any

from concurrency_limits import has_server
from enrich_all import enrich_all
from enrich_list import enrich_list
from prefect import Flow, serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from schedules import NIGHTLY_ALL, NIGHTLY_LIST, TIMEZONE
from setup import set_up

# After an outage every missed night fires at once: one run, the others are cancelled.
ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def main(paused: bool = False) -> int:
    """Set the server up and serve until stopped; returns the exit code."""
    if not has_server():
        print("enrich: no server is configured; set PREFECT_API_URL.", file=sys.stderr)  # noqa: T201
        return 2
    with get_client(sync_client=True) as client:
        set_up(client)
    serve(
        _served(enrich_list, NIGHTLY_LIST, paused),
        _served(enrich_all, NIGHTLY_ALL, paused),
        # A restart of the machine stops this process; the schedule must not end with it.
        pause_on_shutdown=False,
    )
    return 0


def _served(flow: Flow[Any, Any], cron: str, paused: bool) -> RunnerDeployment:
    made = flow.to_deployment(
        "served",
        schedule=Cron(cron, timezone=TIMEZONE),
        paused=paused,
        concurrency_limit=ONE,
        tags=["enrich"],
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs
    return made


if __name__ == "__main__":
    sys.exit(main("--paused" in sys.argv[1:]))
