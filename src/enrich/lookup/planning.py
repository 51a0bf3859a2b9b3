"""How many requests a run would make, from what is held and what is known of the entries."""

from __future__ import annotations

from math import ceil

from enrich.lookup.plan import Plan
from enrich.lookup.schedule import ARXIV, MATCH_AT_LEAST, MATCH_SHARE, S2, Rounds
from enrich.services import arxiv_api, semantic_scholar
from enrich.services.title_queries import MAX_URL, can_be_packed
from enrich.settings import Settings


def plan_of(rounds: Rounds, settings: Settings) -> Plan:
    """The requests of a run that finds what is likely, and an upper bound on its single searches.

    Assumes that every title is found: the papers' full records are then asked for by identifier.
    """
    if rounds.fresh.offline:
        return Plan((), 0.0, 0)
    evidence = rounds.evidence
    s2_ids, arxiv_ids = len(evidence.due_keys(S2)), len(evidence.due_keys(ARXIV))
    titles = {
        q.title_key: q.title
        for q in evidence.unresolved(rounds.questions)
        if q.title_key and not q.keys
    }
    due = evidence.unsearched(S2, "bulk", titles)
    packed = [titles[key] for key in titles if key in due and can_be_packed(titles[key])]
    alone = len(due) - len(packed)
    bulk = ceil(len(rounds.s2.titles_url(packed)) / MAX_URL) if packed else 0
    counts = len(evidence.due_counts())
    requests = [
        (S2, "batch", ceil(s2_ids / semantic_scholar.BATCH)),
        (S2, "bulk", bulk),
        (S2, "batch for what titles find", ceil(len(packed) / semantic_scholar.BATCH)),
        (S2, "counts", ceil(counts / semantic_scholar.BATCH)),
        (ARXIV, "ids", ceil(arxiv_ids / arxiv_api.BATCH)),
        (ARXIV, "ids for what titles find", ceil(len(packed) / arxiv_api.BATCH)),
    ]
    some = tuple(row for row in requests if row[2])
    at_most = alone + max(MATCH_AT_LEAST, len(rounds.questions) // MATCH_SHARE) if due else 0
    asked = {name: sum(n for service, _, n in some if service == name) for name in (S2, ARXIV)}
    seconds = max(asked[S2] * settings.s2_interval, asked[ARXIV] * settings.arxiv_interval)
    held = evidence.conclude().from_store
    return Plan(some, seconds, sum(held.values()), min(at_most, len(due)))
