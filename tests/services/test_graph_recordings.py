"""Recorded references and recommendations, replayed over HTTP through the client into a store."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from enrich.clock import SystemClock
from enrich.errors import BadAnswer, Rejected
from enrich.observer import Silent
from enrich.papers.references import ReferenceList
from enrich.papers.titles import title_key
from enrich.services import Connection
from enrich.services.http import HttpClient
from enrich.services.patience import Patience
from enrich.services.s2_graph import S2Graph
from enrich.store import Store
from enrich.store.references import held_references

from .test_recordings import Replay, recorded

GRAPH = recorded("graph.jsonl")
pytestmark = pytest.mark.skipif(not GRAPH, reason="the recordings are not on this machine")
# A paper's references in two pages, and how many of them the service could not resolve.
PAGED, REFERENCES, UNRESOLVED = "10.2139/ssrn.2250500", 67, 23


class OneByOne(Replay):
    """A host that answers each request with the next of some recordings."""

    queue: list[dict[str, Any]]

    @property
    def recording(self) -> dict[str, Any]:
        return self.queue.pop(0) if len(self.queue) > 1 else self.queue[0]

    @recording.setter
    def recording(self, value: dict[str, Any]) -> None:
        self.queue = [value]


@pytest.fixture(scope="module")
def host() -> Iterator[OneByOne]:
    opened = OneByOne()
    yield opened
    opened.close()


class Client:
    """The client of the citation graph, its store, and what the host answers."""

    def __init__(self, host: OneByOne, folder: Path) -> None:
        clock, stop = SystemClock(), threading.Event()
        self.store = Store(folder / "store.sqlite", "live", clock.now())
        http = HttpClient("semantic_scholar", host.url, clock, contact=None, key="a-key")
        self.connection = Connection(
            http, self.store, clock, Silent(), interval=0, patience=Patience(0), stop=stop
        )
        self.graph = S2Graph(f"{host.url}graph/v1", self.connection, self.store, clock)
        self._host = host

    def given(self, *recordings: dict[str, Any]) -> S2Graph:
        self._host.queue = list(recordings)
        return self.graph

    def held(self, paper_id: str) -> ReferenceList | None:
        return held_references(self.store, [paper_id]).get(paper_id)


@pytest.fixture
def client(host: OneByOne, tmp_path: Path) -> Iterator[Client]:
    opened = Client(host, tmp_path)
    yield opened
    opened.connection.close()
    opened.store.close()


def named(part: str, fits: Callable[[dict[str, Any]], bool] = lambda answer: True) -> Any:
    """The recordings whose address holds a part and whose answer fits."""
    return [r for r in GRAPH if part in r["url"] and fits(answer_of(r))]


def answer_of(recording: dict[str, Any]) -> Any:
    return json.loads(recording["response_body"])


def test_pages_of_references(client: Client) -> None:
    """Two pages are one list, in order; works that the service could not resolve are among them."""
    pages = named(f"{PAGED}/references")
    assert [parse_qs(urlsplit(r["url"]).query)["offset"] for r in pages] == [["0"], ["50"]]
    client.given(*pages).fetch_reference_pages(PAGED, REFERENCES)
    found = client.held(PAGED)
    assert found is not None and found.status == "complete"
    titles = [edge["citedPaper"]["title"] for page in pages for edge in answer_of(page)["data"]]
    # Some titles hold Windows quotation marks, which are control characters.
    assert [title_key(t) for t in titles] == [title_key(w.title or "") for w in found.references]
    assert len(titles) == REFERENCES
    assert sum(not work.is_resolved for work in found.references) == UNRESOLVED
    assert not client.graph.answers.faults


def test_pages_that_end_early_are_incomplete(client: Client) -> None:
    """Fewer works than the service counts are kept and marked as failed."""
    last = named(f"{PAGED}/references")[1]
    client.given(last).fetch_reference_pages(PAGED, REFERENCES)
    found = client.held(PAGED)
    assert found is not None and (found.status, len(found.references)) == ("failed", 17)


def test_withheld_references(client: Client) -> None:
    """`data: null` with the publisher's notice is elided, not empty."""
    (elided,) = named("/references", lambda answer: answer.get("data", 0) is None)
    client.given(elided).fetch_reference_pages("elided", 87)
    found = client.held("elided")
    assert found is not None and (found.status, found.references) == ("elided", ())


def test_no_references(client: Client) -> None:
    """An empty page is believed where the service counts none; else it is no answer."""
    (empty,) = named("/references", lambda answer: answer.get("data") == [])
    client.given(empty).fetch_reference_pages("none", 0)
    found = client.held("none")
    assert found is not None and found.status == "none_known"
    with pytest.raises(BadAnswer):
        client.given(empty).fetch_reference_pages("some", 63)
    assert client.held("some") is None


@pytest.mark.parametrize("place", range(len(named("/references"))))
def test_every_page_is_read_whole(client: Client, place: int) -> None:
    """Each row of each recorded page becomes a reference with the title it has; no field is odd."""
    page = named("/references")[place]
    rows = answer_of(page)["data"] or ()
    page = page | {"response_body": json.dumps({**answer_of(page), "next": None})}
    client.given(page).fetch_reference_pages("p", len(rows))
    found = client.held("p")
    assert found is not None and len(found.references) == len(rows)
    for work, row in zip(found.references, rows, strict=True):
        cited = row["citedPaper"]
        assert (work.ids.s2_paper_id, work.year) == (cited["paperId"], cited.get("year"))
        assert work.citation_count == cited.get("citationCount")
    assert not client.graph.answers.faults


def test_a_batch_with_references(client: Client) -> None:
    """Rows that hold all their works are kept; one that was cut short is to be asked for alone."""
    (batch,) = named("references.title")
    rows = [row for row in answer_of(batch) if row]
    ids = [row["paperId"] for row in rows]
    alone = client.given(batch).fetch_references(ids)
    short = {r["paperId"] for r in rows if len(r["references"] or ()) < r["referenceCount"]}
    elided = {r["paperId"] for r in rows if r["references"] is None}
    assert alone == short - elided and alone
    states = {i: held.status for i in ids if (held := client.held(i))}
    assert set(states) == set(ids) - alone
    assert set(states.values()) == {"elided", "none_known"}
    assert {i for i, status in states.items() if status == "elided"} == elided


def test_a_batch_without_the_field_says_nothing(client: Client) -> None:
    """Rows that count references and hold none of them are neither empty nor elided."""
    (batch,) = named("batch?fields=externalIds,citationCount,referenceCount")
    rows = answer_of(batch)
    ids = [row["paperId"] if row else f"{n:040x}" for n, row in enumerate(rows)]
    assert any(row and row["referenceCount"] for row in rows)
    assert client.given(batch).fetch_references(ids) == frozenset(ids)
    assert [client.held(i) for i in ids] == [None] * len(ids)


RECOMMENDED = named("/recommendations/", lambda answer: "recommendedPapers" in answer)
REFUSED = [r for r in GRAPH if r["status"] in (400, 404)]


@pytest.mark.parametrize("place", range(len(RECOMMENDED)))
def test_recommendations(client: Client, place: int) -> None:
    """Every recommended paper with an id and a title, in the service's order."""
    recording = RECOMMENDED[place]
    rows = answer_of(recording)["recommendedPapers"]
    found = client.given(recording).recommend(["a" * 40])
    assert [work.ids.s2_paper_id for work in found] == [row["paperId"] for row in rows]
    assert [work.year for work in found] == [row.get("year") for row in rows]
    assert all(work.title for work in found) and not client.graph.answers.faults


@pytest.mark.parametrize("place", range(len(REFUSED)))
def test_refusals_are_no_answers(client: Client, place: int) -> None:
    """A refused question raises, whichever endpoint it was for, and stores nothing."""
    graph = client.given(REFUSED[place])
    with pytest.raises(Rejected):
        graph.recommend(["a" * 40])
    with pytest.raises(Rejected):
        graph.fetch_references(["a" * 40])
    with pytest.raises(Rejected):
        graph.fetch_reference_pages("a" * 40, 3)
    assert client.held("a" * 40) is None
