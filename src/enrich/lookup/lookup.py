"""`Lookup`: one open store, one line to each service, and what a run may ask of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from enrich.clock import Clock
from enrich.lookup.plan import Plan
from enrich.lookup.planning import plan_of
from enrich.lookup.questions import Freshness, questions_of
from enrich.lookup.schedule import LocalIndex, Rounds
from enrich.observer import Observer
from enrich.records import Entry, Findings, Override
from enrich.services import Arxiv, Line, SemanticScholar
from enrich.services.assumptions import Check, check_services
from enrich.services.http import Exchange
from enrich.services.rate_limit import Tally
from enrich.settings import Settings
from enrich.store import Store


class Lookup:
    """Everything that is known of the entries of a list, asked for where it is not held.

    Made by `open_lookup`; not to be used after it has closed.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        observer: Observer,
        store: Store,
        arxiv: Arxiv,
        s2: SemanticScholar,
        stop: threading.Event,
        index: LocalIndex | None,
    ) -> None:
        self._settings, self._clock, self._observer = settings, clock, observer
        self._store, self._arxiv, self._s2 = store, arxiv, s2
        self._stop, self._index = stop, index

    def plan(self, entries: Sequence[Entry], overrides: Mapping[str, Override]) -> Plan:
        """How many requests `resolve` would make; makes none."""
        return plan_of(self._rounds(entries, overrides), self._settings)

    def resolve(self, entries: Sequence[Entry], overrides: Mapping[str, Override]) -> Findings:
        """Ask for what is not held or no longer fresh, and decide every entry.

        A service that cannot be asked leaves its entries pending and never raises; StoreError is
        raised when the store cannot be used.
        """
        for line in (self._arxiv.line, self._s2.line):
            line.tally = Tally()
        rounds = self._rounds(entries, overrides)
        try:
            rounds.ask()
        except BaseException:
            self._stop.set()
            raise
        return rounds.findings()

    def check_services(self) -> list[Check]:
        """Whether the services behave as the look-up assumes; about fifteen small requests."""
        return check_services(self._arxiv, self._s2, self._clock.now())

    def identities(self) -> dict[str, str]:
        """Every alias that a paper has been known by -> its paper_id."""
        return self._store.identities()

    def remember(self, identities: Mapping[str, str]) -> None:
        """Keep aliases and the paper_id they belong to; what is known already stays."""
        self._store.remember(identities)

    def _rounds(self, entries: Sequence[Entry], overrides: Mapping[str, Override]) -> Rounds:
        fresh = Freshness.of(self._settings, self._clock.now())
        return Rounds(
            entries,
            questions_of(entries, overrides),
            overrides,
            fresh,
            self._store,
            self._arxiv,
            self._s2,
            self._clock,
            self._observer,
            self._stop,
            self._index,
        )


@contextmanager
def open_lookup(
    settings: Settings, clock: Clock, observer: Observer, *, index: LocalIndex | None = None
) -> Iterator[Lookup]:
    """The services and the store of `settings`, open for one run.

    Raises StoreError when the store is of another realm, cannot be read or cannot be written.
    """
    store = Store(settings.store, settings.realm, clock.now(), observer.warn)
    stop = threading.Event()
    key = settings.s2_api_key.get_secret_value() if settings.s2_api_key else None
    exchanges = {
        "arxiv": Exchange(
            "arxiv",
            settings.arxiv_url,
            clock,
            contact=settings.contact,
            accept="application/atom+xml, */*;q=0.5",
            stopped=stop.is_set,
        ),
        "semantic_scholar": Exchange(
            "semantic_scholar",
            settings.s2_url,
            clock,
            contact=settings.contact,
            key=key,
            accept="application/json",
            stopped=stop.is_set,
        ),
    }
    intervals = {"arxiv": settings.arxiv_interval, "semantic_scholar": settings.s2_interval}
    lines = {
        name: Line(
            exchange,
            store,
            clock,
            observer,
            interval=intervals[name],
            patience=settings.patience,
            stop=stop,
        )
        for name, exchange in exchanges.items()
    }
    arxiv = Arxiv(settings.arxiv_url, lines["arxiv"], store, clock)
    s2 = SemanticScholar(settings.s2_url, lines["semantic_scholar"], store, clock)
    try:
        yield Lookup(settings, clock, observer, store, arxiv, s2, stop, index)
    finally:
        stop.set()
        for line in lines.values():
            line.close()
        store.close()
