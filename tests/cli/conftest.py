"""A command runs in an empty folder, with none of the caller's settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No ENRICH_* of the machine, a home and a working folder of its own."""
    for name in list(os.environ):
        if name.startswith("ENRICH_") or name == "S2_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.setenv("ENRICH_REPORT", "false")  # it has tests of its own, and takes seconds
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work
