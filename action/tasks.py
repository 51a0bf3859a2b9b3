"""The GitHub action's tasks: run `enrich` for a list, report outputs, summary and exit code.

Inputs come from the environment (ACTION_…) and reach `enrich` as separate arguments, never as
shell text. Nothing is committed: the workflow decides what to do with a changed list.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TASKS = ("lint", "run", "annotate", "suggest", "site")
# Exit codes of `enrich`, the gravest first; lint's 1 means that it found errors.
GRAVEST = (2, 1, 4, 130, 3, 0)
FAILING = {
    "never": (),
    "error": (1, 2, 4, 130),
    "warning": (1, 2, 4, 130),  # lint's warnings count as its errors do
    "incomplete": (1, 2, 3, 4, 130),
}


@dataclass
class Action:
    """One step: its inputs, and what its tasks leave for outputs and summary."""

    list_file: str
    out: Path
    sandbox: bool
    strict: bool
    outputs: dict[str, str] = field(default_factory=dict)
    summary: list[str] = field(default_factory=list)
    name: str = ""

    def enrich(self, *arguments: str, show: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `enrich` with these arguments and repeat its messages in the log."""
        done = subprocess.run(  # noqa: S603  # arguments, no shell
            [sys.executable, "-m", "enrich", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        sys.stderr.write(done.stderr)
        if show:
            sys.stdout.write(done.stdout)
            sys.stdout.flush()
        return done

    @property
    def root(self) -> list[str]:
        """The options that name the folder of the snapshots."""
        return ["--root", str(self.out), *(["--sandbox"] if self.sandbox else [])]

    def lint(self) -> int:
        """Annotate the pull request with the list's problems."""
        options = [*self.root, *(["--list", self.name] if self.name else [])]
        code = self.enrich("lint", self.list_file, *options, "--format", "github").returncode
        found = self.enrich("lint", self.list_file, *options, "--format", "json", show=False)
        problems = _rows(found.stdout, "issues")
        self.outputs["issues"] = str(len(problems))
        self.summary.append(f"**{len(problems)}** problems found by `enrich lint`.")
        self.summary += [
            f"- line {p.get('line', '?')}, {p.get('severity')}: {_plain(p.get('message', ''))}"
            for p in problems[:50]
        ]
        warned = any(p.get("severity") == "warning" for p in problems)
        return 1 if not code and self.strict and warned else code

    def run(self) -> int:
        """Publish a snapshot and its report."""
        done = self.enrich(
            "run", self.list_file, "--out", str(self.out), "--json",
            *(["--sandbox"] if self.sandbox else []), show=False,
        )  # fmt: skip
        result = _object(done.stdout)
        if not result:
            return done.returncode
        statuses = result.get("by_status") or {}
        assert isinstance(statuses, dict)
        self.name = str(result.get("list") or "")
        self.outputs["snapshot"] = str(result.get("path") or "")
        self.outputs["report"] = str(result.get("report") or "")
        self.outputs["pending"] = str(statuses.get("pending", 0))
        ordered = sorted(statuses.items(), key=lambda item: -item[1])
        counts = ", ".join(f"{count} {_plain(status)}" for status, count in ordered)
        self.summary.append(f"**{result.get('entries', 0)}** entries: {counts or 'held back'}.")
        self.summary += [f"- held back: {_plain(why)}" for why in result.get("held_back") or ()]
        return done.returncode

    def annotate(self) -> int:
        """Write citation counts and links into the list's file."""
        file = Path(self.list_file)
        before = file.read_bytes()
        options = [*self.root, *(["--list", self.name] if self.name else [])]
        code = self.enrich("annotate", self.list_file, *options, "--in-place").returncode
        changed = file.read_bytes() != before
        self.outputs["changed"] = str(changed).lower()
        self.summary.append("The list was annotated." if changed else "No annotation changed.")
        return code

    def suggest(self) -> int:
        """List the works that the list's papers cite and that are missing from it."""
        done = self.enrich("suggest", self.name or self.list_file, *self.root, "--json", show=False)
        works = _rows(done.stdout, "suggestions")
        self.outputs["missing"] = str(len(works))
        self.summary.append(f"**{len(works)}** works that the list's papers cite are missing.")
        self.summary += [
            f"- {_plain(w.get('title', ''))}: {_plain(w.get('reason', ''))}" for w in works[:20]
        ]
        return done.returncode

    def site(self) -> int:
        """Write the static site."""
        folder = self.out / "site"
        code = self.enrich("site", *self.root, "--out", str(folder)).returncode
        self.outputs["site"] = str(folder)
        return code


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Run the tasks in the environment's inputs; returns the step's exit code."""
    wanted = environment.get("ACTION_TASKS", "lint").replace(",", " ").split()
    fail_on = environment.get("ACTION_FAIL_ON", "error")
    minutes = environment.get("ACTION_MAX_MINUTES", "15")
    if wrong := [task for task in wanted if task not in TASKS]:
        return _usage(f"tasks: {' '.join(wrong)} is none of {', '.join(TASKS)}.")
    if fail_on not in FAILING:
        return _usage(f"fail-on: {fail_on} is none of {', '.join(FAILING)}.")
    if not minutes.isdigit() or not int(minutes):
        return _usage(f"max-minutes: {minutes} is not a whole number of minutes.")
    os.environ["ENRICH_PATIENCE"] = str(int(minutes) * 60)
    for name in ("S2_API_KEY", "ENRICH_CONTACT"):
        if not os.environ.get(name):  # an input that is not set arrives as an empty string
            os.environ.pop(name, None)
    sandbox = environment.get("ACTION_SANDBOX") == "true"
    if sandbox:
        os.environ.pop("ENRICH_STORE", None)  # a sandbox keeps its own
    action = Action(
        environment.get("ACTION_LIST") or "README.md",
        Path(environment.get("ACTION_OUT") or ".enrich"),
        sandbox,
        strict=fail_on == "warning",
    )
    codes = []
    for task in sorted(set(wanted), key=TASKS.index):
        work: Callable[[], int] = getattr(action, task)
        action.summary.append(f"\n### {task}\n")
        codes.append(work())
    gravest = next((code for code in GRAVEST if code in codes), max(codes, default=0))
    action.outputs["exit-code"] = str(gravest)
    outputs = "".join(f"{name}={value}\n" for name, value in action.outputs.items())
    _append(environment.get("GITHUB_OUTPUT"), outputs)
    _append(environment.get("GITHUB_STEP_SUMMARY"), "\n".join(["## enrich", *action.summary, ""]))
    return gravest if gravest in FAILING[fail_on] else 0


def _usage(message: str) -> int:
    sys.stdout.write(f"::error::{message}\n")
    return 2


def _append(file: str | None, text: str) -> None:
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(text)


def _object(text: str) -> dict[str, object]:
    try:
        result = json.loads(text)
    except ValueError:
        return {}
    return result if isinstance(result, dict) else {}


def _rows(text: str, key: str) -> list[dict[str, object]]:
    """The objects of a JSON array, or of the array under `key`."""
    try:
        result = json.loads(text)
    except ValueError:
        return []
    rows = result.get(key, []) if isinstance(result, dict) else result
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _plain(text: object) -> str:
    """Text of a list for the summary: one line, no markup."""
    line = " ".join(str(text).split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!&~$@" else c for c in line)


if __name__ == "__main__":
    sys.exit(main())
