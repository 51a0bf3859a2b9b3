"""What is shipped for deployments agrees with itself and holds no secret and no place."""

from __future__ import annotations

from dataclasses import fields

import pytest
import schedules
import yaml
from command_line import run_from_command_line
from demo import SERVER_ENV
from enrich_all import enrich_all
from enrich_list import enrich_list
from prefect.cache_policies import NO_CACHE
from prefect_observer import artifact_key, run_stage
from run_lists import list_label
from run_options import DESCRIPTIONS, RunOptions
from tests.paths import REPO

SHIPPED = yaml.safe_load((REPO / "prefect.yaml").read_text())
FLOWS = {"enrich_list": enrich_list, "enrich_all": enrich_all}


def test_every_deployment_is_nightly_and_alone() -> None:
    """Rule: each deployment has its own hour, one run at a time, the newcomer cancelled."""
    crons = {
        ("enrich_list", "nightly"): schedules.NIGHTLY_LIST,
        ("enrich_all", "nightly"): schedules.NIGHTLY_ALL,
        ("enrich_list", "github"): schedules.NIGHTLY_GITHUB,
    }
    for deployment in SHIPPED["deployments"]:
        path, _, name = deployment["entrypoint"].partition(":")
        assert (REPO / path).is_file()
        (schedule,) = deployment["schedules"]
        assert schedule["cron"] == crons.pop((name, deployment["name"]))
        assert schedule["timezone"] == schedules.TIMEZONE
        assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        assert set(deployment["parameters"]) <= set(FLOWS[name].parameters.properties)
    assert not crons


def test_the_shipped_github_deployment_waits_for_its_owner() -> None:
    """Rule: `deploy --all` fetches no list from the network until its schedule is activated."""
    (github,) = (d for d in SHIPPED["deployments"] if d["name"] == "github")
    assert github["parameters"]["source"].startswith("https://github.com/")
    assert github["schedules"][0]["active"] is False


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("data/raw/my-list.md", "my-list"),
        ("some/where/README.md", "where"),
        ("README.md", "README"),
        ("github:owner/repo@main:docs/LIST.md", "owner/repo"),
        ("https://github.com/owner/repo.git", "owner/repo"),
        ("https://github.com/owner/repo/blob/main/README.md", "owner/repo"),
        ("https://example.org/lists/papers.bib?raw=1", "papers"),
    ],
)
def test_runs_are_named_for_their_list(source: str, label: str) -> None:
    """Rule: the runs page shows which list a run is of, also where its file is a README."""
    assert list_label(source) == label


def test_both_flows_share_their_parameters() -> None:
    """Rule: what is declared once is a described parameter of both flows, in the same order."""
    names = list(DESCRIPTIONS)
    for flow in FLOWS.values():
        assert list(flow.parameters.properties)[-len(names) :] == names
    assert [option.name for option in fields(RunOptions)] == names


def test_the_command_line_has_every_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    """Rule: `python flows/enrich_list.py --help` explains; it does not run a list of that name."""
    for flow in FLOWS.values():
        with pytest.raises(SystemExit) as ended:
            run_from_command_line(flow, ["--help"])
        assert ended.value.code == 0
        text = capsys.readouterr().out
        options = list(flow.parameters.properties)[1:]
        assert all(f"--{name.replace('_', '-')} " in text for name in options)
        with pytest.raises(SystemExit) as wrong:
            run_from_command_line(flow, ["--no-such-option"])
        assert wrong.value.code == 2


def test_every_parameter_is_described() -> None:
    """Rule: whoever starts a run by hand reads what each field means; no parameter takes a key."""
    for flow in FLOWS.values():
        for name, field in flow.parameters.properties.items():
            assert field.get("description"), f"{flow.name}: {name}"
            assert "key" not in name and "token" not in name


def test_prefect_neither_retries_nor_caches() -> None:
    """Rule: the clients retry and the store remembers, in one layer only."""
    for flow in FLOWS.values():
        assert (flow.retries, flow.persist_result) == (0, False)
    assert (run_stage.retries, run_stage.persist_result) == (0, False)
    assert run_stage.cache_policy == NO_CACHE


def test_nothing_is_reported_to_anyone() -> None:
    """Rule: telemetry is off in what is shipped."""
    assert SERVER_ENV["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert SERVER_ENV["DO_NOT_TRACK"] == "1"
    unit = (REPO / "docs" / "systemd" / "enrich-worker.service").read_text()
    server = (REPO / "docs" / "systemd" / "prefect-server.service").read_text()
    assert "DO_NOT_TRACK=1" in unit
    assert "PREFECT_SERVER_ANALYTICS_ENABLED=false" in server


def test_artifact_keys_are_legal() -> None:
    """Rule: an artifact's key has lower-case letters, digits and dashes, and is never empty."""
    assert artifact_key("S2 match – Vidéo!") == "s2-match-vid-o"
    assert artifact_key("…") == "progress"
