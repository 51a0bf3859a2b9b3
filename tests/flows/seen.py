"""What a server knows of a flow run, read back through its API."""

from __future__ import annotations

import json
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.logging.handlers import APILogHandler


def last_run(flow_name: str) -> FlowRun:
    """The newest run of a flow."""
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=50)
        flows = {run.flow_id: client.read_flow(run.flow_id).name for run in runs}
    return next(run for run in runs if flows[run.flow_id] == flow_name)


def task_names(run: FlowRun) -> list[str]:
    """The names of a run's task runs; the server may still be writing the last ones down."""
    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        )
    return sorted(task.name for task in tasks)


def artifacts(run: FlowRun) -> dict[str, Any]:
    """The data of a run's artifacts by key."""
    with get_client(sync_client=True) as client:
        found = filtered(
            client, "/artifacts/filter", {"flow_runs": {"id": {"any_": [str(run.id)]}}}
        )
    return {a["key"]: json.loads(a["data"]) if a["type"] == "table" else a["data"] for a in found}


def everything(run: FlowRun) -> str:
    """All that the server stores of a run, as one text."""
    APILogHandler().flush()
    by_run = {"flow_runs": {"id": {"any_": [str(run.id)]}}}
    with get_client(sync_client=True) as client:
        parts = [
            run.model_dump_json(),
            json.dumps(filtered(client, "/artifacts/filter", by_run)),
            json.dumps(filtered(client, "/task_runs/filter", by_run)),
            json.dumps(
                filtered(client, "/logs/filter", {"logs": {"flow_run_id": {"any_": [str(run.id)]}}})
            ),
        ]
    return "\n".join(parts)


def filtered(client: SyncPrefectClient, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one of the API's filter routes."""
    answer = client._client.post(path, json=body)
    answer.raise_for_status()
    rows: list[dict[str, Any]] = answer.json()
    return rows


def messages(run: FlowRun, at_least: int = 0) -> list[str]:
    """What a run and its task runs have logged, oldest first, from a level on."""
    APILogHandler().flush()
    body = {"logs": {"flow_run_id": {"any_": [str(run.id)]}}, "sort": "TIMESTAMP_ASC"}
    with get_client(sync_client=True) as client:
        rows = filtered(client, "/logs/filter", body)
    return [row["message"] for row in rows if row["level"] >= at_least]
