"""References of a list's papers: few requests, four states, no failure taken for an answer."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.lookup.references import ASSUMED_REFERENCES, MOST_PAPERS, MOST_REFERENCES, packed
from enrich.records import Identifiers, Paper
from enrich.sandbox import Sandbox
from enrich.sandbox.graph import Graph
from enrich.sandbox.synthetic import synthetic
from enrich.services.fields import Faults
from enrich.services.s2_graph import recommendations_url
from enrich.services.s2_graph_rows import bibliography_of, is_elided

from .conftest import Bench
from .graph_faults import GRAPH, HELD, NOTHING, NOW, PAPERS, SIZES, STATES

# Real exchanges that are slow, stall or end in part: two minutes of them.
pytestmark = pytest.mark.slow

RECORDED = Path(__file__).resolve().parents[2] / "../shared/data/recorded/graph.jsonl"


def ask(bench: Any, papers: tuple[Paper, ...] = PAPERS, **given: object) -> Any:
    """The papers with their references' status, the references, and the findings."""
    paper_of = {f"entry of {p.paper_id}": p.paper_id for p in papers}
    return bench.within(lambda lookup: lookup.add_references(papers, paper_of, NOTHING), **given)


def states(papers: tuple[Paper, ...]) -> dict[str, str]:
    return {paper.paper_id: paper.references_status for paper in papers}


def test_every_state_is_found_and_nothing_is_cut(bench: Any) -> None:
    """Complete, none known and elided are kept apart; what a batch cut short is fetched whole."""
    papers, references, found = ask(bench)
    assert states(papers) == STATES
    assert set(STATES.values()) == {"complete", "none_known", "elided"}
    known = {p.paper_id: p.references_known for p in papers}
    assert known == {k: 0 if STATES[k] == "elided" else n for k, n in SIZES.items()}
    assert {k: len(works) for k, works in references.items()} == known
    assert found.unasked == frozenset() and found.issues == ()
    assert any(not work.is_resolved for works in references.values() for work in works)


def test_a_second_run_makes_no_request_until_the_metadata_is_old(bench: Any) -> None:
    """References are kept as long as metadata, also those that stayed incomplete."""
    first = ask(bench)
    bench.asked()
    bench.clock.pass_days(20)
    assert ask(bench) == first
    assert bench.asked() == (0, 0)
    bench.clock.pass_days(2)
    again = ask(bench)
    assert again[1] == first[1] and bench.asked()[1] > 0
    assert again[0][0].references_observed_at > first[0][0].references_observed_at


def test_offline_asks_nothing_and_knows_what_is_stored(bench: Any) -> None:
    """Without a network stored references serve; papers without any were not asked."""
    ask(bench, PAPERS[:5])
    bench.asked()
    papers, references, found = ask(bench, PAPERS[:9], offline=True)
    assert bench.asked() == (0, 0)
    assert states(papers[:5]) == {k: STATES[k] for k in states(PAPERS[:5])}
    assert set(states(papers[5:]).values()) == {"not_asked"}
    assert set(references) == set(states(PAPERS[:5])) and found.unasked == frozenset()


def test_the_real_list_needs_one_batch(bench: Any) -> None:
    """All papers of a small list go into one request; only what comes short is asked alone."""
    papers = tuple(p for p in PAPERS if STATES[p.paper_id] == "complete")[:30]
    ask(bench, papers)
    endpoints = Counter(request.endpoint for request in bench.box.requests)
    cut = sum(len(GRAPH.served(i)) < len(GRAPH.references(i)) for i, p in HELD
              if f"s2:{p.sha}" in states(papers))  # fmt: skip
    assert endpoints["references"] == cut and endpoints["batch"] == 1


def test_five_hundred_papers_need_a_few_requests(tmp_path: Path) -> None:
    """One batch for every 9,000 references, one request for each that came short; then none."""
    catalogue = synthetic(600)
    graph = Graph(catalogue)
    papers = tuple(
        Paper(
            f"s2:{p.sha}", p.title, Identifiers(s2_paper_id=p.sha), NOW, ("semantic_scholar",),
            reference_count=len(graph.references(i)),
        )
        for i, p in enumerate(catalogue.papers)
        if p.s2
    )[-500:]  # fmt: skip
    with Sandbox(limits=False, catalogue=catalogue) as box:
        bench = Bench(box, tmp_path, ())
        found = {p.paper_id: p.references_known for p in ask(bench, papers)[0]}
        assert found == {p.paper_id: p.reference_count for p in papers}
        endpoints = Counter(request.endpoint for request in box.requests)
        assert endpoints["batch"] == len(packed(found)) == 1
        assert 0 < endpoints["references"] <= 3
        box.reset()
        ask(bench, papers)
        assert bench.asked() == (0, 0)


@pytest.mark.parametrize("kind", ["500", "html", "cut", "429", "garbage", "404"])
@pytest.mark.parametrize("endpoint", ["batch", "references"])
def test_a_failure_is_no_answer(bench: Any, kind: str, endpoint: str) -> None:
    """Whatever an endpoint does, no bibliography is taken for empty; the next run completes it."""
    ask(bench, PAPERS[:3])  # the service has worked before
    bench.box.set_faults(f"s2/{endpoint}:{kind}")
    papers, references, found = ask(bench)
    for paper in papers:
        assert paper.references_status in (STATES[paper.paper_id], "failed")
        if paper.references_status == "failed":
            assert paper.references_known is None and paper.paper_id not in references
            assert f"entry of {paper.paper_id}" in found.unasked
    assert "failed" in states(papers).values()
    bench.box.set_faults()
    bench.clock.pass_days(1.1)  # circuit breakers have closed
    papers, _, found = ask(bench)
    assert states(papers) == STATES and found.unasked == frozenset()


@pytest.mark.parametrize("kind", ["empty", "fewer", "lose", "other", "twice", "merged", "short"])
@pytest.mark.parametrize("endpoint", ["batch", "references"])
def test_rows_that_are_missing_are_asked_for_again(bench: Any, kind: str, endpoint: str) -> None:
    """Answers that lack rows, repeat them or hold others never change what is known."""
    bench.box.set_faults(f"s2/{endpoint}:{kind}")
    papers, references, _ = ask(bench)
    for paper in papers:
        assert paper.references_status in (STATES[paper.paper_id], "failed")
        if paper.references_status == "complete":
            assert len(references[paper.paper_id]) == SIZES[paper.paper_id]
    bench.box.set_faults()
    bench.clock.pass_days(8)  # what came short is asked for after a week
    assert states(ask(bench)[0]) == STATES


def test_one_paper_that_spoils_a_batch_does_not_take_others_with_it(bench: Any) -> None:
    """A batch that fails because of one paper is halved until that one is found."""
    bad = PAPERS[7].ids.s2_paper_id
    bench.box.set_faults(f"s2/batch:500@has {bad}")
    papers, _, _ = ask(bench)
    others = {k: v for k, v in states(papers).items() if k != PAPERS[7].paper_id}
    assert others == {k: STATES[k] for k in others}


@given(
    st.dictionaries(
        st.integers(0, 2000).map(str), st.none() | st.integers(0, 12_000), max_size=1200
    )
)
def test_batches_hold_every_paper_once_within_the_limits(papers: dict[str, int | None]) -> None:
    """At most 500 papers and 9,000 references; a paper with more is alone; few batches."""
    batches = packed(papers)
    assert Counter(p for batch in batches for p in batch) == Counter(list(papers))
    sizes = {p: ASSUMED_REFERENCES if n is None else n for p, n in papers.items()}
    totals = [sum(sizes[p] for p in batch) for batch in batches]
    for batch, total in zip(batches, totals, strict=True):
        assert len(batch) <= MOST_PAPERS
        assert total <= MOST_REFERENCES or len(batch) == 1
    needed = max(sum(totals) / MOST_REFERENCES, len(papers) / MOST_PAPERS)
    assert len(batches) <= 2 * needed + 1


def test_five_hundred_papers_are_four_batches() -> None:
    """500 papers of 60 references each: 30,000 references in four answers below 9,999."""
    assert len(packed({str(n): 60 for n in range(500)})) == 4


@pytest.mark.parametrize(
    ("row", "whole", "elided"),
    [
        ({"referenceCount": 0, "references": []}, True, False),
        ({"referenceCount": 2, "references": [{}, {}]}, True, False),
        ({"referenceCount": 3, "references": [{}, {}]}, False, False),
        ({"referenceCount": 3, "references": []}, False, False),
        ({"referenceCount": 3, "references": None}, True, True),
        ({"referenceCount": None, "references": []}, False, False),
        ({"references": []}, False, False),
        ({"referenceCount": 0, "references": None}, True, False),
    ],
)
def test_what_a_row_says_of_its_references(row: dict[str, Any], whole: bool, elided: bool) -> None:
    """Fewer works than counted are cut short; null with a count is withheld by the publisher."""
    found = bibliography_of({"paperId": "a" * 40, **row}, NOW, Faults())
    assert (found.is_whole, found.is_elided) == (whole, elided)


def test_where_the_recommendations_are() -> None:
    """They are beside the Graph API, at the same host."""
    live = "https://api.semanticscholar.org"
    assert recommendations_url(f"{live}/graph/v1") == f"{live}/recommendations/v1"
    assert recommendations_url("http://127.0.0.1:9/x") == "http://127.0.0.1:9/x/recommendations/v1"


@pytest.mark.skipif(not RECORDED.exists(), reason="the recordings are not on this machine")
def test_recorded_answers() -> None:
    """The recorded batches and pages give the states and numbers that the service meant."""
    found: list[tuple[object, ...]] = []
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        recording = json.loads(line)
        body = recording["response_body"]
        answer = json.loads(body) if isinstance(body, str) else body
        if "references.title" in recording["url"]:
            rows = [bibliography_of(row, NOW, Faults()) for row in answer if row]
            found += [(r.expected, len(r.references), r.is_whole, r.is_elided) for r in rows]
        elif "/references" in recording["url"] and answer.get("data", 0) is None:
            info = answer["citingPaperInfo"]["openAccessPdf"]
            found.append(("page", is_elided(info["disclaimer"])))
    assert set(found) == {
        (87, 0, True, True), (0, 0, True, False), (36, 8, False, False), ("page", True),
    }  # fmt: skip
