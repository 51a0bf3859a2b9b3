"""An assumption as data (name, question, judgement, consequence) and the loop that checks them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from enrich.errors import Rejected, ServiceError
from enrich.services.connection import Connection
from enrich.services.http import Body
from enrich.services.title_queries import MAX_URL

State = Literal["holds", "broken", "unasked", "advice"]
P = TypeVar("P")
T = TypeVar("T")

# Two papers known to both services, with titles that no other text repeats.
KNOWN = {
    "1811.08383": "TSM: Temporal Shift Module for Efficient Video Understanding",
    "1906.03327": "HowTo100M: Learning a Text-Video Embedding by Watching Hundred Million "
    "Narrated Video Clips",
}
ONE, OTHER = KNOWN
# Well-formed ids that were never assigned: numbers of a month that had fewer papers.
UNKNOWN = tuple(f"0704.{number}" for number in range(9999, 9800, -1))


class Client(Protocol):
    """What a probe needs of a service's client."""

    connection: Connection

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address that asks for many titles at once."""
        ...


class Probe:
    """Asks a service; the same question is sent once, as several assumptions need its answer."""

    def __init__(self, client: Client) -> None:
        self._client, self.connection = client, client.connection
        self._answers: dict[tuple[str, str], Any] = {}

    def full_query(self) -> list[str]:
        """The known titles among as many made-up ones as fit into a URL of `MAX_URL` characters."""
        titles = list(KNOWN.values())
        number = 0
        while len(self._client.titles_url([*titles, _made_up(number)])) <= MAX_URL:
            titles.insert(1, _made_up(number))
            number += 1
        return titles

    def throttled(self) -> tuple[int, int]:
        """How many requests were refused because of the rate limit, and how many were sent."""
        stats = self.connection.stats
        return stats.throttled, stats.requests.total()

    def answer(
        self, endpoint: str, url: str, parse: Callable[[Body], Any], body: object = None
    ) -> Any:
        """The answer to one question.

        Args:
            endpoint: The name under which the question is counted.
            url: The address.
            parse: Makes the answer of a body.
            body: What is sent as JSON, in a POST request; None sends a GET request.
        """
        question = (url, json.dumps(body))
        if question not in self._answers:
            method = "GET" if body is None else "POST"
            with self.connection.exclusive():
                self._answers[question] = self.connection.request(
                    endpoint, method, url, body, parse=parse
                )
        return self._answers[question]


@dataclass(frozen=True, slots=True)
class Check:
    """The result for one assumption.

    Attributes:
        part: `arxiv`, `semantic_scholar` or `here`.
        name: The assumption.
        state: `holds`, `broken`, `unasked` (the service was unavailable) or `advice`.
        seen: What was observed.
        instead: What a run does where the assumption does not hold; empty where it holds.
    """

    part: str
    name: str
    state: State
    seen: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Assumption(Generic[P]):
    """One assumption about a service.

    Attributes:
        name: The assumption, as the predicate of a sentence about the service.
        ask: The question: sends requests through the probe and returns the answer.
        judge: The objection that the answer raises, None where the assumption holds.
        instead: What a run does where it does not hold.
        needs: Name of an assumption that must hold for the question to make sense.
    """

    name: str
    ask: Callable[[P], Any]
    judge: Callable[[Any], str | None]
    instead: str
    needs: str | None = None


def check_all(part: str, probe: P, table: Iterable[Assumption[P]]) -> list[Check]:
    """Check a table of assumptions in order, leaving out those whose `needs` does not hold.

    Args:
        part: The service, as the checks name it.
        probe: Sends the questions.
        table: The assumptions. The first is that the service can be asked: where it fails, no
            other is tried.

    Returns:
        One check per assumption that was tried.
    """
    checks: list[Check] = []
    holding: set[str | None] = {None}
    for assumption in table:
        if assumption.needs not in holding:
            continue
        check = _check(part, probe, assumption)
        checks.append(check)
        if check.state == "holds":
            holding.add(check.name)
        elif len(checks) == 1:
            break
    return checks


def _check(part: str, probe: P, assumption: Assumption[P]) -> Check:
    try:
        objection = assumption.judge(assumption.ask(probe))
    except Rejected as error:
        objection = str(error)
    except ServiceError as error:
        return Check(part, assumption.name, "unasked", str(error), "ask again later")
    if objection:
        return Check(part, assumption.name, "broken", objection, assumption.instead)
    return Check(part, assumption.name, "holds", "as expected")


def unknown_names(names: Iterable[str]) -> str | None:
    """Object to names of fields or elements that no parser here reads."""
    names = sorted(names)
    return f"new: {', '.join(names)}" if names else None


def throttled_share(throttled_and_asked: tuple[int, int]) -> str | None:
    """Object to any request that was refused because of the rate limit."""
    throttled, asked = throttled_and_asked
    return f"{throttled} of {asked} requests were refused as too fast" if throttled else None


def refusal_or(ask: Callable[[], T]) -> T | str:
    """What a question is answered with, or the words of the refusal."""
    try:
        return ask()
    except Rejected as error:
        return str(error)


def _made_up(number: int) -> str:
    return f"Qzxv {number} Wkjp Vbgh Ztrq of {number} Pjkl"
