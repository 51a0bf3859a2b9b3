"""Format issues as lines for a terminal, as GitHub annotations, as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from enrich.outputs.escape import one_line, printable
from enrich.records import Issue

# https://docs.github.com/actions/reference/workflow-commands-for-github-actions
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def as_text(path: str, issues: Sequence[Issue]) -> str:
    """`path:line: severity code: message (suggestion)`, one issue a line."""
    return "".join(f"{printable(_line(path, issue))}\n" for issue in issues)


def _line(path: str, issue: Issue) -> str:
    place = f"{path}:{issue.line}" if issue.line else path
    hint = f" -> {issue.suggestion}" if issue.suggestion else ""
    return f"{place}: {issue.severity} {issue.code}: {issue.message}{hint}"


def as_github(path: str, issues: Sequence[Issue]) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "".join(f"{_command(path, issue)}\n" for issue in issues)


def _command(path: str, issue: Issue) -> str:
    properties = {"file": path, "title": issue.code}
    if issue.line:
        properties["line"] = str(issue.line)
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    hint = f" -> {issue.suggestion}" if issue.suggestion else ""
    return f"::{_COMMANDS[issue.severity]} {listed}::{_data(one_line(issue.message + hint))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_json(path: str, issues: Sequence[Issue], snapshot: str | None) -> str:
    """One JSON object: file, snapshot, counts by severity, issues.

    Args:
        path: The list's file.
        issues: What was found.
        snapshot: Name of the snapshot that was used, None without one.
    """
    value = {
        "file": path,
        "snapshot": snapshot,
        "counts": counts(issues),
        "issues": [{name: getattr(issue, name) for name in Issue.__slots__} for issue in issues],
    }
    return json.dumps(value, ensure_ascii=True, indent=1) + "\n"


def counts(issues: Sequence[Issue]) -> dict[str, int]:
    """How many issues there are of each severity, errors first."""
    found = Counter(issue.severity for issue in issues)
    return {severity: found[severity] for severity in ("error", "warning", "info")}
