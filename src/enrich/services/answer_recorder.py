"""Store what a service answers; a miss is stored only with a proof that the service works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from enrich.clock import Clock
from enrich.errors import Unproven
from enrich.io.addresses import without_credentials
from enrich.records import Issue, Record
from enrich.services.connection import Connection
from enrich.services.fields import Faults
from enrich.store import Proof, Store

# How long another run's proof counts, and how often it is written down.
PROVEN_FOR, PROVEN_AGAIN = timedelta(minutes=10), timedelta(minutes=1)


class AnswerRecorder:
    """Stores the answers of one service in one run and collects the faults in them.

    `faults` counts fields that could not be used, `unknown_fields` names those not known here.
    """

    def __init__(self, connection: Connection, store: Store, clock: Clock) -> None:
        self.faults: Faults = Faults()
        self.unknown_fields: set[str] = set()
        self._connection, self._store, self._clock = connection, store, clock
        self._service = connection.service
        self._proofs: dict[str, Proof] = {}
        self._written: dict[str, Proof] = {}

    def begin(self) -> None:
        """Begin a run over another list."""
        self.faults = Faults()
        self.unknown_fields = set()

    def prove(self, endpoint: str) -> None:
        """Note that an endpoint gave an answer that only a working one can give."""
        self._connection.stats.is_proven = True
        now = self._clock.now()
        proof = self._proofs[endpoint] = Proof(self._service, endpoint, now)
        written = self._written.get(endpoint)
        if written is None or now - written.proven_at > PROVEN_AGAIN:
            self._written[endpoint] = proof
            for name in (endpoint, "any"):
                self._store.learn(self._service, self._mark(name), "", now)

    def proof(self, endpoint: str) -> Proof | None:
        """That an endpoint answers: from this run, or from another one a short time ago."""
        if endpoint not in self._proofs:
            learnt = self._store.learnt(self._service, self._mark(endpoint))
            if learnt and abs(self._clock.now() - learnt[1]) <= PROVEN_FOR:
                self._proofs[endpoint] = Proof(self._service, endpoint, learnt[1])
        return self._proofs.get(endpoint)

    def ever_worked(self) -> bool:
        """Whether the service has ever answered at this address."""
        return self._store.learnt(self._service, self._mark("any")) is not None

    def _mark(self, endpoint: str) -> str:
        return f"{endpoint} answered at {without_credentials(self._connection.base_url)}"

    def keep(
        self,
        endpoint: str,
        found: Mapping[str, Record],
        *,
        misses: Iterable[str] = (),
        searches: Mapping[tuple[str, str], Sequence[Record]] | None = None,
        sightings: Sequence[Record] = (),
        merged: Mapping[str, str] | None = None,
        whole: bool = True,
    ) -> None:
        """Store one answer.

        Args:
            endpoint: What was asked.
            found: Records by the identity key that was asked for.
            misses: Identity keys that the service does not have.
            searches: Records by title key and way of searching; none is a miss.
            sightings: Further records.
            merged: The new source id by the old one of records that the service has merged.
            whole: Whether the records have all fields.

        Raises:
            Unproven: There is a miss, and nothing shows that the endpoint answers at all.
        """
        missed, made = tuple(misses), searches or {}
        if found:
            self.prove(endpoint)
        proof = self.proof(endpoint)
        if proof is None and (missed or not all(made.values())):
            raise Unproven(
                f"{self._connection.name} has answered nothing so far that shows that its endpoint "
                f"'{endpoint}' works.",
                self._service,
            )
        rows = {r.source_id: r for some in made.values() for r in some}
        self._store.keep(
            self._service,
            found,
            self._clock.now(),
            misses=missed,
            searches={way: [r.source_id for r in some] for way, some in made.items()},
            proof=proof,
            sightings=[*sightings, *rows.values()],
            merged=merged or {},
            whole=whole,
        )
        self._connection.stats.records_fetched += len({*found, *rows})

    def issues(self) -> list[Issue]:
        """The faults and unknown fields in the answers, for the operator."""
        name = self._connection.name
        issues = [
            Issue(
                "warning",
                "bad_field",
                f"{name}: {fault.field} was {fault.kind} in {count} "
                f"{'row' if count == 1 else 'rows'}; the value is left out.",
                suggestion="Nothing to do here; the service may correct it.",
            )
            for fault, count in sorted(self.faults.items(), key=lambda f: (f[0].field, f[0].kind))
        ]
        if self.unknown_fields:
            issues.append(
                Issue(
                    "info",
                    "new_field",
                    f"{name} answers with fields that are not known here: "
                    f"{', '.join(sorted(self.unknown_fields))}.",
                    suggestion="Nothing is lost; a newer version of enrich may make use of them.",
                )
            )
        return issues
