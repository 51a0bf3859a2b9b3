"""The flow for every list in a folder: a paper that stands in several is fetched once.

`python flows/enrich_all.py [FOLDER]` runs it once, with or without a server; `--help` names the
options.
"""

from __future__ import annotations

import sys
from pathlib import Path

import prefect_env  # noqa: F401  # before Prefect
import temporary_server

if __name__ == "__main__":
    temporary_server.begin(sys.argv)  # it gets ready while the rest is imported

from command_line import run_from_command_line
from failure_hook import report_failure
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from run_lists import Result, end_state, work_through
from run_options import RunOptions, with_run_options

from enrich.errors import ListError
from enrich.parsing.source import find_lists

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
@with_run_options
def enrich_all(
    folder: Path = FOLDER,
    options: RunOptions = RunOptions(),  # noqa: B008  # frozen
) -> State[tuple[str, ...]]:
    """Enrich every list in a folder and publish a snapshot of each.

    Args:
        folder: Folder with the lists, as their owners wrote them.
    """

    def work() -> tuple[Result, ...]:
        lists = find_lists(folder)
        if not lists:
            raise ListError(f"There is no list in {folder}: put one there, as Markdown or BibTeX.")
        return work_through(lists, options.settings())

    return end_state(work, options.notify)


if __name__ == "__main__":
    sys.exit(run_from_command_line(enrich_all))
