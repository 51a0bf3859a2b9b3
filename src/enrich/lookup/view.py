"""What the store holds for the questions of a run, read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from enrich.lookup.questions import METHODS, Question
from enrich.records import Candidate, Method, Record, Service
from enrich.services.title_queries import resembling
from enrich.store import Held, Searched, Store

ARXIV: Service = "arxiv"
S2: Service = "semantic_scholar"
SERVICES: tuple[Service, ...] = (S2, ARXIV)
TITLE_METHODS: Mapping[Service, Method] = {"semantic_scholar": "title:s2", "arxiv": "title:arxiv"}
# The kind of each service's own ids.
_OWN: Mapping[Service, str] = {"semantic_scholar": "s2", "arxiv": "arxiv"}


class View:
    """What both services have answered so far."""

    def __init__(self, store: Store, questions: Iterable[Question]) -> None:
        questions = list(questions)
        keys = {key for q in questions for key in q.keys}
        titles = {q.title_key for q in questions if q.title_key}
        self._held: dict[str, dict[str, Held]] = {}
        self._searched: dict[str, dict[str, list[Searched]]] = {}
        for name in SERVICES:
            self._searched[name] = store.searched(name, titles)
            # Through the identity keys: a merged paper answers under its new id.
            found = {
                f"{_OWN[name]}:{source_id}"
                for made in self._searched[name].values()
                for search in made
                for source_id in search.found
            }
            self._held[name] = store.held(name, keys | found)

    def candidates(self, q: Question) -> list[Candidate]:
        """What both services put forward for a question."""
        found: list[Candidate] = []
        for name in SERVICES:
            for key in q.keys:
                if (held := self._held[name].get(key)) and held.record:
                    found.append(Candidate(held.record, METHODS[key.partition(":")[0]]))
            found += [Candidate(r, TITLE_METHODS[name]) for r, _ in self._brought_up(name, q)]
        return found

    def contradicted(self, q: Question) -> Iterator[tuple[Service, str, Held, datetime]]:
        """Searches whose rows are held with another title: service, key, record, search time."""
        for name in SERVICES:
            for record, looked_at in self._brought_up(name, q):
                if not resembling(q.title, [record]):
                    key = f"{_OWN[name]}:{record.source_id}"
                    yield name, key, self._held[name][key], looked_at

    def _brought_up(self, name: Service, q: Question) -> Iterator[tuple[Record, datetime]]:
        """The records that searches of one service found for a title, and when."""
        for search in self._searched[name].get(q.title_key, ()):
            for source_id in search.found:
                held = self._held[name].get(f"{_OWN[name]}:{source_id}")
                if held and held.record:
                    yield held.record, search.looked_at
