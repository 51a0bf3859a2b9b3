"""One HTTP request and one HTTP response of the sandbox as values."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any, Literal

# Content types as recorded.
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
Manner = Literal["whole", "drip", "drip-headers", "continue", "endless", "raw"]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer and the manner in which it is sent.

    Attributes:
        cut: Close the connection after that many bytes of the body.
        delay: Seconds before anything is sent.
        lasting: Seconds over which the body is spread, in twenty pieces.
        manner: `whole`; `drip` and `drip-headers` send a byte per `pause`; `continue` sends interim
            responses and `endless` one chunk, both without end; `raw` sends the body alone.
        pause: Seconds between two pieces of a slow manner.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    delay: float = 0.0
    lasting: float = 0.0
    manner: Manner = "whole"
    pause: float = 0.0


@dataclass(frozen=True)
class Call:
    """One HTTP request; `params` keeps the order and blank values of the query string."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    key: str | None = None

    def get(self, name: str, default: str = "") -> str:
        """The last value given for a parameter."""
        return dict(self.params).get(name, default)


@dataclass(frozen=True)
class Occurrence:
    """One request that a fault affects.

    Attributes:
        service: `arxiv` or `s2`.
        endpoint: The endpoint's name.
        call: What was asked.
        right: The right answer.
        kind: The fault's name.
        value: What stands after the fault's `=`.
        random: Draws what the fault leaves open.
        first: The first right answer of the endpoint.
    """

    service: str
    endpoint: str
    call: Call
    right: Answer
    kind: str
    value: str | None
    random: random.Random
    first: Answer

    def number(self, default: float) -> float:
        """The fault's value as a number."""
        return default if self.value is None else float(self.value)


def found(value: Any) -> Answer:
    """A Semantic Scholar answer; spaced as Python's json does, as the recordings are."""
    return Answer(200, json.dumps(value).encode() + b"\n")


def refused(status: int, **body: str) -> Answer:
    """An error of Semantic Scholar's handlers: compact JSON and a newline, as recorded."""
    return Answer(status, json.dumps(body, separators=(",", ":")).encode() + b"\n")
