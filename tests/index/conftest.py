from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.index.dumps import Fact, facts, write_arxiv, write_s2

from enrich.index import Index, build
from enrich.observer import Silent


class FixedClock:
    """A clock that does not advance."""

    def now(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("an index never waits")


class RecordingObserver(Silent):
    """Collects warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


CLOCK = FixedClock()


@pytest.fixture(scope="session")
def papers() -> list[Fact]:
    return facts(400)


@pytest.fixture(scope="session")
def index_path(tmp_path_factory: pytest.TempPathFactory, papers: list[Fact]) -> Path:
    """An index over both services' dumps of `papers`, in several parts."""
    folder = tmp_path_factory.mktemp("index")
    arxiv = [
        str(write_arxiv(folder / f"arxiv-{k}.json{ending}", papers[k::3]))
        for k, ending in enumerate(("", ".gz", ".zst"))
    ]
    sources = {"arxiv": arxiv, **write_s2(folder, papers)}
    build(folder / "index", sources, clock=CLOCK, observer=Silent(), workers=1)
    return folder / "index"


@pytest.fixture(scope="session")
def index(index_path: Path) -> Iterator[Index]:
    with Index.open(index_path) as opened:
        yield opened
