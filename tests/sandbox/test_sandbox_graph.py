"""References, citations and recommendations, with the limits and refusals of the real services."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests

from enrich.sandbox import Catalogue, Paper, Sandbox, embedded, synthetic
from enrich.sandbox.graph import Graph
from enrich.sandbox.recent import recent_papers
from enrich.sandbox.s2_graph import NESTED_MOST

FIELDS = "referenceCount,references.title,references.corpusId,references.externalIds"


def batch(box: Sandbox, ids: list[str], fields: str = FIELDS) -> requests.Response:
    return requests.post(f"{box.s2_url}/paper/batch", params={"fields": fields}, json={"ids": ids})


def references(box: Sandbox, ident: str, **params: object) -> Any:
    return requests.get(f"{box.s2_url}/paper/{ident}/references", params=params).json()  # type: ignore[arg-type]


def shas(box: Sandbox) -> list[str]:
    return [paper.sha for paper in box.catalogue if paper.s2]


def recommended(box: Sandbox, body: object, **params: object) -> requests.Response:
    address = f"http://127.0.0.1:{box.port}/recommendations/v1/papers/"
    return requests.post(address, params=params, json=body)  # type: ignore[arg-type]


def test_every_state_of_references_occurs(box: Sandbox) -> None:
    """Complete, none known, elided (null) and silently cut short."""
    rows = batch(box, shas(box)).json()
    states = {"elided": 0, "none": 0, "complete": 0, "short": 0}
    for row in rows:
        if row["references"] is None:
            assert row["referenceCount"] > 0
            assert "elided by the publisher: {'references'}" in row["openAccessPdf"]["disclaimer"]
            states["elided"] += 1
        elif row["referenceCount"] == 0:
            assert row["references"] == []
            states["none"] += 1
        else:
            short = len(row["references"]) < row["referenceCount"]
            states["short" if short else "complete"] += 1
    assert min(states.values()) > 0
    assert states["complete"] > len(rows) / 2


def test_what_is_short_is_whole_in_pages(box: Sandbox) -> None:
    """`/references` gives as many as referenceCount says, page by page, in the same order."""
    rows = batch(box, shas(box)).json()
    short = [r for r in rows if r["references"] and len(r["references"]) < r["referenceCount"]]
    for row in short[:3]:
        pages, offset = [], 0
        while offset is not None:
            page = references(box, row["paperId"], offset=offset, limit=4)
            assert page["citingPaperInfo"]["title"]
            pages += [edge["citedPaper"] for edge in page["data"]]
            offset = page.get("next")
        assert len(pages) == row["referenceCount"]
        titles = [cited["title"] for cited in pages]
        assert titles[: len(row["references"])] == [r["title"] for r in row["references"]]


def test_nested_rows(box: Sandbox) -> None:
    """A nested corpusId is a string; an unresolved work has a title and nulls."""
    nested = [r for row in batch(box, shas(box)).json() for r in row["references"] or ()]
    lost = [r for r in nested if r["paperId"] is None]
    assert 0.03 < len(lost) / len(nested) < 0.15
    assert all(r["title"] and r["externalIds"] is None for r in lost)
    assert all(isinstance(r["corpusId"], str) for r in nested if r["paperId"])


@pytest.mark.parametrize("field", ["isInfluential", "tldr", "embedding", "references", "citations"])
def test_nested_fields_are_those_of_a_plain_paper(box: Sandbox, field: str) -> None:
    """No edge fields, no tldr and no second nesting inside `references`."""
    answer = batch(box, ["ARXIV:1811.08383"], f"references.{field}")
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(f"[references.{field}]")


def test_too_many_nested_rows_are_cut_off_silently() -> None:
    """One batch holds 9,999 references; what is over is missing with status 200."""
    catalogue = Catalogue(synthetic(3000, 1, with_embedded=False))
    with Sandbox(limits=False, catalogue=catalogue) as box:
        graph = Graph(catalogue)
        late = [catalogue.papers[i].sha for i in range(2500, 3000)]
        assert sum(len(graph.served(i)) for i in range(2500, 3000)) > NESTED_MOST
        rows = batch(box, late, "referenceCount,references.paperId").json()
        given = [len(row["references"]) for row in rows]
        assert sum(given) == NESTED_MOST
        assert sum(n == 0 and row["referenceCount"] > 0 for n, row in zip(given, rows, strict=True))
        assert given[-1] or given[-2], "the rows that come short are not the last ones"


def test_answers_over_10_mb_are_refused() -> None:
    """Long fields of many references break the limit on the size of an answer."""
    papers = [Paper(f"Sheep {i}", arxiv=f"20{i % 12 + 1:02d}.{i:05d}", abstract="x" * 4000,
                    versions=("2020-01-01T00:00:00Z",)) for i in range(600)]  # fmt: skip
    with Sandbox(limits=False, catalogue=Catalogue(papers)) as box:
        late = [p.sha for p in papers[100:]]
        assert batch(box, late, "references.title").status_code == 200
        answer = batch(box, late, "references.abstract")
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("Response would exceed maximum size")


def test_pages_of_references(box: Sandbox) -> None:
    """Edge fields only where asked, bare names of the cited paper, and the recorded refusals."""
    ident = "ARXIV:1811.08383"
    edge = references(box, ident, fields="year,isInfluential")["data"][0]
    assert set(edge) == {"isInfluential", "citedPaper"}
    assert set(edge["citedPaper"]) == {"paperId", "year"}
    assert references(box, ident, offset=9999, limit=1) == {
        "error": "offset + limit must be < 10000"
    }
    for field in ("authors.name", "openAccessPdf.url", "references.title"):
        assert references(box, ident, fields=field)["error"].endswith(f"[{field}]")
    assert "error" not in references(box, ident, fields="citedPaper.references.title", year="2000")
    assert references(box, "0") == {"error": "Paper with id 0 not found"}


def test_elided_references(box: Sandbox) -> None:
    """`data` is null, there is no offset, and the disclaimer says why."""
    [elided] = [p for p in box.catalogue if p.elided]
    body = references(box, elided.sha)
    assert list(body) == ["data", "citingPaperInfo"]
    assert body["data"] is None
    assert "elided by the publisher" in body["citingPaperInfo"]["openAccessPdf"]["disclaimer"]


def test_citations_and_references_agree(box: Sandbox) -> None:
    """What a paper's references list is listed by those papers' citations."""
    for sha in shas(box)[:12]:
        for edge in references(box, sha).get("data") or []:
            if cited := edge["citedPaper"]["paperId"]:
                address = f"{box.s2_url}/paper/{cited}/citations?limit=1000"
                citing = requests.get(address).json()["data"]
                assert sha in {e["citingPaper"]["paperId"] for e in citing}


def test_communities_cite_themselves() -> None:
    """Four of five references stay in the community, and some works are cited by many."""
    catalogue = synthetic(2000, 1, with_embedded=False)
    graph = Graph(catalogue)
    inside = [
        graph.community(r.position) == graph.community(i)
        for i in range(1000, 2000)
        for r in graph.references(i)
        if r.position is not None
    ]
    assert 0.6 < sum(inside) / len(inside) < 0.85
    assert max(map(len, graph.cited_by.values())) > 4 * 2000 * 20 / 2000


def test_recommendations(box: Sandbox) -> None:
    """Recent papers, best first; negatives may be null; limit and fields are query parameters."""
    body = {"positivePaperIds": ["ARXIV:1811.08383"], "negativePaperIds": None}
    rows = recommended(box, body, fields="title,publicationDate", limit=5).json()
    assert len(rows["recommendedPapers"]) == 5
    first = (datetime.now(UTC).date() - timedelta(days=61)).isoformat()
    assert all(row["publicationDate"] >= first for row in rows["recommendedPapers"])
    assert len(recommended(box, {**body, "limit": 5}).json()["recommendedPapers"]) > 5


@pytest.mark.parametrize(
    ("positive", "params", "status", "error"),
    [
        ([], {}, 400, "No positive paper examples given"),
        (["ARXIV:1811.08383", "ARXIV:9999.99999"], {}, 404, "Input papers not found"),
        (["ARXIV:1811.08383"], {"fields": "title,tldr"}, 400,
         "Unrecognized or unsupported fields: [tldr]"),
        (["ARXIV:1811.08383"], {"limit": 501}, 400, "Unacceptable query params: [limit=501]"),
    ],
)  # fmt: skip
def test_recommendations_refused(
    box: Sandbox, positive: list[str], params: dict[str, object], status: int, error: str
) -> None:
    """No positives, one unknown id among them, unknown fields: the whole call is refused."""
    answer = recommended(box, {"positivePaperIds": positive, "negativePaperIds": []}, **params)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_recommendations_for_one_paper(box: Sandbox) -> None:
    """A DOI with its slash encoded; `from` is `recent` or `all-cs`."""
    base = f"http://127.0.0.1:{box.port}/recommendations/v1/papers/forpaper"
    doi = "DOI:10.1109%2FCVPR.2018.00813"
    for source, old in (("recent", False), ("all-cs", True)):
        rows = requests.get(f"{base}/{doi}?from={source}&limit=500&fields=year").json()
        assert any(row["year"] < 2020 for row in rows["recommendedPapers"]) is old
    assert requests.get(f"{base}/{doi}?from=x").json() == {
        "error": "Unrecognized value 'x' for `from`. Restrict to: `['recent', 'all-cs']`"
    }
    unknown = requests.get(f"{base}/DOI:10.9999/none")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"error": "Paper with id DOI:10.9999/none not found"},
    )


def test_the_pool_moves_daily() -> None:
    """A day's papers stay the same while others come and go."""
    one, next_day = (recent_papers(date(2026, 11, day)) for day in (20, 21))
    assert len({p.arxiv for p in one}) == len(one) == 60
    assert len({p.title for p in one} & {p.title for p in next_day}) == 59
    assert not one[0].s2, "Semantic Scholar has not read what came today"


def test_days(box: Sandbox) -> None:
    """Later counts are higher, never lower, and other papers are new."""

    def counts() -> list[int]:
        ids = [paper.sha for paper in embedded() if paper.s2]
        return [row["citationCount"] for row in batch(box, ids, "citationCount").json()]

    today, titles = counts(), {p.title for p in box.catalogue}
    box.set_day(30)
    later = counts()
    assert all(a <= b for a, b in zip(today, later, strict=True))
    assert sum(later) > sum(today)
    assert {p.title for p in box.catalogue} != titles
    box.set_day(0)
    assert counts() == today
