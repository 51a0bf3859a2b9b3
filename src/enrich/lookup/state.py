"""The state of a run's questions: what the store holds, what that decides, what is still due.

Everything is read from the store, so that a later run under other rules decides again without
asking, and what another process has fetched meanwhile is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from enrich.lookup.paper_records import add, one_each, union
from enrich.lookup.questions import METHODS, Question, QuestionSet
from enrich.lookup.view import ARXIV, S2, SERVICES, TITLE_METHODS, View
from enrich.papers.identifiers import askable_keys
from enrich.records import Candidate, Record, Resolution, Service
from enrich.resolve import decide, denies, reworded
from enrich.services.client import SET_ASIDE_FOR
from enrich.store import Store

# Notes a second answer that a service lacks a paper which the other one knows.
CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Concluded:
    """Resolutions for all entries in order, records by resolved entry, and what is missing."""

    resolutions: tuple[Resolution, ...]
    records: dict[str, tuple[Record, ...]]
    unasked: frozenset[str]
    deferred: frozenset[str]
    from_store: Mapping[Service, int]


class LookupState:
    """What is known about the questions of one run.

    `failed` are the keys that could not be asked, by service: identity keys, `title:` and a title
    key, `counts:` and a paperId. They end as pending and are not asked again in this run.
    """

    def __init__(self, questions: QuestionSet, store: Store) -> None:
        self._entries, self._overrides = questions.entries, questions.overrides
        self._questions = {q.entry.entry_id: q for q in questions.questions}
        self._fresh, self._store = questions.fresh, store
        self._index: dict[str, list[Candidate]] = {}
        self._candidates: dict[str, list[Candidate]] = {}
        self._decided: dict[str, Resolution] = {}
        self._papers: dict[str, tuple[Record, ...]] = {}
        began = self._fresh.began
        self.failed: dict[Service, set[str]] = {
            name: store.questions_set_aside(name, began - SET_ASIDE_FOR) for name in SERVICES
        }
        self._doubted: dict[Service, dict[str, Question]] = {name: {} for name in SERVICES}
        self._seen: tuple[int, int] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Decide every question by what the store holds now, whoever has fetched it."""
        while (version := self._store.version()) != self._seen:
            self._seen = version
            view = View(self._store, self._questions.values())
            for entry_id, q in self._questions.items():
                candidates = [*self._index.get(entry_id, ()), *view.candidates(q)]
                if entry_id not in self._decided or candidates != self._candidates.get(entry_id):
                    self._candidates[entry_id] = candidates
                    self._decided[entry_id] = decide(q.entry, candidates, override=q.override)
            self._papers = self._records_of_papers()
            self._forget_contradicted(view)

    def from_index(self, question: Question, records: Sequence[Record], *, by_id: bool) -> None:
        """Take up what the local index knows of a question."""
        kind = question.keys[0].partition(":")[0] if by_id and question.keys else ""
        method = METHODS.get(kind, "title:index") if by_id else "title:index"
        found = self._index.setdefault(question.entry.entry_id, [])
        found.extend(Candidate(record, method) for record in records)
        self._seen = None

    def unresolved(self, questions: Iterable[Question]) -> list[Question]:
        """Those of `questions` that what is held does not resolve."""
        return [q for q in questions if self._decided[q.entry.entry_id].status != "resolved"]

    def reworded(self, questions: Iterable[Question]) -> list[Question]:
        """Those of `questions` whose own id names a paper with other words in its title."""
        decided = ((q, self._decided[q.entry.entry_id].chosen) for q in questions)
        return [q for q, one in decided if one and q.title and reworded(q.title, one.record.title)]

    def without(self, source: str, questions: Iterable[Question]) -> list[Question]:
        """Those of `questions` of whose paper no record of `source` is held."""
        return [
            q
            for q in questions
            if all(r.source != source for r in self._papers.get(q.entry.entry_id, ()))
        ]

    def _forget_contradicted(self, view: View) -> None:
        """Drop what a search brought up for a title and other answers call another paper.

        The identifiers of a row may be another paper's than its title. It shows when the record of
        that identifier has another title, at the same service or, by the same people, at arXiv.
        A record of an earlier run is asked for again first. Else the title is: by the next run,
        pending until then, where this one asked.
        """
        for q in self._questions.values():
            for name, key, held, looked_at in view.contradicted(q):
                if looked_at >= self._fresh.began:
                    if held.looked_at < self._fresh.began and key not in self.failed[name]:
                        self._doubted[name][key] = q
                        continue
                    self.failed[name].add(f"title:{q.title_key}")
                self._store.forget_searches(name, q.title_key, looked_at)
            chosen = self._decided[q.entry.entry_id].chosen
            rows = self._papers.get(q.entry.entry_id, ())
            if chosen is None or chosen.method != TITLE_METHODS[S2]:
                continue
            if any(denies(q.entry, record) for record in rows if record.source == ARXIV):
                self.failed[S2].add(f"title:{q.title_key}")
                self._store.forget_searches(S2, q.title_key)
                self._store.forget_record(S2, chosen.record.source_id)

    # -- what is due

    def due_keys(self, service: Service, *, completing: bool = True) -> list[str]:
        """Identity keys to ask `service` for: one per paper, the best that is not known to miss.

        Without `completing` only those that the list gives and those of whole records that are old.
        What searches brought up is left for one batch after them, also where an earlier or another
        run has searched: else its papers are asked for in two batches.
        """
        wanted = [(q, self._ladder(service, q)) for q in self._questions.values()]
        if service == S2:
            wanted += [(q, (key,)) for q in self._questions.values() for key in self._rivals(q)]
        wanted += [(q, (key,)) for key, q in self._doubted[service].items()]
        held = self._store.held(service, keys := [key for _, ladder in wanted for key in ladder])
        again = self.unconfirmed(service, keys) | self.doubted(service, keys)
        due: dict[str, None] = {}
        for q, ladder in wanted:
            for key in ladder:
                now = held.get(key)
                needs = self._fresh.record(now, counts=False)
                first = needs and (key in q.keys or (now is not None and now.whole))
                asks = needs == "all" or key in again
                if asks and key not in self.failed[service] and (completing or first):
                    due[key] = None
                if needs == "all" or held[key].record is not None:
                    break
        return list(due)

    def still_due(self, service: Service, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that no process has asked for meanwhile."""
        held = self._store.held(service, keys)
        return [k for k in keys if self._fresh.record(held.get(k), counts=False) == "all"]

    def unconfirmed(self, service: Service, keys: Iterable[str]) -> set[str]:
        """Those of the list's own keys that `service` lacks by one answer and the other one knows.

        A fault can make one null of an answer that is sound otherwise; a second answer settles it.
        """
        if self._fresh.offline:
            return set()
        own = {key for q in self._questions.values() for key in q.keys}.intersection(keys)
        misses = {k: h for k, h in self._store.held(service, own).items() if h.record is None}
        known = self._store.held(S2 if service == ARXIV else ARXIV, misses)
        noted = self._store.searched(service, misses)
        return {
            key
            for key, miss in misses.items()
            if key in known
            and known[key].record
            and not any(n.looked_at >= miss.looked_at for n in noted.get(key, ()))
        }

    def doubted(self, service: Service, keys: Iterable[str]) -> set[str]:
        """Those of `keys` whose record, of an earlier run, has another title than a search said."""
        held = self._store.held(service, self._doubted[service].keys() & set(keys))
        return {key for key, one in held.items() if one.looked_at < self._fresh.began}

    def due_counts(self) -> list[str]:
        """PaperIds of Semantic Scholar's records of resolved entries whose counts are due."""
        ids = dict.fromkeys(
            r.source_id
            for records in self._papers.values()
            for r in records
            if r.source == "semantic_scholar"
        )
        return list(self.stale_counts([i for i in ids if f"counts:{i}" not in self.failed[S2]]))

    def stale_counts(self, paper_ids: Sequence[str]) -> dict[str, Record]:
        """Those of the records whose counts no process has refreshed meanwhile, by paperId."""
        held = self._store.held(S2, [f"s2:{one}" for one in paper_ids])
        return {
            h.record.source_id: h.record
            for h in held.values()
            if h.record and self._fresh.record(h, counts=True) == "counts"
        }

    def titles_to_search(self, service: Service, way: str, title_keys: Iterable[str]) -> set[str]:
        """Those title keys that `service` has to be asked for in this way."""
        keys = list(title_keys)
        made = self._store.searched(service, keys)
        return {
            key
            for key in keys
            if self._fresh.search(
                next((s.looked_at for s in made.get(key, ()) if s.way == way), None)
            )
            and f"title:{key}" not in self.failed[service]
        }

    def least_recent_first(
        self, service: Service, way: str, title_keys: Iterable[str], *, instead: str
    ) -> list[str]:
        """Title keys in the order in which a bounded number of them is best searched.

        Args:
            service: Whom to ask.
            way: The way of searching that is ordered.
            title_keys: What to order.
            instead: Another way of searching; titles that it could not be used for come first.

        Returns:
            Those first that were never or least recently searched in this way; of these, those
            for which nothing was found at all.
        """
        keys = list(title_keys)
        made = self._store.searched(service, keys)
        seen = {q.title_key for q in self._questions.values() if self._candidates[q.entry.entry_id]}

        def rank(key: str) -> tuple[float, bool, bool]:
            times = {search.way: search.looked_at.timestamp() for search in made.get(key, ())}
            return times.get(way, 0.0), key in seen, instead in times

        return sorted(keys, key=rank)

    def _rivals(self, question: Question) -> Iterator[str]:
        """The keys of rows of searches that leave a person to choose: are they what they say?"""
        decided = self._decided[question.entry.entry_id]
        for row in decided.weighed if decided.status == "ambiguous" else ():
            if row.decision == "runner_up" and row.candidate.method == TITLE_METHODS[S2]:
                yield f"s2:{row.candidate.record.source_id}"

    def _ladder(self, service: Service, question: Question) -> tuple[str, ...]:
        """The keys under which `service` may know the paper, in the order of asking."""
        entry_id = question.entry.entry_id
        papers = self._papers.get(entry_id, ())
        if not papers:
            return question.arxiv_keys if service == ARXIV else question.keys
        ids = union(papers)
        if service == ARXIV:
            if any(r.source == "index" and r.abstract for r in papers):
                return ()
            return (f"arxiv:{ids.arxiv_id}",) if ids.arxiv_id else question.arxiv_keys
        own = [f"s2:{r.source_id}" for r in papers if r.source == "semantic_scholar"]
        return (*own[:1],) if own else tuple(dict.fromkeys((*question.keys, *askable_keys(ids))))

    # -- conclusions

    def conclude(self) -> Concluded:
        """Every entry decided, with what could not be asked taken into account."""
        resolutions: list[Resolution] = []
        unasked: set[str] = set()
        deferred = self._deferred()
        for entry in self._entries:
            q = self._questions.get(entry.entry_id)
            if q is None:
                resolutions.append(decide(entry, (), override=self._overrides.get(entry.entry_id)))
                continue
            missing = self._missing(q)
            resolutions.append(
                decide(
                    entry,
                    self._candidates[entry.entry_id],
                    unasked=missing,
                    searched_alone=entry.entry_id not in deferred,
                    override=q.override,
                )
                if missing or entry.entry_id in deferred
                else self._decided[entry.entry_id]
            )
            if (missing and resolutions[-1].status == "pending") or self._incomplete(q):
                unasked.add(entry.entry_id)
        old = dict.fromkeys(SERVICES, 0)
        for record in {
            (r.source, r.source_id): r for rows in self._papers.values() for r in rows
        }.values():
            if record.source in old and record.fetched_at < self._fresh.began:
                old[record.source] += 1
        return Concluded(
            tuple(resolutions), dict(self._papers), frozenset(unasked), deferred - unasked, old
        )

    def _deferred(self) -> frozenset[str]:
        """Entries without a paper whose titles were never searched one at a time."""
        papers = [
            q
            for q in self.unresolved(self._questions.values())
            if q.entry.kind == "paper" and q.title_key
        ]
        made = self._store.searched(S2, [q.title_key for q in papers])
        ways = {key: {search.way for search in some} for key, some in made.items()}
        return frozenset(
            q.entry.entry_id
            for q in papers
            if "spared" in (asked := ways.get(q.title_key, set())) and "match" not in asked
        )

    def _missing(self, q: Question) -> frozenset[str]:
        """The services whose answer about this question is missing."""
        if self._fresh.offline:
            return frozenset(name for name in SERVICES if not self._asked_before(name, q))
        return frozenset(
            name
            for name in SERVICES
            if self.failed[name] & {*q.keys, f"title:{q.title_key}"}
            and not (q.keys and self._store.held(name, q.keys))
        )

    def _asked_before(self, service: Service, q: Question) -> bool:
        keys = q.arxiv_keys if service == ARXIV else q.keys
        held = self._store.held(service, keys)
        if any(h.record for h in held.values()):
            return True
        searched = bool(self._store.searched(service, [q.title_key])) if q.title_key else True
        return searched and len(held) == len(keys)

    def _incomplete(self, q: Question) -> bool:
        """Whether something of a resolved entry's paper was due and could not be had."""
        entry_id = q.entry.entry_id
        if entry_id not in self._papers or self._fresh.offline:
            return False
        ids = {f"counts:{r.source_id}" for r in self._papers[entry_id] if r.source != "arxiv"}
        return any(self.failed[name] & {*self._ladder(name, q), *ids} for name in SERVICES)

    def _records_of_papers(self) -> dict[str, tuple[Record, ...]]:
        """For each resolved entry all records that describe its paper, the chosen one first."""
        chosen = {entry_id: d.chosen.record for entry_id, d in self._decided.items() if d.chosen}
        found = {entry_id: [record] for entry_id, record in chosen.items()}
        for entry_id, rows in found.items():
            for candidate in self._candidates[entry_id]:
                add(rows, candidate.record)
        for _ in range(2):  # an id learnt from one service can lead to the other and back
            keys = {entry_id: askable_keys(union(rows)) for entry_id, rows in found.items()}
            for name in SERVICES:
                held = self._store.held(name, {k for some in keys.values() for k in some})
                for entry_id, rows in found.items():
                    for key in keys[entry_id]:
                        if key in held and (record := held[key].record):
                            add(rows, record)
        return {entry_id: one_each(rows) for entry_id, rows in found.items()}
