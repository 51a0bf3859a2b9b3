"""What each kind of fault that is more than a line sends instead of the right answer."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from urllib.parse import urlencode

from enrich.sandbox import fault_rows, feeds
from enrich.sandbox.answers import ATOM, HTML, JSON, TEXT, Answer, Occurrence

# Both as recorded.
RATE_EXCEEDED = "Rate exceeded."
TOO_MANY = (
    "Too Many Requests. Please wait and try again or apply for a key for higher rate limits. "
    "https://www.semanticscholar.org/product/api#api-key-form"
)


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


def unknown(at: Occurrence) -> Answer:
    """Misses, nulls and empty lists, in the words of the service."""
    errors = {
        "batch": (400, "No valid paper ids given"),
        "match": (404, "Title match not found"),
        "recommendations": (404, "Input papers not found"),
    }
    if at.service == "arxiv" or at.endpoint in ("bulk", "search"):
        return fault_rows.empty(at)
    ident = at.call.path.rpartition("/paper/")[2].partition("/")[0]
    code, message = errors.get(at.endpoint, (404, f"Paper with id {ident} not found"))
    return Answer(code, json.dumps({"error": message}, separators=(",", ":")).encode() + b"\n")


def alien(at: Occurrence) -> Answer:
    """An answer of the right type whose shape is that of something else."""
    if at.service == "arxiv":
        return Answer(200, b'<rss version="2.0"><channel><title>News</title></channel></rss>', ATOM)
    return Answer(200, b'{"status": "ok", "version": 3}\n')


def denied(at: Occurrence) -> Answer:
    """A refusal in the service's own words for a paper that it does not have."""
    if at.service == "arxiv":
        return Answer(400, feeds.error("incorrect id format for 0704.0001"), ATOM)
    words = "Title match not found" if at.endpoint == "match" else "Paper with id 0 not found"
    return Answer(404, json.dumps({"error": words}, separators=(",", ":")).encode() + b"\n")


def key_echo(at: Occurrence) -> Answer:
    """A refusal that repeats the key."""
    said = json.dumps({"error": f"Unacceptable header x-api-key: {at.call.key}"})
    return Answer(int(at.number(400)), said.encode())


# -- redirects


def redirect(at: Occurrence) -> Answer:
    """A redirect to a port of this machine."""
    path = "api/query?id_list=0704.0001" if at.service == "arxiv" else "graph/v1/paper/0"
    return location(f"http://127.0.0.1:{at.number(9):g}/{path}")


def location(address: str) -> Answer:
    """A redirect to an address as it stands."""
    return Answer(302, b"", TEXT, {"Location": address} if address else {})


def loop(at: Occurrence) -> Answer:
    """A redirect to the address that was asked."""
    return location(f"{at.call.path}?{urlencode(at.call.params)}")


# -- bodies


def html(_: Occurrence) -> Answer:
    """A web page."""
    return Answer(200, b"<!DOCTYPE html><html><body><h1>Please wait</h1></body></html>", HTML)


def nested(at: Occurrence) -> Answer:
    """Lists or elements nested very deep."""
    depth = int(at.number(100_000))
    if at.service == "arxiv":
        tag = b'<feed xmlns="http://www.w3.org/2005/Atom">'
        return replace(at.right, body=tag + b"<a>" * depth + b"</a>" * depth + b"</feed>")
    return replace(at.right, body=b"[" * depth + b"]" * depth)


def bad_utf8(at: Occurrence) -> Answer:
    """The right answer with a byte that is not UTF-8."""
    head, mark, tail = at.right.body.partition(b"title")
    return replace(at.right, body=head + mark + tail.replace(b"e", b"\xff", 1))


def gzipped(at: Occurrence) -> Answer:
    """The right answer and many blanks, compressed."""
    body = at.right.body + b" " * int(at.number(50) * 1_000_000)
    return replace(at.right, body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
