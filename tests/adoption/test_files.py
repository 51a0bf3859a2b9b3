"""Files for people who adopt the project: pinned actions, no secrets, one version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from enrich.version import __version__

REPO = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted(
    [*REPO.glob(".github/workflows/*.yml"), REPO / "action.yml", REPO / "action/branch/action.yml"]
)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda p: str(p.relative_to(REPO)))
def test_third_party_actions_are_pinned_by_commit(file: Path) -> None:
    """An action of others is named by a commit, with its version beside it; ours by the branch."""
    for used in re.findall(r"uses: *(.+)", file.read_text("utf-8")):
        if not used.startswith("enrich-authors/"):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v[\d.]+", used), used


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda p: str(p.relative_to(REPO)))
def test_inputs_reach_scripts_as_environment_only(file: Path) -> None:
    """No `${{ … }}` stands in a shell script: it would be run as shell text."""
    tree = yaml.safe_load(file.read_text("utf-8"))
    jobs = tree.get("jobs", {"action": tree.get("runs", {})})
    scripts = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


def test_the_actions_inputs_are_documented() -> None:
    """docs/github.md names every input and output of action.yml."""
    action = yaml.safe_load((REPO / "action.yml").read_text("utf-8"))
    page = (REPO / "docs/github.md").read_text("utf-8")
    for name in (*action["inputs"], *action["outputs"]):
        assert f"`{name}`" in page, name


def test_the_version_stands_in_one_place() -> None:
    """The citation file and the changelog speak of the version of the package."""
    assert f"version: {__version__}\n" in (REPO / "CITATION.cff").read_text("utf-8")
    assert f"## [{__version__}]" in (REPO / "CHANGELOG.md").read_text("utf-8")


def test_compose_names_no_secret() -> None:
    """Passwords and keys come from the environment; every service may not gain privileges."""
    tree = yaml.safe_load((REPO / "compose.yaml").read_text("utf-8"))
    for name, service in tree["services"].items():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key or "KEY" in key:
                assert value.startswith("${"), f"{name}: {key}"
        if name != "database":
            assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
