"""The flow for one list: parse, resolve, fetch, publish.

`python flows/enrich_list.py [LIST]` runs it once, with or without a server; `--help` names the
options.
"""

from __future__ import annotations

import sys

import prefect_env  # noqa: F401  # before Prefect
import temporary_server

if __name__ == "__main__":
    temporary_server.begin(sys.argv)  # it gets ready while the rest is imported

from command_line import run_from_command_line
from failure_hook import report_failure
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from run_lists import end_state, list_label, work_through
from run_options import RunOptions, with_run_options

LIST = "data/raw/awesome-deep-learning-for-video-analysis.md"


def run_name() -> str:
    """The list and the scheduled time, as the runs page shows them."""
    source = str(flow_run.parameters.get("source", LIST))
    when = flow_run.scheduled_start_time
    return f"{flow_run.parameters.get('name') or list_label(source)} {when:%Y-%m-%d %H:%M}"


@flow(
    name="enrich-list",
    flow_run_name=run_name,
    description="Turn one curated list of papers into a Parquet snapshot: parse, resolve, fetch, "
    "publish. Run again after a failure, it asks only for the rest.",
    retries=0,  # the clients retry, and only failures that pass
    persist_result=False,
    on_failure=[report_failure],
    on_crashed=[report_failure],
)
@with_run_options
def enrich_list(
    source: str = LIST,
    only: str | None = None,
    name: str | None = None,
    options: RunOptions = RunOptions(),  # noqa: B008  # frozen
) -> State[tuple[str, ...]]:
    """Enrich one list and publish a snapshot of it.

    Args:
        source: The list: a path, a repository or file at GitHub (https://github.com/owner/repo,
            github:owner/repo[@ref][:path]), or the URL of a raw file.
        only: Ask only for entries whose title, section or id fits this part or glob.
        name: Publish the list under this name. Empty: made of its address.
    """
    return end_state(
        lambda: work_through([source], options.settings(), only=only, name=name), options.notify
    )


if __name__ == "__main__":
    sys.exit(run_from_command_line(enrich_list))
