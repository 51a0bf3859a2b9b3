"""`python -m enrich.sandbox`, as a user starts it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
import requests

COMMAND = [sys.executable, "-m", "enrich.sandbox"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_stopped(stop: signal.Signals) -> None:
    """It prints the two lines to set, serves them, and ends quietly with 0 when stopped."""
    with subprocess.Popen(
        [*COMMAND, "--no-limits", "--fault", "s2:503@first1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        address = dict(line.strip().removeprefix("export ").split("=", 1) for line in lines)
        with requests.Session() as http:
            paper = address["ENRICH_S2_URL"] + "/paper/ARXIV:1811.08383"
            assert [http.get(paper).status_code for _ in range(2)] == [503, 200]
            feed = http.get(address["ENRICH_ARXIV_URL"], params={"id_list": "1811.08383"})
            assert "TSM: Temporal Shift Module" in feed.text
            process.send_signal(stop)
            assert process.wait(30) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--fault", "flood"], "unknown fault 'flood'"),
        (["--deviate", "nonsense"], "unknown deviation 'nonsense'"),
        (["--catalogue", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--catalogue", "x.csv"], "x.csv is neither .parquet nor .jsonl"),
        (["--scale", "0"], "scale must be a number above 0"),
        (["--port", "99999"], "port"),
    ],
)
def test_bad_options_are_one_sentence(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be used is named on one line with exit code 2, without a traceback."""
    from enrich.cli.sandbox import main

    assert main(options) == 2
    output = capsys.readouterr().err
    assert complaint in output
    assert output.count("\n") == 1


def test_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that something else serves is named."""
    from enrich.cli.sandbox import main
    from enrich.sandbox import Sandbox

    with Sandbox() as box:
        assert main(["--port", str(box.port)]) == 2
        assert f"port {box.port} of 127.0.0.1 cannot be served" in capsys.readouterr().err


def test_list_names_what_can_be_ordered(capsys: pytest.CaptureFixture[str]) -> None:
    """--list names every fault and deviation."""
    from enrich.cli.sandbox import main
    from enrich.sandbox.deviations import described
    from enrich.sandbox.faults import KINDS

    assert main(["--list"]) == 0
    output = capsys.readouterr().out
    assert all(f"--fault {kind}" in output for kind in KINDS)
    assert all(f"--deviate {name}" in output for name in described())
