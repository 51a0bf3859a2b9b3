"""The rounds of questions of one run: identifiers first, titles for the rest, then completion.

The two services are asked at the same time; between rounds each learns what the other found, so
that neither is asked for what the other's answer makes needless.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from typing import Protocol

from enrich.clock import Clock
from enrich.lookup.batches import ask_in_batches
from enrich.lookup.questions import Freshness, Question
from enrich.lookup.state import Evidence
from enrich.lookup.titles import Asked, TitleSearch
from enrich.observer import Observer
from enrich.records import Entry, Findings, Identifiers, Issue, Override, Record
from enrich.services import Arxiv, SemanticScholar, arxiv_api, semantic_scholar
from enrich.services.title_queries import can_be_packed, good_witness
from enrich.store import Store

Step = Callable[[], None]
ARXIV, S2 = arxiv_api.SERVICE, semantic_scholar.SERVICE
# Searching titles one at a time is for what many-at-a-time did not find, never for a whole list.
MATCH_SHARE = 8
MATCH_AT_LEAST = 2


class LocalIndex(Protocol):
    """What a local index over bulk dumps answers, without a request."""

    def by_ids(self, ids: Sequence[Identifiers]) -> list[Record | None]:
        """One record or None for each."""
        ...

    def by_titles(self, titles: Sequence[str]) -> list[list[Record]]:
        """Candidates for each."""
        ...


class Rounds:
    """One run over the questions of one list."""

    def __init__(
        self,
        entries: Sequence[Entry],
        questions: Sequence[Question],
        overrides: Mapping[str, Override],
        fresh: Freshness,
        store: Store,
        arxiv: Arxiv,
        s2: SemanticScholar,
        clock: Clock,
        observer: Observer,
        stop: threading.Event,
        index: LocalIndex | None,
    ) -> None:
        self.questions, self.fresh = questions, fresh
        self.store, self.arxiv, self.s2 = store, arxiv, s2
        self._entries, self._overrides = entries, overrides
        self._clock, self._observer, self._stop, self._index = clock, observer, stop, index
        self.evidence = Evidence(entries, questions, overrides, fresh, store)
        self._live = store.realm == "live"
        self._searches = {
            S2: TitleSearch(
                "s2 titles",
                s2,
                store,
                clock,
                observer,
                lambda keys: self.evidence.unsearched(S2, "bulk", keys),
                lambda: self._witness_title(S2),
            ),
            ARXIV: TitleSearch(
                "arxiv titles",
                arxiv,
                store,
                clock,
                observer,
                lambda keys: self.evidence.unsearched(ARXIV, "titles", keys),
                lambda: self._witness_title(ARXIV),
            ),
        }

    def ask(self) -> None:
        """Ask whatever is due, in rounds; returns when nothing more can be learnt."""
        self._ask_index()
        if self.fresh.offline:
            return
        bare = [q for q in self.questions if not q.keys]
        keyed = [q for q in self.questions if q.keys]
        self._both([self._s2_ids, lambda: self._s2_titles(bare)], [self._arxiv_ids])
        self._both(
            [lambda: self._s2_titles(keyed)],
            [self._arxiv_ids, lambda: self._arxiv_titles(bare)],
        )
        self._both([self._s2_match], [lambda: self._arxiv_titles(keyed)])
        # Only now, so that one batch completes what searches at both services have found.
        self._both([self._s2_ids, self._s2_counts], [self._arxiv_ids])
        self._both([self._s2_counts], [self._arxiv_ids])

    def findings(self) -> Findings:
        """All that is known now."""
        told = self.evidence.conclude()
        leftovers = {
            "arXiv": self.arxiv.leftovers, "Semantic Scholar": self.s2.leftovers,
        }  # fmt: skip
        issues = tuple(
            Issue(
                "info",
                "new_field",
                f"{name} answers with fields that are not known here: {', '.join(sorted(found))}.",
                suggestion="Nothing is lost; a newer version of enrich may make use of them.",
            )
            for name, found in leftovers.items()
            if found
        )
        lines = (self.arxiv.line, self.s2.line)
        fetched_before = told.from_store
        for line in lines:
            line.tally.from_store = fetched_before[line.service]
        return Findings(
            told.resolutions, told.records, told.unasked, tuple(x.traffic() for x in lines), issues
        )

    # -- one step each

    def _ask_index(self) -> None:
        if self._index is None:
            return
        keyed = [q for q in self.questions if q.keys]
        for q, record in zip(keyed, self._index.by_ids([q.entry.ids for q in keyed]), strict=True):
            if record is not None:
                self.evidence.from_index(q, [record], by_id=True)
        self.evidence.refresh()
        bare = [q for q in self.evidence.unresolved(self.questions) if q.title]
        for q, records in zip(bare, self._index.by_titles([q.title for q in bare]), strict=True):
            self.evidence.from_index(q, records, by_id=False)
        self.evidence.refresh()

    def _s2_ids(self) -> None:
        keys = self.evidence.due_keys(S2)
        size = self._size(S2, semantic_scholar.BATCH)
        failed = ask_in_batches(
            self.s2.line,
            self._observer,
            "s2 batch",
            keys,
            size,
            lambda batch: self.s2.by_ids(lambda: self.evidence.still_due(S2, batch)),
            lambda key: self.store.keep(S2, {key: None}, self._clock.now()),
            lambda smaller: self.store.learn(S2, "batch", str(smaller), self._clock.now()),
        )
        self.evidence.failed[S2] |= failed

    def _s2_counts(self) -> None:
        failed = ask_in_batches(
            self.s2.line,
            self._observer,
            "s2 counts",
            self.evidence.due_counts(),
            self._size(S2, semantic_scholar.BATCH),
            lambda batch: self.s2.counts(lambda: self.evidence.still_uncounted(batch)),
            lambda paper_id: None,
        )
        self.evidence.failed[S2] |= {f"counts:{paper_id}" for paper_id in failed}

    def _arxiv_ids(self) -> None:
        keys = self.evidence.due_keys(ARXIV)
        witness = self._witness(ARXIV)
        failed = ask_in_batches(
            self.arxiv.line,
            self._observer,
            "arxiv ids",
            keys,
            self._size(ARXIV, arxiv_api.BATCH),
            lambda batch: self.arxiv.by_ids(
                lambda: [k.removeprefix("arxiv:") for k in self.evidence.still_due(ARXIV, batch)],
                witness.source_id if witness else arxiv_api.WITNESS,
                self._denied_by_s2,
            ),
            lambda key: self.store.keep(ARXIV, {key: None}, self._clock.now()),
            lambda smaller: self.store.learn(ARXIV, "batch", str(smaller), self._clock.now()),
        )
        self.evidence.failed[ARXIV] |= failed

    def _s2_titles(self, questions: Iterable[Question]) -> None:
        titles = self._packable(S2, "bulk", questions)
        self._note(S2, self._searches[S2].together(titles))

    def _denied_by_s2(self, ids: Sequence[str]) -> bool:
        held = self.store.held(S2, [f"arxiv:{one}" for one in ids])
        return len(held) == len(ids) and not any(h.record for h in held.values())

    def _arxiv_titles(self, questions: Iterable[Question]) -> None:
        titles = self._packable(ARXIV, "titles", questions)
        asked = self._searches[ARXIV].together(titles)
        self._note(ARXIV, asked)
        if asked.left:
            self._note(ARXIV, self._searches[ARXIV].apart({k: titles[k] for k in asked.left}))

    def _note(self, service: str, asked: Asked) -> None:
        self.evidence.failed[service] |= {f"title:{key}" for key in asked.failed}

    def _packable(self, service: str, way: str, questions: Iterable[Question]) -> dict[str, str]:
        titles = {
            q.title_key: q.title
            for q in self._to_search(service, questions)
            if q.title_key and can_be_packed(q.title)
        }
        due = self.evidence.unsearched(service, way, titles)
        return {key: title for key, title in titles.items() if key in due}

    def _to_search(self, service: str, questions: Iterable[Question]) -> list[Question]:
        if service == ARXIV and self.s2.hides_identifiers:
            # Its rows would have told which of their papers arXiv has.
            return self.evidence.without(ARXIV, questions)
        return self.evidence.unresolved(questions)

    def _s2_match(self) -> None:
        """One-title searches for what is left.

        Only for entries that the list calls papers: of the others a title that is not the same is
        never accepted, and the same title was found already. Titles that could not be asked for
        together are all asked; of those that were, a bounded share, and the others are noted as
        spared, so that a run within freshness asks nothing.
        """
        titles = {
            q.title_key: q.title
            for q in self.evidence.unresolved(self.questions)
            if q.title_key and q.entry.kind == "paper"
        }
        due = self.evidence.unsearched(S2, "match", titles) & self.evidence.unsearched(
            S2, "spared", titles
        )
        together = due - self.evidence.unsearched(S2, "bulk", due)
        bound = max(MATCH_AT_LEAST, len(self.questions) // MATCH_SHARE)
        rest = [key for key in titles if key in together]
        spared = set(rest[bound:])
        if self._match_is_gone():
            spared = due
        failed = ask_in_batches(
            self.s2.line,
            self._observer,
            "s2 match",
            [key for key in titles if key in due - spared],
            1,
            lambda batch: self._match(batch[0], titles[batch[0]]),
            lambda key: self.store.learn(S2, "match", "gone", self._clock.now()),
        )
        self.evidence.failed[S2] |= {f"title:{key}" for key in failed}
        now = self._clock.now()
        self.store.keep(S2, {}, now, searches={(key, "spared"): () for key in spared})

    def _match(self, key: str, title: str) -> None:
        if self._match_is_gone():
            return
        self.s2.match(
            key,
            title,
            lambda: bool(self.evidence.unsearched(S2, "match", [key])),
            self._witness_title(S2),
        )

    def _match_is_gone(self) -> bool:
        learnt = self.store.learnt(S2, "match")
        return learnt is not None and abs((self._clock.now() - learnt[1]).days) < 1

    # --

    def _both(self, s2: Sequence[Step], arxiv: Sequence[Step]) -> None:
        """Ask the two services at the same time; the first error ends both."""
        errors: list[BaseException] = []
        asked_before = self._asked()

        def beside() -> None:
            try:
                for step in arxiv:
                    step()
            except BaseException as error:  # handed over to the thread that waits
                errors.append(error)

        # A copy of the context, so that an observer knows which run a stage belongs to.
        thread = threading.Thread(
            target=copy_context().run, args=(beside,), name="arxiv", daemon=True
        )
        thread.start()
        try:
            for step in s2:
                step()
            thread.join()
        except BaseException:
            self._stop.set()
            thread.join(timeout=2.0)
            raise
        if errors:
            raise errors[0]
        if self._asked() > asked_before:
            self.evidence.refresh()

    def _asked(self) -> int:
        return sum(line.tally.requests.total() for line in (self.s2.line, self.arxiv.line))

    def _size(self, service: str, default: int) -> int:
        learnt = self.store.learnt(service, "batch")
        if learnt is None or abs((self._clock.now() - learnt[1]).days) >= 30:
            return default
        return max(1, min(default, int(learnt[0])))

    def _witness(self, service: str) -> Record | None:
        return next((r for r in self.store.witness(service) if good_witness(r)), None)

    def _witness_title(self, service: str) -> str | None:
        known = self._witness(service)
        # The constant one proves what it is found by; its absence proves something live only.
        return known.title if known else arxiv_api.WITNESS_TITLE if self._live else None
