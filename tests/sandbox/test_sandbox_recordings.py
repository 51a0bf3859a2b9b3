"""The sandbox beside recorded exchanges with the real services; skipped where those are absent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
import requests

from enrich.sandbox import Catalogue, Paper, Sandbox
from enrich.sandbox.s2_records import PAPER_FIELDS

SHARED = Path(__file__).resolve().parents[2] / "../shared"
RECORDED = SHARED / "data/recorded"
EXAMPLES = SHARED / "contracts/examples"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="recorded exchanges are not here")

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"


def recordings(name: str) -> list[dict[str, Any]]:
    path = RECORDED / name
    return (
        [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    )


MORE = [r for name in ("more.jsonl", "graph.jsonl") for r in recordings(name)]
MORE = [r for r in MORE if r["url"] and r["status"] and "(unknown)" not in r["url"]]
ARXIV_EXCHANGES = [r for r in recordings("arxiv.jsonl") if r["url"] and r["status"]]
S2_EXCHANGES = [r for r in recordings("semantic_scholar.jsonl") if "/graph/v1/" in (r["url"] or "")]


def is_classic(exchange: dict[str, Any]) -> bool:
    return str(exchange["dialect"]).startswith("classic")


def label(exchange: dict[str, Any]) -> str:
    return re.sub(r"https?://[^/]+/", "", exchange["url"])[:90]


def paper_of(entry: ET.Element, classic: bool) -> Paper:
    """A catalogue paper that says what a recorded entry says."""

    def text(tag: str) -> str | None:
        return entry.findtext(tag)

    def flat(tag: str) -> str | None:
        value = text(tag)
        return " ".join(value.split()) if classic and value else value

    ident = str(text(f"{ATOM}id")).removeprefix("http://arxiv.org/abs/")
    arxiv, _, version = ident.rpartition("v")
    published, updated = str(text(f"{ATOM}published")), str(text(f"{ATOM}updated"))
    versions = (published, *["2000-01-01T00:00:00Z"] * (int(version) - 2), updated)
    summary = str(text(f"{ATOM}summary"))
    doi = text(f"{ARXIV}doi")
    authors = entry.findall(f"{ATOM}author")
    primary = entry.find(f"{ARXIV}primary_category")
    assert primary is not None
    return Paper(
        title=str(flat(f"{ATOM}title")),
        authors=tuple(str(a.findtext(f"{ATOM}name")) for a in authors),
        affiliations=tuple(x for a in authors if (x := a.findtext(f"{ARXIV}affiliation"))),
        arxiv=arxiv,
        versions=versions[: int(version)],
        categories=tuple(c.attrib["term"] for c in entry.findall(f"{ATOM}category")),
        comment=flat(f"{ARXIV}comment"),
        journal_ref=flat(f"{ARXIV}journal_ref"),
        doi=doi,
        arxiv_doi=doi is not None,
        abstract=summary.removeprefix("  ").removesuffix("\n") if classic else summary,
    )


def entries(body: str) -> list[str]:
    return re.findall(r"  <entry>.*?</entry>\n", body, re.DOTALL)


def masked(body: str) -> str:
    """Without what differs from answer to answer: the feed's own id and times."""
    body = re.sub(r"(arxiv.org/api/)[A-Za-z0-9+/]{27}(</id>)", r"\1…\2", body)
    head, mark, tail = body.partition("<entry>")
    stamp = r"<updated>[^<]*</updated>"
    head = re.sub(stamp, "<updated/>", head)
    if "<title>Error</title>" in tail:
        tail = re.sub(stamp, "<updated/>", tail)
    return head + mark + tail


@pytest.mark.parametrize("exchange", ARXIV_EXCHANGES, ids=label)
def test_arxiv_feed_is_the_recorded_one(exchange: dict[str, Any]) -> None:
    """From the facts of a recorded feed the sandbox writes that feed, byte for byte.

    Searches over all of arXiv cannot be repeated over a few papers: their entries are compared.
    """
    classic, body = is_classic(exchange), exchange["response_body"]
    papers = []
    if exchange["status"] == 200:
        papers = [paper_of(e, classic) for e in ET.fromstring(body.strip()).iter(f"{ATOM}entry")]
    ids = [f"{paper.arxiv}v{len(paper.versions)}" for paper in papers]
    with Sandbox(
        limits=False, catalogue=Catalogue(papers), deviations=["arxiv-classic"] if classic else []
    ) as box:
        if re.search(r"search_query=[^&]", exchange["url"]):
            answer = requests.get(box.arxiv_url, {"id_list": ",".join(ids), "max_results": "1000"})
            assert sorted(entries(answer.text)) == sorted(entries(body))
        else:
            answer = requests.get(f"{box.arxiv_url}?{urlsplit(exchange['url']).query}")
            assert answer.status_code == exchange["status"]
            assert masked(answer.text) == masked(body)


@pytest.mark.parametrize(
    ("example", "query", "status"),
    [
        ("arxiv_400_bad_query.xml", "search_query=(ti:space", 400),
        ("arxiv_400_malformed_id.xml", "id_list=abc", 400),
        ("arxiv_400_max_results_negative.xml", "search_query=x&max_results=-1", 400),
        ("arxiv_400_no_params.xml", "", 400),
        ("arxiv_400_sortby.xml", "search_query=x&sortBy=foo", 400),
        ("arxiv_400_start_not_int.xml", "search_query=x&start=foo", 400),
        ("arxiv_500.xml", "search_query=x&max_results=0", 500),
    ],
)
def test_arxiv_error_is_the_recorded_one(
    box: Sandbox, http: requests.Session, example: str, query: str, status: int
) -> None:
    """Each refusal is the recorded Atom error, byte for byte, times apart."""
    answer = http.get(f"{box.arxiv_url}?{query}")
    assert answer.status_code == status
    assert masked(answer.text) == masked((EXAMPLES / example).read_text("utf-8"))


def replay(box: Sandbox, http: requests.Session, exchange: dict[str, Any]) -> requests.Response:
    tail = exchange["url"].split("/graph/v1", 1)[1].replace("?&", "?")
    body = exchange["request_body"]
    while isinstance(body, str):
        body = json.loads(body)
    headers = {"x-api-key": "bad-key"} if exchange["status"] == 403 else {}
    return http.request(exchange["method"], box.s2_url + tail, json=body, headers=headers)


S2_REFUSALS = [
    r
    for r in S2_EXCHANGES
    if r["status"] in (400, 403, 404) and "not available" not in str(r["response_body"])
]


@pytest.mark.parametrize("exchange", S2_REFUSALS, ids=label)
def test_s2_refusal_is_the_recorded_one(
    box: Sandbox, http: requests.Session, exchange: dict[str, Any]
) -> None:
    """The same request is refused with the same status and the same bytes."""
    answer = replay(box, http, exchange)
    assert answer.status_code == exchange["status"]
    assert answer.text == exchange["response_body"]


KNOWN_HERE = ("10.1093/mind", "paper/batch", "search/match?query=mining+")


@pytest.mark.parametrize(
    "exchange",
    [
        r
        for r in S2_EXCHANGES
        if r["status"] == 200
        and any(k in r["url"] for k in KNOWN_HERE)
        and r["commit_date"] > "2023-12"
    ],
    ids=label,
)
def test_s2_answer_has_the_recorded_shape(
    box: Sandbox, http: requests.Session, exchange: dict[str, Any]
) -> None:
    """Of papers that the catalogue holds too: same papers, same nulls, same keys in one order."""
    answer, body = replay(box, http, exchange).json(), exchange["response_body"]
    recorded = json.loads(body) if isinstance(body, str) else body
    if isinstance(recorded, dict):
        answer, recorded = answer.get("data", [answer]), recorded.get("data", [recorded])
    assert [row and row["paperId"] for row in answer] == [
        row and row["paperId"] for row in recorded
    ]
    for mine, theirs in zip(answer, recorded, strict=True):
        assert mine is theirs is None or list(mine) == list(theirs)


@pytest.mark.parametrize(
    "exchange",
    [r for r in S2_EXCHANGES if r["status"] == 200 and "/paper/search" in r["url"]],
    ids=label,
)
def test_s2_rows_keep_the_recorded_order_of_keys(
    exchange: dict[str, Any], box: Sandbox, http: requests.Session
) -> None:
    """A search answer has the recorded keys around its rows, and rows keep the service's order."""
    body = exchange["response_body"]
    recorded = json.loads(body) if isinstance(body, str) else body
    kind = urlsplit(exchange["url"]).path.rpartition("/")[2]
    mine = http.get(
        f"{box.s2_url}/paper/search{'/' + kind if kind != 'search' else ''}?query=video"
    )
    assert set(recorded) - {"next"} <= set(mine.json())
    for row in recorded["data"]:
        order = [PAPER_FIELDS.index(name) for name in row if name in PAPER_FIELDS]
        assert order == sorted(order)


@pytest.mark.parametrize(
    ("example", "fault", "path"),
    [
        ("s2_429.json", "s2:429", "/paper/search?query=x"),
        ("s2_500.json", "s2:500", "/paper/search?query=x"),
        ("s2_504.json", "s2:504", "/paper/search?query=x"),
    ],
)
def test_s2_failure_is_the_recorded_one(
    box: Sandbox, http: requests.Session, example: str, fault: str, path: str
) -> None:
    """Failures caused by a fault have the recorded bodies."""
    box.set_faults([fault])
    answer = http.get(box.s2_url + path)
    assert answer.status_code == int(fault.partition(":")[2])
    assert answer.text.strip() == (EXAMPLES / example).read_text("utf-8").strip()


def served_from(rows: Iterable[dict[str, Any]]) -> Catalogue:
    """A catalogue of the papers in recorded rows."""
    papers = {}
    for row in rows:
        ids = row.get("externalIds") or {}
        papers[row["paperId"]] = Paper(
            title=row["title"],
            authors=tuple(a["name"] for a in row.get("authors") or ()),
            arxiv=ids.get("ArXiv"),
            doi=ids.get("DOI"),
            year=row.get("year"),
            venue=row.get("venue") or "",
            paper_id=row["paperId"],
            corpus=ids.get("CorpusId"),
        )
    return Catalogue(papers.values())


def test_the_recorded_title_matches() -> None:
    """Each recorded query finds the recorded paper, right or wrong, among all that were matched.

    The 404s are misses here too. 6 of the papers have a shortened or renamed title.
    """
    asked = [r for r in [*S2_EXCHANGES, *MORE] if "/paper/search/match" in r["url"]]
    found = {r["url"]: json.loads(r["response_body"]).get("data") for r in asked}
    rows = [row for data in found.values() for row in data or ()]
    assert len(rows) > 130
    with Sandbox(limits=False, catalogue=served_from(rows)) as box:
        for url, data in found.items():
            query = parse_qs(urlsplit(url).query)["query"][0]
            answer = requests.get(f"{box.s2_url}/paper/search/match", {"query": query}).json()
            got = [row["paperId"] for row in answer.get("data", ())]
            assert got == [row["paperId"] for row in data or ()], query


def test_the_recorded_papers_by_id() -> None:
    """Each recorded `/paper/{id}` is found by the recorded spelling of its id."""
    asked = [
        (urlsplit(r["url"]).path.partition("/paper/")[2], json.loads(r["response_body"]))
        for r in MORE
        if r["status"] == 200 and re.search(r"/graph/v1/paper/(?:DOI:|ARXIV:)[^?]*\?", r["url"])
        if "/references" not in r["url"] and "/citations" not in r["url"]
    ]
    asked = [(i, row) for i, row in asked if row.get("title") and row.get("externalIds")]
    assert len(asked) > 80
    with Sandbox(limits=False, catalogue=served_from(row for _, row in asked)) as box:
        for ident, row in asked:
            answer = requests.get(f"{box.s2_url}/paper/{ident}?fields=externalIds").json()
            assert answer["paperId"] == row["paperId"], ident


GRAPH_REFUSALS = [
    r
    for r in recordings("graph.jsonl")
    if r["status"] in (400, 404) and "joss.01686" not in r["url"]
]


@pytest.mark.parametrize("exchange", GRAPH_REFUSALS, ids=label)
def test_graph_refusal_is_the_recorded_one(
    box: Sandbox, http: requests.Session, exchange: dict[str, Any]
) -> None:
    """References and recommendations are refused with the recorded status and words."""
    parts = urlsplit(exchange["url"])
    body = json.loads(exchange["request_body"]) if exchange["request_body"] else None
    address = f"http://127.0.0.1:{box.port}{parts.path}?{parts.query}"
    answer = http.request(exchange["method"], address, json=body)
    assert answer.status_code == exchange["status"]
    assert answer.json() == json.loads(exchange["response_body"])


def test_graph_pages_have_the_recorded_keys(box: Sandbox, http: requests.Session) -> None:
    """Pages of edges have the keys of a recorded page, elided ones those of a recorded one."""
    recorded = [r for r in recordings("graph.jsonl") if "/references?" in r["url"]]
    pages = [json.loads(r["response_body"]) for r in recorded]
    elided = next(page for page in pages if page["data"] is None)
    whole = next(page for page in pages if page["data"] and "citingPaperInfo" in page)
    [withheld] = [p for p in box.catalogue if p.elided]
    mine = http.get(f"{box.s2_url}/paper/{withheld.sha}/references").json()
    assert list(mine) == list(elided)
    mine = http.get(f"{box.s2_url}/paper/ARXIV:1811.08383/references?limit=1000").json()
    assert list(mine) == list(whole)
    assert set(mine["citingPaperInfo"]) >= set(whole["citingPaperInfo"])
    assert set(mine["data"][0]) == set(whole["data"][0])
