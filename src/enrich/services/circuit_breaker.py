"""A circuit breaker per endpoint: what fails is not asked for a while, by any run.

One failed question may be the question's own fault; two in a row are the endpoint's. The cool-down
stands in the store, so that it outlives the process, and doubles each time in a row.
"""

from __future__ import annotations

from collections import Counter

from enrich.clock import Clock
from enrich.records import Service
from enrich.services.retry import TRIES, TRIES_AFTER_FAILURE
from enrich.store import Circuit, Store

# Questions failed in a row that open the circuit.
FAILURES = 2
# Answers after which a question has all its attempts again; halving a batch of 500 takes nine.
RECOVERED_AFTER = 10
# In multiples of the service's interval: for arXiv a minute, as its terms ask after a 429.
COOL_DOWN_INTERVALS = 20.0
# Seconds: no cool-down lasts longer.
MAX_COOL_DOWN = 3600.0


class CircuitBreaker:
    """The circuits of one service's endpoints in one run."""

    def __init__(self, service: Service, unit: float, store: Store, clock: Clock) -> None:
        self._service, self._unit, self._store, self._clock = service, unit, store, clock
        self._failures: Counter[str] = Counter()
        self._successes: dict[str, int] = {}  # since the last failure, where there was one

    def tries(self, endpoint: str) -> int:
        """How many attempts a question may have now."""
        lately = self._successes.get(endpoint, RECOVERED_AFTER) < RECOVERED_AFTER
        if lately or self._store.circuit(self._service, endpoint).times:
            return TRIES_AFTER_FAILURE
        return TRIES

    def cooling(self, endpoint: str) -> float:
        """Seconds until the endpoint may be asked again; 0 when it may be asked now."""
        circuit = self._store.circuit(self._service, endpoint)
        left = circuit.open_until - self._clock.now().timestamp()
        # A longer time was never stored: a clock has been set back since.
        return left if 0.0 < left <= MAX_COOL_DOWN else 0.0

    def record_success(self, endpoint: str) -> None:
        """Close the circuit."""
        self._failures[endpoint] = 0
        if endpoint in self._successes:
            self._successes[endpoint] += 1
        if self._store.circuit(self._service, endpoint) != Circuit():
            self._store.set_circuit(self._service, endpoint, Circuit())

    def discount_failures(self, endpoint: str) -> None:
        """Do not count the failures so far: their questions were at fault."""
        self._failures[endpoint] = 0

    def record_failure(self, endpoint: str, retry_after: float = 0.0, *, final: bool) -> bool:
        """Count a question that failed; returns whether the circuit is open now.

        Args:
            endpoint: What was asked.
            retry_after: Seconds that the service asked for.
            final: Whether this failure alone opens the circuit.
        """
        self._failures[endpoint] += 1
        self._successes[endpoint] = 0
        if self._failures[endpoint] < FAILURES and not final:
            return False
        times = self._store.circuit(self._service, endpoint).times + 1
        cool = COOL_DOWN_INTERVALS * 2.0 ** (times - 1) * self._unit
        cool = min(max(cool, retry_after), MAX_COOL_DOWN)
        until = self._clock.now().timestamp() + cool
        self._store.set_circuit(self._service, endpoint, Circuit(until, times))
        return True
