"""Flows run against a Prefect server of their own on loopback, in an empty folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.paths import REPO

# The flows import their neighbours the way Prefect loads them: from their own folder.
sys.path.insert(0, str(REPO / "flows"))

LIST = """# Papers on video

## Models

- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)
- [TSM: Temporal Shift Module for Efficient Video Understanding](https://arxiv.org/abs/1811.08383)
- A <b>title</b> that | nobody [has](https://example.org/x) written about nothing at all
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The environment of a client of a real server, set up as the documentation says."""
    import demo

    home = tmp_path_factory.mktemp("prefect")
    with demo.server(home, _any_port()) as env:
        yield env


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder with one list in data/raw and none of the caller's settings."""
    for name in list(os.environ):
        if name.startswith(("ENRICH_", "PREFECT_")) or name == "S2_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    folder = tmp_path / "work"
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "data" / "raw" / "video.md").write_text(LIST)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def connected(
    server: Mapping[str, str], work: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mapping[str, str]]:
    """This process as a client of the server."""
    from prefect.logging.handlers import APILogHandler
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_HOME,
        temporary_settings,
    )

    monkeypatch.setenv("PREFECT_API_URL", server["PREFECT_API_URL"])
    with temporary_settings(
        {
            PREFECT_API_URL: server["PREFECT_API_URL"],
            PREFECT_HOME: server["PREFECT_HOME"],
            # A heartbeat thread costs each flow run about a second at its end.
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        }
    ):
        yield server
        APILogHandler().flush()


@pytest.fixture
def ready(connected: Mapping[str, str]) -> Mapping[str, str]:
    """The same, with the limits and the automation in place."""
    from prefect.client.orchestration import get_client
    from setup import set_up

    with get_client(sync_client=True) as client:
        set_up(client)
    return connected


def _any_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
