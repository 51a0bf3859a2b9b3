"""All requests to one service: rate limited, retried, guarded by a circuit breaker per endpoint.

`request` is the only way to a service. A client hands it the address and a function that parses
the answer; what cannot be parsed is repeated like any other answer that never came.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal, TypeVar

from enrich.clock import Clock
from enrich.errors import (
    Forbidden,
    Misconfigured,
    Rejected,
    ServiceError,
    Throttled,
    Unavailable,
    Unreachable,
)
from enrich.io.addresses import without_credentials
from enrich.observer import Observer
from enrich.records import SERVICE_NAMES, Traffic
from enrich.services.circuit_breaker import CircuitBreaker
from enrich.services.http import EXCHANGE_SECONDS, Body, HttpClient
from enrich.services.patience import Patience
from enrich.services.rate_limit import RateLimiter
from enrich.services.request_stats import RequestStats
from enrich.services.retry import tries_for, wait_before
from enrich.store import Store

T = TypeVar("T")

# Keyless, Semantic Scholar is a pool that everyone shares: one client measured 6.5 s between
# requests as sustainable, where a key has 1 s (see the contract in the documentation).
KEYLESS_FACTOR = KEYLESS_SECONDS = 6.5
# Shorter waits are not worth a message.
_MENTIONED_SECONDS = 2.0


class Connection:
    """One service in one run. `closed` is why nothing more is asked of it in this run."""

    def __init__(
        self,
        http: HttpClient,
        store: Store,
        clock: Clock,
        observer: Observer,
        *,
        interval: float,
        patience: Patience,
        stop: threading.Event,
    ) -> None:
        self.service, self.base_url = http.service, http.base_url
        self.name = SERVICE_NAMES[http.service]
        self.stats = RequestStats()
        self.closed: ServiceError | None = None
        self._http, self._clock, self._observer = http, clock, observer
        self._patience, self._stop = patience, stop
        self._limiter = RateLimiter(
            http.service, interval, store, clock, patience, self._check_stopped
        )
        self._breaker = CircuitBreaker(http.service, self._limiter.unit, store, clock)
        self._refusing: dict[str, Misconfigured] = {}
        self._answered: Counter[str] = Counter()
        self._warned: set[str] = set()

    # -- requests

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the service for oneself, over all processes that share the store."""
        return self._limiter.lock()

    def request(
        self,
        endpoint: str,
        method: str,
        url: str,
        body: object | None = None,
        *,
        parse: Callable[[Body], T],
    ) -> T:
        """Ask one question; repeat it while that may help.

        Args:
            endpoint: The endpoint's name, for statistics and its circuit breaker.
            method: GET or POST.
            url: The address.
            body: What is sent as JSON.
            parse: Makes the result of an answer; raises BadAnswer for what is none.

        Returns:
            What `parse` returned.

        Raises:
            ServiceError: The last failure. Rejected and Forbidden are raised at once; once the
                endpoint's circuit is open or the service is closed nothing is asked.
        """
        allowed, attempt = self._breaker.tries(endpoint), 0
        while True:
            self._check_usable(endpoint)
            attempt += 1
            try:
                result = parse(self._send(endpoint, method, url, body))
            except Unavailable as error:
                self._check_stopped()
                self.stats.throttled += isinstance(error, Throttled)
                wait = wait_before(attempt, self._limiter.unit, error.retry_after)
                tries = tries_for(error, allowed)
                if attempt >= tries or wait > self._patience.left:
                    self._fail(endpoint, error, out_of_patience=wait > self._patience.left)
                    raise
                self.stats.retries += 1
                self._mention(error, wait, attempt + 1, tries)
                self._limiter.delay(wait)
            except Rejected as error:
                if error.refusal != "unknown":
                    self._succeed(endpoint)
                raise
            else:
                self._succeed(endpoint)
                return result

    def discount_failures(self, endpoint: str) -> None:
        """Do not count the last failures of the endpoint: their questions were at fault."""
        self._breaker.discount_failures(endpoint)

    def answered(self, endpoint: str) -> int:
        """How many questions the endpoint has answered in this run."""
        return self._answered[endpoint]

    def refuses_everything(self, endpoint: str, error: Rejected) -> Misconfigured:
        """Note that even the control question is refused; the endpoint is not asked again."""
        wrong = Misconfigured(
            f"{error} Even a question that it must know is refused: check the address, "
            f"{'ENRICH_ARXIV_URL' if self.service == 'arxiv' else 'ENRICH_S2_URL'}.",
            error.service, error.url, error.status,
        )  # fmt: skip
        self._refusing[endpoint] = wrong
        self.stats.failed += 1
        return wrong

    def traffic(self, records_from_store: int) -> Traffic:
        """What was asked in this run and how the service answered."""
        health: Literal["ok", "degraded", "down", "unused"] = "ok"
        if self.closed is not None:
            health = "down"
        elif not self.stats.requests:
            health = "degraded" if self.stats.failed else "unused"
        elif self.stats.retries or self.stats.failed:
            health = "degraded" if self.stats.is_proven else "down"
        return Traffic(
            service=self.service,
            base_url=without_credentials(self.base_url),
            requests=tuple(sorted(self.stats.requests.items())),
            retries=self.stats.retries,
            throttled=self.stats.throttled,
            bytes_received=self._http.bytes_received,
            records_from_cache=records_from_store,
            records_fetched=self.stats.records_fetched,
            health=health,
        )

    @property
    def has_key(self) -> bool:
        """Whether a key is sent."""
        return self._http.has_key

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    # --

    def _send(self, endpoint: str, method: str, url: str, body: object | None) -> Body:
        """One request at its time; a refused key is tried once more, then dropped."""
        if not self._http.has_key:
            return self._send_once(endpoint, method, url, body)
        for _ in range(2):  # 403 is sporadic at times (recorded)
            try:
                return self._send_once(endpoint, method, url, body)
            except Forbidden as error:
                refused = error
        self._http.drop_key()
        keyless = min(KEYLESS_SECONDS, self._limiter.interval * KEYLESS_FACTOR)
        self._limiter.interval = max(self._limiter.interval, keyless)
        answer = self._send_once(endpoint, method, url, body)
        self.warn_once(
            "key",
            f"{refused} The same request works without the key. Keys that are not used for about "
            "60 days are withdrawn: request a new one and set S2_API_KEY, or unset it. This run "
            f"goes on without a key, {self._limiter.interval:.3g} s between requests.",
        )
        return answer

    def _send_once(self, endpoint: str, method: str, url: str, body: object | None) -> Body:
        # First our own rate, then an outer limit: the permit is held as shortly as possible.
        self._limiter.wait()
        with self._observer.permit(self.service):
            self._limiter.sent()
            self.stats.requests[endpoint] += 1
            began, clock_began = time.monotonic(), self._clock.now().timestamp()
            try:
                seconds = self._patience.exchange_seconds(EXCHANGE_SECONDS)
                return self._http.send(method, url, body, seconds=seconds)
            except Forbidden as error:
                if not self._http.has_key:
                    self._forbidden(error)
                raise
            except Unavailable:
                ended = max(self._clock.now().timestamp(), clock_began + time.monotonic() - began)
                self._patience.spend(clock_began, ended)
                raise
            finally:
                self._limiter.answered()

    def _forbidden(self, error: Forbidden) -> None:
        # A 403 is mostly permanent, rarely an accident: the question is never repeated, but one
        # refusal after good answers does not close the service.
        self.stats.failed += 1
        if any(self._answered.values()) and not self._refused_before():
            return
        self.closed = error
        cure = (
            "Set ENRICH_CONTACT so that arXiv can see who asks, and try again later."
            if self.service == "arxiv"
            else "Check S2_API_KEY, or try again later."
        )
        self.warn_once("forbidden", f"{error} {cure} It is not asked again in this run.")

    def _refused_before(self) -> bool:
        seen = "forbidden once" in self._warned
        self._warned.add("forbidden once")
        return seen

    def _succeed(self, endpoint: str) -> None:
        self._answered[endpoint] += 1
        self._breaker.record_success(endpoint)

    def _fail(self, endpoint: str, error: Unavailable, *, out_of_patience: bool) -> None:
        self.stats.failed += 1
        gone = isinstance(error, Unreachable)
        final = gone or out_of_patience
        if gone or not self._patience.left:
            self.closed = error
        if self._breaker.record_failure(endpoint, error.retry_after, final=final):
            what = self.name if self.closed else f"{self.name}'s endpoint '{endpoint}'"
            self.warn_once(
                f"failed {endpoint}",
                f"{error} {what} is not asked again in this run; what is missing is marked "
                "pending and asked in the next one.",
            )

    def _check_usable(self, endpoint: str) -> None:
        self._check_stopped()
        if self.closed is not None:
            kind = type(self.closed) if isinstance(self.closed, Unavailable) else Unavailable
            raise kind(str(self.closed), self.service)
        if endpoint in self._refusing:
            raise Unavailable(str(self._refusing[endpoint]), self.service)
        cooling = self._breaker.cooling(endpoint)
        if not cooling:
            return
        if cooling > self._patience.left or self._answered[endpoint] or self._gave_up(endpoint):
            self.stats.failed += 1
            raise Throttled(
                f"{self.name}'s endpoint '{endpoint}' failed repeatedly and is not asked for "
                f"another {cooling:.0f} s; run again after that.",
                self.service,
            )
        began = self._clock.now().timestamp()
        self._observer.waiting(
            f"{self.name} failed in an earlier run; waiting {cooling:.0f} s before asking again"
        )
        self._limiter.pause(cooling)
        self._patience.spend(began, began + cooling)

    def _gave_up(self, endpoint: str) -> bool:
        return f"failed {endpoint}" in self._warned

    def _check_stopped(self) -> None:
        if self._stop.is_set():
            self.closed = Unavailable("The run was stopped.", self.service)
            raise self.closed

    def _mention(self, error: Unavailable, wait: float, attempt: int, tries: int) -> None:
        if wait < _MENTIONED_SECONDS:
            return
        what = "is rate limiting" if isinstance(error, Throttled) else "does not answer properly"
        self._observer.waiting(
            f"{self.name} {what}; waiting {wait:.0f} s (attempt {attempt} of {tries})"
        )

    def warn_once(self, about: str, message: str) -> None:
        """Warn the operator of something, once in a run."""
        if about not in self._warned:
            self._warned.add(about)
            self._observer.warn(message)
