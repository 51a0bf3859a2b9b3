"""`Lookup`: one open store, one connection to each service, and what a run may ask of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from enrich.clock import Clock
from enrich.errors import Unreachable
from enrich.graph.resemblance import Subject
from enrich.lookup.announcements import ask_announcements
from enrich.lookup.plan import Plan, plan_of
from enrich.lookup.questions import Freshness, QuestionSet, questions_of
from enrich.lookup.recommendations import ask_recommendations
from enrich.lookup.references import ask_references, with_status
from enrich.lookup.schedule import LocalIndex, Schedule, Sources
from enrich.lookup.view import ARXIV, S2
from enrich.observer import Observer
from enrich.papers.references import ReferenceList
from enrich.records import Entry, Findings, Override, Paper, Recommendation, Reference, Service
from enrich.services import Arxiv, Connection, SemanticScholar
from enrich.services.assumptions import Check, check_services
from enrich.services.http import HttpClient
from enrich.services.patience import Patience
from enrich.services.s2_graph import S2Graph
from enrich.settings import Settings
from enrich.store import Store
from enrich.store.references import held_recommended


class Lookup:
    """Everything that is known of the entries of a list, asked for where it is not stored.

    Made by `open_lookup`; not to be used after it has closed.
    """

    def __init__(self, settings: Settings, sources: Sources) -> None:
        self._settings, self._sources = settings, sources
        s2 = sources.s2
        self._graph = S2Graph(settings.s2_url, s2.connection, sources.store, sources.clock)

    def plan(self, entries: Sequence[Entry], overrides: Mapping[str, Override]) -> Plan:
        """How many requests `resolve` would make; makes none."""
        return plan_of(self._schedule(entries, overrides), self._settings)

    def resolve(self, entries: Sequence[Entry], overrides: Mapping[str, Override]) -> Findings:
        """Ask for what is not stored or no longer fresh, and decide every entry.

        A service that cannot be asked leaves its entries pending.

        Raises:
            Misconfigured: A service refuses everything and has never answered.
            Unreachable: No service can be reached, and nothing is known of any entry.
            StoreError: The store cannot be used.
        """
        clients = (self._sources.arxiv, self._sources.s2)
        for client in clients:
            client.begin()
        schedule = self._schedule(entries, overrides)
        try:
            schedule.ask()
        except BaseException:
            self._sources.stop.set()
            raise
        findings = schedule.findings()
        gone = [c.connection.closed for c in clients]
        if all(isinstance(error, Unreachable) for error in gone) and not findings.records:
            raise Unreachable(
                f"{' '.join(str(error) for error in gone)} Nothing is known of any entry, so "
                "nothing was published: check the network, a proxy, or the addresses."
            )
        return findings

    @property
    def index(self) -> LocalIndex | None:
        """The local index that is asked first, if any."""
        return self._sources.index

    def add_references(
        self, papers: Sequence[Paper], paper_of: Mapping[str, str], found: Findings
    ) -> tuple[tuple[Paper, ...], dict[str, tuple[Reference, ...]], Findings]:
        """Ask which works the papers reference, where that is not stored or no longer fresh.

        Args:
            papers: The merged papers of a list.
            paper_of: entry_id -> paper_id.
            found: What `resolve` returned.

        Returns:
            The papers with the status of their references, the references by paper_id, and
            `found` with the additional requests and issues; entries whose paper could not be asked
            for are added to `unasked`.
        """
        fresh = Freshness.of(self._settings, self._sources.clock.now())
        lists = self._indexed_references(papers)
        open_ = {
            s2_id: p for p in papers if (s2_id := p.ids.s2_paper_id) and p.paper_id not in lists
        }
        answers = ask_references(
            {s2_id: p.reference_count for s2_id, p in open_.items()}, self._graph,
            self._sources.store, fresh, self._sources.observer, self._sources.stop,
        )  # fmt: skip
        lists |= {open_[s2_id].paper_id: answer for s2_id, answer in answers.items()}
        updated = tuple(
            with_status(p, lists.get(p.paper_id), asked=not fresh.offline) for p in papers
        )
        failed = {
            p.paper_id
            for p in updated
            if p.references_status == "failed" and p.references_known is None
        }
        s2 = self._sources.s2.connection
        found = replace(
            found,
            traffic=tuple(
                s2.traffic(t.records_from_cache) if t.service == S2 else t for t in found.traffic
            ),
            unasked=found.unasked | {e for e, paper_id in paper_of.items() if paper_id in failed},
            issues=(*found.issues, *self._graph.answers.issues()),
        )
        references = {p: lists[p].references for p in (u.paper_id for u in updated) if p in lists}
        return updated, references, found

    def _indexed_references(self, papers: Sequence[Paper]) -> dict[str, ReferenceList]:
        """What the local index says of the papers' references, by paper_id.

        A bibliography does not change once it is printed, so the age of the dump does not count.
        """
        if self.index is None:
            return {}
        by_corpus = {p.ids.s2_corpus_id: p.paper_id for p in papers if p.ids.s2_corpus_id}
        found = self.index.references(list(by_corpus))
        return {by_corpus[corpus_id]: answer for corpus_id, answer in found.items()}

    def recommended_so_far(self, list_slug: str) -> tuple[Recommendation, ...]:
        """What was recommended for a list in earlier runs; makes no request."""
        return tuple(held_recommended(self._sources.store, list_slug))

    def recommend(
        self,
        list_slug: str,
        sections: Mapping[str, Sequence[str]],
        subject: Subject | None = None,
    ) -> Sequence[Recommendation]:
        """Recent papers that belong to a list, asked for once a day.

        Args:
            list_slug: The list.
            sections: Semantic Scholar's paper ids by the section they stand in.
            subject: What to look for among arXiv's new papers; None for recommendations alone.

        Returns:
            Everything found so far, the latest first; nothing is asked with `offline`.

        Raises:
            ServiceError: Semantic Scholar could not be asked, and nothing new is known.
        """
        sources = self._sources
        fresh = Freshness.of(self._settings, sources.clock.now())
        if fresh.offline:
            return self.recommended_so_far(list_slug)
        days = timedelta(days=-1.0 if self._settings.refresh else self._settings.counts_days)
        if subject:
            ask_announcements(list_slug, subject, sources, self._graph, fresh, fresh_for=days)
        return ask_recommendations(
            list_slug, sections, self._graph, sources.store, sources.observer,
            now=fresh.began, fresh_for=days,
        )  # fmt: skip

    def check_services(self) -> list[Check]:
        """Whether the services behave as the look-up assumes; about twenty small requests."""
        return check_services(self._sources.arxiv, self._sources.s2, self._sources.clock.now())

    def identities(self) -> dict[str, str]:
        """Every alias that a paper has been known by -> its paper_id."""
        return self._sources.store.identities()

    def remember(self, identities: Mapping[str, str]) -> None:
        """Keep aliases and the paper_id they belong to; what is known already stays."""
        self._sources.store.remember(identities)

    def _schedule(self, entries: Sequence[Entry], overrides: Mapping[str, Override]) -> Schedule:
        fresh = Freshness.of(self._settings, self._sources.clock.now())
        questions = questions_of(entries, overrides)
        return Schedule(
            QuestionSet(tuple(entries), overrides, questions, fresh),
            self._sources,
            self._settings.title_searches,
        )


@contextmanager
def open_lookup(
    settings: Settings, clock: Clock, observer: Observer, *, index: LocalIndex | None = None
) -> Iterator[Lookup]:
    """The services and the store of `settings`, open for one run.

    Raises StoreError when the store is of another realm, cannot be read or cannot be written.
    """
    store = Store(settings.store, settings.realm, clock.now(), observer.warn)
    stop, patience = threading.Event(), Patience(settings.patience)
    key = settings.s2_api_key.get_secret_value() if settings.s2_api_key else None

    def connect(service: Service, url: str, interval: float, key: str | None) -> Connection:
        http = HttpClient(
            service, url, clock, contact=settings.contact, key=key, stopped=stop.is_set
        )
        return Connection(
            http, store, clock, observer, interval=interval, patience=patience, stop=stop
        )

    to_arxiv = connect(ARXIV, settings.arxiv_url, settings.arxiv_interval, None)
    to_s2 = connect(S2, settings.s2_url, settings.s2_interval, key)
    sources = Sources(
        arxiv=Arxiv(settings.arxiv_url, to_arxiv, store, clock),
        s2=SemanticScholar(settings.s2_url, to_s2, store, clock),
        store=store,
        clock=clock,
        observer=observer,
        stop=stop,
        index=index,
    )
    try:
        yield Lookup(settings, sources)
    finally:
        stop.set()
        to_arxiv.close()
        to_s2.close()
        store.close()
