"""Runs made by hand, as the pipeline would make them, and a clock that can be set."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from publisher import ManualClock

from enrich.records import (
    Author,
    Candidate,
    Entry,
    Identifiers,
    Link,
    ListRun,
    Paper,
    ParsedList,
    Record,
    Resolution,
    StrayLink,
    Traffic,
    Weighed,
)
from enrich.snapshot.publishing import publish

START = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)


@dataclass
class RunMaker:
    """Makes the run of a list of `n` papers and one tutorial; arguments change its records."""

    slug: str = "demo"
    mode: str = "sandbox"
    made: int = field(default=0)

    def entry(self, i: int, **changes: Any) -> Entry:
        link = Link("PDF", f"https://arxiv.org/abs/2001.{i:05d}", "paper", 2 * i + 1)
        base = Entry(
            entry_id=f"paper-{i}",
            position=i,
            section=("Papers", "Video | Löwe"),
            line_start=2 * i + 1,
            line_end=2 * i + 2,
            raw=f"- [Title {i}](https://arxiv.org/abs/2001.{i:05d})",
            title=f"Title {i}",
            kind="paper",
            kind_reason="it links a paper",
            authors_text="Ada Löwe et al.",
            year=2020,
            links=(link,),
            ids=Identifiers(arxiv_id=f"2001.{i:05d}", arxiv_version=1),
            arxiv_ids=(f"2001.{i:05d}",),
        )
        return replace(base, **changes)

    def record(self, i: int) -> Record:
        return Record(
            source="arxiv",
            source_id=f"2001.{i:05d}",
            title=f"Title {i}",
            ids=Identifiers(arxiv_id=f"2001.{i:05d}"),
            fetched_at=START,
            year=2020,
            authors=(Author("Ada Löwe"),),
        )

    def paper(self, i: int, **changes: Any) -> Paper:
        base = Paper(
            paper_id=f"arxiv:2001.{i:05d}",
            title=f"Title {i}",
            ids=Identifiers(
                arxiv_id=f"2001.{i:05d}",
                arxiv_version=1,
                s2_paper_id=f"{i:040x}",
                s2_corpus_id=10_000_000_000 + i,
            ),
            fetched_at=START,
            sources=("arxiv", "semantic_scholar"),
            aliases=(f"arxiv:2001.{i:05d}", f"s2:{i:040x}"),
            abstract="An abstract.",
            abstract_source="arxiv",
            tldr="Short.",
            authors=(
                Author("Ada Löwe", "11", ("ETH Zürich", "MIT")),
                Author(f"Bo {i}", f"{100 + i}"),
            ),
            year=2020,
            venue="CVPR",
            published_on=date(2020, 6, 1),
            arxiv_primary_category="cs.CV",
            arxiv_categories=("cs.CV", "cs.LG"),
            arxiv_published_at=datetime(2020, 1, 1, tzinfo=UTC),
            citation_count=100 + i,
            influential_citation_count=i,
            reference_count=30,
            counts_observed_at=START,
            fields_of_study=("Computer Science",),
            is_withdrawn=False,
        )
        return replace(base, **changes)

    @staticmethod
    def down(service: str) -> tuple[Traffic, ...]:
        """The traffic of a run in which `service` could not be asked."""
        other = "arxiv" if service == "semantic_scholar" else "semantic_scholar"
        return (
            Traffic(service, "https://down.org", (("query", 5),), retries=4, health="down"),
            Traffic(other, "https://up.org", (("query", 1),), health="ok"),
        )

    def __call__(
        self,
        n: int = 4,
        *,
        papers: Callable[[Paper], Paper | None] = lambda paper: paper,
        statuses: dict[int, str] | None = None,
        edit: dict[int, dict[str, Any]] | None = None,
        **changes: Any,
    ) -> ListRun:
        statuses = statuses or {}
        entries = [self.entry(i, **(edit or {}).get(i, {})) for i in range(n)]
        tutorial = replace(
            self.entry(n, kind="tutorial", kind_reason="it says so"),
            links=(), ids=Identifiers(), arxiv_ids=(), authors_text=None, year=None, section=(),
        )  # fmt: skip
        resolutions, found, paper_of = [], [], {}
        for i, entry in enumerate(entries):
            status = statuses.get(i, "resolved")
            candidate = Candidate(self.record(i), "id:arxiv")
            paper = papers(self.paper(i)) if status == "resolved" else None
            if paper is None:
                status = "unresolved" if status == "resolved" else status
                resolutions.append(Resolution(entry.entry_id, status, f"It is {status}.", "7"))
                continue
            weighed = Weighed(candidate, 1.0, None, 0, 0.99, "accepted", "The id is in the list.")
            resolutions.append(
                Resolution(
                    entry.entry_id,
                    "resolved",
                    "The id is in the list.",
                    "7",
                    "id:arxiv",
                    0.99,
                    candidate,
                    (weighed,),
                )
            )
            found.append(paper)
            paper_of[entry.entry_id] = paper.paper_id
        resolutions.append(Resolution(tutorial.entry_id, "not_a_paper", "A tutorial.", "7"))
        parsed = ParsedList(
            "Demo", "markdown", "utf-8", (*entries, tutorial),
            (StrayLink("CI", "https://ci", 1, "badge"),),
        )  # fmt: skip
        run = ListRun(
            unasked=frozenset(r.entry_id for r in resolutions if r.status == "pending"),
            list_slug=self.slug,
            list_title="Demo",
            location="https://user:hidden@lists.org/raw/demo.md?token=hidden",
            sha256="ab" * 32,
            mode=self.mode,
            rule_version="7",
            started=START,
            finished=START + timedelta(seconds=2),
            parsed=parsed,
            resolutions=tuple(resolutions),
            papers=tuple(found),
            paper_of=paper_of,
            issues=(),
            traffic=(
                Traffic("arxiv", "https://arxiv.org/api", (("query", 1),), health="ok"),
                Traffic(
                    "semantic_scholar", "https://api.semanticscholar.org/graph/v1",
                    (("batch", 1),), health="ok",
                ),
            ),
        )  # fmt: skip
        return replace(run, **changes)


@pytest.fixture
def make_run() -> RunMaker:
    return RunMaker()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lists; the first has three snapshots in which counts grow and one observation fails."""
    folder, clock, make_run = tmp_path_factory.mktemp("several"), ManualClock(START), RunMaker()
    publish_growing(make_run, clock, folder, snapshots=3, entries=3, gain=10, days=1)
    make_run.slug = "demolition"
    publish(make_run(1), folder, clock=clock)
    return folder


def publish_growing(
    make_run: RunMaker,
    clock: ManualClock,
    folder: Path,
    *,
    snapshots: int,
    entries: int,
    gain: int,
    days: int,
) -> None:
    """Publish snapshots `days` apart; every count is higher by `gain` each time."""
    for number in range(snapshots):
        now = clock.now()
        run = make_run(
            entries,
            papers=lambda p, n=number, t=now: replace(
                p, citation_count=p.citation_count + gain * n, counts_observed_at=t
            ),
        )
        publish(run, folder, clock=clock)
        clock.sleep(days * 24 * 3600)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the list of this project was run against the stand-in services."""
    folder = tmp_path_factory.mktemp("demo")
    raw = (
        Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"
    )
    command = [
        sys.executable,
        "-m",
        "enrich.run",
        "--sandbox",
        "--no-report",
        "-q",
        "--out",
        "data/enriched",
        raw,
    ]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder
