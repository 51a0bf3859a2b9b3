"""Few requests, and nothing asked twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from enrich.clock import SystemClock
from enrich.lookup import open_lookup
from enrich.papers.identifiers import normalise_arxiv_id
from enrich.records import Author, Identifiers, Override, Record
from enrich.sandbox import Sandbox
from enrich.sandbox.catalogue import Catalogue, Paper, embedded

from .conftest import Bench, Recorder, papers, statuses

# Papers of the real list that the embedded catalogue leaves out on purpose.
LEFT_OUT = (
    Paper("Web-scale Multimedia Search for Internet Video Content", ("Lu Jiang",), year=2017),
    Paper(
        "Multimodal Representation of Advertisements Using Segment-level Autoencoders",
        ("Krishna Somandepalli", "Victor Martinez", "Naveen Kumar", "Shrikanth Narayanan"),
        year=2018,
    ),
)


def test_the_real_list_cold(bench: Bench) -> None:
    """A first run over the real list: at most 4 requests to arXiv and 5 to Semantic Scholar."""
    found = bench.run()
    arxiv, s2 = bench.asked()
    assert 1 <= arxiv <= 4
    assert 1 <= s2 <= 5
    assert {t.service: t.total for t in found.traffic} == {"arxiv": arxiv, "semantic_scholar": s2}
    assert sum(r.status == "resolved" for r in found.resolutions) >= 28


def test_the_real_list_takes_three_requests_a_service_where_all_of_it_is_there(
    bench: Bench,
) -> None:
    """The two one-title searches of the other test are for two papers that nobody has there."""
    with Sandbox(limits=False, catalogue=Catalogue([*embedded().papers, *LEFT_OUT])) as box:
        bench.box = box
        found = bench.run()
        arxiv, s2 = bench.asked()
    assert sum(r.status == "resolved" for r in found.resolutions) == 30
    assert arxiv <= 3
    assert s2 <= 3


def test_warm_run_asks_nothing(bench: Bench) -> None:
    """Within freshness a re-run makes no request and finds the same."""
    first = bench.run()
    bench.asked()
    again = bench.run()
    assert bench.asked() == (0, 0)
    assert statuses(again) == statuses(first)
    assert papers(again) == papers(first)
    assert all(t.health == "unused" and t.records_from_cache for t in again.traffic)


def test_next_day_refreshes_counts_only(bench: Bench) -> None:
    """A day later one batch for up to 500 papers is asked, of counts alone."""
    first = bench.run()
    bench.asked()
    bench.clock.pass_days(0.99)
    again = bench.run()
    (asked,) = bench.box.requests
    assert asked.endpoint == "batch"
    assert set(asked.fields.split(",")) == {
        "corpusId", "citationCount", "influentialCitationCount", "referenceCount",
    }  # fmt: skip
    for entry_id, records in again.records.items():
        for old, new in zip(first.records[entry_id], records, strict=True):
            assert new.fetched_at == old.fetched_at
            if new.source == "semantic_scholar":
                assert new.counts_observed_at and new.counts_observed_at > old.fetched_at


def test_a_daily_run_that_starts_a_little_early_refreshes_too(bench: Bench) -> None:
    """A schedule drifts by seconds: 23 h 59 min after the last look the counts are due."""
    bench.run()
    bench.asked()
    bench.clock.time += timedelta(hours=23, minutes=59)
    bench.run()
    assert bench.asked() == (0, 1)


def test_misses_have_a_shorter_life(bench: Bench) -> None:
    """After the life of misses, titles nobody had are asked for again; known papers are not."""
    bench.run()
    bench.asked()
    bench.clock.pass_days(8)
    bench.run()
    asked = [a for a in bench.box.requests if a.endpoint not in ("batch", "query")]
    assert asked, "the titles that nobody had are due"
    fetched = [a for a in bench.box.requests if a.ids and "abstract" in a.fields]
    assert all(len(a.ids) <= 2 + 1 for a in fetched), "with the control paper"


def test_refresh_ignores_freshness(bench: Bench) -> None:
    """--refresh asks for everything again, in as few requests as at first."""
    bench.run()
    first = bench.asked()
    found = bench.run(refresh=True)
    again = bench.asked()
    assert 0 < again[0] <= first[0]
    assert 0 < again[1] <= first[1] + 1
    assert not found.unasked


def test_offline_uses_what_is_held(bench: Bench) -> None:
    """--offline makes no request, uses stale records, and calls pending what was never asked."""
    first = bench.run()
    bench.asked()
    bench.clock.pass_days(400)
    offline = bench.run(offline=True)
    assert bench.asked() == (0, 0)
    assert statuses(offline) == statuses(first)


def test_offline_and_empty_is_pending(bench: Bench) -> None:
    """With nothing held, offline says pending for every paper and never unresolved."""
    found = bench.run(offline=True)
    assert {r.status for r in found.resolutions} == {"pending", "not_a_paper"}
    assert {r.entry_id for r in found.resolutions if r.status == "pending"} == found.unasked


def test_plan_asks_nothing_and_comes_near(bench: Bench) -> None:
    """A dry run makes no request; what it promises holds within its upper bound."""
    plan = bench.within(lambda lookup: lookup.plan(bench.entries, {}))
    assert bench.asked() == (0, 0)
    bench.run()
    arxiv, s2 = bench.asked()
    assert abs(plan.arxiv - arxiv) <= 1
    assert plan.semantic_scholar <= s2 <= plan.semantic_scholar + plan.at_most


def test_stored_answers_are_decided_anew(bench: Bench) -> None:
    """What is held is enough to decide again: an override needs no request."""
    first = bench.run()
    bench.asked()
    chosen = next(r for r in first.resolutions if r.status == "resolved")
    override = Override(entry=chosen.entry_id, reason="not in this list", absent=True)
    again = bench.run(overrides={chosen.entry_id: override})
    assert bench.asked() == (0, 0)
    assert statuses(again)[chosen.entry_id] == ("unresolved", None)


def test_a_pin_is_looked_up_by_its_identifier(bench: Bench) -> None:
    """A pinned entry is asked for by its pin alone, never by its title."""
    entry = next(e for e in bench.entries if not e.ids.arxiv_id and e.kind == "paper")
    override = Override(entry=entry.entry_id, reason="found by hand", pin="arxiv:1811.08383")
    found = bench.run([entry], {entry.entry_id: override})
    assert statuses(found)[entry.entry_id][0] == "resolved"
    assert all(not a.query for a in bench.box.requests)


class _SmallIndex:
    """An index over one paper."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def by_ids(self, ids: list[Identifiers]) -> list[Record | None]:
        return [self._record if i.arxiv_id == self._record.ids.arxiv_id else None for i in ids]

    def by_titles(self, titles: list[str]) -> list[list[Record]]:
        return [[self._record] if t == self._record.title else [] for t in titles]


def test_what_the_index_answers_is_not_asked_of_arxiv(bench: Bench) -> None:
    """No request to arXiv, and no title search, for what a local index answers."""
    entry = next(e for e in bench.entries if e.ids.arxiv_id)
    arxiv_id = normalise_arxiv_id(entry.ids.arxiv_id or "")
    assert arxiv_id
    bench.index = _SmallIndex(
        Record(
            source="index",
            source_id=arxiv_id[0],
            title=entry.title,
            ids=Identifiers(arxiv_id=arxiv_id[0]),
            fetched_at=bench.clock.now(),
            abstract="A text.",
            authors=(Author("A. Nother"),),
        )
    )
    bare = replace(entry, ids=Identifiers(), arxiv_ids=())
    for one in (entry, bare):
        found = bench.run([one])
        assert found.resolutions[0].status == "resolved"
        assert bench.box.count("arxiv") == 0
        assert {a.endpoint for a in bench.box.requests if a.service == "s2"} <= {"batch"}


def test_two_lookups_share_one_store(bench: Bench) -> None:
    """A second run that is open at the same time does not ask for what the first has got."""
    with open_lookup(bench.settings(), bench.clock, bench.reports) as second:
        bench.run()
        bench.asked()
        found = second.resolve(bench.entries, {})
    assert bench.asked() == (0, 0)
    assert not found.unasked


class _Interposer(Recorder):
    """Does something right before one stage of a run, given by its number."""

    def __init__(self, number: int, action: Callable[[], object]) -> None:
        super().__init__()
        self._number, self._action, self._lock = number, action, threading.Lock()

    def stage(self, name, work):  # type: ignore[no-untyped-def]
        with self._lock:
            self.stages.append(name)
            is_due = len(self.stages) == self._number
        if is_due:
            self._action()
        return work()


class _Ended(BaseException):
    """Ends a run as a kill does: nothing handles it."""


def _end() -> None:
    raise _Ended


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("event", ["another run", "a kill"])
def test_nothing_is_asked_twice(bench: Bench, event: str, number: int) -> None:
    """Another run over the same store, or a kill, before any stage: the requests of a lone run.

    The control title, last in a query of several, is of the paper that was seen last: beside
    another run that may be another one.
    """

    def titles(query: str) -> str:
        first, joint, _ = query.rpartition(" OR " if " OR " in query else " | ")
        return first if joint else query

    def asked() -> Counter[tuple[str, str, tuple[str, ...], str]]:
        made = Counter((r.service, r.endpoint, r.ids, titles(r.query)) for r in bench.box.requests)
        bench.box.reset()
        return made

    lone = Bench(bench.box, bench.folder / "lone", bench.entries)
    first = lone.run()
    requests = asked()
    assert len(lone.reports.stages) == 8
    other = Bench(bench.box, bench.folder, bench.entries)
    bench.reports = _Interposer(number, other.run if event == "another run" else _end)
    if event == "a kill":
        with pytest.raises(_Ended):
            bench.run()
    else:
        bench.run()
    assert statuses(other.run()) == statuses(first)
    assert asked() == requests


def test_stages_name_service_and_number(bench: Bench) -> None:
    """Each batch is a stage of its own, named for its service and its place."""
    bench.run()
    assert "s2 batch 1/1" in bench.reports.stages
    assert "arxiv ids 1/1" in bench.reports.stages


def test_real_clock_is_not_needed(bench: Bench) -> None:
    """Waiting goes through the clock alone: a held clock has waited for each service's pace."""
    bench.run()
    assert sum(bench.clock.waited) >= 3.0
    assert SystemClock(1000).now().tzinfo is not None


def test_single_searches_are_a_share_of_the_list(bench: Bench) -> None:
    """Of titles that nobody has, one in eight entries is searched for on its own, two at least."""
    paper = next(e for e in bench.entries if e.kind == "paper" and not e.ids.arxiv_id)
    for number, most in ((48, 6), (4, 2)):
        made_up = [
            replace(paper, entry_id=f"made{n}", title=f"Qzxv {n} Wkjp Vbgh Ztrq of {n} Pjkl")
            for n in range(number)
        ]
        bench.asked()
        found = bench.run(made_up)
        assert {r.status for r in found.resolutions} == {"unresolved"}
        matches = [r for r in bench.box.requests if r.endpoint == "match" and "Qzxv" in r.query]
        assert len(matches) == most
        bench.folder = bench.folder / "other"
