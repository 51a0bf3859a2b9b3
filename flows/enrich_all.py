"""The flow for every list in a folder: a paper that stands in several is fetched once.

`python flows/enrich_all.py [FOLDER]` runs it once, with or without a server.
"""

from __future__ import annotations

import sys
from pathlib import Path

from failure_hook import report_failure
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from run_lists import Result, end_state, work_through

from enrich.errors import ListError
from enrich.parsing import find_lists
from enrich.settings import load_settings

FOLDER = Path("data/raw")


def run_name() -> str:
    """The folder and the scheduled time, as the runs page shows them."""
    folder = flow_run.parameters.get("folder", FOLDER)
    when = flow_run.scheduled_start_time
    return f"all of {folder} {when:%Y-%m-%d %H:%M}"


@flow(
    name="enrich-all",
    flow_run_name=run_name,
    description="Turn every curated list in a folder into a Parquet snapshot; a paper that stands "
    "in several lists is fetched once. One list that fails does not stop the others.",
    retries=0,  # the clients retry, and only failures that pass
    persist_result=False,
    on_failure=[report_failure],
    on_crashed=[report_failure],
)
def enrich_all(
    folder: Path = FOLDER,
    out: Path | None = None,
    sandbox: bool = False,
    offline: bool = False,
    refresh: bool = False,
    index: Path | None = None,
) -> State[tuple[str, ...]]:
    """Enrich every list in a folder and publish a snapshot of each.

    Args:
        folder: Folder with the lists, as their owners wrote them.
        out: Folder under which snapshots are published. Empty: data/enriched, or data/sandbox.
        sandbox: Ask embedded stand-in services instead of the real ones.
        offline: Make no request, use only what is already fetched.
        refresh: Ask again for everything, however fresh.
        index: Folder of a local index that is asked first.
    """

    def work() -> tuple[Result, ...]:
        lists = find_lists(folder)
        if not lists:
            raise ListError(f"There is no list in {folder}: put one there, as Markdown or BibTeX.")
        settings = load_settings(
            out=out,
            sandbox=sandbox or None,
            offline=offline or None,
            refresh=refresh or None,
            index=index,
        )
        return work_through(lists, settings)

    return end_state(work)


if __name__ == "__main__":
    sys.exit(enrich_all(*map(Path, sys.argv[1:2]), return_state=True).is_failed())
