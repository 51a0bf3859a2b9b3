"""`enrich.run`: a list in, a published snapshot out, from Python."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from enrich import pipeline
from enrich.clock import SystemClock
from enrich.errors import UsageError
from enrich.observer import Silent
from enrich.settings import load_settings
from enrich.snapshot.snapshot import Snapshot


def run(
    source: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    name: str | None = None,
    sandbox: bool = False,
    day: int = 0,
    offline: bool = False,
    refresh: bool = False,
    only: str | None = None,
    index: str | os.PathLike[str] | None = None,
    references: bool = False,
    report: bool = True,
    progress: bool = True,
) -> Snapshot:
    """Enrich one list and publish the result, as `enrich run LIST` does.

    Args:
        source: A path, the URL of a raw file, or github:owner/repo[@ref][:path].
        out: Where snapshots are published; data/enriched, or data/sandbox for the sandbox.
        name: Publish the list under this name instead of one made of its address.
        sandbox: Ask embedded stand-ins of the services; needs no network, the data are invented.
        day: With `sandbox`: run as if it were this many days later, so that counts have grown.
        offline: Use only what was fetched before.
        refresh: Ask again for everything, however fresh.
        only: Ask only for entries whose title, section or id fits this part or glob.
        index: Resolve from this local index first.
        references: Ask which works the papers reference too, and suggest what is missing.
        report: Write the HTML report too.
        progress: Show a progress bar, in a notebook or on a terminal.

    Returns:
        The published snapshot. `incomplete` says whether a service could not be asked.

    Raises:
        UsageError: An argument, or a setting from the environment or a file, is wrong.
        ListError: The list cannot be read.
        HeldBack: A gate held the snapshot back; nothing was published.
    """
    if day and not sandbox:
        raise UsageError("day= moves the time of the sandbox: give sandbox=True with it.")
    settings = load_settings(
        out=Path(out) if out is not None else None,
        index=Path(index) if index is not None else None,
        sandbox=sandbox or None,
        offline=offline or None,
        refresh=refresh or None,
        references=references or None,
        report=False if not report else None,
    )
    clock = SystemClock(offset=timedelta(days=day))
    with _observer(progress) as observer:
        jobs, problems = pipeline.prepare(
            [os.fspath(source)], observer, name=name, out=settings.out
        )
        for problem in problems:
            raise problem.error
        (job,) = pipeline.matching(jobs, only)
        with pipeline.open_services(settings, clock, observer) as (pointed, lookup):
            outcome = pipeline.enrich_list(job, pointed, lookup, clock, observer, only=only)
        if settings.report:
            pipeline.report(outcome, observer)
    return Snapshot(outcome.published.path)


def _observer(progress: bool) -> Silent:
    """A progress bar where one can be shown: in a notebook, or on a terminal."""
    if progress and _in_notebook():
        from enrich.cli.notebook_progress import NotebookProgress

        return NotebookProgress()
    if progress and sys.stderr.isatty():
        from enrich.cli.console import Console

        return Console()
    return Silent()


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    active = shell.get_ipython() if shell else None
    return active is not None and hasattr(active, "kernel")
