"""What a run shows that someone should look at, beyond what the parser and the sources reported."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from enrich.records import Issue, ListRun


def derive(run: ListRun, previous: Mapping[str, pa.Table] | None) -> tuple[Issue, ...]:
    """All issues of the run, in the order of the list, each once."""
    return run.issues
