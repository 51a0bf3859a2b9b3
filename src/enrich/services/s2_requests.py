"""Requests to the Graph API: which fields are asked for, and the shape of what comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from enrich.clock import Clock
from enrich.errors import BadAnswer, Rejected
from enrich.papers.identifiers import wire_id
from enrich.papers.titles import title_key
from enrich.records import Service
from enrich.services.client import Parse, ServiceClient
from enrich.services.connection import Connection
from enrich.services.control import ControlPaper
from enrich.services.fields import Faults
from enrich.services.http import Body
from enrich.services.s2_records import COUNTS
from enrich.store import Store

T = TypeVar("T")

SERVICE: Service = "semantic_scholar"
# What distinguishes papers: asked of searches, whose answers can be long.
IDENTITY = ("corpusId", "externalIds", "title", "year", "authors", "venue", "publicationDate")
FULL = (
    *IDENTITY, *COUNTS, "abstract", "tldr", "publicationVenue", "journal", "isOpenAccess",
    "openAccessPdf", "fieldsOfStudy", "s2FieldsOfStudy", "publicationTypes",
)  # fmt: skip
# The refusal names the fields: `Unrecognized or unsupported fields: [a, b]`.
_UNSUPPORTED = re.compile(r"unsupported fields?:? \[([^\]]*)\]", re.IGNORECASE)


class S2Requests(ServiceClient):
    """Sends questions; fields that the service says it does not have are left out from then on."""

    def __init__(self, base_url: str, connection: Connection, store: Store, clock: Clock) -> None:
        super().__init__(connection, store, clock)
        self.base_url = base_url

    def batch(self, endpoint: str, fields: Sequence[str], ids: Sequence[str], parse: Parse[T]) -> T:
        """Ask for papers by ids in the service's spelling.

        Args:
            endpoint: The name under which it is counted: what is asked of the papers.
            fields: The fields of each row.
            ids: At most 500.
            parse: Makes the result of the answer.

        Returns:
            What `parse` returned.
        """

        def url() -> str:
            wanted = ",".join(self.fields(endpoint, fields))
            return f"{self.base_url}/paper/batch?fields={quote(wanted, safe=',')}"

        return self.ask(endpoint, url, parse, {"ids": list(ids)})

    def ask(
        self, endpoint: str, url: Callable[[], str], parse: Parse[T], body: object | None = None
    ) -> T:
        """Ask at an address, which is made again when a field is refused.

        Args:
            endpoint: The name under which the question is counted.
            url: Makes the address.
            parse: Makes the result of the answer.
            body: What is sent as JSON, in a POST request; None sends a GET request.

        Returns:
            What `parse` returned.
        """
        method = "GET" if body is None else "POST"
        while True:
            try:
                return self.request(endpoint, url(), parse, method=method, body=body)
            except Rejected as error:
                refused = _UNSUPPORTED.search(str(error))
                unknown = {n.strip() for n in refused[1].split(",")} if refused else set()
                if not unknown & (set(FULL) - self._refused(endpoint)):
                    raise
                self._refuse(endpoint, unknown & set(FULL))

    def finds_by_id(self, endpoint: str, control: ControlPaper) -> bool:
        """Ask one endpoint for a control paper by its id; whether it was in the answer."""

        def parse(body: Body, _: Faults) -> bool:
            rows = [row and title_key(str(row.get("title"))) for row in rows_of(body)]
            if rows not in ([None], [title_key(control.title)]):
                raise BadAnswer("Semantic Scholar answered one id with other papers.", SERVICE)
            return rows != [None]

        return self.batch(endpoint, ("title",), [wire_id(control.key)], parse)

    # -- fields that the service refuses

    def fields(self, endpoint: str, fields: Sequence[str]) -> list[str]:
        """Those of `fields` that the endpoint has not refused within a month."""
        refused = self._refused(endpoint)
        return [name for name in fields if name not in refused]

    def _refused(self, endpoint: str) -> frozenset[str]:
        learnt = self.store.learnt(SERVICE, f"refused {endpoint}")
        fresh = learnt and abs((self.clock.now() - learnt[1]).days) < 30
        return frozenset(learnt[0].split()) if learnt and fresh else frozenset()

    def _refuse(self, endpoint: str, fields: set[str]) -> None:
        known = " ".join(sorted(self._refused(endpoint) | fields))
        self.store.learn(SERVICE, f"refused {endpoint}", known, self.clock.now())


def parsed(body: Body) -> Any:
    """The JSON of an answer; raises BadAnswer for what is none."""
    try:
        return json.loads(body.data)
    except (ValueError, RecursionError):
        raise BadAnswer(
            "Semantic Scholar's answer is not whole JSON.", SERVICE, body.url, 200
        ) from None


def rows_of(body: Body) -> list[dict[str, Any] | None]:
    """The rows of a batch; raises BadAnswer for what is no list of papers."""
    rows = parsed(body)
    if not isinstance(rows, list) or not all(r is None or isinstance(r, dict) for r in rows):
        raise BadAnswer("Semantic Scholar's batch answer is not a list of papers.", SERVICE)
    return rows


def data_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of a search; raises BadAnswer for what is no list of papers."""
    rows = answer.get("data") if isinstance(answer, dict) else 0
    rows = [] if rows is None else rows  # zero hits come without `data`
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadAnswer("Semantic Scholar's search answer is not a list of papers.", SERVICE)
    return rows
