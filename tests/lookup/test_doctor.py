"""`python -m enrich.doctor`: a table for people, one object for machines, a code for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enrich.cli.doctor import main
from enrich.sandbox import Sandbox


@pytest.fixture
def pointed(served: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The environment of a user whose services are the sandbox."""
    served.set_faults()
    served.set_deviations()
    monkeypatch.setenv("ENRICH_ARXIV_URL", served.arxiv_url)
    monkeypatch.setenv("ENRICH_S2_URL", served.s2_url)
    monkeypatch.setenv("ENRICH_ARXIV_INTERVAL", "0.001")
    monkeypatch.setenv("ENRICH_S2_INTERVAL", "0.001")
    monkeypatch.setenv("S2_API_KEY", "a-key")
    monkeypatch.setenv("ENRICH_OUT", str(tmp_path / "out"))
    return served


def test_green(pointed: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything as assumed is exit code 0, and --json is one object that holds no key."""
    assert main(["--json"]) == 0
    out = capsys.readouterr().out
    report = json.loads(out)
    assert {check["state"] for check in report["checks"]} == {"holds"}
    assert {check["part"] for check in report["checks"]} == {"here", "arxiv", "semantic_scholar"}
    assert "a-key" not in out


def test_red(pointed: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken assumption is exit code 1, and the table says what a run does instead."""
    pointed.set_deviations(["arxiv-or-refused"])
    assert main([]) == 1
    out = capsys.readouterr().out
    assert "DOES" in out


def test_unasked(pointed: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """A service that cannot be asked is exit code 3."""
    pointed.set_faults(["arxiv:503"])
    assert main(["--json"]) == 3
    states = {c["state"] for c in json.loads(capsys.readouterr().out)["checks"]}
    assert states == {"holds", "unasked"}


def test_a_store_of_the_other_realm(
    pointed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """A store that cannot be used is a red line, not a traceback."""
    path = tmp_path / "store.sqlite"
    path.mkdir()
    monkeypatch.setenv("ENRICH_STORE", str(path))
    assert main(["--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert any(c["state"] == "broken" and "ENRICH_STORE" in c["seen"] for c in report["checks"])
