"""`python flows/setup.py`: what the server must have before the flows run.

Creates the two global concurrency limits and an automation that marks runs as crashed when their
process has vanished. What is already there stays as it is: run it as often as you like.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import prefect_env  # noqa: F401  # before Prefect
from concurrency_limits import has_server, missing_limits
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY

ZOMBIES = "enrich: mark vanished runs as crashed"
FLOWS = ["enrich-list", "enrich-all"]
# A run is gone when it has missed this many heartbeats.
MISSED = 3


def set_up(client: SyncPrefectClient) -> list[str]:
    """Create what is missing; returns one sentence for each thing, new or old."""
    sentences = []
    missing = missing_limits(client)
    for name in missing:
        client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=1))
        sentences.append(f"created the concurrency limit {name} with one slot")
    if not missing:
        sentences.append("the concurrency limits are there")
    if client.read_automations_by_name(ZOMBIES):
        sentences.append(f"the automation '{ZOMBIES}' is there")
    else:
        client.create_automation(zombie_automation())
        sentences.append(f"created the automation '{ZOMBIES}'")
    return sentences


def zombie_automation() -> AutomationCore:
    """Marks a run as crashed when its heartbeats have stopped and it has not ended."""
    ends = {
        f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")
    }
    heartbeat = PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value() or 180
    return AutomationCore(
        name=ZOMBIES,
        description="A run whose machine died would otherwise stay Running for ever.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *ends},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            match_related=ResourceSpecification(
                {"prefect.resource.role": "flow", "prefect.resource.name": FLOWS}
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=MISSED * heartbeat),
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message="The run's process has vanished. What was fetched is kept: run it again.",
            )
        ],
    )


def main() -> int:
    """Set the configured server up and say what was done; returns the exit code."""
    if not has_server():
        print("enrich: no server is configured; set PREFECT_API_URL.", file=sys.stderr)  # noqa: T201
        return 2
    with get_client(sync_client=True) as client:
        for sentence in set_up(client):
            print(f"{PREFECT_API_URL.value()}: {sentence}")  # noqa: T201  # this command's result
    return 0


if __name__ == "__main__":
    sys.exit(main())
