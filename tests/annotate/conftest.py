"""A paper that every entry may be, and a published snapshot of the real list."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from enrich.annotate import Annotated, annotate
from enrich.lists import ListText, parse_list
from enrich.run import main as run

REPO = Path(__file__).resolve().parents[2]
REAL = REPO / "data" / "raw" / "awesome-deep-learning-for-video-analysis.md"
PAPER: dict[str, Any] = {
    "is_withdrawn": False, "arxiv_id": "1811.08383", "year": 2019, "citation_count": 1234,
    "venue": "A | B *c* <d> [e](f) -->", "s2_paper_id": "f" * 40,
    "counts_observed_at": datetime(2026, 1, 2, tzinfo=UTC),
}  # fmt: skip

Mark = Callable[..., Annotated]


def text_of(data: bytes | str, name: str = "list.md") -> ListText:
    """A list's text without a file."""
    data = data.encode() if isinstance(data, str) else data
    return ListText(name, "list", name, data, hashlib.sha256(data).hexdigest())


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
