"""The flow for one list: parse, resolve, fetch, publish.

`python flows/enrich_list.py [LIST]` runs it once, with or without a server.
"""

from __future__ import annotations

import sys
from pathlib import Path

from failure_hook import report_failure
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from run_lists import Result, end_state, work_through

from enrich.settings import load_settings

LIST = "data/raw/awesome-deep-learning-for-video-analysis.md"


def run_name() -> str:
    """The list and the scheduled time, as the runs page shows them."""
    source = str(flow_run.parameters.get("source", LIST)).rstrip("/")
    when = flow_run.scheduled_start_time
    return f"{Path(source).stem} {when:%Y-%m-%d %H:%M}"


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
def enrich_list(
    source: str = LIST,
    out: Path | None = None,
    sandbox: bool = False,
    offline: bool = False,
    refresh: bool = False,
    only: str | None = None,
    index: Path | None = None,
) -> State[tuple[str, ...]]:
    """Enrich one list and publish a snapshot of it.

    Args:
        source: The list: a path, the URL of a raw file, or github:owner/repo[@ref][:path].
        out: Folder under which snapshots are published. Empty: data/enriched, or data/sandbox.
        sandbox: Ask embedded stand-in services instead of the real ones.
        offline: Make no request, use only what is already fetched.
        refresh: Ask again for everything, however fresh.
        only: Ask only for entries whose title, section or id fits this part or glob.
        index: Folder of a local index that is asked first.
    """

    def work() -> tuple[Result, ...]:
        settings = load_settings(
            out=out,
            sandbox=sandbox or None,
            offline=offline or None,
            refresh=refresh or None,
            index=index,
        )
        return work_through([source], settings, only)

    return end_state(work)


if __name__ == "__main__":
    sys.exit(enrich_list(*sys.argv[1:2], return_state=True).is_failed())
