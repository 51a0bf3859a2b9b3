"""Find the problems of a list as it is now, from its text and its newest snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enrich.outputs.list_file import ListFile
from enrich.records import Issue


@dataclass(frozen=True, slots=True)
class Found:
    """Issues in the order of the lines.

    `outdated` counts issues of the snapshot whose entries have been removed or changed since.
    """

    issues: tuple[Issue, ...]
    outdated: int = 0


def find_problems(file: ListFile) -> Found:
    """Issues of the present text, and those of the snapshot whose entries have not changed.

    An entry that has moved is reported at its present line. Issues about no place in the list (of
    the run, of the overrides) are not included; the report shows them.
    """
    now = {entry.entry_id: entry for entry in file.parsed.entries}
    issues = list(file.parsed.issues)
    known = {(issue.code, issue.entry_id) for issue in issues}
    outdated = 0
    then = {row["entry_id"]: (row["line_start"], row["raw"]) for row in file.rows("entries")}
    for row in file.rows("issues"):
        if row["entry_id"] is None or (row["code"], row["entry_id"]) in known:
            continue
        entry, was = now.get(row["entry_id"]), then.get(row["entry_id"])
        if entry is None or was is None or was[1] != entry.raw:
            outdated += 1
        else:
            issues.append(_moved(row, entry.line_start - was[0]))
    issues.sort(key=lambda issue: (issue.line is None, issue.line or 0, issue.code, issue.message))
    return Found(tuple(issues), outdated)


def _moved(row: Mapping[str, Any], by: int) -> Issue:
    return Issue(
        severity=row["severity"],
        code=row["code"],
        message=row["message"],
        entry_id=row["entry_id"],
        line=None if row["line"] is None else row["line"] + by,
        suggestion=row["suggestion"],
    )
