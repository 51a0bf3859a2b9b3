"""`python flows/demo.py`: a server, both deployments and one run against the sandbox.

Everything runs on this machine, in a temporary home, and ends with Ctrl-C; `--once` ends by itself
after the run. Snapshots are published under data/sandbox, as every sandbox run's are.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from prefect_env import NO_TELEMETRY

FLOWS = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
LEASES = "prefect.server.concurrency.lease_storage"
START_SECONDS = 180.0
STOP_SECONDS = 10.0

# How a server is started here: without telemetry, and with leases on disk, so that slots which a
# killed run held are still known after a restart (the default keeps them in memory only).
SERVER_ENV = {
    **NO_TELEMETRY,
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": f"{LEASES}.filesystem",
}


@contextmanager
def process(
    command: Sequence[str], env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process and its children, ended with the block: asked first, then killed."""
    with log.open("ab") as out:
        started = subprocess.Popen(  # noqa: S603  # our own commands
            command, env={**os.environ, **env}, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield started
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(started.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                started.wait(STOP_SECONDS)


@contextmanager
def server(home: Path, port: int) -> Iterator[dict[str, str]]:
    """A Prefect server on loopback with its data in `home`; gives the environment of its clients.

    Raises RuntimeError when it does not start; its log is `home`/server.log.
    """
    url = f"http://127.0.0.1:{port}/api"
    env = {
        **SERVER_ENV,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
    }
    log = home / "server.log"
    with process([str(BIN / "prefect"), "server", "start"], env, log) as started:
        until = time.monotonic() + START_SECONDS
        while not healthy(url):
            if started.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The Prefect server did not start; see {log}:\n{_tail(log)}")
            time.sleep(0.3)
        yield {**env, "PREFECT_API_URL": url}


def free_port() -> int:
    """4200, Prefect's own, if nobody has it; else any free one."""
    for port in (4200, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port")


def demonstrate(home: Path, *, once: bool) -> int:
    """Start everything, run the flow once, say where to look; returns the exit code."""
    _say("starting a Prefect server (about 15 s) ...")
    with server(home, free_port()) as env:
        ui = env["PREFECT_API_URL"].removesuffix("/api")
        _say(f"serving both deployments from {FLOWS.name}/serve.py ...")
        with process(
            [sys.executable, str(FLOWS / "serve.py"), "--paused"], env, home / "serve.log"
        ) as served:
            os.environ.update(env)
            code = _run_once(ui, served, home / "serve.log")
            if once:
                return code
            _say("Press Ctrl-C to end it all.")
            while served.poll() is None:
                time.sleep(1)
    return code


def _run_once(ui: str, served: subprocess.Popen[bytes], log: Path) -> int:
    # Prefect reads its settings when it is imported: after the server's address is known.
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import FlowRun
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    until = time.monotonic() + START_SECONDS
    with get_client(sync_client=True) as client:
        while True:
            with suppress(ObjectNotFound):
                client.read_deployment_by_name("enrich-list/served")
                break
            if served.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The deployments are not served:\n{_tail(log)}")
            time.sleep(0.3)
    _say("running enrich-list against the sandbox ...")
    run = run_deployment("enrich-list/served", parameters={"sandbox": True}, timeout=600)
    assert isinstance(run, FlowRun)  # a coroutine only where an event loop runs
    assert run.state is not None
    state = run.state
    _say(f"{state.name}: {state.message}")
    _say(f"The run, its stages, logs and artifacts:  {ui}/runs/flow-run/{run.id}")
    _say(f"Summaries and tables of entries:          {ui}/artifacts")
    _say(f"The deployments (their schedules are paused):   {ui}/deployments")
    _say(f"Limits shared by all hosts:               {ui}/concurrency-limits?tab=global")
    return 0 if state.is_completed() else 1


def healthy(url: str) -> bool:
    """Whether a server answers at this address of an API."""
    with suppress(OSError), urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310  # loopback
        return bool(answer.status == 200)
    return False


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # this command's result


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(argv: Sequence[str]) -> int:
    """Demonstrate and clean up; returns the exit code."""
    for sign in (signal.SIGINT, signal.SIGTERM):  # explicitly: a shell may have set them to ignored
        signal.signal(sign, _interrupt)
    with tempfile.TemporaryDirectory(prefix="enrich-demo-") as home:
        try:
            return demonstrate(Path(home), once="--once" in argv)
        except KeyboardInterrupt:
            _say("\nended; the server and its data are gone, the snapshots stay.")
            return 0
        except RuntimeError as error:
            _say(f"enrich: {error}")
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
