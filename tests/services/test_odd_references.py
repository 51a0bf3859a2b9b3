"""Odd rows of the citation graph: whatever comes, no bibliography is whole that is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.papers.references import ReferenceList
from enrich.services.fields import Faults
from enrich.services.s2_graph import WINDOW
from enrich.services.s2_graph_rows import bibliography_of
from enrich.store import Store
from enrich.store.references import held_references, keep_references

from .test_graph_recordings import Client, OneByOne

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SHA = "0123456789abcdef0123456789abcdef01234567"
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=9),
    st.just([]), st.just({}), st.just(SHA), st.just("10.1/x"), st.just({"ArXiv": "1811.08383"}),
)  # fmt: skip
NAMES = (
    "paperId", "corpusId", "externalIds", "title", "year", "venue", "citationCount", "authors",
)  # fmt: skip
CITED = st.one_of(ODD, st.dictionaries(st.sampled_from(NAMES), ODD))
ROWS = st.fixed_dictionaries(
    {"paperId": st.just(SHA)},
    optional={
        "referenceCount": st.one_of(st.integers(0, 4), ODD),
        "references": st.one_of(st.lists(CITED, max_size=4), ODD),
        "openAccessPdf": st.one_of(
            ODD, st.just({"disclaimer": "elided by the publisher: {'references'}"})
        ),
    },
)


@given(ROWS)
def test_no_row_is_whole_with_fewer_works_than_it_counts(row: dict[str, Any]) -> None:
    """Nothing raises; a whole list has as many works as counted or is withheld; values are sane."""
    found = bibliography_of(row, NOW, Faults())
    if found.is_whole and not found.is_elided:
        assert type(row["referenceCount"]) is int
        assert len(found.references) >= row["referenceCount"]
    if found.is_elided:
        assert row["references"] is None
    for work in found.references:
        assert work.year is None or 1000 < work.year <= NOW.year + 2
        assert work.citation_count is None or work.citation_count >= 0
        assert work.title is None or work.title == " ".join(work.title.split())
        assert all(author for author in work.authors)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("odd") / "store.sqlite", "live", NOW)


@given(row=ROWS)
def test_every_list_is_stored_as_it_is(store: Store, row: dict[str, Any]) -> None:
    """What was read of a row comes back from the store unchanged."""
    answer = ReferenceList("complete", NOW, bibliography_of(row, NOW, Faults()).references)
    keep_references(store, {SHA: answer})
    assert held_references(store, [SHA]) == {SHA: answer}


def page(start: int, count: int, following: int | None) -> dict[str, Any]:
    """One page of references that the service could not resolve."""
    rows = [{"citedPaper": {"paperId": None, "title": f"Work {start + n}"}} for n in range(count)]
    body = {"offset": start, "data": rows} | ({"next": following} if following else {})
    return {"url": "http://x/graph/v1/", "status": 200, "response_body": json.dumps(body)}


@pytest.fixture
def client(tmp_path: Path) -> Any:
    host = OneByOne()
    opened = Client(host, tmp_path)
    yield opened
    opened.connection.close()
    opened.store.close()
    host.close()


def test_more_references_than_the_service_pages(client: Client) -> None:
    """Pages end at 9,999: of a longer bibliography that many are kept, and it is not complete."""
    pages = [page(n, 1000, n + 1000) for n in range(0, 9000, 1000)] + [page(9000, 999, WINDOW)]
    client.given(*pages).fetch_reference_pages(SHA, 12_000)
    found = client.held(SHA)
    assert found is not None and (found.status, len(found.references)) == ("failed", WINDOW)


@pytest.mark.parametrize(("count", "status"), [(2, "complete"), (3, "complete"), (4, "failed")])
def test_works_that_come_twice_count_once(client: Client, count: int, status: str) -> None:
    """More works than counted are complete, unless repetitions alone make them so many."""
    twice = page(0, 3, None)
    body = json.loads(twice["response_body"])
    body["data"] *= 2
    client.given(twice | {"response_body": json.dumps(body)}).fetch_reference_pages(SHA, count)
    found = client.held(SHA)
    assert found is not None and found.status == status
    assert [work.title for work in found.references] == ["Work 0", "Work 1", "Work 2"]
