"""An answer is checked before it is believed, and the key goes to one host only."""

from __future__ import annotations

import json
import logging
import pickle
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from enrich.clock import SystemClock
from enrich.errors import (
    BadAnswer,
    Forbidden,
    Rejected,
    ServerError,
    ServiceError,
    Throttled,
    Unavailable,
    Unreachable,
)
from enrich.io.addresses import shown
from enrich.io.bounded_http import Response
from enrich.records import Service
from enrich.services.http import HttpClient, user_agent
from enrich.services.response_errors import error_of, retry_after

NOW = datetime(2026, 11, 22, tzinfo=UTC)
JSON, ATOM, HTML = "application/json", "application/atom+xml; charset=utf-8", "text/html"
KEY = "a-very-secret-key"


def judged(service: Service, status: int, kind: str, data: bytes) -> ServiceError | None:
    return error_of(service, Response(status, {"content-type": kind}, data), NOW)


@pytest.mark.parametrize(
    ("service", "status", "content_type", "data", "error"),
    [
        ("arxiv", 200, ATOM, b"<feed/>", None),
        ("semantic_scholar", 200, JSON, b"[]", None),
        ("arxiv", 429, "text/plain", b"Rate exceeded.", Throttled),
        ("arxiv", 200, "text/plain", b"Rate exceeded.", Throttled),
        ("arxiv", 200, ATOM, b"\n Rate exceeded.", Throttled),
        ("arxiv", 406, HTML, b"", Throttled),
        ("semantic_scholar", 406, HTML, b"", BadAnswer),
        ("semantic_scholar", 429, JSON, b'{"message":"Too Many","code":"429"}', Throttled),
        ("arxiv", 200, HTML, b"<!DOCTYPE html><html>", BadAnswer),
        ("arxiv", 200, ATOM, b"<html><body>", BadAnswer),
        ("semantic_scholar", 200, JSON, b"", BadAnswer),
        ("semantic_scholar", 200, "text/plain", b"{}", BadAnswer),
        ("semantic_scholar", 400, JSON, b'{"error":"Unacceptable query params: [k=v]"}', Rejected),
        ("semantic_scholar", 404, JSON, b'{"error":"Title match not found"}', Rejected),
        ("arxiv", 414, HTML, b"", Rejected),
        ("semantic_scholar", 403, JSON, b'{"message":"Forbidden"}', Forbidden),
        ("arxiv", 403, HTML, b"<html>Access Denied", Forbidden),
        ("arxiv", 503, "text/plain", b"first byte timeout", ServerError),
        ("semantic_scholar", 504, JSON, b'{"message":"x"}', ServerError),
        ("semantic_scholar", 302, JSON, b"", BadAnswer),
        ("semantic_scholar", 204, JSON, b"", BadAnswer),
    ],
)
def test_the_verdict_on_an_answer(
    service: Service, status: int, content_type: str, data: bytes, error: type | None
) -> None:
    """Status, content type and first bytes decide what an answer is, before it is parsed."""
    found = judged(service, status, content_type, data)
    assert (type(found) if found else None) is error


def test_both_spellings_of_a_reason_are_read() -> None:
    """Semantic Scholar says `error` here and `message` there; arXiv has it in the summary."""
    for service, data, words in [
        ("semantic_scholar", b'{"error":"No valid paper ids given"}', "No valid paper ids given"),
        ("semantic_scholar", b'{"message":"Something else"}', "Something else"),
        ("arxiv", b"<entry><summary>incorrect id format for abc</summary></entry>", "for abc"),
    ]:
        assert words in str(judged(service, 400, JSON, data))


def test_a_reason_cannot_write_to_the_terminal() -> None:
    """Control characters of an answer never reach a message."""
    found = judged("semantic_scholar", 400, JSON, b'{"error":"\\u001b[2Jgone\\n"}')
    assert "\x1b" not in str(found)
    assert "gone" in str(found)


@pytest.mark.parametrize(
    ("given", "seconds"), [("7", 7.0), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-3", 0.0)]
)
def test_retry_after(given: str, seconds: float) -> None:
    """Retry-After in seconds is honoured; nonsense counts as nothing said."""
    assert retry_after({"retry-after": given}, NOW) == seconds


def test_retry_after_as_a_date() -> None:
    """A date in the past means now."""
    given = {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}
    assert retry_after(given, NOW) == 0.0


def test_the_user_agent_has_version_and_contact() -> None:
    """Services can see who asks."""
    assert user_agent("me@example.org").startswith("enrich/")
    assert "me@example.org" in user_agent("me@example.org")


def test_credentials_in_an_address_are_not_shown() -> None:
    """A password in a configured address stays out of messages."""
    assert shown("https://me:secret@example.org/x?q=1") == "https://example.org/x?q=1"


class Server:
    """A host that gives one answer and records the headers it was sent."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {"Content-Type": JSON}, b"[]")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.seen.append({k.lower(): v for k, v in self.headers.items()})
                status, headers, body = outer.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return None

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def hosts() -> Iterator[tuple[Server, Server]]:
    pair = Server(), Server()
    yield pair
    for host in pair:
        host.close()


def client(url: str, **given: object) -> HttpClient:
    return HttpClient("semantic_scholar", url, SystemClock(), key=KEY, **given)  # type: ignore[arg-type]


def test_the_key_survives_no_redirect(
    hosts: tuple[Server, Server], caplog: pytest.LogCaptureFixture
) -> None:
    """Sent on to another host, nothing is followed; the key is in no error, log or pickle."""
    caplog.set_level(logging.DEBUG)
    one, other = hosts
    one.answer = (302, {"Location": f"{other.url}/elsewhere"}, b"")
    asking = client(one.url)
    with pytest.raises(BadAnswer, match="not on the same host") as raised:
        asking.send("GET", f"{one.url}/paper")
    assert one.seen[0]["x-api-key"] == KEY
    assert other.seen == []
    for text in (str(raised.value), repr(raised.value), repr(asking), caplog.text):
        assert KEY not in text
    assert KEY.encode() not in pickle.dumps(raised.value)
    asking.close()


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(
    hosts: tuple[Server, Server],
) -> None:
    """A redirect loop ends in an error."""
    one, _ = hosts
    one.answer = (302, {"Location": "/again"}, b"")
    with pytest.raises(BadAnswer, match="redirect loop"):
        client(one.url).send("GET", f"{one.url}/paper")
    assert 1 < len(one.seen) < 10


def test_no_key_over_plain_http_to_another_machine() -> None:
    """Over http to a host that is not this machine the key is not sent at all."""
    assert not client("http://api.example.org/graph/v1").has_key
    assert client("https://api.example.org/graph/v1").has_key


def test_no_credentials_from_netrc(
    hosts: tuple[Server, Server], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .netrc on the machine adds nothing to what is sent."""
    one, _ = hosts
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client(one.url).send("GET", f"{one.url}/paper")
    assert "authorization" not in one.seen[0]


def test_an_answer_is_bounded_in_size(
    hosts: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A larger answer than any of the service's own is given up while it is read."""
    monkeypatch.setattr("enrich.services.http.MAX_BYTES", 1000)
    one, _ = hosts
    one.answer = (200, {"Content-Type": JSON}, b"[" + b" " * 5000 + b"]")
    with pytest.raises(BadAnswer, match="sent more than"):
        client(one.url).send("GET", f"{one.url}/paper")


def test_nobody_listening_is_unavailable() -> None:
    """A connection that is refused is a service that cannot be asked, not a crash."""
    with pytest.raises(Unreachable, match="refuses the connection"):
        client("http://127.0.0.1:9").send("GET", "http://127.0.0.1:9/paper")


@pytest.mark.parametrize("kind", [Throttled, BadAnswer, Rejected, Forbidden, Unavailable])
def test_errors_pickle(kind: type[ServiceError]) -> None:
    """Errors travel between processes with their fields."""
    error = pickle.loads(pickle.dumps(kind("A sentence.", "arxiv", "https://example.org", 429)))
    assert (str(error), error.service, error.status) == ("A sentence.", "arxiv", 429)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("No valid paper ids given", "not_found"),
        ("Title match not found", "not_found"),
        ("Paper with id X not found", "not_found"),
        ("incorrect id format for abc", "bad_id"),
        ("Unrecognized or unsupported fields: [a]", "bad_fields"),
        ("Invalid query string: x", "bad_query"),
        ("Response would exceed maximum size....", "too_large"),
        ("Not Found", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_a_refusal_means(words: str, refusal: str) -> None:
    """Only the services' own words make a refusal more than a refusal."""
    found = judged("semantic_scholar", 404, JSON, json.dumps({"error": words}).encode())
    assert isinstance(found, Rejected)
    assert found.refusal == refusal


def test_an_echoed_key_is_masked(hosts: tuple[Server, Server]) -> None:
    """A key that comes back in a body or a redirect's address is in no message."""
    one, _ = hosts
    for answer in (
        (400, {"Content-Type": JSON}, json.dumps({"error": f"bad {KEY}"}).encode()),
        (302, {"Location": f"http://other.example/{KEY}"}, b""),
        (302, {"Location": f"/x?key={KEY}"}, b""),
    ):
        one.answer = answer
        with pytest.raises(ServiceError) as raised:
            client(one.url).send("GET", f"{one.url}/paper")
        assert KEY not in str(raised.value) + raised.value.url
        assert "***" in str(raised.value) + raised.value.url


@pytest.mark.parametrize(
    "location", ["http://[::1/x", "http://127.0.0.1:notaport/", "//", "ftp://x/"]
)
def test_a_redirect_to_no_address(hosts: tuple[Server, Server], location: str) -> None:
    """Whatever stands in Location, it is an error of the service and not of ours."""
    one, _ = hosts
    one.answer = (302, {"Location": location}, b"")
    with pytest.raises(BadAnswer):
        client(one.url).send("GET", f"{one.url}/paper")
