"""Faults: each kind, where it applies and when."""

from __future__ import annotations

import contextlib
import http.client
import re
from typing import Any

import pytest
import requests
import urllib3

from enrich.sandbox import Fault, Sandbox
from enrich.sandbox.faults import KINDS, Faults


def arxiv(box: Sandbox) -> requests.Response:
    return requests.get(box.arxiv_url, {"search_query": "ti:video", "max_results": "50"})


def batch(box: Sandbox) -> requests.Response:
    return requests.post(f"{box.s2_url}/paper/batch", json={"ids": ["ARXIV:1811.08383"]})


def s2(box: Sandbox, path: str) -> requests.Response:
    return requests.get(f"{box.s2_url}/{path}")


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 406, 410, 418, 429, 500, 502, 503, 504]
)
def test_statuses(box: Sandbox, status: int) -> None:
    """Each status comes from both services with a body of the service's kind."""
    box.set_faults([str(status)])
    for answer in (arxiv(box), batch(box)):
        assert answer.status_code == status
        assert b"1811.08383" not in answer.content
    assert arxiv(box).headers.get("Retry-After") == ("0" if status == 503 else None)
    if status == 429:
        assert arxiv(box).text == "Rate exceeded."


def test_retry_after(box: Sandbox) -> None:
    """A value after a status is its Retry-After in seconds."""
    box.set_faults(["s2:429=30", "arxiv:503=2.5"])
    assert batch(box).headers["Retry-After"] == "30"
    assert arxiv(box).headers["Retry-After"] == "2.5"


def test_drop(box: Sandbox) -> None:
    """The connection closes without an answer, and the log has status 0."""
    box.set_faults(["drop"])
    for ask in (arxiv, batch):
        with pytest.raises(requests.ConnectionError):
            ask(box)
    # urllib3 does not repeat by itself: each was asked once.
    assert [(a.status, a.fault) for a in box.requests] == [(0, "drop")] * 2


def test_truncate(box: Sandbox) -> None:
    """Content-Length is more than what comes, which HTTP clients notice."""
    box.set_faults(["truncate"])
    for ask in (arxiv, batch):
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            ask(box)


def test_cut(box: Sandbox) -> None:
    """Half a body with a Content-Length that agrees, which only the parser can notice."""
    whole = batch(box).content
    box.set_faults(["cut"])
    assert batch(box).content == whole[: len(whole) // 2]
    assert arxiv(box).status_code == 200
    assert "</feed>" not in arxiv(box).text


def test_html_and_rate_with_200(box: Sandbox) -> None:
    """What is not an answer comes with status 200."""
    box.set_faults(["html"])
    assert {a.headers["Content-Type"] for a in (arxiv(box), batch(box))} == {
        "text/html; charset=utf-8"
    }
    box.set_faults(["rate200"])
    assert {(a.status_code, a.text) for a in (arxiv(box), batch(box))} == {(200, "Rate exceeded.")}


def test_empty(box: Sandbox) -> None:
    """Spurious empty answers are well-formed and of each endpoint's shape."""
    box.set_faults(["empty"])
    feed = arxiv(box).text
    assert "<entry>" not in feed
    assert ">0</opensearch:totalResults>" in feed
    assert feed.endswith("</feed>\n")
    assert batch(box).json() == []
    assert s2(box, "paper/search?query=video").json() == {"total": 0, "offset": 0}
    assert s2(box, "paper/search/bulk?query=video").json() == {
        "total": 0,
        "token": None,
        "data": [],
    }
    assert s2(box, "paper/search/match?query=video").json() == {"data": []}
    box.set_faults(["empty-total"])
    feed = arxiv(box).text
    assert "<entry>" not in feed
    total = re.search(r"totalResults>(\d+)<", feed)
    assert total and int(total[1]) > 0


def test_slow(box: Sandbox) -> None:
    """A slow answer is the right one, and is marked in the log."""
    right = batch(box).json()
    box.set_faults(["slow=0.01"])
    assert batch(box).json() == right
    assert box.requests[-1].fault == "slow"


def test_trickle(box: Sandbox) -> None:
    """A trickling answer is the right one."""
    right = batch(box).json()
    box.set_faults(["trickle=0.02"])
    assert batch(box).json() == right


def test_fewer_rows(box: Sandbox) -> None:
    """Some rows are missing while the total still counts them."""
    whole = arxiv(box).text
    box.set_faults(["fewer"])
    part = arxiv(box).text
    assert 0 < part.count("<entry>") < whole.count("<entry>")
    total = re.compile(r"totalResults>\d+<")
    assert total.findall(part) == total.findall(whole)
    assert batch(box).json() == []
    rows = s2(box, "paper/search/bulk?query=video").json()
    assert len(rows["data"]) < rows["total"]


def test_rows_of_other_papers(box: Sandbox) -> None:
    """Rows come for ids that were not asked for."""
    box.set_faults(["other"])
    feed = arxiv(box).text
    assert set(re.findall(r"<id>http://arxiv.org/abs/([^<]+)", feed)) == {"0704.0001v2"}
    assert [row["title"] for row in batch(box).json()] == ["Another paper"]


def test_entities(box: Sandbox) -> None:
    """The feed declares entities: one that expands, one that reads a file."""
    box.set_faults(["entities"])
    feed = arxiv(box).text
    assert "<!ENTITY" in feed
    assert "<title>&e; &file;</title>" in feed
    assert batch(box).json()[0]["title"].startswith("TSM")


def test_huge(box: Sandbox) -> None:
    """A right answer with blanks after it."""
    box.set_faults(["huge=2"])
    answer = batch(box)
    assert len(answer.content) > 2_000_000
    assert answer.json()


def test_redirect(box: Sandbox) -> None:
    """A redirect leads to another port, where it can be seen what came along."""
    with Sandbox(limits=False) as elsewhere:
        box.set_faults([f"redirect={elsewhere.port}"])
        address = f"{box.s2_url}/paper/ARXIV:1811.08383"
        requests.get(address, headers={"x-api-key": "k"})
        arxiv(box)
        assert [(a.service, a.keyed) for a in elsewhere.requests] == [
            ("s2", True),
            ("arxiv", False),
        ]


def test_closing_does_not_wait_for_the_slow() -> None:
    """A sandbox closed while it is slow drops the request instead of finishing it."""
    import threading

    with Sandbox(limits=False, faults=["slow=3600"]) as box:
        caught: list[Exception] = []

        def ask() -> None:
            try:
                batch(box)
            except requests.RequestException as error:
                caught.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not box.busy:
            thread.join(0.01)
    thread.join(30)
    assert not thread.is_alive()


def statuses(box: Sandbox, n: int) -> list[int]:
    return [s2(box, "paper/ARXIV:1811.08383").status_code for _ in range(n)]


def test_when(box: Sandbox) -> None:
    """The first so many, a window in the middle, from one on, always."""
    box.set_faults(["s2:500@first 2"])
    assert statuses(box, 4) == [500, 500, 200, 200]
    box.set_faults(["s2:503@2-3"])
    assert statuses(box, 5) == [200, 503, 503, 200, 200]
    box.set_faults(["s2:503@3-"])
    assert statuses(box, 4) == [200, 200, 503, 503]
    box.set_faults(["s2:503@always"])
    assert statuses(box, 2) == [503, 503]
    box.set_faults()
    assert statuses(box, 2) == [200, 200]


def test_chance_is_repeatable() -> None:
    """A fault at 30 % affects some requests, the same ones for a seed."""

    def outcomes(seed: int) -> list[bool]:
        faults = Faults(["429@30%"], seed)
        return [faults.due("s2", "batch") is not None for _ in range(1000)]

    assert outcomes(1) == outcomes(1) != outcomes(2)
    assert 250 < sum(outcomes(1)) < 350


def test_where() -> None:
    """A fault counts and affects only requests to its service and endpoint."""
    faults = Faults(["s2/batch:500@first1", "arxiv:406"])
    struck = [faults.due(*at) for at in (("s2", "bulk"), ("s2", "batch"), ("s2", "batch"))]
    assert [f and f.kind for f in struck] == [None, "500", None]
    assert faults.due("arxiv", "query") is not None


def test_reset_starts_counting_again(box: Sandbox) -> None:
    """After a reset the log is empty and a fault's first request is its first."""
    box.set_faults(["s2:500@first1"])
    assert statuses(box, 2) == [500, 200]
    box.reset()
    assert box.requests == ()
    assert statuses(box, 2) == [500, 200]


def test_one_spec_needs_no_list(box: Sandbox) -> None:
    """A single fault or deviation may be given as it is."""
    box.set_faults("s2:503")
    box.set_deviations("s2-key-refused")
    assert statuses(box, 1) == [503]


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("flood", "unknown fault 'flood'"),
        ("s2/query:500", "s2 has no endpoint 'query'"),
        ("s2:500@sometimes", "must be always, 30%, first3, 5-9, 5-, keyed"),
        ("s2:500@130%", "must be always"),
        ("s2:500@has", "must be always"),
        ("drop=5", "the fault drop takes no value"),
        ("slow=soon", "the fault slow takes a number"),
        ("900", "unknown fault '900'"),
        ("a b", "cannot be read"),
    ],
)
def test_bad_specs(spec: str, complaint: str) -> None:
    """A fault that cannot be understood says what is wrong."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        Fault.parse(spec)


# What each kind that never ends, or is no HTTP, makes of a request with a timeout.
UNREADABLE = {
    "drop", "truncate", "redirect", "key-redirect", "location", "loop", "garbage", "long-header",
    "many-headers", "continue", "drip-headers", "endless", "gzip-broken",
}  # fmt: skip
NUMBERS = {"slow": "0", "trickle": "0", "huge": "0", "gzip-bomb": "0", "drip": "0"}


@pytest.mark.slow
def test_every_kind_is_served(box: Sandbox) -> None:
    """Each kind reaches the client as a fault, and no kind breaks the server itself."""
    for kind in KINDS:
        box.set_faults([f"{kind}={NUMBERS[kind]}" if kind in NUMBERS else kind])
        for path in ("/api/query?id_list=1811.08383", "/graph/v1/paper/ARXIV:1811.08383"):
            address = f"http://127.0.0.1:{box.port}{path}"
            try:
                with requests.get(address, timeout=0.3, stream=True) as answer:
                    answer.raw.read(50, decode_content=True)
            except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError):
                assert kind in UNREADABLE
    box.set_faults()
    assert {asked.fault for asked in box.requests} == set(KINDS)
    assert batch(box).status_code == 200


def test_conditions(box: Sandbox) -> None:
    """A fault can be limited to requests with a key, without one, or that hold a text."""
    address = f"{box.s2_url}/paper/ARXIV:1811.08383"
    box.set_faults(["s2:403@keyed"])
    assert requests.get(address, headers={"x-api-key": "k"}).status_code == 403
    assert requests.get(address).status_code == 200
    box.set_faults(["s2:503@keyless"])
    assert requests.get(address, headers={"x-api-key": "k"}).status_code == 200
    assert requests.get(address).status_code == 503


def test_a_poisoned_id(box: Sandbox) -> None:
    """Every request that holds one id or title fails, on both services; all others are served."""
    box.set_faults(["500@has 1811.08383", "500@has TSM: temporal shift"])
    ids = ["ARXIV:1705.08168", "ARXIV:1811.08383"]
    batches = [
        requests.post(f"{box.s2_url}/paper/batch", json={"ids": wanted}).status_code
        for wanted in (ids, ids[:1], ids[1:])
    ]
    assert batches == [500, 200, 500]
    lists = [
        requests.get(box.arxiv_url, {"id_list": wanted}).status_code
        for wanted in ("1705.08168,1811.08383", "1705.08168")
    ]
    assert lists == [500, 200]
    queries = [
        s2(box, f"paper/search/bulk?query={query}").status_code
        for query in ('"Look" | "TSM Temporal  Shift Module"', '"Temporal Shift"')
    ]
    assert queries == [500, 200]


def test_conditions_combine(box: Sandbox) -> None:
    """Only requests that meet all conditions are counted."""
    box.set_faults(["s2/paper:500@first1 has 1811.08383"])
    paths = ["paper/ARXIV:1705.08168", "paper/ARXIV:1811.08383", "paper/ARXIV:1811.08383"]
    assert [s2(box, path).status_code for path in paths] == [200, 500, 200]


def test_throttling_of_one_endpoint(box: Sandbox) -> None:
    """One endpoint answers 429 while the others go on."""
    box.set_faults(["s2/paper:429", "s2/search:429"])
    assert statuses(box, 1) == [429]
    assert s2(box, "paper/search?query=video").status_code == 429
    assert s2(box, "paper/search/bulk?query=video").status_code == 200
    assert batch(box).status_code == 200


def test_refuses_everything(box: Sandbox) -> None:
    """A service can answer as if it knew no paper at all, in the words of a miss."""
    box.set_faults(["unknown"])
    assert batch(box).json() == {"error": "No valid paper ids given"}
    assert s2(box, "paper/ARXIV:1811.08383").json()["error"].endswith("1811.08383 not found")
    assert s2(box, "paper/search/match?query=TSM").json() == {"error": "Title match not found"}
    assert s2(box, "paper/search/bulk?query=TSM").json()["data"] == []
    assert "<entry>" not in arxiv(box).text


def test_short_batches(box: Sandbox) -> None:
    """The last rows, or those that hold a text, are missing without a trace in the totals."""
    ids = ["ARXIV:1705.08168", "ARXIV:1811.08383", "ARXIV:1711.07971"]

    def found() -> list[str]:
        answer = requests.post(f"{box.s2_url}/paper/batch", json={"ids": ids})
        return [row["title"][:3] for row in answer.json()]

    whole = arxiv(box).text
    box.set_faults(["short"])
    assert found() == ["Loo", "TSM"]
    assert arxiv(box).text.count("<entry>") == whole.count("<entry>") - 1
    totals = [int(re.findall(r"totalResults>(\d+)<", t)[0]) for t in (whole, arxiv(box).text)]
    assert totals[1] == totals[0] - 1
    box.set_faults(["short=2"])
    assert found() == ["Loo"]
    box.set_faults(["lose=tsm"])
    assert found() == ["Loo", "Non"]
    box.set_faults(["twice"])
    assert found() == ["Loo", "Loo", "TSM", "TSM", "Non", "Non"]


def test_merged_papers(box: Sandbox) -> None:
    """A merged paper has a new paperId and corpusId, and is found by its old and new ids."""
    fields = "corpusId,externalIds,title,citationCount"

    def row(ident: str) -> Any:
        address = f"{box.s2_url}/paper/batch?fields={fields}"
        return requests.post(address, json={"ids": [ident]}).json()[0]

    before = row("ARXIV:1811.08383")
    box.set_faults(["merged"])
    after = row(before["paperId"])
    assert after["paperId"] != before["paperId"]
    assert after["corpusId"] == after["externalIds"]["CorpusId"] != before["corpusId"]
    assert after["title"] == before["title"]
    box.set_faults()
    assert row(after["paperId"]) == row(f"CorpusId:{after['corpusId']}") == before


def test_the_key_is_echoed(box: Sandbox) -> None:
    """A service can repeat the key in a message and in a redirect."""
    address = f"{box.s2_url}/paper/ARXIV:1811.08383"

    def ask() -> requests.Response:
        return requests.get(address, headers={"x-api-key": "secret"}, allow_redirects=False)

    box.set_faults(["key-echo=403"])
    assert (ask().status_code, "secret" in ask().text) == (403, True)
    box.set_faults(["key-redirect"])
    assert "secret" in ask().headers["Location"]


def test_locations(box: Sandbox) -> None:
    """A redirect can lead to any text, to itself or nowhere."""

    def location() -> str | None:
        # requests parses the address even where it does not follow it.
        connection = http.client.HTTPConnection("127.0.0.1", box.port)
        connection.request("GET", "/graph/v1/paper/0?fields=title")
        with contextlib.closing(connection):
            answer = connection.getresponse()
            assert answer.status == 302
            return answer.headers["Location"]

    for fault, where in (
        ("location", "http://[::1/x"),
        ("location=http://127.0.0.1:notaport/@always", "http://127.0.0.1:notaport/"),
        ("location=", None),
        ("loop", "/graph/v1/paper/0?fields=title"),
    ):
        box.set_faults([fault])
        assert location() == where


def test_bodies(box: Sandbox) -> None:
    """Any text, deep nesting, compression and bytes that are not UTF-8."""
    box.set_faults(['body={"data": {}}'])
    assert batch(box).json() == {"data": {}}
    box.set_faults(["nested=50"])
    assert batch(box).text == "[" * 50 + "]" * 50
    assert arxiv(box).text.count("<a>") == 50
    box.set_faults(["gzip-bomb=1"])
    assert len(batch(box).content) > 1_000_000 > 100 * int(batch(box).headers["Content-Length"])
    box.set_faults(["bad-utf8"])
    for answer in (batch(box), arxiv(box)):
        with pytest.raises(UnicodeDecodeError):
            answer.content.decode()


def test_byte_by_byte(box: Sandbox) -> None:
    """Bodies and headers can come byte by byte; in the end it is the right answer."""
    right = s2(box, "paper/ARXIV:1811.08383").json()
    for fault in ("drip=0", "drip-headers=0"):
        box.set_faults([fault])
        assert s2(box, "paper/ARXIV:1811.08383").json() == right


@pytest.mark.parametrize("kind", ["drip", "drip-headers", "continue", "endless"])
def test_closing_ends_what_never_ends(kind: str) -> None:
    """A sandbox can be closed while it sends without end."""
    with (
        Sandbox(limits=False, faults=[f"{kind}=3600"]) as box,
        contextlib.suppress(requests.RequestException),
    ):
        requests.get(box.arxiv_url, {"id_list": "1811.08383"}, timeout=0.2)
