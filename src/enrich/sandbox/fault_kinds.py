"""The kinds of faults: a table of name, description and what each does to the right answer."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from enrich.sandbox import fault_rows, feeds, mutate
from enrich.sandbox.answers import ATOM, HTML, JSON, TEXT, Answer, Call

RATE_EXCEEDED = "Rate exceeded."
TOO_MANY = (
    "Too Many Requests. Please wait and try again or apply for a key for higher rate limits. "
    "https://www.semanticscholar.org/product/api#api-key-form"
)
_STATUS = re.compile(r"[2345]\d\d")


@dataclass(frozen=True)
class Occurrence:
    """One request that a fault affects: what was asked, the right answer, the fault's value."""

    service: str
    endpoint: str
    call: Call
    right: Answer
    kind: str
    value: str | None
    random: random.Random

    def number(self, default: float) -> float:
        """The fault's value as a number."""
        return default if self.value is None else float(self.value)


@dataclass(frozen=True)
class Kind:
    """What a fault does: its description, its action, and what may stand after `=`."""

    what: str
    act: Callable[[Occurrence], Answer | None]
    takes: Literal["", "number", "text", "mutation"] = ""

    def check(self, name: str, value: str | None) -> None:
        """Raise ValueError for a value that this kind does not take."""
        if value is None:
            return
        if self.takes == "mutation":
            mutate.check(value.partition(":")[2])
        if self.takes in ("text", "mutation"):
            return
        if self.takes == "":
            raise ValueError(f"the fault {name} takes no value, {value!r} was given")
        if not re.fullmatch(r"\d+(\.\d+)?", value):
            raise ValueError(f"the fault {name} takes a number, not {value!r}")


def kind_of(name: str) -> Kind:
    """The kind of a name or of an HTTP status; raises ValueError for an unknown name."""
    if name in KINDS:
        return KINDS[name]
    if _STATUS.fullmatch(name):
        return Kind(f"status {name}", status, "number")
    raise ValueError(f"unknown fault {name!r}; known are HTTP statuses and {', '.join(KINDS)}")


# -- refusals


def too_fast(service: str) -> Answer:
    """What a service answers to a request that comes too early."""
    if service == "arxiv":
        return Answer(429, RATE_EXCEEDED.encode(), TEXT)
    return Answer(429, json.dumps({"message": TOO_MANY, "code": "429"}).encode())


def status(at: Occurrence) -> Answer:
    """An HTTP status with the body that the service sends with it; `=N` adds Retry-After."""
    code = int(at.kind)
    headers = {} if at.value is None else {"Retry-After": f"{at.number(0):g}"}
    if code == 429:
        return replace(too_fast(at.service), headers=headers)
    if at.service == "arxiv":
        if code == 403:
            page = b"<html><body><h1>Access Denied</h1></body></html>"
            return Answer(403, page, HTML, headers)
        if code == 500:
            return Answer(500, feeds.error("The server encountered an internal error."), ATOM)
        if code == 503:
            headers = headers or {"Retry-After": "0"}
            return Answer(503, b"first byte timeout", TEXT, headers)
        if 400 <= code < 500 and code != 406:
            return Answer(code, f"<html><body><h1>{code}</h1></body></html>".encode(), HTML)
        return Answer(code, b"", TEXT, headers)
    if code == 403:
        return Answer(403, b'{"message":"Forbidden"}', JSON, headers)
    messages = {
        400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
        410: "Gone", 500: "Internal Server Error", 504: "Endpoint request timed out",
    }  # fmt: skip
    if code < 400:
        return Answer(code, b"", JSON, headers)
    message = messages.get(code, "Service Unavailable" if code >= 500 else "Bad Request")
    return Answer(code, json.dumps({"message": message}).encode() + b"\n", JSON, headers)


def _unknown(at: Occurrence) -> Answer:
    errors = {
        "batch": (400, "No valid paper ids given"),
        "match": (404, "Title match not found"),
        "recommendations": (404, "Input papers not found"),
    }
    if at.service == "arxiv" or at.endpoint in ("bulk", "search"):
        return fault_rows.empty(at.service, at.endpoint, at.right, keep_total=False)
    ident = at.call.path.rpartition("/paper/")[2].partition("/")[0]
    code, message = errors.get(at.endpoint, (404, f"Paper with id {ident} not found"))
    return Answer(code, json.dumps({"error": message}, separators=(",", ":")).encode() + b"\n")


def _key_echo(at: Occurrence) -> Answer:
    said = json.dumps({"error": f"Unacceptable header x-api-key: {at.call.key}"})
    return Answer(int(at.number(400)), said.encode())


# -- redirects


def _redirect(at: Occurrence) -> Answer:
    path = "api/query?id_list=0704.0001" if at.service == "arxiv" else "graph/v1/paper/0"
    return _location(f"http://127.0.0.1:{at.number(9):g}/{path}")


def _location(address: str) -> Answer:
    return Answer(302, b"", TEXT, {"Location": address} if address else {})


def _loop(at: Occurrence) -> Answer:
    return _location(f"{at.call.path}?{urlencode(at.call.params)}")


# -- bodies


def _html(_: Occurrence) -> Answer:
    return Answer(200, b"<!DOCTYPE html><html><body><h1>Please wait</h1></body></html>", HTML)


def _nested(at: Occurrence) -> Answer:
    depth = int(at.number(100_000))
    if at.service == "arxiv":
        tag = b'<feed xmlns="http://www.w3.org/2005/Atom">'
        return replace(at.right, body=tag + b"<a>" * depth + b"</a>" * depth + b"</feed>")
    return replace(at.right, body=b"[" * depth + b"]" * depth)


def _bad_utf8(at: Occurrence) -> Answer:
    head, mark, tail = at.right.body.partition(b"title")
    return replace(at.right, body=head + mark + tail.replace(b"e", b"\xff", 1))


def _gzipped(at: Occurrence) -> Answer:
    body = at.right.body + b" " * int(at.number(50) * 1_000_000)
    return replace(at.right, body=gzip.compress(body), headers={"Content-Encoding": "gzip"})


def _mutated(at: Occurrence) -> Answer:
    field, _, how = (at.value or "").partition(":")
    return mutate.mutated(at.service, at.right, at.random, field or None, how or None)


_SHOWN = ("400", "401", "403", "404", "405", "406", "410", "429", "500", "502", "503", "504")
_STATUSES = {
    "400": "refused", "401": "refused", "403": "denied; HTML from arXiv, `Forbidden` from S2",
    "404": "refused, as under a wrong base path", "405": "refused", "410": "refused",
    "406": "refused as arXiv throttles at times",
    "429": "refused as too fast, without Retry-After; 429=30 adds `Retry-After: 30`",
    "500": "internal error", "502": "bad gateway", "504": "gateway timeout",
    "503": "unavailable; from arXiv with `Retry-After: 0`",
}  # fmt: skip

KINDS: dict[str, Kind] = {
    **{code: Kind(_STATUSES[code], status, "number") for code in _SHOWN},
    "unknown": Kind("answered as if no paper were known: misses, `null`s, empty lists", _unknown),
    "rate200": Kind(
        "`Rate exceeded.` with status 200", lambda at: Answer(200, RATE_EXCEEDED.encode(), TEXT)
    ),
    "html": Kind("an HTML page with status 200", _html),
    "key-echo": Kind(
        "400 (key-echo=403: 403) with the API key in its message", _key_echo, "number"
    ),
    "key-redirect": Kind(
        "302 to an address that holds the API key",
        lambda at: _location(f"http://127.0.0.1:9/?api_key={at.call.key}"),
    ),
    "redirect": Kind("302 to 127.0.0.1; redirect=8080 names the port", _redirect, "number"),
    "location": Kind(
        "302 to location=ADDRESS as it stands; without one to `http://[::1/x`",
        lambda at: _location("http://[::1/x" if at.value is None else at.value),
        "text",
    ),
    "loop": Kind("302 to the same address", _loop),
    "drop": Kind("the connection is closed without an answer", lambda at: None),
    "garbage": Kind(
        "bytes that are not HTTP", lambda at: replace(at.right, manner="raw", body=b"\0\1\2 no\n")
    ),
    "long-header": Kind(
        "a header of 100 kB", lambda at: replace(at.right, headers={"X-Long": "x" * 100_000})
    ),
    "many-headers": Kind(
        "200 headers", lambda at: replace(at.right, headers={f"X-{n}": "x" for n in range(200)})
    ),
    "continue": Kind(
        "`100 Continue` without end, one a second; continue=0 without a pause",
        lambda at: replace(at.right, manner="continue", pause=at.number(1.0)),
        "number",
    ),
    "slow": Kind(
        "answered correctly, but late; slow=2 waits 2 s",
        lambda at: replace(at.right, delay=at.number(1.0)),
        "number",
    ),
    "trickle": Kind(
        "answered correctly, but in twenty pieces; trickle=2 takes 2 s",
        lambda at: replace(at.right, lasting=at.number(1.0)),
        "number",
    ),
    "drip": Kind(
        "the body comes a byte a second; drip=5 every 5 s",
        lambda at: replace(at.right, manner="drip", pause=at.number(1.0)),
        "number",
    ),
    "drip-headers": Kind(
        "the headers come a byte a second; drip-headers=5 every 5 s",
        lambda at: replace(at.right, manner="drip-headers", pause=at.number(1.0)),
        "number",
    ),
    "endless": Kind(
        "one chunk without end, a byte every 0.1 s; endless=5 every 5 s",
        lambda at: replace(at.right, manner="endless", pause=at.number(0.1)),
        "number",
    ),
    "truncate": Kind(
        "the body ends half-way, Content-Length is that of the whole",
        lambda at: replace(at.right, cut=len(at.right.body) // 2),
    ),
    "cut": Kind(
        "the body ends half-way, Content-Length agrees with that",
        lambda at: replace(at.right, body=at.right.body[: len(at.right.body) // 2]),
    ),
    "huge": Kind(
        "the right answer and 50 MB of blanks; huge=5 for 5 MB",
        lambda at: replace(at.right, body=at.right.body + b" " * int(at.number(50) * 1_000_000)),
        "number",
    ),
    "gzip-bomb": Kind("as `huge`, but compressed to a few kB", _gzipped, "number"),
    "gzip-broken": Kind(
        "`Content-Encoding: gzip` over a body that is not compressed",
        lambda at: replace(at.right, headers={"Content-Encoding": "gzip"}),
    ),
    "nested": Kind("lists or elements nested 100,000 deep; nested=50 for 50", _nested, "number"),
    "entities": Kind(
        "arXiv's feed is full of XML entities that expand, and one that reads a file",
        lambda at: fault_rows.entities(at.service, at.right),
    ),
    "bad-utf8": Kind("a byte that is not UTF-8 in a title", _bad_utf8),
    "body": Kind(
        "status 200 with body=TEXT; without one `null`",
        lambda at: replace(at.right, status=200, body=(at.value or "null").encode()),
        "text",
    ),
    "empty": Kind(
        "an empty answer with status 200; arXiv says totalResults=0",
        lambda at: fault_rows.empty(at.service, at.endpoint, at.right, keep_total=False),
    ),
    "empty-total": Kind(
        "the same, but arXiv's totalResults says there were some",
        lambda at: fault_rows.empty(at.service, at.endpoint, at.right, keep_total=True),
    ),
    "fewer": Kind("every second row is missing", lambda at: fault_rows.fewer(at.service, at.right)),
    "short": Kind(
        "the last row is missing and totals do not count it; short=3: the last three",
        lambda at: fault_rows.short(at.service, at.right, int(at.number(1))),
        "number",
    ),
    "lose": Kind(
        "rows that hold lose=TEXT, an id or part of a title, are missing",
        lambda at: fault_rows.lose(at.service, at.right, at.value or ""),
        "text",
    ),
    "twice": Kind("every row comes twice", lambda at: fault_rows.twice(at.service, at.right)),
    "other": Kind(
        "the rows are of other papers than those asked for",
        lambda at: fault_rows.other(at.service, at.right),
    ),
    "merged": Kind(
        "every paper of S2 has been merged: its rows have another paperId and corpusId",
        lambda at: fault_rows.merged(at.service, at.right),
    ),
    "mutate": Kind(
        "one value of each row is wrong, drawn by the seed; mutate=FIELD or "
        "mutate=FIELD:HOW says which and how (see below)",
        _mutated,
        "mutation",
    ),
}
