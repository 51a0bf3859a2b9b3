"""Published snapshots of the real list and of 500 made-up papers, each made once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from enrich.cli.run import main as run
from enrich.sandbox import Sandbox, list_of, synthetic

REPO = Path(__file__).resolve().parents[3]
REAL = REPO / "data" / "raw" / "awesome-deep-learning-for-video-analysis.md"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No ENRICH_* of the machine, and an empty working folder."""
    for name in [name for name in os.environ if name.startswith("ENRICH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The root of a snapshot of the real list, made against the sandbox."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENRICH_STORE", str(folder / "store.sqlite"))
        assert run(["--sandbox", "--quiet", "--out", str(folder / "out"), str(REAL)]) == 0
    yield folder / "out"


@pytest.fixture(scope="session")
def five_hundred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The root of a snapshot of 500 entries; the list is `made-up.md` beside it."""
    folder = tmp_path_factory.mktemp("five")
    catalogue = synthetic(520, seed=3)
    made = folder / "made-up.md"
    made.write_text(list_of(catalogue, 500, seed=3, known=1.0))
    with Sandbox(catalogue=catalogue, scale=1000.0) as box, pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("ARXIV_URL", box.arxiv_url), ("S2_URL", box.s2_url), ("ARXIV_INTERVAL", "0.003"),
            ("S2_INTERVAL", "0.001"), ("STORE", str(folder / "store.sqlite")),
        ):  # fmt: skip
            patch.setenv(f"ENRICH_{name}", value)
        assert run(["--quiet", "--out", str(folder / "out"), str(made)]) == 0
    yield folder / "out"
