"""When and where a fault affects a request; `fault_kinds` has what each kind does.

A fault is written `[SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]`: `s2:429@30%`, `arxiv:503@first3`,
`s2/batch:drop@5-9`, `slow=2`, `s2:403@keyed`, `s2:500@has 1811.08383`.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from enrich.sandbox.answers import Answer, Call, Occurrence
from enrich.sandbox.fault_kinds import KINDS, kind_of
from enrich.sandbox.words import words

__all__ = ["ENDPOINTS", "KINDS", "Fault", "Faults"]

ENDPOINTS = {
    "arxiv": ("query",),
    "s2": (
        "paper", "batch", "search", "match", "bulk", "citations", "references", "author",
        "recommendations",
    ),
}  # fmt: skip
# `s2/batch:429=30@first3`.
_SPEC = re.compile(
    r"(?:(?P<service>arxiv|s2|\*)(?:/(?P<endpoint>[a-z*]+))?:)?"
    r"(?P<kind>[a-z0-9-]+)(?:=(?P<value>.*?))?"
    r"(?:@(?P<when>(?:always|first|has |keyed|keyless|\d).*|[a-z]+))?",
    re.DOTALL,
)
# `always`, `30%`, `first3`, `5-9`, `5-`, `keyed`, `has 1811.08383`; several may follow each other.
_WHEN = re.compile(
    r"(?P<always>always)|(?P<share>\d+(?:\.\d+)?)%|first ?(?P<last>\d+)|(?P<from>\d+)-(?P<to>\d*)"
    r"|(?P<key>keyed|keyless)|has (?P<text>.+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Fault:
    """One kind of fault for requests to a service and endpoint (`*` is all).

    Attributes:
        kind: A name of `KINDS` or an HTTP status.
        service: `arxiv`, `s2` or `*`.
        endpoint: A name of `ENDPOINTS` or `*`.
        probability: With which each request is affected.
        first: Number of the first request affected; matching requests are counted from 1.
        last: Number of the last one; None is no end.
        value: What stands after the kind's `=`.
        keyed: Only requests with an API key (True) or without (False); None is both.
        text: Only requests whose ids or query hold these words.
    """

    kind: str
    service: str = "*"
    endpoint: str = "*"
    probability: float = 1.0
    first: int = 1
    last: int | None = None
    value: str | None = None
    keyed: bool | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        kind_of(self.kind).check(self.kind, self.value)
        endpoints = ENDPOINTS.get(self.service, sum(ENDPOINTS.values(), ()))
        if self.endpoint not in ("*", *endpoints):
            raise ValueError(
                f"{self.service} has no endpoint {self.endpoint!r}; it has {', '.join(endpoints)}"
            )

    @classmethod
    def parse(cls, spec: str) -> Fault:
        """From `[SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]`; raises ValueError with the reason."""
        match = _SPEC.fullmatch(spec.strip())
        if match is None:
            raise ValueError(
                f"the fault {spec!r} cannot be read; write [SERVICE[/ENDPOINT]:]KIND[=VALUE][@WHEN]"
                ", for example s2/batch:429@30%"
            )
        fault = cls(
            match["kind"], match["service"] or "*", match["endpoint"] or "*", value=match["value"]
        )
        return _timed(fault, match["when"] or "always", spec)

    def applies(self, service: str, endpoint: str, call: Call | None = None) -> bool:
        """Whether a request is one that this fault counts.

        Args:
            service: `arxiv` or `s2`.
            endpoint: A name of `ENDPOINTS`.
            call: The request; without one a fault for a key or a text does not apply.
        """
        if self.service not in ("*", service) or self.endpoint not in ("*", endpoint):
            return False
        if self.keyed is not None and self.keyed != bool(call and call.key):
            return False
        return self.text is None or (call is not None and _holds(call, self.text))


def _holds(call: Call, text: str) -> bool:
    """Whether the words of a text follow each other in a request's path, parameters or body."""
    asked = [call.path, *(value for _, value in call.params), call.body.decode("utf-8", "replace")]
    return f" {' '.join(words(text))} " in f" {' '.join(words(' '.join(asked)))} "


def _timed(fault: Fault, when: str, spec: str) -> Fault:
    at = 0
    while at < len(when):
        match = _WHEN.match(when, at)
        if match is None or (match["share"] and float(match["share"]) > 100):
            raise ValueError(
                f"when the fault {spec!r} happens must be always, 30%, first3, 5-9, 5-, keyed, "
                "keyless or 'has WORDS'"
            )
        at = match.end() + (when[match.end() :] > "" and when[match.end()] == " ")
        if match["share"]:
            fault = replace(fault, probability=float(match["share"]) / 100)
        elif match["last"]:
            fault = replace(fault, last=int(match["last"]))
        elif match["from"]:
            last = int(match["to"]) if match["to"] else None
            fault = replace(fault, first=int(match["from"]), last=last)
        elif match["key"]:
            fault = replace(fault, keyed=match["key"] == "keyed")
        elif match["text"]:
            fault = replace(fault, text=match["text"])
    return fault


class Faults:
    """The faults in force with their counts and random state; thread-safe."""

    def __init__(self, faults: Iterable[Fault | str] | str, seed: int = 0) -> None:
        faults = [faults] if isinstance(faults, str) else faults
        self._faults = [Fault.parse(f) if isinstance(f, str) else f for f in faults]
        self._seed = seed
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Start counting and drawing again."""
        with self._lock:
            self._counts = [0] * len(self._faults)
            self._first: dict[tuple[str, str], Answer] = {}
            self._random = random.Random(self._seed)  # noqa: S311  # repeatable, not secret

    def due(self, service: str, endpoint: str, call: Call | None = None) -> Fault | None:
        """The first fault that affects a request, if any; counts the request.

        Args:
            service: `arxiv` or `s2`.
            endpoint: A name of `ENDPOINTS`.
            call: The request, for faults that are limited to a key or a text.

        Returns:
            The fault, or None.
        """
        with self._lock:
            due = None
            for i, fault in enumerate(self._faults):
                if not fault.applies(service, endpoint, call):
                    continue
                self._counts[i] += 1
                in_window = fault.first <= self._counts[i] <= (fault.last or self._counts[i])
                if in_window and self._random.random() < fault.probability and due is None:
                    due = fault
            return due

    def answer(
        self, fault: Fault, service: str, endpoint: str, call: Call, right: Answer
    ) -> Answer | None:
        """What the client gets instead of the right answer.

        Args:
            fault: The fault that affects the request.
            service: `arxiv` or `s2`.
            endpoint: A name of `ENDPOINTS`.
            call: The request.
            right: The right answer.

        Returns:
            The answer to send; None closes the connection.
        """
        with self._lock:
            rng = random.Random(self._random.random())  # noqa: S311  # repeatable, not secret
            first = self._first.setdefault((service, endpoint), right)
        occurrence = Occurrence(service, endpoint, call, right, fault.kind, fault.value, rng, first)
        return kind_of(fault.kind).act(occurrence)
