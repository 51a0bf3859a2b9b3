"""A paper that every entry may be, and a published snapshot of the real list."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from annotating import PAPER, REAL, Mark, text_of

from enrich.cli.run import main as run
from enrich.outputs.annotate.edit import Annotated, annotate
from enrich.parsing import parse_list


@pytest.fixture
def mark() -> Mark:
    """Annotates a text, every entry being the one paper, with changes to it."""

    def do(data: bytes | str, style: Any = "text", **changes: Any) -> Annotated:
        text = text_of(data)
        parsed = parse_list(text)
        paper = PAPER | changes
        return annotate(text, parsed, {entry.entry_id: paper for entry in parsed.entries}, style)

    return do


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


@pytest.fixture
def copy(clean: Path) -> Path:
    """A copy of the real list in the working folder."""
    return Path(shutil.copy(REAL, clean))
