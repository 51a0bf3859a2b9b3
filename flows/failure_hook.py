"""The hook for failed runs: a log message, and the command that ENRICH_ON_FAILURE names."""

from __future__ import annotations

import os
import shlex
import subprocess

from notification import notify
from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.logging.loggers import flow_run_logger

COMMAND = "ENRICH_ON_FAILURE"
# A hook must not occupy a worker for ever.
SECONDS = 60.0


def report_failure(flow: Flow[..., object], flow_run: FlowRun, state: State[object]) -> None:
    """Log what failed and what to do; send the same text to the run's notification block and to the
    command in ENRICH_ON_FAILURE.

    The command gets the text on its standard input and is run without a shell.
    """
    text = (
        f"{flow.name}, run '{flow_run.name}', ended {state.name}: {state.message or 'no message'}\n"
        "What was fetched is kept: run it again and only the rest is asked for."
    )
    # For a crashed run the worker calls this, where no run's context is.
    log = flow_run_logger(flow_run, flow)
    log.error(text)
    block = flow_run.parameters.get("notify")
    notify(str(block) if block else None, f"enrich: {flow_run.name} {state.name}", text, log)
    command = shlex.split(os.environ.get(COMMAND, ""))
    if not command:
        return
    try:
        subprocess.run(command, input=text, text=True, timeout=SECONDS, check=True)  # noqa: S603  # the operator's own command
    except (OSError, subprocess.SubprocessError) as error:
        log.error("The command in %s failed: %s", COMMAND, error)
