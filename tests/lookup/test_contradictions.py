"""One sound-looking answer is not enough where another answer, asked for anyway, denies it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.resolve.build import arxiv, entry, s2

from enrich.lookup.paper_records import add
from enrich.records import Entry, Findings, Identifiers
from enrich.sandbox import Sandbox
from enrich.sandbox.catalogue import Catalogue, Paper

from .conftest import Bench, papers, statuses

CONTROL = "TSM: Temporal Shift Module for Efficient Video Understanding"
TITLES = (
    "Slotted Lattices of Amber and Quartz Grains", "Kelp Forests Mapped from Kites at Dusk",
    "Tidal Pools Counted by Quiet Drones", "Basalt Columns Sorted by Tired Geologists",
    "Fern Spores Rising over Warm Harbours", "Owl Pellets Weighed on Copper Scales",
)  # fmt: skip


def paper(number: int, title: str, authors: tuple[str, ...] = ("Greta Holm", "Bo Berg")) -> Paper:
    return Paper(
        title, authors, f"1801.{number:05d}", ("2018-01-05T00:00:00Z",), ("cs.CV",), year=2018
    )


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    held = [Paper(CONTROL, ("Ji Lin",), "1811.08383", ("2018-11-20T00:00:00Z",), ("cs.CV",))]
    held += [paper(n, t, (f"Ada Nr{n}", f"Bo Nr{n}")) for n, t in enumerate(TITLES, 1)]
    # A second record of the first paper, as Semantic Scholar has of what two sources listed.
    held.append(Paper(TITLES[0], ("Ada Nr1", "Bo Nr1"), year=2018))
    with Sandbox(limits=False, catalogue=Catalogue(held)) as served:
        yield served


@pytest.fixture
def bench(box: Sandbox, tmp_path: Path) -> Bench:
    box.set_faults()
    box.reset()
    return Bench(box, tmp_path, ())


LISTED = [entry(title, None, entry_id=f"e{n}") for n, title in enumerate(TITLES)]


def known(box: Sandbox, folder: Path, entries: list[Entry]) -> Findings:
    """What a run finds when nothing goes wrong."""
    box.set_faults()
    found = Bench(box, folder / "undisturbed", ()).run(entries)
    box.reset()
    return found


@pytest.mark.parametrize("endpoint", ["s2/bulk", "s2/match", "s2", "arxiv"])
@pytest.mark.parametrize("share", ["always", "30%"])
def test_a_row_with_the_title_of_another_paper(bench: Bench, endpoint: str, share: str) -> None:
    """Its identifiers lead to another title: pending, never that paper; the next run heals."""
    right = known(bench.box, bench.folder, LISTED)
    bench.box.set_faults([f"{endpoint}:titles@{share}"])
    found = bench.run(LISTED)
    for entry_id, records in papers(found).items():
        assert set(records) & set(papers(right)[entry_id]), entry_id
    for entry_id, outcome in statuses(found).items():
        assert outcome == statuses(right)[entry_id] or outcome[0] == "pending", entry_id
    bench.box.set_faults()
    bench.clock.pass_days(1.01)
    assert statuses(bench.run(LISTED)) == statuses(right)


@pytest.mark.parametrize("endpoint", ["s2/bulk", "s2", "arxiv"])
def test_half_of_the_rows_are_lost(bench: Bench, endpoint: str) -> None:
    """The lesser of two records of a title, shown alone, does not stand for its paper."""
    right = known(bench.box, bench.folder, LISTED)
    bench.box.set_faults([f"{endpoint}:fewer"])
    found = bench.run(LISTED)
    for entry_id, records in papers(found).items():
        assert set(records) & set(papers(right)[entry_id]), entry_id
    bench.box.set_faults()
    bench.clock.pass_days(1.01)
    assert papers(bench.run(LISTED)) == papers(right)


KEYED = [replace(LISTED[1], ids=Identifiers(arxiv_id="1801.00002"))]


def one_null(times: str) -> str:
    """Semantic Scholar's batch for one paper: null for it, a sound row for the control paper."""
    control = {"paperId": "0" * 40, "title": CONTROL, "externalIds": {"ArXiv": "1811.08383"}}
    return f"s2/batch:body={json.dumps([None, control])}@{times}"


def test_a_null_is_believed_once_a_second_answer_has_it_too(bench: Bench) -> None:
    """arXiv has the paper: Semantic Scholar is asked again, with what is asked for anyway."""
    right = known(bench.box, bench.folder, KEYED)
    bench.box.set_faults([one_null("first1")])
    assert papers(bench.run(KEYED)) == papers(right)
    assert [a.endpoint for a in bench.box.requests if a.service == "s2"] == ["batch", "batch"]


def test_a_second_null_is_a_miss(bench: Bench) -> None:
    """It is not asked for a third time, nor by a run within the freshness of misses."""
    bench.box.set_faults([one_null("always")])
    found = bench.run(KEYED)
    assert [{s for s, _ in records} for records in papers(found).values()] == [{"arxiv"}]
    assert not found.unasked
    assert bench.asked() == (1, 2)
    bench.run(KEYED)
    assert bench.asked() == (0, 0)
    bench.clock.pass_days(8)
    bench.run(KEYED)
    assert bench.asked() == (0, 2)


def test_a_null_for_a_paper_that_nobody_knows_costs_nothing(bench: Bench) -> None:
    """A miss of both services is believed as it is."""
    bench.run([replace(LISTED[1], title="", ids=Identifiers(arxiv_id="1801.99999"))])
    assert bench.asked() == (1, 1)


def test_an_arxiv_id_of_another_paper_is_left_out() -> None:
    """Where title and people of arXiv's record differ; a renamed paper by the same keeps its id."""
    one = s2(TITLES[0], "one", "Greta Holm", ids={"arxiv_id": "1801.00002"})
    for record, kept in (
        (arxiv(TITLES[1], "1801.00002", "Someone Else"), None),
        (arxiv(TITLES[1], "1801.00002"), "1801.00002"),
        (arxiv(TITLES[1], "1801.00002", "Greta Holm"), "1801.00002"),
        (arxiv(TITLES[1], "1801.00003", "Someone Else"), "1801.00002"),
    ):
        rows = [one]
        add(rows, record)
        assert rows[0].ids.arxiv_id == kept
        assert rows[0].ids.s2_paper_id == one.ids.s2_paper_id
