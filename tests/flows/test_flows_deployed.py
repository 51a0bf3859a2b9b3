"""The whole way of the documentation: server, pool, deploy, worker, runs, with processes killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

import demo
import pytest
from concurrency_limits import LIMITS
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.settings import PREFECT_API_URL, temporary_settings
from seen import artifacts, everything, filtered, task_names
from tests.paths import REPO

from enrich.clock import SystemClock
from enrich.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PREFECT = str(Path(sys.executable).parent / "prefect")
KEY = "k3y-of-the-worker"
LIST = "enrich-list/nightly"


def documented(heading: str) -> list[str]:
    """The commands of the first console block below a heading of docs/scheduling.md."""
    page = (REPO / "docs" / "scheduling.md").read_text(encoding="utf-8")
    block = page.partition(heading)[2].partition("```console\n")[2].partition("```")[0]
    return block.strip().splitlines()


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The services that the worker asks."""
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a user has: flows, deployments and the list."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(REPO / "flows", folder / "flows", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPO / "data" / "raw", folder / "data" / "raw")
    shutil.copy(REPO / "prefect.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def worker(
    server: Mapping[str, str], project: Path, box: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Both deployments, and a worker whose environment names the sandbox and holds a key."""
    folder = tmp_path_factory.mktemp("worker")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ENRICH_", "PREFECT_"))}
    client = {**clean, **server}

    # The commands of the documentation, with this server's address and this environment's programs.
    client["PATH"] = os.pathsep.join([str(Path(PREFECT).parent), client.get("PATH", "")])
    commands = [line for line in documented("## 2. Limits") if "PREFECT_API_URL" not in line]
    assert [line.split()[-1] for line in commands] == ["flows/setup.py", "process", "--all"]
    script = "\n".join(["set -e", *commands])
    subprocess.run(["bash", "-c", script], cwd=project, env=client, check=True, capture_output=True)
    env = {
        **server,
        "S2_API_KEY": KEY,
        "XDG_DATA_HOME": str(folder / "data"),
        "PREFECT_HOME": str(folder / "home"),
        "ENRICH_ARXIV_URL": box.arxiv_url,
        "ENRICH_S2_URL": box.s2_url,
        "ENRICH_ARXIV_INTERVAL": "0.01",
        "ENRICH_S2_INTERVAL": "0.01",
    }
    start = [PREFECT, "worker", "start", "--pool", "enrich", "--type", "process"]
    with demo.process(start, env, folder / "worker.log"):
        yield project


@pytest.fixture
def client(server: Mapping[str, str], worker: Path) -> Iterator[None]:
    """This process as a client of the server."""
    with temporary_settings({PREFECT_API_URL: server["PREFECT_API_URL"]}):
        yield


def _start(deployment: str) -> UUID:
    run = run_deployment(deployment, timeout=0)
    assert isinstance(run, FlowRun)
    return run.id


def _until(run_id: UUID, holds: Callable[[FlowRun], object], seconds: float = 200) -> FlowRun:
    clock = SystemClock()
    with get_client(sync_client=True) as client:
        for _ in range(int(seconds / 0.25)):
            run = client.read_flow_run(run_id)
            if holds(run):
                return run
            clock.sleep(0.25)
    raise AssertionError(f"{run.name} is still {run.state}")


def _ended(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_final()


def test_run_now(client: None, worker: Path, box: Sandbox) -> None:
    """Rule: what is deployed runs: state, artifacts and limits can be read back, the key cannot."""
    box.reset()
    run = _until(_start(LIST), _ended)
    assert run.state is not None and run.state.is_completed(), run.state
    published = worker / "data" / "sandbox" / "awesome-deep-learning-for-video-analysis"
    assert (published / "latest" / "enriched.parquet").is_file()
    seen = artifacts(run)
    assert {f"{published.name}-summary", f"{published.name}-entries"} <= set(seen)
    assert f"parse {published.name}" in task_names(run)
    with get_client(sync_client=True) as api:
        for name in LIMITS.values():
            limit = api.read_global_concurrency_limit_by_name(name)
            assert (limit.limit, limit.active_slots) == (1, 0)
        deployment = api.read_deployment_by_name(LIST)
        pool = filtered(api, "/work_pools/filter", {})
    assert [s.schedule.timezone for s in deployment.schedules] == ["America/New_York"]
    described = deployment.parameter_openapi_schema["properties"]["source"]["description"]
    assert "github:owner/repo" in described
    assert any(request.keyed for request in box.requests)
    for text in (everything(run), deployment.model_dump_json(), str(pool)):
        assert KEY not in text


def test_overlap_is_cancelled(client: None, worker: Path, box: Sandbox) -> None:
    """Rule: of two runs of one deployment the second is cancelled, as missed nights would be."""
    shutil.rmtree(worker / "data" / "sandbox", ignore_errors=True)
    box.reset()
    box.set_faults(["slow=25@first1"])  # the first run is busy while the second comes
    first = _start("enrich-all/nightly")
    _until(first, lambda run: box.busy)
    second = _until(_start("enrich-all/nightly"), _ended)
    assert second.state is not None and second.state.is_cancelled()
    box.set_faults()
    assert _until(first, _ended).state.is_completed()  # type: ignore[union-attr]


def test_killed_run_is_completed_by_the_next(client: None, worker: Path, box: Sandbox) -> None:
    """Rule: after kill -9 in the middle, the next run asks only for what was not yet answered."""
    shutil.rmtree(
        worker / "data" / "sandbox", ignore_errors=True
    )  # store and snapshots: begin from nothing
    box.set_faults()
    box.reset()
    whole = _until(_start(LIST), _ended)
    assert whole.state is not None and whole.state.is_completed()
    alone = len(box.requests)
    shutil.rmtree(worker / "data" / "sandbox", ignore_errors=True)
    box.reset()
    box.set_faults(["s2:slow=20@3-"])  # the third request hangs: the kill comes during it
    clock = SystemClock()
    killed_id = _start(LIST)
    killed = _until(killed_id, lambda run: run.infrastructure_pid and box.count("s2") >= 2)
    while not box.busy:
        clock.sleep(0.05)
    answered = len(box.requests)
    os.kill(int(str(killed.infrastructure_pid).rpartition(":")[2]), signal.SIGKILL)
    with get_client(sync_client=True) as api:
        limit = api.read_global_concurrency_limit_by_name(LIMITS["semantic_scholar"])
    assert limit.active_slots == 1  # held by a process that is gone, until its lease ends
    killed = _until(killed_id, _ended)
    assert killed.state is not None and killed.state.is_crashed(), killed.state
    assert not list((worker / "data" / "sandbox").glob("*/latest"))
    box.set_faults()
    box.reset()
    again = _until(_start(LIST), _ended)
    assert again.state is not None and again.state.is_completed(), again.state
    assert answered >= 2
    assert len(box.requests) <= alone - answered + 1  # the one that hung is asked again


def test_run_without_a_server(tmp_path: Path, box: Sandbox) -> None:
    """Rule: a run without a server needs no set-up, has the same artifacts and resolves no host."""
    (tmp_path / "list.md").write_text("- [Attention](https://arxiv.org/abs/1706.03762)\n")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ENRICH_", "PREFECT_"))}
    env |= {
        "PREFECT_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join([str(_watched_resolver(tmp_path)), *sys.path]),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # a busy machine
        "ENRICH_ARXIV_URL": box.arxiv_url,
        "ENRICH_S2_URL": box.s2_url,
        "ENRICH_ARXIV_INTERVAL": "0.01",
        "ENRICH_S2_INTERVAL": "0.01",
    }
    box.set_faults()
    done = subprocess.run(
        [sys.executable, str(REPO / "flows" / "enrich_list.py"), "list.md"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "sandbox" / "list" / "latest").exists()
    with sqlite3.connect(tmp_path / "home" / "prefect.db") as base:
        keys = {key for (key,) in base.execute("select key from artifact")}
    assert {"list-summary", "list-entries", "list-changes"} <= keys
    hosts = set((tmp_path / "resolved.txt").read_text().split())
    assert hosts <= {"127.0.0.1", "localhost", "::1"}, hosts


def _watched_resolver(folder: Path) -> Path:
    """A folder for PYTHONPATH with which every process notes the hosts that it looks up."""
    watched = folder / "watched"
    watched.mkdir()
    (watched / "sitecustomize.py").write_text(
        "import socket\n"
        "look_up = socket.getaddrinfo\n"
        "def noted(host, *args, **options):\n"
        f"    with open({str(folder / 'resolved.txt')!r}, 'a') as file:\n"
        "        print(host.decode() if isinstance(host, bytes) else host, file=file)\n"
        "    return look_up(host, *args, **options)\n"
        "socket.getaddrinfo = noted\n"
    )
    return watched


def test_demonstration(tmp_path: Path) -> None:
    """Rule: the demonstration runs once, says where to look, and leaves no process behind."""
    (tmp_path / "data").mkdir()
    shutil.copytree(REPO / "data" / "raw", tmp_path / "data" / "raw")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ENRICH_", "PREFECT_"))}
    done = subprocess.run(
        [sys.executable, str(REPO / "flows" / "demo.py"), "--once"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Completed: Published" in done.stdout
    assert "/runs/flow-run/" in done.stdout
    port = done.stdout.partition("http://127.0.0.1:")[2].partition("/")[0]
    assert not demo.healthy(f"http://127.0.0.1:{port}/api")
