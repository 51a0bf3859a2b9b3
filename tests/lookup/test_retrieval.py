"""Finding papers whose titles the list writes otherwise, against a sandbox of a few papers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.resolve.build import arxiv as arxiv_record
from tests.resolve.build import entry

from enrich.records import Entry, Identifiers, Record
from enrich.sandbox import Sandbox
from enrich.sandbox.catalogue import Catalogue, Paper

from .conftest import Bench, statuses

CONTROL = "TSM: Temporal Shift Module for Efficient Video Understanding"
# Title as the record has it, and as the list writes it.
VARIANTS = {
    "Slotted Lattices of Amber and Quartz Grains": "Slotted Latices of Amber and Quartz Grains",
    "Behavior Modeling of Migrating Ospreys": "Behaviour Modelling of Migrating Ospreys",
    "Dilated Convolutional Neural Networks for Moss": "Dilated CNNs for Moss",
    "Kelp Forests Mapped from Kites": "Kelp Forests Mapped from Kites (OCEANS 2018)",
    "Tidal Pools Counted by Drones": "[ICRA 2017] Tidal Pools Counted by Drones",
    "Basalt Columns Sorted & Measured": "Basalt Columns Sorted and Measured",
    "Fern Spores in Rising Air": r"\emph{Fern} Spores in {Rising} Air",
}
# Found by a search for many, accepted only with the authors.
LABELLED = {
    "Ferns: Spore Counting with Paper Lanterns": "Spore Counting with Paper Lanterns",
    "Pollen Drift over Salt Marshes": "Drifting: Pollen Drift over Salt Marshes",
}
AUTHOR = "Greta Holm"


def paper(number: int, title: str, *authors: str) -> Paper:
    return Paper(
        title, authors or (AUTHOR, "Bo Berg"), f"1801.{number:05d}", ("2018-01-05T00:00:00Z",),
        ("cs.CV",), year=2018,
    )  # fmt: skip


def listed(titles: dict[str, str] | list[str], authors: str | None = None) -> list[Entry]:
    wanted = list(titles.values()) if isinstance(titles, dict) else titles
    return [entry(title, authors, entry_id=f"e{n}") for n, title in enumerate(wanted)]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    papers = [Paper(CONTROL, ("Ji Lin",), "1811.08383", ("2018-11-20T00:00:00Z",), ("cs.CV",))]
    papers += [paper(n, title) for n, title in enumerate([*VARIANTS, *LABELLED], 1)]
    papers += [paper(90, "Lichen", AUTHOR), paper(91, "Unrelated Work on Granite", AUTHOR)]
    with Sandbox(limits=False, catalogue=Catalogue(papers)) as served:
        yield served


@pytest.fixture
def bench(box: Sandbox, tmp_path: Path) -> Bench:
    box.reset()
    return Bench(box, tmp_path, ())


def test_titles_written_otherwise_are_found_many_at_a_time(bench: Bench) -> None:
    """Slips, spelling, abbreviations, venues, ampersands and TeX need no search of their own."""
    found = bench.run(listed(VARIANTS))
    assert [r.chosen.record.title if r.chosen else r.reason for r in found.resolutions] == list(
        VARIANTS
    )
    endpoints = [a.endpoint for a in bench.box.requests if a.service == "s2"]
    assert endpoints.count("bulk") == 2
    assert "match" not in endpoints
    assert len(endpoints) <= 3


def test_labels_on_either_side_are_found_and_need_the_authors(bench: Bench) -> None:
    """The record is found without its people and accepted with them."""
    for authors, status in ((None, "ambiguous"), (AUTHOR, "resolved")):
        found = bench.run(listed(LABELLED, authors))
        assert {r.status for r in found.resolutions} == {status}


def test_a_damaged_title_is_found_by_its_author(bench: Bench) -> None:
    """arXiv is asked by the first author and the telling words before one-title searches."""
    damaged = ["Slotted Latices of Ambr", "Nothing Anyone Wrote at Sea", "Nor This One at Home"]
    bench.run(listed(damaged, f"{AUTHOR} and others"), title_searches=0.0)
    asked = [a.query for a in bench.box.requests if a.service == "arxiv"]
    assert any("au:holm" in query for query in asked)


def test_a_second_run_within_freshness_asks_nothing(bench: Bench) -> None:
    """What other words and authors did not find is not asked again either."""
    titles = [f"A Title that Nobody Has, Number {n}" for n in "abcdefgh"]
    entries = listed([*titles, *VARIANTS.values()], AUTHOR)
    first = bench.run(entries)
    assert bench.asked() > (0, 0)
    assert statuses(bench.run(entries)) == statuses(first)
    assert bench.asked() == (0, 0)


MISSING = [f"Quiet Owls Over {place} Bay" for place in
           ("Amber", "Birch", "Cedar", "Dune", "Elder", "Fern", "Gorse", "Heath")]  # fmt: skip


def singles(bench: Bench) -> list[str]:
    """The places in titles that were searched one at a time since the last look."""
    asked = [a.query for a in bench.box.requests if a.endpoint == "match"]
    bench.box.reset()
    places = [title.split()[3] for title in MISSING]
    return [place for query in asked for place in places if place.lower() in query.lower()]


def test_one_title_searches_go_on_where_they_ended(bench: Bench) -> None:
    """Every run searches the titles that were searched least lately, until all had their turn."""
    entries = listed(MISSING)
    rounds = []
    for _ in range(3):
        bench.run(entries, title_searches=0.4)
        rounds.append(singles(bench))
        bench.clock.pass_days(8)
    assert [len(some) for some in rounds] == [3, 3, 3]
    assert len({place for some in rounds for place in some}) == 8


def test_titles_not_yet_searched_alone_are_named_and_counted(bench: Bench) -> None:
    """`No source knows it` is only said of a title that was asked for on its own."""
    found = bench.run(listed(MISSING), title_searches=0.25)
    assert len(found.deferred) == 6
    for resolution in found.resolutions:
        assert resolution.status == "unresolved"
        deferred = resolution.entry_id in found.deferred
        assert ("not yet searched on its own" in resolution.reason) is deferred
    again = bench.run(listed(MISSING), title_searches=0.25)
    assert again.deferred == found.deferred


def test_a_thorough_run_searches_every_title(bench: Bench) -> None:
    """Also those that an earlier run within freshness has deferred; none is searched twice."""
    bench.run(listed(MISSING), title_searches=0.25)
    first = singles(bench)
    found = bench.run(listed(MISSING), title_searches=1.0)
    assert len(first) + len(singles(bench)) == len(MISSING)
    assert not found.deferred


def test_two_titles_at_least_are_searched_alone(bench: Bench) -> None:
    """However small the share; and so few are not asked in other words before."""
    bench.run(listed(MISSING[:2]), title_searches=0.0)
    endpoints = [a.endpoint for a in bench.box.requests if a.service == "s2"]
    assert endpoints.count("bulk") == 1
    assert len(singles(bench)) == 2


def test_what_a_service_fails_to_answer_stays_pending(bench: Bench) -> None:
    """When the second question for many titles fails, a title is not called unknown."""
    bench.box.set_faults("s2:429@2-")
    try:
        found = bench.run(listed([f"{t} in Late Winter" for t in MISSING]), patience=5.0)
    finally:
        bench.box.set_faults()
    assert {r.status for r in found.resolutions} == {"pending"}


class OneRecord:
    """A local index that holds one paper."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def by_ids(self, ids: list[Identifiers]) -> list[Record | None]:
        return [None for _ in ids]

    def by_titles(self, titles: list[str]) -> list[list[Record]]:
        return [[self.record] if title == self.record.title else [] for title in titles]


def test_an_index_answers_offline_too(bench: Bench) -> None:
    """With `--only`, the entries that are not asked for are resolved by what the index holds."""
    title = "Peat Bogs Measured with Sonar"
    bench.index = OneRecord(arxiv_record(title, "1802.00001", AUTHOR))
    found = bench.run(listed([title]), offline=True)
    assert [r.status for r in found.resolutions] == ["resolved"]
    assert bench.asked() == (0, 0)
