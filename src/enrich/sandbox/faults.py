"""Failures the sandbox can be told to show: which, where and when.

A fault is written `[SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]`: `s2:429@30%`, `arxiv:503@first3`,
`s2/batch:drop@5-9`, `slow=2`, `429=30` (with `Retry-After: 30`).
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from enrich.sandbox import damage, feeds
from enrich.sandbox.answers import ATOM, HTML, JSON, TEXT, Answer

KINDS = {
    "429": "refused as too fast, without Retry-After; 429=30 adds `Retry-After: 30`",
    "406": "refused as arXiv throttles at times",
    "403": "denied; an HTML page from arXiv, `Forbidden` from Semantic Scholar",
    "500": "internal error",
    "502": "bad gateway",
    "503": "unavailable; from arXiv with `Retry-After: 0`",
    "504": "gateway timeout",
    "drop": "the connection is closed without an answer",
    "truncate": "the body ends half-way, Content-Length tells of all of it",
    "cut": "the body ends half-way, Content-Length agrees with that",
    "html": "an HTML page with status 200",
    "rate200": "`Rate exceeded.` with status 200",
    "empty": "an empty answer with status 200; arXiv says totalResults=0",
    "empty-total": "the same, but arXiv's totalResults says there were some",
    "fewer": "every second row is missing",
    "other": "the rows are of other papers than those asked for",
    "entities": "arXiv's feed is full of XML entities that expand, and one that reads a file",
    "huge": "the right answer and 50 MB of blanks; huge=5 for 5 MB",
    "redirect": "302 to 127.0.0.1; redirect=8080 names the port",
    "slow": "answered correctly, but late; slow=2 waits 2 s",
    "trickle": "answered correctly, but in twenty pieces; trickle=2 takes 2 s",
}
ENDPOINTS = {
    "arxiv": ("query",),
    "s2": ("paper", "batch", "search", "match", "bulk", "citations", "references", "author"),
}
RATE_EXCEEDED = "Rate exceeded."
TOO_MANY = (
    "Too Many Requests. Please wait and try again or apply for a key for higher rate limits. "
    "https://www.semanticscholar.org/product/api#api-key-form"
)
_SPEC = re.compile(
    r"(?:(?P<service>arxiv|s2|\*)(?:/(?P<endpoint>[a-z*]+))?:)?"
    r"(?P<kind>[a-z0-9-]+)(?:=(?P<value>\d+(?:\.\d+)?))?(?:@(?P<when>.+))?"
)


@dataclass(frozen=True)
class Fault:
    """One kind of failure for requests to a service and endpoint ('*' is all).

    Requests it applies to are counted from 1; those from `first` to `last` fail, each with
    `probability`. `value` is what stands after the kind's `=`: seconds of lateness for `slow` and
    `trickle`, of Retry-After for statuses, megabytes for `huge`, a port for `redirect`.
    """

    kind: str
    service: str = "*"
    endpoint: str = "*"
    probability: float = 1.0
    first: int = 1
    last: int | None = None
    value: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known are {', '.join(KINDS)}")
        endpoints = ENDPOINTS.get(self.service, sum(ENDPOINTS.values(), ()))
        if self.endpoint not in ("*", *endpoints):
            raise ValueError(
                f"{self.service} has no endpoint {self.endpoint!r}; it has {', '.join(endpoints)}"
            )

    @classmethod
    def parse(cls, spec: str) -> Fault:
        """From `[SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]`; ValueError tells what is wrong."""
        match = _SPEC.fullmatch(spec.strip())
        if match is None:
            raise ValueError(
                f"the fault {spec!r} cannot be read; write [SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]"
                ", for example s2/batch:429@30%"
            )
        fault = cls(
            match["kind"],
            match["service"] or "*",
            match["endpoint"] or "*",
            value=float(match["value"]) if match["value"] else None,
        )
        return _timed(fault, match["when"] or "always", spec)

    def applies(self, service: str, endpoint: str) -> bool:
        """Whether a request is one that this fault counts."""
        return self.service in ("*", service) and self.endpoint in ("*", endpoint)


def _timed(fault: Fault, when: str, spec: str) -> Fault:
    if when == "always":
        return fault
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)%", when):
        if float(match[1]) <= 100:
            return replace(fault, probability=float(match[1]) / 100)
    elif match := re.fullmatch(r"first ?(\d+)", when):
        return replace(fault, last=int(match[1]))
    elif match := re.fullmatch(r"(\d+)-(\d*)", when):
        return replace(fault, first=int(match[1]), last=int(match[2]) if match[2] else None)
    raise ValueError(f"when the fault {spec!r} happens must be always, 30%, first3, 5-9 or 5-")


class Faults:
    """The faults in force, their counts and their dice; safe to ask from many threads."""

    def __init__(self, faults: Iterable[Fault | str] | str, seed: int = 0) -> None:
        faults = [faults] if isinstance(faults, str) else faults
        self._faults = [Fault.parse(f) if isinstance(f, str) else f for f in faults]
        self._seed = seed
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Count and roll from the start."""
        with self._lock:
            self._counts = [0] * len(self._faults)
            self._dice = random.Random(self._seed)  # noqa: S311  # repeatable, not secret

    def due(self, service: str, endpoint: str) -> Fault | None:
        """The first fault that strikes this request, if any."""
        with self._lock:
            struck = None
            for i, fault in enumerate(self._faults):
                if not fault.applies(service, endpoint):
                    continue
                self._counts[i] += 1
                in_window = fault.first <= self._counts[i] <= (fault.last or self._counts[i])
                if in_window and self._dice.random() < fault.probability and struck is None:
                    struck = fault
            return struck


def too_fast(service: str) -> Answer:
    """What a service says to a request that comes too early."""
    if service == "arxiv":
        return Answer(429, RATE_EXCEEDED.encode(), TEXT)
    return Answer(429, json.dumps({"message": TOO_MANY, "code": "429"}).encode())


def failed(fault: Fault, service: str, endpoint: str, right: Answer) -> Answer | None:
    """What the client gets instead of the right answer; None is a closed connection."""
    kind = fault.kind
    if kind == "drop":
        return None
    if kind == "slow":
        return right
    if kind == "trickle":
        return replace(right, lasting=1.0 if fault.value is None else fault.value)
    if kind == "truncate":
        return replace(right, cut=len(right.body) // 2)
    if kind == "cut":
        return replace(right, body=right.body[: len(right.body) // 2])
    if kind == "html":
        return Answer(200, b"<!DOCTYPE html><html><body><h1>Please wait</h1></body></html>", HTML)
    if kind == "rate200":
        return Answer(200, RATE_EXCEEDED.encode(), TEXT)
    if kind in ("empty", "empty-total"):
        return damage.empty(service, endpoint, right, keep_total=kind == "empty-total")
    if kind == "fewer":
        return damage.fewer(service, right)
    if kind == "other":
        return damage.other(service, right)
    if kind == "entities":
        return damage.entities(service, right)
    if kind == "huge":
        return damage.padded(right, 50 if fault.value is None else fault.value)
    if kind == "redirect":
        path = "api/query?id_list=0704.0001" if service == "arxiv" else "graph/v1/paper/0"
        return Answer(302, b"", TEXT, {"Location": f"http://127.0.0.1:{fault.value or 9:g}/{path}"})
    return _status(fault, service)


def _status(fault: Fault, service: str) -> Answer:
    status = int(fault.kind)
    headers = {} if fault.value is None else {"Retry-After": f"{fault.value:g}"}
    if status == 429:
        return replace(too_fast(service), headers=headers)
    if service == "arxiv":
        if status == 403:
            page = b"<html><body><h1>Access Denied</h1></body></html>"
            return Answer(403, page, HTML, headers)
        if status == 500:
            return Answer(500, feeds.error("The server encountered an internal error."), ATOM)
        if status == 503:
            headers = headers or {"Retry-After": "0"}
            return Answer(503, b"first byte timeout", TEXT, headers)
        return Answer(status, b"", TEXT, headers)
    if status == 403:
        return Answer(403, b'{"message":"Forbidden"}', JSON, headers)
    told = {500: "Internal Server Error", 504: "Endpoint request timed out"}
    message = told.get(status, "Service Unavailable")
    return Answer(status, json.dumps({"message": message}).encode() + b"\n", JSON, headers)
