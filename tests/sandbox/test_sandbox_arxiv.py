"""arXiv's answers: which check comes first, what an id finds, how results are sorted and paged."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from enrich.sandbox import Sandbox

TSM, HOT = "1811.08383", "astro-ph/0601001"


def ask(box: Sandbox, http: requests.Session, **params: object) -> requests.Response:
    return http.get(box.arxiv_url, params={k: str(v) for k, v in params.items()})


def ids(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return re.findall(r"<id>http://arxiv.org/abs/([^<]+)</id>", answer.text)


def total(answer: requests.Response) -> int:
    match = re.search(r"totalResults[^>]*>(\d+)<", answer.text)
    assert match
    return int(match[1])


def summary(answer: requests.Response) -> str:
    match = re.search("<summary>(.*)</summary>", answer.text)
    assert match
    return match[1]


def test_checks_come_in_the_services_order(box: Sandbox, http: requests.Session) -> None:
    """Each mistake hides those after it: id, max_results, start, sortBy, sortOrder, query."""
    wrong = {
        "id_list": "abc",
        "max_results": "x",
        "start": "-1",
        "sortBy": "size",
        "sortOrder": "up",
        "search_query": "(",
    }
    right = {
        "id_list": TSM,
        "max_results": 5,
        "start": 0,
        "sortBy": "relevance",
        "sortOrder": "ascending",
        "search_query": "all:x",
    }
    messages = [
        "incorrect id format for abc",
        "max_results must be an integer",
        "start must be non-negative",
        "sortBy must be in: relevance, lastUpdatedDate, submittedDate",
        "sortOrder must be in: ascending, descending",
        "Invalid query string: '('",
    ]
    for i, message in enumerate(messages):
        params = {
            name: right[name] if k < i else value for k, (name, value) in enumerate(wrong.items())
        }
        answer = ask(box, http, **params)
        assert answer.status_code == 400
        assert summary(answer) == message
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert "<published>" not in answer.text
    assert ask(box, http, **right).status_code == 200


@pytest.mark.parametrize(
    "params", [{"max_results": 0}, {"max_results": 10001}, {"start": 9995, "max_results": 10}]
)
def test_pages_out_of_bounds_are_500(
    box: Sandbox, http: requests.Session, params: dict[str, int]
) -> None:
    """An empty page, one over 10,000 and a window past 10,000 are internal errors there."""
    assert ask(box, http, search_query="all:video", **params).status_code == 500


@pytest.mark.parametrize(
    "given",
    [
        f"arXiv:{TSM}",
        f" {TSM}",
        f"{TSM}V2",
        "1811.083833",
        f"{TSM}.pdf",
        f"https://arxiv.org/abs/{TSM}",
        "cs.LG/0501001",
        f"{TSM}v9",
        f"{TSM}v0",
        "9999.99999",
    ],
)
def test_ids_match_exactly_or_are_dropped(box: Sandbox, http: requests.Session, given: str) -> None:
    """What only looks like an id passes and finds nothing; the others of the list are found."""
    answer = ask(box, http, id_list=f"{given},{HOT}")
    assert (ids(answer), total(answer)) == ([f"{HOT}v1"], 1)


@pytest.mark.parametrize("bad", ["abc", "", "10.1145/no-id"])
def test_one_malformed_id_fails_the_list(box: Sandbox, http: requests.Session, bad: str) -> None:
    """Anything unlike an id, a trailing comma too, is 400 for the whole list."""
    answer = ask(box, http, id_list=f"{TSM},{bad}")
    assert answer.status_code == 400
    assert summary(answer) == f"incorrect id format for {bad}"


def test_versions(box: Sandbox, http: requests.Session) -> None:
    """No version is the latest, vN is that one with its own date, duplicates collapse."""
    assert ids(ask(box, http, id_list=TSM)) == [f"{TSM}v2"]
    assert ids(ask(box, http, id_list=f"{TSM},{TSM}v2,{TSM}")) == [f"{TSM}v2"]
    first = ask(box, http, id_list=f"{TSM}v1")
    assert ids(first) == [f"{TSM}v1"]
    assert "<updated>2018-11-20T17:39:26Z</updated>" in first.text


def test_order_is_not_that_of_the_request(box: Sandbox, http: requests.Session) -> None:
    """Asked in two orders the answer is one and the same: rows are joined by id."""
    wanted = [p.arxiv for p in box.catalogue if p.arxiv][:20]
    forth = ids(ask(box, http, id_list=",".join(wanted), max_results=20))
    back = ids(ask(box, http, id_list=",".join(reversed(wanted)), max_results=20))
    assert forth == back
    assert [i.rpartition("v")[0] for i in forth] != wanted
    assert len(forth) == 20


def test_page_size_is_ten_for_id_lists_too(box: Sandbox, http: requests.Session) -> None:
    """max_results is 10 unless said; itemsPerPage is the size asked for."""
    wanted = ",".join(str(p.arxiv) for p in box.catalogue if p.arxiv)
    answer = ask(box, http, id_list=wanted)
    assert len(ids(answer)) == 10
    assert total(answer) > 10
    last = ask(box, http, id_list=wanted, start=total(answer) - 3, max_results=500)
    assert len(ids(last)) == 3
    assert ">500</opensearch:itemsPerPage>" in last.text


def test_query_and_ids_are_both_asked(box: Sandbox, http: requests.Session) -> None:
    """With both, only papers of the list that fit the query come."""
    answer = ask(box, http, id_list=f"{TSM},{HOT}", search_query="ti:temporal")
    assert ids(answer) == [f"{TSM}v2"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('ti:"Objects that Sound" ANDNOT ti:2', ["1712.06651v2"]),
        ('au:"Karen Simonyan"', ["1409.1556v2", "1406.2199v2"]),
        ("id:1811.08383", ["1811.08383v2"]),
        ('doi:"10.1063/1.4944470"', ["1601.00001v1"]),
        ('jr:"Chem. Phys."', ["1601.00001v1"]),
        ('co:"withdrawn by the author"', ["1808.90008v2"]),
        ("cat:quant-ph", ["quant-ph/0201082v1"]),
        ("submittedDate:[200601010000 TO 200601022359]", ["astro-ph/0601001v1"]),
        ('abs:"names Story Understanding"', ["1910.90009v1"]),
        ('ti:"Überblick über Videoanalyse"', ["2107.90019v1"]),
        ('ti:"alpha$-Fair Video Streaming"', ["2106.90018v1"]),
        ('ti:"nobody wrote this"', []),
    ],
)
def test_search_finds(box: Sandbox, http: requests.Session, query: str, found: list[str]) -> None:
    """Each prefix looks where it says, over arXiv's papers only."""
    assert ids(ask(box, http, search_query=query)) == found


def test_many_titles_in_one_query(box: Sandbox, http: requests.Session) -> None:
    """Quoted titles joined by OR find every paper that arXiv has under one of them."""
    titles = [p.title.replace('"', " ") for p in box.catalogue if p.arxiv][:30]
    query = " OR ".join(f'ti:"{t}"' for t in titles)
    answer = ask(box, http, search_query=query, max_results=200)
    found = set(re.findall("<title>(.*)</title>", answer.text))
    assert set(titles) <= found


@pytest.mark.parametrize("by", ["submittedDate", "lastUpdatedDate"])
def test_sorting(box: Sandbox, http: requests.Session, by: str) -> None:
    """Dates sort both ways, newest first unless said."""
    tag = "published" if by == "submittedDate" else "updated"
    for order in ("descending", "ascending"):
        answer = ask(box, http, search_query="ti:video", sortBy=by, sortOrder=order, max_results=99)
        body = answer.text.partition("<entry>")[2]
        dates = re.findall(f"<{tag}>(.*)</{tag}>", body)
        assert dates == sorted(dates, reverse=order == "descending")
        assert len(dates) > 5


def test_long_addresses_are_refused(box: Sandbox, http: requests.Session) -> None:
    """600 to 700 ids in one GET are too many, 100 are not."""
    assert ask(box, http, id_list=",".join([TSM] * 100)).status_code == 200
    assert ask(box, http, id_list=",".join([TSM] * 700)).status_code == 414


def test_hostile_titles_are_escaped(box: Sandbox, http: requests.Session) -> None:
    """A title with markup is text in the feed."""
    answer = ask(box, http, id_list="2105.90017")
    assert "&lt;img src=x onerror=alert(1)&gt;" in answer.text
    assert "<img" not in answer.text


def test_other_paths_are_not_found(box: Sandbox, http: requests.Session) -> None:
    """Only the two services' addresses answer."""
    base = box.arxiv_url.removesuffix("/api/query")
    assert http.get(f"{base}/api/other").status_code == 404
    assert http.get(f"{base}/").status_code == 404


def test_post_is_served_too(box: Sandbox, http: requests.Session) -> None:
    """A form in the body is read like the address."""
    assert ids(http.post(box.arxiv_url, data={"id_list": TSM})) == [f"{TSM}v2"]


def test_many_at_once() -> None:
    """Threads asking at the same time are all answered, and each stands in the log once."""
    with Sandbox(limits=False) as box:

        def ask(n: int) -> int:
            if n % 2:
                return requests.get(box.arxiv_url, {"search_query": "ti:video"}).status_code
            return requests.get(f"{box.s2_url}/paper/search?query=video").status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(100))) == {200}
        assert [asked.number for asked in box.requests] == list(range(1, 101))
        assert box.count("arxiv") == box.count("s2", "search") == 50
