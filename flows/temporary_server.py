"""A Prefect server for the time of one run, where none is configured.

Prefect starts one itself, but only when the flow runs, after it has imported all of the server into
the flow's process too. This one is started first and gets ready while the flow is imported:
`begin` has to be called before Prefect is imported, `connected` around the run.

The server's process is this file. It imports Prefect, so it knows whether a server is configured,
wherever that is written, and ends at once then. It also ends when the flow's process does.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import prefect_env  # noqa: F401  # before Prefect

# The first start makes the database: 10 s of processor time, of which a busy machine gives little.
START_SECONDS = 300.0
# The address of the server of this process's run, None where no server was started.
_url: str | None = None
_process: subprocess.Popen[bytes] | None = None


def begin(argv: Sequence[str]) -> None:
    """Start the server of this process's run, unless one is configured or only help is wanted."""
    global _url, _process
    if os.environ.get("PREFECT_API_URL") or {"-h", "--help"} & set(argv):
        return
    listening = socket.create_server(("127.0.0.1", 0))
    _url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    # The settings that Prefect gives its own temporary server.
    env = {
        "PREFECT_UI_ENABLED": "0",
        "PREFECT__SERVER_EPHEMERAL": "1",
        "PREFECT__SERVER_FINAL": "1",
    }
    _process = subprocess.Popen(  # noqa: S603  # this file
        [sys.executable, __file__, str(listening.fileno())],
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        pass_fds=[listening.fileno()],
    )
    listening.close()
    atexit.register(_end, _process)


def url() -> str | None:
    """The address of the server that was started for this process's run."""
    return _url


@contextmanager
def connected() -> Iterator[None]:
    """Run the block against the server that `begin` started, once it answers.

    Raises RuntimeError when it does not. Without `begin`, or where a server is configured, the
    block runs with the settings as they are.
    """
    global _url
    from prefect.settings import PREFECT_API_URL, temporary_settings

    if _process is None or PREFECT_API_URL.value():
        _url = None
        yield
        return
    import httpx

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(f"{_url}/health", timeout=max(0.1, until - time.monotonic()))
            break
        except httpx.HTTPError as error:
            if _process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Prefect's temporary server did not start: {error}") from error
    with temporary_settings({PREFECT_API_URL: _url}):
        yield


def _end(started: subprocess.Popen[bytes]) -> None:
    started.terminate()
    started.wait()


def _serve(descriptor: int) -> None:
    """Serve on a listening socket until this process is ended or its parent is gone."""
    from prefect.settings import PREFECT_API_URL

    if PREFECT_API_URL.value():
        return
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app, factory=True, fd=descriptor, log_level="error")
    server = uvicorn.Server(config)

    def stop_with_the_parent() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=stop_with_the_parent, daemon=True).start()
    server.run()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
