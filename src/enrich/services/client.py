"""What both services' clients share: a connection, a recorder of answers, control questions.

A client of a further endpoint adds a method that calls `request` and hands the answer to
`answers.keep`, and says in `ask_control` how the endpoint is asked for a paper that it must know.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from enrich.clock import Clock
from enrich.errors import BadAnswer, Rejected, ServerError, ServiceError, Unavailable, Unproven
from enrich.records import Record
from enrich.services.answer_recorder import AnswerRecorder
from enrich.services.connection import Connection
from enrich.services.control import ControlPaper, control_paper
from enrich.services.fields import Faults
from enrich.services.http import Body
from enrich.services.request_stats import RequestStats
from enrich.services.title_queries import TitleQuery, has_full_record, resembling
from enrich.store import Store

T = TypeVar("T")
# Makes the result of an answer and counts the fields it cannot use; raises BadAnswer for no answer.
Parse = Callable[[Body, Faults], T]

# How long a question that makes requests fail is not asked.
SET_ASIDE_FOR = timedelta(days=1)


class ServiceClient(ABC):
    """One service in one run."""

    def __init__(self, connection: Connection, store: Store, clock: Clock) -> None:
        self.connection, self.store, self.clock = connection, store, clock
        self.service = connection.service
        self.answers = AnswerRecorder(connection, store, clock)
        self._answered_at_failure: dict[str, int] = {}
        self._failed_controls: set[str] = set()  # control papers that did not come up

    def begin(self) -> None:
        """Begin a run over another list: its statistics and issues start empty."""
        self.connection.stats = RequestStats()
        self.answers.begin()

    def control(self, avoid: Collection[str] = ()) -> ControlPaper:
        """A paper that the service is known to hold and that it has not failed to find.

        Neither a key to `avoid` nor a question that was set aside.
        """
        aside = self.store.questions_set_aside(self.service, self.clock.now() - SET_ASIDE_FOR)
        failed_controls = {
            *avoid,
            *self._failed_controls,
            *(key.removeprefix("title:") for key in aside),
        }
        return control_paper(self.store, self.service, failed_controls)

    @abstractmethod
    def ask_control(self, endpoint: str, control: ControlPaper) -> bool:
        """Ask one endpoint for a control paper; whether it was in the answer.

        Raises ServiceError as any question does, BadAnswer for the answer to another question.
        """

    def request(
        self,
        endpoint: str,
        url: str,
        parse: Parse[T],
        *,
        method: str = "GET",
        body: object | None = None,
    ) -> T:
        """Ask one question; faults in the fields of the answer are collected for the issues.

        Args:
            endpoint: The name under which the question is counted.
            url: The address.
            parse: Makes the result of the answer.
            method: GET or POST.
            body: What is sent as JSON.

        Returns:
            What `parse` returned.

        Raises:
            ServiceError: There is no answer, see `Connection.request`.
        """
        faults = Faults()

        def parse_anew(answer: Body) -> T:
            faults.clear()  # only the last attempt counts
            return parse(answer, faults)

        result = self.connection.request(endpoint, method, url, body, parse=parse_anew)
        self.answers.faults.update(faults)
        return result

    def keep_searches(
        self,
        endpoint: str,
        way: str,
        queries: Mapping[str, TitleQuery],
        answer: tuple[Sequence[Record], bool],
        *,
        whole: bool = True,
    ) -> frozenset[str]:
        """Store what a search for many titles brought up.

        Args:
            endpoint: What was asked.
            way: The name of this way of asking in the store.
            queries: What was asked for by title key.
            answer: The records, and whether there are more than these.
            whole: Whether the records have all fields.

        Returns:
            The keys that stay open because the answer was too long to hold them all.
        """
        records, cut = answer
        found = {key: resembling(query.title, records) for key, query in queries.items()}
        open_keys = frozenset(
            key for key, rows in found.items() if cut and not has_full_record(rows)
        )
        made = {(key, way): rows for key, rows in found.items() if key not in open_keys}
        self.answers.keep(endpoint, {}, searches=made, whole=whole)
        return open_keys

    def question_is_at_fault(
        self, endpoint: str, error: ServiceError, keys: Collection[str]
    ) -> bool:
        """Whether a question failed through its own fault, not the endpoint's.

        It is when the endpoint answers something else: lately, or now a control question. Halves
        of a failing batch that fail in turn are thus never taken for the endpoint's failures.

        Args:
            endpoint: What was asked.
            error: How it failed.
            keys: The identity or title keys of the question.

        Raises:
            Misconfigured: The endpoint refuses the control question too, and the service has never
                answered anything.
        """
        answered = self.connection.answered(endpoint)
        if not isinstance(error, ServerError | BadAnswer | Rejected):
            return False
        before = self._answered_at_failure.get(endpoint, answered)
        at_fault = answered > before or self.works(endpoint, keys)
        self._answered_at_failure[endpoint] = self.connection.answered(endpoint)
        if at_fault:
            self.connection.discount_failures(endpoint)
        return at_fault

    def works(self, endpoint: str, avoid: Collection[str] = ()) -> bool:
        """Whether the endpoint answers the control question.

        Raises Misconfigured when it refuses it and the service has never answered anything.
        """
        try:
            found = self.ask_control(endpoint, self.control(avoid))
        except Rejected as error:
            if error.refusal == "not_found":
                return True
            wrong = self.connection.refuses_everything(endpoint, error)
            if not self.answers.ever_worked():
                raise wrong from error
            self.connection.warn_once(
                f"refused {endpoint}", f"{wrong} Its misses are not believed."
            )
            return False
        except ServiceError:
            return False
        if found:
            self.answers.prove(endpoint)
        return True

    def ensure_proof(self, endpoint: str) -> None:
        """Ask the control question unless the endpoint has shown that it works.

        Raises Unproven when the endpoint does not find the control paper.
        """
        if self.answers.proof(endpoint) is not None:
            return
        control = self.control()
        try:
            found = self.ask_control(endpoint, control)
        except (Rejected, Unavailable) as error:
            raise Unproven(f"{error} No miss is believed.", self.service) from error
        if not found:
            raise Unproven(
                f"{self.connection.name} does not find a paper that it must have "
                f"({control.key}): its misses are not believed.",
                self.service,
            )
        self.answers.prove(endpoint)
