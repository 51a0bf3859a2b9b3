"""Every recorded exchange that fits, replayed over HTTP to the clients' own parts."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from enrich.clock import SystemClock
from enrich.errors import Forbidden, Rejected, ServiceError, Throttled, Unavailable
from enrich.papers.identifiers import askable_keys
from enrich.papers.titles import title_key
from enrich.records import Candidate, Entry, Service
from enrich.resolve import decide
from enrich.services.arxiv_records import read_page
from enrich.services.fields import Faults
from enrich.services.http import HttpClient
from enrich.services.pairing import pair
from enrich.services.s2_records import record_of

FOLDER = Path(__file__).resolve().parents[2] / "../shared/data/recorded"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def recorded(name: str) -> list[dict[str, Any]]:
    path = FOLDER / name
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [r for r in map(json.loads, lines) if r["status"] and r["url"]]


RECORDED = [
    recording
    for name in ("arxiv.jsonl", "semantic_scholar.jsonl", "more.jsonl", "graph.jsonl")
    for recording in recorded(name)
]
ARXIV = [r for r in RECORDED if "arxiv.org/" in r["url"].partition("?")[0]]
S2 = [r for r in RECORDED if "/graph/v1/" in r["url"]]
needs_recordings = pytest.mark.skipif(
    not ARXIV, reason="the recordings of the real services are not on this machine"
)


class Replay:
    """A host that answers with one recording at a time."""

    def __init__(self) -> None:
        self.recording: dict[str, Any] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("content-length", 0))
                self.rfile.read(length)
                recording = outer.recording
                headers = recording.get("response_headers") or {}
                types = next((v for k, v in headers.items() if k.lower() == "content-type"), None)
                default = (
                    "application/atom+xml"
                    if "arxiv.org" in recording["url"]
                    else "application/json"
                )
                kind = types[0] if isinstance(types, list) else types or default
                body = (recording["response_body"] or "").encode()
                self.send_response(recording["status"])
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815  # the name is http.server's

            def log_message(self, format: str, *args: object) -> None:
                return None

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    host = Replay()
    yield host
    host.close()


def named(recordings: list[dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(r, id=f"{n}-{r['status']}-{r['url'].split('?')[0].rpartition('/v1/')[2][:40]}")
        for n, r in enumerate(recordings)
    ] or [pytest.param({}, marks=pytest.mark.skip(reason="no recordings on this machine"))]


def send(replay: Replay, recording: dict[str, Any], service: Service) -> bytes:
    replay.recording = recording
    client = HttpClient(service, replay.url, SystemClock())
    try:
        body = json.loads(recording["request_body"]) if recording["request_body"] else None
        return client.send(recording["method"], replay.url + "x", body).data
    finally:
        client.close()


def expected(service: str, status: int) -> type[ServiceError]:
    if status == 429:
        return Throttled
    if status in (401, 403):
        return Forbidden
    return Unavailable if status >= 500 else Rejected


@pytest.mark.parametrize("recording", named(ARXIV))
def test_arxiv(replay: Replay, recording: dict[str, Any]) -> None:
    """Every recorded feed, of both dialects, gives as many records as it has entries."""
    if recording["status"] != 200:
        with pytest.raises(expected("arxiv", recording["status"])):
            send(replay, recording, "arxiv")
        with pytest.raises(Rejected):
            read_page(recording["response_body"].encode(), NOW, Faults())
        return
    data = send(replay, recording, "arxiv")
    faults = Faults()
    page = read_page(data, NOW, faults)
    records = page.records
    assert not faults
    parsed = recording.get("parsed") or {}
    assert len(records) == len(page.ids) == parsed.get("entries", len(records))
    assert page.total == int(parsed.get("totalResults", page.total))
    assert page.unknown_elements == frozenset()
    for record in records:
        assert record.ids.arxiv_id
        assert record.ids.arxiv_version
        assert record.title
        assert record.authors
        assert record.arxiv_published_at
        assert record.abstract is None or "\n" not in record.abstract


# Authors, snippets and edges are not read here; their errors are errors all the same.
ABOUT_PAPERS = [
    r
    for r in S2
    if r["status"] != 200
    or not any(
        part in r["url"]
        for part in ("/author", "/citations", "/references", "/autocomplete", "/snippet")
    )
]


@pytest.mark.parametrize("recording", named(ABOUT_PAPERS))
def test_semantic_scholar(replay: Replay, recording: dict[str, Any]) -> None:
    """Every recorded answer about papers is read without a fault; errors have their type."""
    if recording["status"] != 200:
        with pytest.raises(expected("semantic_scholar", recording["status"])):
            send(replay, recording, "semantic_scholar")
        return
    answer = json.loads(send(replay, recording, "semantic_scholar"))
    rows = answer if isinstance(answer, list) else answer.get("data", [answer])
    faults = Faults()
    for row in rows or ():
        if row is None:
            continue
        if not row.get("paperId") or not row.get("title"):
            assert record_of(row, NOW, Faults())[0] is None
            continue
        record, unknown = record_of(row, NOW, faults)
        assert record is not None
        assert record.source_id == record.ids.s2_paper_id == row["paperId"]
        # Some titles hold a Windows dash, which is a control character.
        assert record.title == " ".join(row["title"].replace("\x96", " ").split())
        assert unknown <= {"citations", "references"}
        assert record.citation_count == row.get("citationCount")
    # Five recorded addresses hold blanks, which a client may drop or repair.
    assert {fault.field for fault in faults} <= {"openAccessPdf.url"}


@needs_recordings
def test_recorded_batches_pair_with_what_was_asked() -> None:
    """In every recorded batch each id is paired with its row or with an explicit null."""
    kinds = {"corpusid": "corpus", "doi": "doi", "arxiv": "arxiv"}
    tried = 0
    for recording in S2:
        if "/paper/batch" not in recording["url"] or recording["status"] != 200:
            continue
        rows = json.loads(recording["response_body"])
        if not all(row is None or row.get("title") for row in rows):
            continue
        asked = recording["request_body"]
        while isinstance(asked, str):
            asked = json.loads(asked)
        keys = []
        for one in asked["ids"]:
            kind, colon, value = one.partition(":")
            default = f"doi:{one.lower()}" if one.startswith("10.") else f"s2:{one}"
            keys.append(f"{kinds[kind.lower()]}:{value}" if colon else default)
        records = [record_of(row, NOW, Faults())[0] if row else None for row in rows]
        paired = pair(keys, records, {})
        assert paired.open == ()
        # The rows of some recordings stand in another order than the ids.
        for key, record in paired.found.items():
            assert key in askable_keys(record.ids)
        assert {r.source_id for r in paired.found.values()} == {r.source_id for r in records if r}
        shuffled = pair(keys, records[::-1], {})
        assert shuffled.found == paired.found
        tried += 1
    assert tried


MATCHES = [
    (parse_qs(urlsplit(r["url"]).query)["query"][0], rows[0])
    for r in S2
    if "/paper/search/match" in r["url"] and r["status"] == 200
    if (rows := json.loads(r["response_body"]).get("data"))
]
# The one row that the service matched is another paper: no rule may accept it.
OTHER_PAPERS = (
    "Effect of native oxide layers on copper thin-film tensile properties: A study",
    "National Flag of Canada Day",
    "Gravity hill",
)


def decided(title: str, row: dict[str, Any]) -> str:
    """The status of an entry with a title alone, given the row of a recorded match."""
    record, _ = record_of(row, NOW, Faults())
    assert record is not None
    entry = Entry("e", 0, (), 1, 1, f"- {title}", title, "paper", "")
    return decide(entry, [Candidate(record, "title:s2")]).status


@needs_recordings
def test_recorded_matches_are_judged() -> None:
    """A match under the title asked for is accepted, or left to a person where the title is short.

    One of another paper is never accepted.
    """
    same = [(t, row) for t, row in MATCHES if title_key(t) == title_key(row["title"])]
    assert len(same) >= 130
    outcomes = Counter(decided(title, row) for title, row in same)
    assert set(outcomes) <= {"resolved", "ambiguous"}
    assert outcomes["resolved"] >= 130
    others = [(title, row) for title, row in MATCHES if title in OTHER_PAPERS]
    assert {title for title, _ in others} == set(OTHER_PAPERS)
    for title, row in others:
        assert decided(title, row) != "resolved", title


@needs_recordings
def test_recorded_recommendations_are_records() -> None:
    """Rows of recommendations are read like any other row of a paper."""
    read = 0
    for recording in RECORDED:
        if "/recommendations/v1/" in recording["url"] and recording["status"] == 200:
            faults = Faults()
            for row in json.loads(recording["response_body"])["recommendedPapers"]:
                record, unknown = record_of(row, NOW, faults)
                assert record is not None
                assert unknown == set()
                read += 1
            assert not faults
    assert read > 100
