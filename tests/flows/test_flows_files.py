"""What is shipped for deployments agrees with itself and holds no secret and no place."""

from __future__ import annotations

import schedules
import yaml
from demo import SERVER_ENV
from enrich_all import enrich_all
from enrich_list import enrich_list
from prefect.cache_policies import NO_CACHE
from prefect_observer import artifact_key, run_stage
from tests.paths import REPO

SHIPPED = yaml.safe_load((REPO / "prefect.yaml").read_text())
FLOWS = {"enrich_list": enrich_list, "enrich_all": enrich_all}


def test_both_deployments_are_nightly_and_alone() -> None:
    """Rule: each deployment runs nightly, one run at a time, the newcomer cancelled."""
    crons = {"enrich_list": schedules.NIGHTLY_LIST, "enrich_all": schedules.NIGHTLY_ALL}
    for deployment in SHIPPED["deployments"]:
        path, _, name = deployment["entrypoint"].partition(":")
        assert (REPO / path).is_file()
        assert deployment["schedules"] == [
            {"cron": crons.pop(name), "timezone": schedules.TIMEZONE}
        ]
        assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        assert set(deployment["parameters"]) <= set(FLOWS[name].parameters.properties)
    assert not crons


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
