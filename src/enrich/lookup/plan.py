"""How many requests a run would make, from what is stored and what is known of the entries."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from enrich.lookup.schedule import Schedule
from enrich.lookup.view import ARXIV, S2
from enrich.services import arxiv_api, semantic_scholar
from enrich.services.title_queries import MAX_URL, can_be_packed
from enrich.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests by service and endpoint, about how many seconds they take, and what is stored.

    `at_most` is the number of further requests that search for what the others do not find.
    """

    requests: tuple[tuple[str, str, int], ...]
    seconds: float
    from_store: int
    at_most: int = 0

    def total(self, service: str) -> int:
        """Requests to one service."""
        return sum(count for name, _, count in self.requests if name == service)

    @property
    def arxiv(self) -> int:
        """Requests to arXiv."""
        return self.total(ARXIV)

    @property
    def semantic_scholar(self) -> int:
        """Requests to Semantic Scholar."""
        return self.total(S2)


def plan_of(schedule: Schedule, settings: Settings) -> Plan:
    """The requests of a run that finds what is likely, and an upper bound on its single searches.

    Assumes that every title is found: the papers' full records are then asked for by identifier.
    """
    if settings.offline:
        return Plan((), 0.0, 0)
    state, questions = schedule.state, schedule.questions
    s2_ids, arxiv_ids = len(state.due_keys(S2)), len(state.due_keys(ARXIV))
    titles = {
        q.title_key: q.title for q in state.unresolved(questions) if q.title_key and not q.keys
    }
    due = state.titles_to_search(S2, "bulk", titles)
    packed = [titles[key] for key in titles if key in due and can_be_packed(titles[key])]
    alone = len(due) - len(packed)
    bulk = ceil(len(schedule.s2.titles_url(packed)) / MAX_URL) if packed else 0
    counts = len(state.due_counts())
    requests = [
        (S2, "batch", ceil(s2_ids / semantic_scholar.BATCH)),
        (S2, "bulk", bulk),
        (S2, "batch for what titles find", ceil(len(packed) / semantic_scholar.BATCH)),
        (S2, "counts", ceil(counts / semantic_scholar.BATCH)),
        (ARXIV, "ids", ceil(arxiv_ids / arxiv_api.BATCH)),
        (ARXIV, "ids for what titles find", ceil(len(packed) / arxiv_api.BATCH)),
    ]
    some = tuple(row for row in requests if row[2])
    at_most = alone + schedule.most_singles if due else 0
    asked = {name: sum(n for service, _, n in some if service == name) for name in (S2, ARXIV)}
    seconds = max(asked[S2] * settings.s2_interval, asked[ARXIV] * settings.arxiv_interval)
    stored = state.conclude().from_store
    return Plan(some, seconds, sum(stored.values()), min(at_most, len(due)))
