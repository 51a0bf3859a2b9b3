"""A list, a sandbox and a clock that is only moved by those who wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enrich.clock import SystemClock
from enrich.lookup import Lookup, open_lookup
from enrich.observer import Silent
from enrich.parsing import parse_list, read_list
from enrich.records import Entry, Findings, Override
from enrich.sandbox import Sandbox
from enrich.settings import Settings

REAL_LIST = (
    Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"
)


class ManualClock:
    """Time that passes only by waiting; `waited` are the waits."""

    def __init__(self, start: datetime = datetime(2026, 11, 22, tzinfo=UTC)) -> None:
        self.time = start
        self.waited: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.time += timedelta(seconds=seconds)

    def pass_days(self, days: float) -> None:
        self.time += timedelta(days=days)


class Recorder(Silent):
    """Records what a run reports."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.warnings: list[str] = []
        self.waits: list[str] = []

    def stage(self, name, work):  # type: ignore[no-untyped-def]
        self.stages.append(name)
        return work()

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def waiting(self, message: str) -> None:
        self.waits.append(message)


class Bench:
    """One list against one sandbox, run after run, over one store."""

    def __init__(self, box: Sandbox, folder: Path, entries: Sequence[Entry]) -> None:
        self.box, self.folder, self.entries = box, folder, entries
        self.clock, self.reports = ManualClock(), Recorder()
        self.index: object | None = None
        self.given: dict[str, object] = {}

    def settings(self, **given: object) -> Settings:
        own = {
            "arxiv_url": self.box.arxiv_url,
            "s2_url": self.box.s2_url,
            "s2_api_key": "a-key",
            "store": self.folder / "store.sqlite",
        }
        return Settings(**{**own, **self.given, **given})

    def within(self, ask: Callable[[Lookup], object], **given: object) -> object:
        with open_lookup(
            self.settings(**given), self.clock, self.reports, index=self.index
        ) as lookup:
            return ask(lookup)

    def run(
        self,
        entries: Sequence[Entry] | None = None,
        overrides: Mapping[str, Override] | None = None,
        **given: object,
    ) -> Findings:
        wanted = self.entries if entries is None else entries
        found = self.within(lambda lookup: lookup.resolve(wanted, overrides or {}), **given)
        assert isinstance(found, Findings)
        return found

    def asked(self) -> tuple[int, int]:
        """Requests to arXiv and to Semantic Scholar since the last look; forgets them."""
        while self.box.busy:  # an answer that was given up is noted when it has been sent
            SystemClock().sleep(0.01)
        counts = self.box.count("arxiv"), self.box.count("s2")
        self.box.reset()
        return counts


def statuses(found: Findings) -> dict[str, tuple[str, str | None]]:
    """Status and chosen title by entry."""
    return {
        r.entry_id: (r.status, r.chosen.record.title if r.chosen else None)
        for r in found.resolutions
    }


def papers(found: Findings) -> dict[str, list[tuple[str, str]]]:
    """The records of each resolved entry."""
    return {
        entry_id: sorted((r.source, r.source_id) for r in records)
        for entry_id, records in found.records.items()
    }


@pytest.fixture(scope="session")
def entries() -> tuple[Entry, ...]:
    return parse_list(read_list(str(REAL_LIST))).entries


@pytest.fixture(scope="session")
def served() -> Iterator[Sandbox]:
    # The clock of these tests is held: the sandbox must not time them by the wall.
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bench(served: Sandbox, tmp_path: Path, entries: tuple[Entry, ...]) -> Bench:
    served.set_faults()
    served.set_deviations()
    served.reset()
    return Bench(served, tmp_path, entries)


@pytest.fixture(scope="session")
def undisturbed(
    served: Sandbox, tmp_path_factory: pytest.TempPathFactory, entries: tuple[Entry, ...]
) -> Findings:
    """What a run finds when nothing goes wrong."""
    served.set_faults()
    served.set_deviations()
    return Bench(served, tmp_path_factory.mktemp("undisturbed"), entries).run()
