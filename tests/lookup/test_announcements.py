"""New papers on arXiv that cite or resemble a list; no failure is taken for an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from enrich.graph.matching import KnownWorks
from enrich.graph.resemblance import Subject
from enrich.lookup.announcements import FIRST_DAYS, LEAST_CITED, OVERLAP
from enrich.sandbox import Sandbox, embedded
from enrich.sandbox.graph import Graph

CATALOGUE = embedded()
LISTED = [p for p in CATALOGUE.papers if p.s2 and p.arxiv and "cs.CV" in p.categories][:40]
SEEDS = {"Papers": [p.sha for p in LISTED]}


def subject(*texts: str) -> Subject:
    """What a list of papers of the catalogue is about; `texts` stand for their titles."""
    known = KnownWorks()
    for paper in LISTED:
        known.add_paper(f"arxiv:{paper.arxiv}", paper.title, [f"s2:{paper.sha}"])
    titles = texts or tuple(p.title for p in LISTED)
    return Subject(("cs.CV", "cs.LG"), titles, titles, known)


def new(bench: Any, about: Subject | None = None, **given: object) -> list[Any]:
    """What arXiv announced for the list, by arXiv id."""
    found = bench.within(
        lambda lookup: lookup.recommend("demo", SEEDS, about or subject()), **given
    )
    return [one for one in found if one.service == "arxiv"]


def cited_in_list(arxiv_id: str) -> int:
    """How many papers of the list a new paper cites, as the sandbox drew it."""
    with Sandbox() as box:
        catalogue = box.catalogue
    papers = {p.arxiv for p in LISTED}
    cited = Graph(catalogue).references(catalogue.by_arxiv[arxiv_id])
    return sum(
        catalogue.papers[r.position].arxiv in papers for r in cited if r.position is not None
    )


def spans(bench: Any) -> list[str]:
    """The spans of time that arXiv was asked about."""
    queries = [r.query or "" for r in bench.box.requests if r.endpoint == "query"]
    return [
        q.partition("submittedDate:[")[2].partition("]")[0] for q in queries if "submitted" in q
    ]


def test_new_papers_that_cite_the_list(bench: Any) -> None:
    """Those that cite two papers of the list, of its categories and of the last two weeks."""
    found = new(bench)
    assert found and all(one.work.ids.arxiv_id and one.reason for one in found)
    cited = [int(one.reason.partition("cites ")[2].split()[0]) for one in found]
    assert min(cited) >= LEAST_CITED and cited == sorted(cited, reverse=True)
    assert cited[0] == cited_in_list(found[0].work.ids.arxiv_id)
    (span,) = spans(bench)
    first = bench.clock.now() - timedelta(days=FIRST_DAYS)
    assert span.startswith(f"{first:%Y%m%d%H%M}")
    arxiv, s2 = bench.asked()
    assert arxiv == 1 and s2 <= 4
    assert new(bench) == found and bench.asked() == (0, 0)


def test_a_later_look_begins_a_week_before_the_last_one(bench: Any) -> None:
    """Papers are listed days after their date; first times stay."""
    first = {one.work.ids.arxiv_id: one for one in new(bench)}
    then = bench.clock.now()
    bench.asked()
    bench.clock.pass_days(3)
    again = {one.work.ids.arxiv_id: one for one in new(bench)}
    assert spans(bench)[0].startswith(f"{then - OVERLAP:%Y%m%d%H%M}")
    assert set(first) <= set(again)
    assert all(again[ident].first_seen == first[ident].first_seen for ident in first)


def test_what_resembles_the_list_needs_no_citation(bench: Any) -> None:
    """A paper as near in words as the list's own papers are to each other."""
    recent = new(bench)[0].work
    bench.asked()
    words = recent.title
    about = replace(subject(words, *(p.title for p in LISTED[:5])), known=KnownWorks())
    bench.clock.pass_days(1.1)
    near = [one for one in new(bench, about) if one.work.ids == recent.ids]
    assert near and f"“{words}”" in near[0].reason and "cites" not in near[0].reason


def test_papers_of_the_list_are_not_new(bench: Any) -> None:
    """A paper that stands in the list is not announced to it."""
    recent = new(bench)[0].work
    about = subject()
    about.known.add_paper("x", recent.title, [f"arxiv:{recent.ids.arxiv_id}"])
    bench.clock.pass_days(1.1)
    later = [one for one in new(bench, about) if one.last_seen == bench.clock.now()]
    assert recent.ids not in [one.work.ids for one in later]


@pytest.mark.parametrize("kind", ["500", "429", "empty", "html", "cut", "garbage", "403"])
def test_while_arxiv_fails_nothing_is_skipped(bench: Any, kind: str) -> None:
    """A failure is said, changes nothing, and the next look covers the same span."""
    bench.box.set_faults(f"arxiv:{kind}")
    assert new(bench) == []
    assert any("looked for again next time" in text for text in bench.reports.warnings)
    bench.box.set_faults()
    bench.asked()
    bench.clock.pass_days(1.1)
    assert new(bench)
    assert spans(bench)[0].startswith(
        f"{bench.clock.now() - timedelta(days=FIRST_DAYS):%Y%m%d%H%M}"
    )


def test_while_semantic_scholar_fails_nobody_is_said_to_cite(bench: Any) -> None:
    """Whom a new paper cites is unknown then; only one that is near in words is kept."""
    bench.box.set_faults("s2/batch:500")
    assert new(bench) == []


def test_offline_asks_nobody(bench: Any) -> None:
    """Without a network what was found before is shown."""
    assert new(bench, offline=True) == [] and bench.asked() == (0, 0)
