"""Semantic Scholar's answers: ids, batches, fields, searches, pages, keys."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests

from enrich.sandbox import Catalogue, Paper, Sandbox, synthetic
from enrich.sandbox.catalogue import derived_corpus_id, derived_sha
from enrich.sandbox.s2_access import access

NONLOCAL = "8899094797e82c5c185a0893896320ef77f60e64"
DOI = "10.1109/CVPR.2018.00813"


def ask(box: Sandbox, path: str, **params: str) -> requests.Response:
    return requests.get(box.s2_url + path, params=params)


def batch(box: Sandbox, ids: list[Any], fields: str = "title") -> requests.Response:
    return requests.post(f"{box.s2_url}/paper/batch", params={"fields": fields}, json={"ids": ids})


def titles(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["title"] for row in answer.json()["data"]]


@pytest.mark.parametrize(
    "ident",
    [
        NONLOCAL,
        "ARXIV:1711.07971",
        "arXiv:1711.07971",
        f"DOI:{DOI}",
        f"doi:{DOI.lower()}",
        DOI,
        "DOI:10.48550/arXiv.1711.07971",
        "doi:10.48550/ARXIV.1711.07971",
        "URL:https://arxiv.org/abs/1711.07971",
        f"url:https://www.semanticscholar.org/paper/Non-local/{NONLOCAL}",
    ],
)
@pytest.mark.parametrize("encoded", [True, False])
def test_ids_in_every_spelling(box: Sandbox, ident: str, encoded: bool) -> None:
    """Prefixes and DOIs in any case, addresses, with or without percent-encoding."""
    path = quote(ident, safe="") if encoded else ident
    assert ask(box, f"/paper/{path}").json() == {
        "paperId": NONLOCAL,
        "title": "Non-local Neural Networks",
    }


@pytest.mark.parametrize("ident", ["ARXIV:1711.07971v1", "ARXIV:", "MAG:1", "x", "1711.07971"])
def test_ids_that_find_nothing(box: Sandbox, ident: str) -> None:
    """A versioned arXiv id is not resolved, nor one without its prefix."""
    answer = ask(box, f"/paper/{ident}")
    assert (answer.status_code, answer.text) == (
        404,
        f'{{"error":"Paper with id {ident} not found"}}\n',
    )


def test_batch_keeps_length_and_order(box: Sandbox) -> None:
    """One row per id in the order of the ids, null for an unknown one, duplicates repeated."""
    ids = ["ARXIV:1705.08168", "ARXIV:9999.99999", NONLOCAL, "ARXIV:1705.08168"]
    rows = batch(box, ids).json()
    assert [row and row["title"] for row in rows] == [
        "Look, Listen and Learn",
        None,
        "Non-local Neural Networks",
        "Look, Listen and Learn",
    ]


@pytest.mark.parametrize(
    ("ids", "error"),
    [
        (["ARXIV:9999.99999", "x"], "No valid paper ids given"),
        ([], "No valid paper ids given"),
        ([NONLOCAL, "PMID:"], "No valid paper ids given"),
        ([NONLOCAL] * 501, "Too many ids: at most 500 are allowed"),
    ],
)
def test_batches_that_fail(box: Sandbox, ids: list[str], error: str) -> None:
    """None known, an empty id and too many ids are 400 for the whole batch."""
    answer = batch(box, ids)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_batch_of_500(box: Sandbox) -> None:
    """500 ids are one request."""
    assert len(batch(box, [NONLOCAL] * 500).json()) == 500


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ids": "x"}', b'{"ids": [1]}', b"{", b'"\xff"'])
def test_batch_without_ids(box: Sandbox, body: bytes) -> None:
    """A body that is not a list of ids is refused, not stumbled over."""
    assert requests.post(f"{box.s2_url}/paper/batch", data=body).status_code == 400


def test_merged_record(box: Sandbox) -> None:
    """Asked by the id of a record that was merged, the answer bears another paperId."""
    old = derived_sha("tsm, the record of 2018")
    rows = batch(box, [old, f"CorpusId:{derived_corpus_id(old)}", "ARXIV:1811.08383"]).json()
    assert len({row["paperId"] for row in rows}) == 1
    assert rows[0]["paperId"] != old


def test_papers_of_one_service_only(box: Sandbox) -> None:
    """Some arXiv papers are unknown to Semantic Scholar and some of its papers to arXiv."""
    [gone, karpathy] = batch(
        box, ["ARXIV:1807.11122", "DOI:10.1109/CVPR.2014.223"], "externalIds"
    ).json()
    assert gone is None
    assert "ArXiv" not in karpathy["externalIds"]


def test_one_paper_two_records(box: Sandbox) -> None:
    """One title, two records, of which one knows the arXiv id."""
    answer = ask(
        box,
        "/paper/search/bulk",
        query='"Ambient Sound Provides Supervision for Visual Learning"',
        fields="externalIds,title",
    )
    rows = answer.json()["data"]
    assert sorted("ArXiv" in row["externalIds"] for row in rows) == [False, True]


def test_fields_of_a_record(box: Sandbox) -> None:
    """Asked fields come in the service's order and types; abstracts may be null."""
    fields = (
        "authors,title,externalIds,corpusId,abstract,venue,year,citationCount,publicationDate,"
        "openAccessPdf,publicationVenue,journal,tldr,s2FieldsOfStudy,publicationTypes"
    )
    row = ask(box, "/paper/ARXIV:1705.08168", fields=fields).json()
    assert sorted(row) == sorted({*fields.split(","), "paperId"})
    assert row["abstract"] is None
    assert row["externalIds"]["CorpusId"] == row["corpusId"]
    assert isinstance(row["corpusId"], int)
    assert row["externalIds"]["ArXiv"] == "1705.08168"
    assert (row["year"], row["publicationDate"]) == (2017, "2017-05-15")
    assert [a["name"] for a in row["authors"]] == ["Relja Arandjelović", "Andrew Zisserman"]
    assert set(row["authors"][0]) == {"authorId", "name"}


def test_abstracts_say_that_they_are_none(box: Sandbox) -> None:
    """No abstract of the embedded catalogue can be taken for a real one."""
    assert all(paper.text.startswith("Sandbox text") for paper in box.catalogue)


@pytest.mark.parametrize(
    ("path", "fields", "named"),
    [
        ("/paper/ARXIV:1711.07971", "title,foo,bar.x", "foo, bar.x"),
        ("/paper/ARXIV:1711.07971", "authors.shoe", "authors.shoe"),
        ("/paper/search/match?query=x", "matchScore", "matchScore"),
        (
            "/paper/search/bulk?query=x",
            "tldr,embedding,citations,title",
            "tldr, embedding, citations",
        ),
        ("/author/search?query=x", "title", "title"),
    ],
)
def test_fields_refused(box: Sandbox, path: str, fields: str, named: str) -> None:
    """Unknown fields, and those an endpoint does not serve, are named in a 400."""
    answer = ask(box, path, fields=fields)
    assert answer.status_code == 400
    assert answer.text == f'{{"error":"Unrecognized or unsupported fields: [{named}]"}}\n'


def test_parameters_refused(box: Sandbox) -> None:
    """Parameters that do not exist are named in a 400."""
    answer = ask(box, "/paper/ARXIV:1711.07971", a="1", b="2")
    assert answer.json() == {"error": "Unacceptable query params: [a=1, b=2]"}


def test_unknown_paper_comes_before_unknown_fields(box: Sandbox) -> None:
    """Both wrong: the answer is about the id."""
    assert ask(box, "/paper/0", fields="foo").status_code == 404


def test_search_pages(box: Sandbox) -> None:
    """offset and limit page through; `next` is there while there is more; no `data` for nothing."""
    first = ask(box, "/paper/search", query="video", limit="5").json()
    assert (first["offset"], first["next"], len(first["data"])) == (0, 5, 5)
    last = ask(box, "/paper/search", query="video", offset=str(first["total"] - 1)).json()
    assert len(last["data"]) == 1
    assert "next" not in last
    assert ask(box, "/paper/search", query="n0 r3sult").json() == {"total": 0, "offset": 0}
    past = ask(box, "/paper/search", query="video", offset="500")
    assert past.json() == {"error": "Requested data for this limit and/or offset is not available"}
    deep = ask(box, "/paper/search", query="video", offset="950", limit="100")
    assert deep.json()["error"].startswith("Relevance search offset + limit must be < 1000.")
    assert ask(box, "/paper/search", query="video", limit="101").status_code == 400
    assert ask(box, "/paper/search").status_code == 400


def test_search_wants_spaces_for_hyphens(box: Sandbox) -> None:
    """A hyphenated word finds nothing in relevance search."""
    assert "data" not in ask(box, "/paper/search", query="text-video embedding").json()
    assert ask(box, "/paper/search", query="text video embedding").json()["total"] > 0


def test_match_gives_the_best_row_right_or_wrong(box: Sandbox) -> None:
    """`match` finds exact titles, gives a wrong paper for a near one, 404 when nothing is near.

    The wrong row's score is above a right one's: no threshold separates them.
    """

    def match(query: str) -> tuple[str, float]:
        [row] = ask(box, "/paper/search/match", query=query, fields="title").json()["data"]
        return row["title"], row["matchScore"]

    assert match("Attention is all you need")[0] == "Attention is All you Need"
    assert match("mining association rules between")[0].startswith("Mining association rules")
    wrong = match("Effect of native oxide layers on copper thin-film tensile properties: A study")
    assert wrong[0].endswith("A reactive molecular dynamics study")
    assert wrong[1] > match("Attention is all you need")[1]
    assert match("Gravity Hill")[0].startswith("Explanation of Gravity Hill")
    absent = match("Multimodal Representation of Advertisements Using Segment-level Autoencoders")
    assert absent[0].startswith("Reply to")
    miss = ask(box, "/paper/search/match", query="Zoology of imaginary whales")
    assert (miss.status_code, miss.text) == (404, '{"error":"Title match not found"}\n')


def test_every_title_matches_itself(box: Sandbox) -> None:
    """Asked by its own words, each of Semantic Scholar's papers is found or its namesake is."""
    for paper in box.catalogue:
        if paper.s2:
            title = paper.s2_title or paper.title
            answer = ask(box, "/paper/search/match", query=title, fields="title")
            assert titles(answer) == [title]


def test_bulk_pages_by_token() -> None:
    """1,000 rows a page whatever the limit says, a token while there are more, then null."""
    papers = [Paper(f"Sheep number {i}", arxiv=f"2001.{i:05d}") for i in range(2500)]
    with Sandbox(limits=False, catalogue=Catalogue(papers)) as box:
        seen, token, sizes = set(), "", []
        while token is not None:
            page = ask(box, "/paper/search/bulk", query="sheep", limit="7", token=token).json()
            assert list(page) == ["total", "token", "data"]
            assert page["total"] == 2500
            seen |= {row["paperId"] for row in page["data"]}
            sizes.append(len(page["data"]))
            token = page["token"]
        assert (sizes, len(seen)) == ([1000, 1000, 500], 2500)
        assert ask(box, "/paper/search/bulk", query="sheep", token="!").status_code == 400


def test_bulk_sorts(box: Sandbox) -> None:
    """By paperId unless said; by citationCount both ways."""

    def column(name: str, **params: str) -> list[Any]:
        answer = ask(box, "/paper/search/bulk", query="video", fields=name, **params)
        return [row[name] for row in answer.json()["data"]]

    assert column("paperId") == sorted(column("paperId"))
    counts = column("citationCount", sort="citationCount:desc")
    assert counts == sorted(counts, reverse=True)
    assert column("citationCount", sort="citationCount") == counts[::-1]
    assert ask(box, "/paper/search/bulk", query="video", sort="size").status_code == 400


def test_filters(box: Sandbox) -> None:
    """year, venue and minCitationCount narrow a search."""
    rows = ask(
        box,
        "/paper/search/bulk",
        query="video",
        fields="year,venue,citationCount",
        year="2014-2017",
        venue="Computer Vision and Pattern Recognition",
        minCitationCount="100",
    ).json()["data"]
    assert rows
    assert {r["venue"] for r in rows} == {"Computer Vision and Pattern Recognition"}
    assert all(2014 <= r["year"] <= 2017 and r["citationCount"] >= 100 for r in rows)


def test_authors(box: Sandbox) -> None:
    """An author's record, papers, batch with null, and search."""
    [hit] = ask(box, "/author/search", query="zisserman", fields="name,paperCount").json()["data"]
    ident = hit["authorId"]
    assert ask(box, f"/author/{ident}").json() == {"authorId": ident, "name": "Andrew Zisserman"}
    papers = ask(box, f"/author/{ident}/papers").json()["data"]
    assert len(papers) == hit["paperCount"]
    rows = requests.post(f"{box.s2_url}/author/batch", json={"ids": ["1", ident]}).json()
    assert rows == [None, {"authorId": ident, "name": "Andrew Zisserman"}]
    assert ask(box, "/author/1").json() == {"error": "Author with id 1 not found"}


def test_keys(box: Sandbox) -> None:
    """A known bad key is 403 Forbidden; with a list of keys only those are good."""

    def status(where: Sandbox, key: str) -> int:
        address = f"{where.s2_url}/paper/{NONLOCAL}"
        return requests.get(address, headers={"x-api-key": key}).status_code

    assert (status(box, "bad-key"), status(box, "any")) == (403, 200)
    with Sandbox(limits=False, keys=["mine"]) as strict:
        assert (status(strict, "any"), status(strict, "mine")) == (403, 200)


def test_open_access_in_every_status() -> None:
    """Every recorded status occurs; an address may be a document, a page, a DOI or nothing."""
    seen = [access(paper) for paper in synthetic(500, 1, with_embedded=False)]
    assert {a["status"] for a in seen} == {"CLOSED", "BRONZE", "GREEN", "HYBRID", "GOLD", None}
    assert any(a["url"] and a["status"] == "CLOSED" for a in seen)
    assert 0.4 < sum(not a["url"] for a in seen) / len(seen) < 0.7
    assert any(a["url"] and not a["url"].endswith(".pdf") for a in seen)
    assert all(a["disclaimer"].startswith("Notice: ") for a in seen)


def test_elided_abstracts_say_so(box: Sandbox) -> None:
    """Where the publisher withholds the abstract, the disclaimer names it."""
    row = ask(box, "/paper/ARXIV:1705.08168", fields="abstract,openAccessPdf").json()
    assert row["abstract"] is None
    assert "elided by the publisher: {'abstract'}" in row["openAccessPdf"]["disclaimer"]


def test_journals_and_medical_ids(box: Sandbox) -> None:
    """Journals can have a volume and pages; PubMed ids occur and find their paper."""
    papers = [Paper(f"Sheep {i}", doi=f"10.1/{i}", venue="Farming", year=2020) for i in range(60)]
    with Sandbox(limits=False, catalogue=Catalogue(papers)) as farm:
        rows = batch(farm, [p.sha for p in papers], "journal,externalIds").json()
        keys = {tuple(row["journal"]) for row in rows}
        assert keys == {("name",), ("name", "volume"), ("name", "pages", "volume")}
        medical = [row for row in rows if "PubMed" in row["externalIds"]]
        assert medical
        for row in medical:
            ids = row["externalIds"]
            for ident in (f"PMID:{ids['PubMed']}", f"PMCID:{ids['PubMedCentral']}"):
                assert ask(farm, f"/paper/{ident}").json()["paperId"] == row["paperId"]
