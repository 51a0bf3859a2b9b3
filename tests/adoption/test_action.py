"""The GitHub action's scripts, run as a runner runs them: environment, output and summary files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
LIST = REPO / "data/raw/awesome-deep-learning-for-video-analysis.md"
BAD = "- [A paper with a damaged identifier](https://arxiv.org/abs/1234.99999999)\n"


class Runner:
    """A checkout with the list as README.md, and the files that a runner gives to a step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.folder.mkdir()
        self.list = self.folder / "README.md"
        shutil.copy(LIST, self.list)
        self.output, self.summary = folder / "output", folder / "summary"

    def step(self, *command: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a step's command; `inputs` are added to the environment."""
        for file in (self.output, self.summary):
            file.write_text("")
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "PYTHONPATH")}
        files = {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary)}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**kept, **files, "S2_API_KEY": "", "ENRICH_CONTACT": "", **inputs},
            capture_output=True,
            text=True,
            check=False,
        )

    def tasks(self, tasks: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the action's tasks against the stand-in services."""
        script = str(REPO / "action/tasks.py")
        return self.step(
            sys.executable, script, ACTION_TASKS=tasks, ACTION_SANDBOX="true", **inputs
        )

    @property
    def outputs(self) -> dict[str, str]:
        """The step's outputs."""
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.mark.slow
def test_lint_fails_for_a_damaged_id_and_passes_without(runner: Runner) -> None:
    """A pull request's check fails exactly when the list has a problem that grave."""
    clean = runner.tasks("lint", ACTION_FAIL_ON="warning")
    assert (clean.returncode, runner.outputs["exit-code"]) == (0, "0")
    runner.list.write_text(BAD + runner.list.read_text("utf-8"), "utf-8")
    damaged = runner.tasks("lint", ACTION_FAIL_ON="warning")
    assert (damaged.returncode, runner.outputs["exit-code"]) == (1, "1")
    assert "title=malformed_id,line=1::" in damaged.stdout
    assert "line 1, warning" in runner.summary.read_text()
    assert runner.tasks("lint", ACTION_FAIL_ON="error").returncode == 0
    assert runner.tasks("lint", ACTION_FAIL_ON="never").returncode == 0


@pytest.mark.slow
def test_a_run_reports_its_snapshot_and_annotates_once(runner: Runner) -> None:
    """A scheduled job gets paths and counts as outputs; a second run changes nothing."""
    done = runner.tasks("annotate run site")
    assert done.returncode == 0, done.stderr
    first = runner.outputs
    assert (runner.folder / first["snapshot"] / "enriched.parquet").is_file()
    assert (runner.folder / first["report"]).is_file()
    assert (runner.folder / first["site"] / "index.html").is_file()
    assert (first["changed"], first["pending"]) == ("true", "0")
    assert "**48** entries: 28 resolved" in runner.summary.read_text()
    assert runner.tasks("run annotate").returncode == 0
    assert runner.outputs["changed"] == "false"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"ACTION_TASKS": "lint publish"}, "publish is none of lint, run"),
        ({"ACTION_FAIL_ON": "sometimes"}, "sometimes is none of never"),
        ({"ACTION_MAX_MINUTES": "soon"}, "soon is not a whole number"),
    ],
)
def test_a_wrong_input_is_named(runner: Runner, inputs: dict[str, str], message: str) -> None:
    """A wrong input fails before anything runs, with the value and what is allowed."""
    done = runner.step(sys.executable, str(REPO / "action/tasks.py"), **inputs)
    assert done.returncode == 2
    assert "::error::" in done.stdout and message in done.stdout


def test_inputs_are_never_shell_text(runner: Runner) -> None:
    """A list's name with shell characters is a file name that does not exist, nothing else."""
    hostile = "$(touch owned); `touch owned` & README.md"
    assert runner.tasks("lint", ACTION_LIST=hostile).returncode == 2
    assert not (runner.folder / "owned").exists()


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_branch_holds_exactly_the_changed_list(runner: Runner, tmp_path: Path) -> None:
    """The branch is one commit with one changed file; the same content is not pushed again."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    git(runner.folder, "init", "-q", "-b", "main")
    git(runner.folder, "add", "README.md")
    git(runner.folder, "commit", "-q", "-m", "A list")
    git(runner.folder, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(runner.folder, "push", "-q", "origin", "main")
    names = {
        f"GIT_{role}_{part}": "enrich@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    push = ("bash", str(REPO / "action/branch/push.sh"))

    def pushed() -> str:
        done = runner.step(*push, LIST="README.md", BRANCH="enrich/update", **names)
        assert done.returncode == 0, done.stderr
        return runner.outputs["pushed"]

    assert pushed() == "false"  # nothing has changed
    runner.list.write_text(runner.list.read_text("utf-8") + "\nchanged\n", "utf-8")
    (runner.folder / "left-over.txt").write_text("not part of the change")
    assert pushed() == "true"
    changed = git(tmp_path / "remote.git", "diff", "--name-only", "main", "enrich/update")
    assert changed == "README.md"
    assert git(tmp_path / "remote.git", "rev-list", "--count", "main..enrich/update") == "1"
    assert pushed() == "false"
