"""What is wrong with a list as it stands now, from its text and from its newest snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enrich.outputs.list_file import Listing
from enrich.records import Issue


@dataclass(frozen=True, slots=True)
class Found:
    """Issues in the order of the lines.

    `outdated` counts what the snapshot says of entries that are gone or written otherwise now.
    """

    issues: tuple[Issue, ...]
    outdated: int = 0


def find_problems(listing: Listing) -> Found:
    """Issues of the present text, and those of the snapshot whose entries still stand as they were.

    An entry that has moved is reported where it stands now. Issues that concern no place in the
    list (of the run, of the overrides) are left to the report.
    """
    now = {entry.entry_id: entry for entry in listing.parsed.entries}
    issues = list(listing.parsed.issues)
    told = {(issue.code, issue.entry_id) for issue in issues}
    outdated = 0
    then = {row["entry_id"]: (row["line_start"], row["raw"]) for row in listing.rows("entries")}
    for row in listing.rows("issues"):
        if row["entry_id"] is None or (row["code"], row["entry_id"]) in told:
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
