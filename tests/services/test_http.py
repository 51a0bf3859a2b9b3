"""An answer is checked before it is believed, and the key goes to one host only."""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from enrich.clock import SystemClock
from enrich.errors import BadAnswer, Forbidden, Rejected, ServiceError, Throttled, Unavailable
from enrich.services.http import Exchange, retry_after, shown, user_agent, verdict

JSON, ATOM, HTML = "application/json", "application/atom+xml; charset=utf-8", "text/html"
KEY = "a-very-secret-key"


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
        ("arxiv", 503, "text/plain", b"first byte timeout", Unavailable),
        ("semantic_scholar", 504, JSON, b'{"message":"x"}', Unavailable),
        ("semantic_scholar", 302, JSON, b"", BadAnswer),
        ("semantic_scholar", 204, JSON, b"", BadAnswer),
    ],
)
def test_the_verdict_on_an_answer(
    service: str, status: int, content_type: str, data: bytes, error: type | None
) -> None:
    """Status, content type and first bytes decide what an answer is, before it is parsed."""
    found = verdict(service, status, content_type, data)
    assert (found[0] if found else None) is error


def test_both_spellings_of_a_reason_are_read() -> None:
    """Semantic Scholar says `error` here and `message` there; arXiv has it in the summary."""
    for service, data, words in [
        ("semantic_scholar", b'{"error":"No valid paper ids given"}', "No valid paper ids given"),
        ("semantic_scholar", b'{"message":"Something else"}', "Something else"),
        ("arxiv", b"<entry><summary>incorrect id format for abc</summary></entry>", "for abc"),
    ]:
        found = verdict(service, 400, JSON, data)
        assert found
        assert words in found[1]


def test_a_reason_cannot_write_to_the_terminal() -> None:
    """Control characters of an answer never reach a message."""
    found = verdict("semantic_scholar", 400, JSON, b'{"error":"\\u001b[2Jgone\\n"}')
    assert found
    assert "\x1b" not in found[1]


@pytest.mark.parametrize(
    ("given", "seconds"), [("7", 7.0), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-3", 0.0)]
)
def test_retry_after(given: str, seconds: float) -> None:
    """Retry-After in seconds is honoured; nonsense counts as nothing said."""
    assert retry_after({"retry-after": given}, SystemClock()) == seconds


def test_retry_after_as_a_date() -> None:
    """A date in the past means now."""
    given = {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}
    assert retry_after(given, SystemClock()) == 0.0


def test_the_user_agent_has_version_and_contact() -> None:
    """Services can tell who asks."""
    assert user_agent("me@example.org").startswith("enrich/")
    assert "me@example.org" in user_agent("me@example.org")


def test_credentials_in_an_address_are_not_shown() -> None:
    """A password in a configured address stays out of messages."""
    assert shown("https://me:secret@example.org/x?q=1") == "https://example.org/x?q=1"


class Server:
    """A host that answers as told and remembers the headers it was sent."""

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
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
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


def exchange(url: str, **given: object) -> Exchange:
    return Exchange("semantic_scholar", url, SystemClock(), key=KEY, accept=JSON, **given)  # type: ignore[arg-type]


def test_the_key_survives_no_redirect(
    hosts: tuple[Server, Server], caplog: pytest.LogCaptureFixture
) -> None:
    """Sent on to another host, nothing is followed; the key is in no error, log or pickle."""
    caplog.set_level(logging.DEBUG)
    one, other = hosts
    one.answer = (302, {"Location": f"{other.url}/elsewhere"}, b"")
    asking = exchange(one.url)
    with pytest.raises(BadAnswer, match="another host") as told:
        asking.send("GET", f"{one.url}/paper")
    assert one.seen[0]["x-api-key"] == KEY
    assert other.seen == []
    for text in (str(told.value), repr(told.value), repr(asking), caplog.text):
        assert KEY not in text
    assert KEY.encode() not in pickle.dumps(told.value)
    asking.close()


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(
    hosts: tuple[Server, Server],
) -> None:
    """A circle of redirects ends in an error."""
    one, _ = hosts
    one.answer = (302, {"Location": "/again"}, b"")
    with pytest.raises(BadAnswer, match="circle"):
        exchange(one.url).send("GET", f"{one.url}/paper")
    assert 1 < len(one.seen) < 10


def test_no_key_over_plain_http_to_another_machine() -> None:
    """Over http to a host that is not this machine the key is not sent at all."""
    assert not exchange("http://api.example.org/graph/v1").has_key
    assert exchange("https://api.example.org/graph/v1").has_key


def test_no_credentials_from_netrc(
    hosts: tuple[Server, Server], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .netrc on the machine adds nothing to what is sent."""
    one, _ = hosts
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    exchange(one.url).send("GET", f"{one.url}/paper")
    assert "authorization" not in one.seen[0]


def test_an_answer_is_bounded_in_size(
    hosts: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A larger answer than any of the service's own is given up while it is read."""
    monkeypatch.setattr("enrich.services.http.MAX_BYTES", 1000)
    one, _ = hosts
    one.answer = (200, {"Content-Type": JSON}, b"[" + b" " * 5000 + b"]")
    with pytest.raises(BadAnswer, match="larger than"):
        exchange(one.url).send("GET", f"{one.url}/paper")


def test_nobody_listening_is_unavailable() -> None:
    """A connection that is refused is a service that cannot be asked, not a crash."""
    with pytest.raises(Unavailable, match="cannot be reached"):
        exchange("http://127.0.0.1:9").send("GET", "http://127.0.0.1:9/paper")


@pytest.mark.parametrize("kind", [Throttled, BadAnswer, Rejected, Forbidden, Unavailable])
def test_errors_pickle(kind: type[ServiceError]) -> None:
    """Errors travel between processes with their fields."""
    error = pickle.loads(pickle.dumps(kind("A sentence.", "arxiv", "https://example.org", 429)))
    assert (str(error), error.service, error.status) == ("A sentence.", "arxiv", 429)
