"""The list with faults, published once against the sandbox."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty import FAULTY

from enrich.cli.run import main as run


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No ENRICH_* of the machine, and an empty working folder."""
    for name in [name for name in os.environ if name.startswith("ENRICH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with `faulty.md` and `out`, the root of its snapshot."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "faulty.md").write_text(FAULTY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENRICH_STORE", str(folder / "store.sqlite"))
        listed = str(folder / "faulty.md")
        assert run(["--sandbox", "--quiet", "--out", str(folder / "out"), listed]) == 0
    yield folder


@pytest.fixture
def root(made: Path, clean: Path) -> str:
    """The root; `faulty.md` is copied into the working folder."""
    shutil.copy(made / "faulty.md", clean)
    return str(made / "out")
