"""Prefect on Postgres: two workers with stores of their own share the limits, nothing is locked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import demo
import pytest
from tests.paths import REPO

from enrich.clock import SystemClock
from enrich.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PREFECT = str(Path(sys.executable).parent / "prefect")
# The stand-in services hold their published limits this many times faster than real time: one
# host that ignored the other would be answered with 429.
SCALE = 10.0
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


@contextmanager
def postgres(folder: Path, port: int) -> Iterator[str]:
    """A Postgres of its own on loopback; gives the address for Prefect. Root cannot run one."""
    programs = PROGRAMS[-1]
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
        for parent in folder.parents[:3]:
            parent.chmod(parent.stat().st_mode | 0o111)
    data, sockets = str(folder / "data"), f"-k {folder} -p {port} -c listen_addresses=127.0.0.1"
    run(*as_user, str(programs / "initdb"), "-D", data, "-U", "prefect", "-A", "trust")
    control = [*as_user, str(programs / "pg_ctl"), "-D", data, "-w", "-s"]
    run(*control, "-o", sockets, "-l", str(folder / "log"), "start")
    try:
        run(str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "prefect", "runs")
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/runs"
    finally:
        with suppress(AssertionError):
            run(*control, "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, and a bare repository of it to clone from."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(REPO / "flows", folder / "flows", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPO / "data" / "raw", folder / "data" / "raw")
    for name in ("prefect.yaml", "docs/examples/prefect-git.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / name, folder / name)
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org")
    run(*git, "init", "-q", "-b", "main", cwd=folder)
    run(*git, "add", ".", cwd=folder)
    run(*git, "commit", "-q", "-m", "A list and its flows", cwd=folder)
    run(*git, "clone", "-q", "--bare", ".", "../repository.git", cwd=folder)
    return folder


@pytest.mark.skipif(
    not PROGRAMS and not os.environ.get("REQUIRE_BROWSER_TESTS"),
    reason="Postgres is not installed (Debian: apt-get install postgresql)",
)
def test_two_workers_on_postgres_share_the_limits(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two deployments, one of them cloned from git, run at once on two workers.

    Both complete, no service has to throttle, and Postgres holds the runs.
    """
    folder = tmp_path_factory.mktemp("postgres")
    for name in [n for n in os.environ if n.startswith(("ENRICH_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("server")
    with postgres(folder, _port()) as address, Sandbox(scale=SCALE) as box:
        monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", address)
        with demo.server(home, _port()) as server:
            client = {**os.environ, **server}
            repository = {"ENRICH_REPOSITORY": f"file://{project.parent / 'repository.git'}"}
            deploy = (PREFECT, "--no-prompt", "deploy", "--all")
            run(sys.executable, "flows/setup.py", cwd=project, env=client)
            run(PREFECT, "work-pool", "create", "enrich", "--type", "process", env=client)
            run(*deploy, cwd=project, env=client)
            run(
                *deploy, "--prefect-file", "docs/examples/prefect-git.yaml",
                cwd=project, env={**client, **repository},
            )  # fmt: skip
            start = [PREFECT, "worker", "start", "--pool", "enrich", "--type", "process"]
            with (
                demo.process(start, _host(home / "a", server, box), home / "a.log"),
                demo.process(start, _host(home / "b", server, box), home / "b.log"),
            ):
                states = _run_both(client, project)
        log = (home / "server.log").read_text("utf-8", "replace")
        assert states == {"enrich-list/from-git": "Completed", "enrich-all/nightly": "Completed"}
        assert "database is locked" not in log
        query = "select count(*) from flow_run where state_type = 'COMPLETED'"
        port = re.findall(r":(\d+)/", address)[0]
        psql = str(PROGRAMS[-1] / "psql")
        completed = run(psql, "-h", "127.0.0.1", "-p", port, "-U", "prefect", "-tAc", query, "runs")
        assert int(completed) == 2
        assert {r.service for r in box.requests} == {"arxiv", "s2"}
        assert [r for r in box.requests if r.status == 429] == []


def _host(home: Path, server: Mapping[str, str], box: Sandbox) -> dict[str, str]:
    """The environment of a worker on a host of its own: its own home, its own store."""
    return {
        **server,
        "PREFECT_HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "ENRICH_OUT": str(home / "out"),
        "ENRICH_STORE": str(home / "store.sqlite"),
        "ENRICH_ARXIV_URL": box.arxiv_url,
        "ENRICH_S2_URL": box.s2_url,
        "ENRICH_ARXIV_INTERVAL": str(3.3 / SCALE),
        "ENRICH_S2_INTERVAL": str(7.0 / SCALE),
    }


def _run_both(client: Mapping[str, str], project: Path) -> dict[str, str]:
    """Start both deployments and wait; gives the name of each one's final state."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import FlowRun
    from prefect.deployments import run_deployment
    from prefect.settings import PREFECT_API_URL, temporary_settings

    names = ("enrich-list/from-git", "enrich-all/nightly")
    clock = SystemClock()
    with temporary_settings({PREFECT_API_URL: client["PREFECT_API_URL"]}):
        runs = {}
        for name in names:
            started = run_deployment(name, timeout=0)
            assert isinstance(started, FlowRun)
            runs[name] = started.id
        with get_client(sync_client=True) as api:
            for _ in range(1200):
                states = {name: api.read_flow_run(run_id).state for name, run_id in runs.items()}
                if all(state and state.is_final() for state in states.values()):
                    break
                clock.sleep(0.25)
    return {name: str(state and state.name) for name, state in states.items()}


def _port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
