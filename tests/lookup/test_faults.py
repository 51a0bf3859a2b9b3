"""Whatever a service does: the run ends, nothing wrong is taken up, and the next run completes."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from enrich.clock import SystemClock
from enrich.records import Entry, Findings
from enrich.sandbox import Sandbox

from .conftest import REAL_LIST, Bench, papers, statuses
from .fault_matrix import Cell, cells, run_cell

SERVICES = ("arxiv", "s2")
# What a service shows in practice; the others with the slow tests.
FEW = [
    Cell(kind, target, share, 0)
    for kind, target, share in (
        ("429", "arxiv", "always"), ("empty", "arxiv", "always"), ("truncate", "arxiv", "30%"),
        ("other", "arxiv", "always"), ("entities", "arxiv", "always"), ("403", "arxiv", "always"),
        ("fewer", "arxiv", "always"), ("503", "s2", "always"), ("empty", "s2", "always"),
        ("unknown", "s2", "always"), ("html", "s2", "30%"), ("cut", "s2", "30%"),
        ("other", "s2", "always"), ("404", "s2/bulk", "always"), ("cached", "arxiv", "always"),
        ("same", "s2", "always"), ("denied", "s2", "always"), ("unknown", "s2/batch", "30%"),
    )
]  # fmt: skip


@pytest.mark.parametrize("cell", FEW, ids=str)
def test_a_few_faults(tmp_path: Path, cell: Cell) -> None:
    """A fault delays or leaves pending; it is never an answer, and the next run completes."""
    assert run_cell(cell, tmp_path, every=3).objections == ()


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", list(cells()), ids=str)
def test_every_fault(tmp_path: Path, cell: Cell) -> None:
    """Each fault of each endpoint, now and then and always, under three random seeds."""
    assert run_cell(cell, tmp_path).objections == ()


@pytest.mark.parametrize("service", SERVICES)
def test_an_outage_in_the_middle(bench: Bench, undisturbed: Findings, service: str) -> None:
    """What was answered before an outage is kept; only the rest is asked for after it."""
    bench.box.set_faults([f"{service}:503@2-"])
    found = bench.run()
    assert found.unasked
    kept = bench.asked()
    bench.box.set_faults()
    again = bench.run()
    assert statuses(again) == statuses(undisturbed)
    assert papers(again) == papers(undisturbed)
    assert kept[0] and kept[1]
    assert sum(bench.asked()) < 8


def test_a_cool_down_outlives_the_run(bench: Bench) -> None:
    """A service that was given up on is left alone by the next run until the cool-down is over."""
    bench.box.set_faults(["arxiv:429"])
    bench.run()
    ended = bench.clock.now()
    bench.box.set_faults()
    bench.asked()
    bench.run()
    left = max(
        int(match[1])
        for wait in bench.reports.waits
        if (match := re.search(r"arXiv failed in an earlier run; waiting (\d+) s", wait))
    )
    # A minute since arXiv was given up; the other service has been waited for since.
    assert 30 < left <= 60
    assert (bench.clock.now() - ended).total_seconds() >= left - 1
    assert bench.asked()[0] > 0


def test_waiting_is_bounded(bench: Bench) -> None:
    """With `patience` seconds to spare a run ends in about that time, however the service fails."""
    bench.box.set_faults(["arxiv:429=3000", "s2:429=3000"])
    began = bench.clock.now()
    found = bench.run(patience=20)
    assert (bench.clock.now() - began).total_seconds() < 60
    assert found.unasked


def test_a_sporadic_refusal_is_asked_again(bench: Bench) -> None:
    """One 403 after good answers is repeated with the key; nothing stays open."""
    bench.box.set_faults(["s2:403@2-2"])
    found = bench.run()
    assert bench.box.count("s2") > 2
    assert not found.unasked
    assert bench.reports.warnings == []


def test_new_fields_are_reported_once(bench: Bench) -> None:
    """A field that we do not know is an issue of the run, once for each service."""
    bench.box.set_deviations(["s2-field-added", "arxiv-element-added"])
    issues = bench.run().issues
    assert [i.code for i in issues] == ["new_field", "new_field"]
    assert all(i.severity == "info" for i in issues)


# -- the command, killed

RUN = [sys.executable, "-m", "enrich.run", str(REAL_LIST), "--json", "-q"]


def asked_ids(box: Sandbox) -> Counter[tuple[str, str]]:
    """How often each service was asked for each id, without the control paper at the end."""
    return Counter((request.service, one) for request in box.requests for one in request.ids[:-1])


def environment_of(box: Sandbox, folder: Path) -> dict[str, str]:
    """The settings of a command over a sandbox."""
    return {
        **os.environ,
        "ENRICH_ARXIV_URL": box.arxiv_url,
        "ENRICH_S2_URL": box.s2_url,
        "ENRICH_ARXIV_INTERVAL": "0.06",
        "ENRICH_S2_INTERVAL": "0.02",
        "S2_API_KEY": "a-key",
        "ENRICH_REPORT": "false",
        "ENRICH_OUT": str(folder / "out"),
        "ENRICH_STORE": str(folder / "store.sqlite"),
    }


def command(box: Sandbox, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        RUN,
        env=environment_of(box, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def published(summary: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a snapshot without its name and its times, which no two runs share."""
    # What a run that was killed after publishing had observed is carried forward by the next.
    own = {"snapshot", "fetched_at", "counts_observed_at", "observed_at"}
    looks = {"carried_forward": "ok"}
    return {
        table: [
            {c: looks.get(str(v), v) for c, v in row.items() if c not in own}
            for row in pq.read_table(Path(summary["path"]) / f"{table}.parquet").to_pylist()
        ]
        for table in ("entries", "papers", "authors", "candidates", "observations", "issues")
    }


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "moments",
    [
        pytest.param(6, marks=pytest.mark.slow),
        pytest.param(50, marks=pytest.mark.exhaustive),
    ],
)
def test_killed_at_any_moment(
    tmp_path: Path, entries: tuple[Entry, ...], undisturbed: Findings, moments: int
) -> None:
    """kill -9 at any moment: the store is whole, at most the request in flight is asked again,
    and the run that follows ends as if nothing had happened.
    """
    dice = Random(7)
    with Sandbox(scale=60, faults=["slow=3"]) as box:
        done = command(box, tmp_path / "whole")
        assert done.wait() == 0
        whole = json.loads(done.communicate()[0])
        requests, last = len(box.requests), max(a.seconds for a in box.requests)
        first = min(a.seconds for a in box.requests)
        for moment in range(moments):
            box.reset()
            folder = tmp_path / str(moment)
            running = command(box, folder)
            # Let it come to its requests, then stop it somewhere among them.
            target = dice.randrange(0, requests + 1)
            delay = dice.uniform(0.0, (last - first) / requests)
            while running.poll() is None and len(box.requests) + box.busy <= target:
                SystemClock().sleep(0.005)
            SystemClock().sleep(delay)
            running.send_signal(signal.SIGKILL)
            running.wait()
            running.communicate()
            while box.busy:
                SystemClock().sleep(0.01)
            after = command(box, folder)
            out, err = after.communicate()
            assert after.returncode == 0, err
            assert "damaged" not in err
            summary = json.loads(out)
            assert published(summary) == published(whole)
            assert len(box.requests) <= requests + 2, "one request in flight for each service"
            bench = Bench(box, folder, entries)
            bench.clock = SystemClock()
            found = bench.run(offline=True)
            assert statuses(found) == statuses(undisturbed)
            assert papers(found) == papers(undisturbed)


@pytest.mark.slow
def test_two_runs_at_once_ask_no_more_than_one(tmp_path: Path) -> None:
    """Two processes over one store share the limits and do not ask twice."""
    with Sandbox(scale=50) as box:
        alone = command(box, tmp_path / "alone")
        assert alone.wait() == 0
        alone.communicate()
        requests, ids = len(box.requests), asked_ids(box)
        box.reset()
        both = [command(box, tmp_path / "both") for _ in range(2)]
        ends = [one.communicate() for one in both]
        assert {one.returncode for one in both} == {0}, ends
        # The two may share the ids of one batch between them, never ask for one of them twice.
        assert not asked_ids(box) - ids
        assert len(box.requests) <= requests + 2
        assert not [a for a in box.requests if a.status == 429]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("times", [pytest.param(1), pytest.param(10, marks=pytest.mark.exhaustive)])
def test_four_runs_at_once_publish_what_one_run_does(tmp_path: Path, times: int) -> None:
    """Each snapshot of runs that share a store equals a lone run's, and nothing is held back."""
    with Sandbox(scale=50) as box:
        alone = command(box, tmp_path / "alone")
        assert alone.wait() == 0
        lone = published(json.loads(alone.communicate()[0]))
        for number in range(times):
            runs = [command(box, tmp_path / str(number)) for _ in range(4)]
            for run in runs:
                out, err = run.communicate()
                assert run.returncode == 0, err
                summary = json.loads(out)
                assert summary["incomplete"] is False
                assert published(summary) == lone


@pytest.mark.slow
@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (["arxiv:503"], 3),
        (["s2:drop"], 3),
        (["s2:slow=0.1"], 0),
        (["s2:404"], 2),
        (["arxiv:400"], 2),
        (["s2/bulk:404"], 3),
        (["s2/match:405"], 3),
    ],
)
def test_exit_codes_of_the_command(tmp_path: Path, faults: list[str], code: int) -> None:
    """3 when a service could not be asked, 2 when its address is wrong, 0 when it was slow."""
    with Sandbox(scale=100, faults=faults) as box:
        running = command(box, tmp_path)
        out, err = running.communicate()
        assert running.returncode == code, err
        assert "Traceback" not in err
        if code == 2:
            assert not out
            assert "check the address" in err
            assert not list(tmp_path.glob("out/*/*/manifest.json"))
        else:
            assert json.loads(out)["incomplete"] is (code == 3)


@pytest.mark.slow
@pytest.mark.parametrize("shown_on", ["a pipe", "a terminal"])
def test_waiting_is_shown(tmp_path: Path, shown_on: str) -> None:
    """Who is waited for, how long and which attempt comes next, in a log and on a terminal."""
    with Sandbox(scale=50, faults=["s2:429=3@first1"]) as box:
        environment = {**environment_of(box, tmp_path), "COLUMNS": "200"}
        if shown_on == "a pipe":
            ran = subprocess.run(RUN[:-2], env=environment, capture_output=True, text=True)
            shown = ran.stderr
        else:
            main, end = pty.openpty()
            with subprocess.Popen(RUN[:-2], env=environment, stdin=end, stdout=end, stderr=end):
                os.close(end)
                shown = "".join(iter(lambda: _read(main), ""))
            os.close(main)
    assert "Semantic Scholar is rate limiting; waiting 3 s (attempt 2 of 6)" in shown


def _read(terminal: int) -> str:
    """What a terminal shows next; nothing once the other end is closed."""
    try:
        return os.read(terminal, 65_536).decode("utf-8", "replace")
    except OSError:  # EIO is how Linux says so
        return ""
