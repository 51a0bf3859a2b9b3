"""The order of a run's questions: identifiers first, titles for the rest, then completion.

The two services are asked at the same time; between steps each learns what the other found, so
that neither is asked for what the other's answer makes needless.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from typing import Protocol

from enrich.clock import Clock
from enrich.lookup.batches import Outcome, ask_in_batches
from enrich.lookup.questions import Question, QuestionSet
from enrich.lookup.state import CONFIRMED, LookupState
from enrich.lookup.titles import Searched, TitleSearch
from enrich.lookup.view import ARXIV, S2
from enrich.observer import Observer
from enrich.papers.references import ReferenceList
from enrich.records import Findings, Identifiers, Record, Service
from enrich.services import Arxiv, SemanticScholar, arxiv_api, semantic_scholar
from enrich.services.title_queries import (
    TitleQuery,
    as_written,
    by_arxiv_authors,
    can_be_packed,
    in_arxiv_title,
    in_other_words,
)
from enrich.store import Store

Step = Callable[[], None]
# Searching titles one at a time is for what many at a time did not find. So few are not worth a
# query for many before it.
SINGLE_AT_LEAST = 2
# Ways of searching titles, by their names in the store.
OTHER_WORDS, AUTHORS = "other words", "authors"
# Queries of those ways whose answer is too long are asked in halves at most so often.
MOST_SPLITS = 8
# Days for which a batch size that a service accepted is believed.
_SIZE_DAYS = 30


class LocalIndex(Protocol):
    """What a local index over bulk dumps answers, without a request."""

    def by_ids(self, ids: Sequence[Identifiers]) -> list[Record | None]:
        """One record or None for each."""
        ...

    def references(self, corpus_ids: Sequence[int]) -> dict[int, ReferenceList]:
        """What papers reference by Semantic Scholar's corpus id, those of which it knows it."""
        ...

    def by_titles(self, titles: Sequence[str]) -> list[list[Record]]:
        """Candidates for each."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that a run may ask, open: both services, the store and a local index if any."""

    arxiv: Arxiv
    s2: SemanticScholar
    store: Store
    clock: Clock
    observer: Observer
    stop: threading.Event
    index: LocalIndex | None = None


class Schedule:
    """One run over the questions of one list."""

    def __init__(
        self, questions: QuestionSet, sources: Sources, title_searches: float = 0.125
    ) -> None:
        """Prepare a run.

        Args:
            questions: What there is to ask.
            sources: Whom.
            title_searches: Share of the questions whose titles may be searched one at a time.
        """
        self.questions = questions.questions
        self.arxiv, self.s2 = sources.arxiv, sources.s2
        self.state = LookupState(questions, sources.store)
        self._offline = questions.fresh.offline
        self.most_singles = max(SINGLE_AT_LEAST, int(len(self.questions) * title_searches))
        self._thorough = title_searches >= 1
        self._store, self._clock, self._observer = sources.store, sources.clock, sources.observer
        self._stop, self._index = sources.stop, sources.index
        self._titles: dict[Service, TitleSearch] = {
            S2: TitleSearch("s2 titles", self.s2, "bulk", self.state, self._observer),
            ARXIV: TitleSearch("arxiv titles", self.arxiv, "titles", self.state, self._observer),
        }

    def ask(self) -> None:
        """Ask whatever is due; returns when nothing more can be learnt."""
        self._ask_index()
        if self._offline:
            return
        bare = [q for q in self.questions if not q.keys]
        keyed = [q for q in self.questions if q.keys]
        self._both(
            [lambda: self._s2_ids(completing=False), lambda: self._s2_titles(bare)],
            [lambda: self._arxiv_ids(completing=False)],
        )
        self._both(
            [lambda: self._s2_titles(keyed)],
            [self._arxiv_ids, lambda: self._arxiv_titles(bare)],
        )
        self._both([self._s2_other_words], [lambda: self._arxiv_titles(keyed)])
        self._both([], [self._arxiv_authors])
        self._both([self._s2_singles], [])
        # Only now, so that one batch completes what searches at both services have found.
        self._both([self._s2_ids, self._s2_counts], [self._arxiv_ids])
        self._both([self._s2_counts], [self._arxiv_ids])

    def findings(self) -> Findings:
        """All that is known now."""
        self.state.refresh()
        concluded = self.state.conclude()
        clients = (self.arxiv, self.s2)
        return Findings(
            concluded.resolutions,
            concluded.records,
            concluded.unasked,
            tuple(c.connection.traffic(concluded.from_store[c.service]) for c in clients),
            tuple(issue for c in clients for issue in c.answers.issues()),
            concluded.deferred,
        )

    # -- one step each

    def _ask_index(self) -> None:
        if self._index is None:
            return
        keyed = [q for q in self.questions if q.keys]
        for q, record in zip(keyed, self._index.by_ids([q.entry.ids for q in keyed]), strict=True):
            if record is not None:
                self.state.from_index(q, [record], by_id=True)
        self.state.refresh()
        bare = [q for q in self.state.unresolved(self.questions) if q.title]
        for q, records in zip(bare, self._index.by_titles([q.title for q in bare]), strict=True):
            self.state.from_index(q, records, by_id=False)
        self.state.refresh()

    def _s2_ids(self, *, completing: bool = True) -> None:
        due = self.state.due_keys(S2, completing=completing)
        self._ids(self.s2, "batch", "s2 batch", semantic_scholar.BATCH, due)

    def _arxiv_ids(self, *, completing: bool = True) -> None:
        due = self.state.due_keys(ARXIV, completing=completing)
        self._ids(self.arxiv, "ids", "arxiv ids", arxiv_api.BATCH, due)

    def _ids(
        self,
        client: Arxiv | SemanticScholar,
        endpoint: str,
        name: str,
        most: int,
        due: Sequence[str],
    ) -> None:
        service = client.service

        def ask(batch: Sequence[str]) -> Iterable[str]:
            with client.connection.exclusive():
                again = self.state.unconfirmed(service, batch)
                due = again | self.state.doubted(service, batch)
                due |= set(self.state.still_due(service, batch))
                still = [key for key in batch if key in due]
                unanswered = client.fetch(still) if still else frozenset()
                if again:
                    self._store.note(service, CONFIRMED, again - unanswered, self._clock.now())
                return unanswered

        size = self._size(service, most)
        outcome = ask_in_batches(
            client, endpoint, due, size, ask, name=name, observer=self._observer
        )
        self._note(service, outcome)

    def _s2_counts(self) -> None:
        def ask(batch: Sequence[str]) -> Iterable[str]:
            with self.s2.connection.exclusive():
                due = self.state.stale_counts(batch)
                return self.s2.refresh_counts(due) if due else ()

        due, size = self.state.due_counts(), self._size(S2, semantic_scholar.BATCH)
        outcome = ask_in_batches(
            self.s2, "counts", due, size, ask, name="s2 counts", observer=self._observer
        )
        self._note(S2, outcome, "counts:", aside="counts:")

    def _s2_titles(self, questions: Iterable[Question]) -> None:
        questions = list(questions)
        # Where a link leads to other words, the title may well be another paper's.
        due = [*self.state.unresolved(questions), *self.state.reworded(questions)]
        titles = self._queries(S2, "bulk", due, lambda q: as_written(q.title))
        self._note_titles(S2, self._titles[S2].together(titles))

    def _s2_other_words(self) -> None:
        """Ask again for what was not found, many at a time, as it may be written elsewhere."""
        titles = self._queries(
            S2, OTHER_WORDS, self._missing_papers(), lambda q: in_other_words(q.title)
        )
        search = TitleSearch(
            "s2 titles in other words", self.s2, OTHER_WORDS, self.state, self._observer,
            endpoint="bulk", most_splits=MOST_SPLITS,
        )  # fmt: skip
        self._note_titles(S2, search.together(titles))

    def _arxiv_authors(self) -> None:
        """Ask for what was not found by its first author and a word of the title."""

        def by_authors(question: Question) -> TitleQuery | None:
            return by_arxiv_authors(question.title, question.entry.authors_text)

        titles = self._queries(ARXIV, AUTHORS, self._missing_papers(), by_authors)
        search = TitleSearch(
            "arxiv authors", self.arxiv, AUTHORS, self.state, self._observer,
            endpoint="titles", most_splits=MOST_SPLITS,
        )  # fmt: skip
        self._note_titles(ARXIV, search.together(titles))

    def _missing_papers(self) -> list[Question]:
        """The papers that were not found; none where so few are searched one at a time anyway."""
        papers = [q for q in self.state.unresolved(self.questions) if q.entry.kind == "paper"]
        return papers if len(papers) > SINGLE_AT_LEAST else []

    def _arxiv_titles(self, questions: Iterable[Question]) -> None:
        due = self.state.unresolved(questions)
        if self.s2.hides_identifiers:
            # Its rows would have shown which of their papers arXiv has.
            due = self.state.without(ARXIV, questions)
        titles = self._queries(ARXIV, "titles", due, lambda q: in_arxiv_title(q.title))
        result = self._titles[ARXIV].together(titles)
        self._note_titles(ARXIV, result)
        if result.alone:
            alone = {key: titles[key] for key in titles if key in result.alone}
            self._note_titles(ARXIV, self._titles[ARXIV].apart(alone))

    def _queries(
        self,
        service: Service,
        way: str,
        questions: Iterable[Question],
        query: Callable[[Question], TitleQuery | None],
    ) -> dict[str, TitleQuery]:
        """What is due to be asked in one way, by title key."""
        titles = {
            q.title_key: asked
            for q in questions
            if q.title_key and can_be_packed(q.title) and (asked := query(q))
        }
        due = self.state.titles_to_search(service, way, titles)
        return {key: asked for key, asked in titles.items() if key in due}

    def _s2_singles(self) -> None:
        """Search one at a time for what is left, the titles first that were searched least lately.

        Only for entries that the list calls papers: of the others a title that is not the same is
        never accepted, and the same title was found already. Titles that could not be asked for
        together are all asked; of those that were, a bounded share. The others are deferred, and
        noted so that a run within freshness asks nothing.
        """
        titles = {
            q.title_key: q.title
            for q in self.state.unresolved(self.questions)
            if q.title_key and q.entry.kind == "paper"
        }
        due = self.state.titles_to_search(S2, "match", titles)
        if not self._thorough:
            due &= self.state.titles_to_search(S2, "spared", titles)
        together = due - self.state.titles_to_search(S2, "bulk", due)
        oldest_first = self.state.least_recent_first(S2, "match", titles, instead=OTHER_WORDS)
        deferred = set([key for key in oldest_first if key in together][self.most_singles :])

        def ask(batch: Sequence[str]) -> Iterable[str]:
            (key,) = batch
            with self.s2.connection.exclusive():
                if self.state.titles_to_search(S2, "match", [key]):
                    self.s2.match(key, titles[key])
            return ()

        outcome = ask_in_batches(
            self.s2, "match", [key for key in oldest_first if key in due - deferred], 1, ask,
            name="s2 match", observer=self._observer,
        )  # fmt: skip
        self._note(S2, outcome, "title:", aside="title:")
        if deferred:
            self._store.note(S2, "spared", deferred, self._clock.now())

    # --

    def _note(
        self, service: Service, outcome: Outcome, prefix: str = "", *, aside: str = ""
    ) -> None:
        """Keep what stayed open: pending in this run, and what fails not asked for a day."""
        poisoned = {aside + key for key in outcome.set_aside}
        self.state.failed[service] |= {prefix + key for key in outcome.pending} | poisoned
        if poisoned:
            self._store.set_aside(service, poisoned, self._clock.now())
        if outcome.size is not None:
            self._store.learn(service, "batch", str(outcome.size), self._clock.now())

    def _note_titles(self, service: Service, result: Searched) -> None:
        outcome = Outcome(pending=result.pending, set_aside=result.set_aside)
        self._note(service, outcome, "title:", aside="title:")

    def _both(self, s2: Sequence[Step], arxiv: Sequence[Step]) -> None:
        """Ask the two services at the same time; the first error ends both."""
        errors: list[BaseException] = []

        def beside() -> None:
            try:
                for step in arxiv:
                    step()
            except BaseException as error:  # handed over to the thread that waits
                errors.append(error)
                self._stop.set()

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
        self.state.refresh()

    def _size(self, service: Service, most: int) -> int:
        learnt = self._store.learnt(service, "batch")
        if learnt is None or abs((self._clock.now() - learnt[1]).days) >= _SIZE_DAYS:
            return most
        return max(1, min(most, int(learnt[0]))) if learnt[0].isdecimal() else most
