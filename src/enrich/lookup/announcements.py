"""Ask arXiv what is new in a list's main categories, and keep what cites or resembles the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from enrich.errors import ServiceError
from enrich.graph.matching import KnownWorks
from enrich.graph.resemblance import Subject, resemblances
from enrich.lookup.batches import ask_in_batches
from enrich.lookup.questions import Freshness
from enrich.lookup.references import ask_references
from enrich.lookup.schedule import Sources
from enrich.lookup.view import ARXIV, S2
from enrich.records import Record, Reference
from enrich.services.s2_graph import S2Graph
from enrich.store.references import keep_recommended

# How far a first look goes back, and any look at most.
FIRST_DAYS, MOST_DAYS = 14, 60
# A paper is dated when it is submitted and listed days later: looks overlap by a week.
OVERLAP = timedelta(days=7)
# So many of those that resemble the list most are asked whom they cite: one request.
ASKED_WHOM_THEY_CITE = 100
# A new paper that cites as many of the list belongs to it, whatever its words.
LEAST_CITED = 2
MOST_KEPT = 50


def ask_announcements(
    list_slug: str,
    subject: Subject,
    ask: Sources,
    graph: S2Graph,
    fresh: Freshness,
    *,
    fresh_for: timedelta,
) -> None:
    """Keep the new papers on arXiv that cite or resemble a list, unless that was done lately.

    While arXiv cannot be asked nothing changes: the next look begins where the last one did.

    Args:
        list_slug: The list.
        subject: What it is about.
        ask: Services and store.
        graph: Semantic Scholar's citation graph.
        fresh: What counts as fresh.
        fresh_for: For how long a look counts as recent; negative for never.
    """
    now, mark = fresh.began, f"announcements for {list_slug}"
    last = ask.store.learnt(ARXIV, mark)
    if not subject.categories or (last and abs(now - last[1]) <= fresh_for):
        return
    since = now - timedelta(days=FIRST_DAYS)
    if last:
        since = max(last[1] - OVERLAP, now - timedelta(days=MOST_DAYS))
    try:
        with ask.arxiv.connection.exclusive():
            records, total = ask.observer.stage(
                "arxiv new papers", lambda: ask.arxiv.announced(subject.categories, since, now)
            )
    except ServiceError as error:
        ask.observer.warn(f"{error} What is new on arXiv is looked for again next time.")
        return
    if total > len(records):
        ask.observer.warn(
            f"arXiv has {total:,} new papers in {', '.join(subject.categories)}: only the newest "
            f"{len(records):,} were compared with the list."
        )
    kept = _chosen(records, subject, ask, graph, fresh)
    keep_recommended(ask.store, list_slug, kept, now, ARXIV)
    ask.store.learn(ARXIV, mark, since.isoformat(), now)


def _chosen(
    records: Sequence[Record], subject: Subject, ask: Sources, graph: S2Graph, fresh: Freshness
) -> list[tuple[Reference, str]]:
    """The records that belong to the list with a sentence on why, best first."""
    new = [r for r in records if subject.known.paper_of(r.ids, r.title) is None]
    found = resemblances(subject.texts, [f"{r.title} {r.abstract or ''}" for r in new])
    ranked = sorted(zip(new, found, strict=True), key=lambda pair: -pair[1].likeness)
    asked = [record.source_id for record, _ in ranked[:ASKED_WHOM_THEY_CITE]]
    cited = _cited(asked, subject.known, ask, graph, fresh)
    ranked.sort(key=lambda pair: -cited.get(pair[0].source_id, 0))
    kept = []
    for record, near in ranked:
        count = cited.get(record.source_id, 0)
        if not (near.is_near or count >= LEAST_CITED):
            continue
        reason = f"New on arXiv ({', '.join(record.arxiv_categories[:3])})"
        if count:
            reason += f"; cites {count} {'paper' if count == 1 else 'papers'} of the list"
        if near.is_near:
            reason += f"; close in words to “{subject.titles[near.nearest]}”"
        work = Reference(
            record.title, record.ids, record.year, None, None, tuple(a.name for a in record.authors)
        )
        kept.append((work, f"{reason}."))
    return kept[:MOST_KEPT]


def _cited(
    arxiv_ids: Sequence[str], known: KnownWorks, ask: Sources, graph: S2Graph, fresh: Freshness
) -> Mapping[str, int]:
    """How many papers of the list each arXiv paper cites, where Semantic Scholar can say it."""
    keys = [f"arxiv:{arxiv_id}" for arxiv_id in arxiv_ids]
    held = ask.store.held(S2, keys)
    due = [key for key in keys if fresh.record(held.get(key), counts=False)]

    def fetch(batch: Sequence[str]) -> frozenset[str]:
        with ask.s2.connection.exclusive():
            return ask.s2.fetch(batch)

    if due:
        ask_in_batches(
            ask.s2, "batch", due, len(due), fetch, name="s2 new papers", observer=ask.observer
        )
    records = {key: h.record for key, h in ask.store.held(S2, keys).items() if h.record}
    counts = {r.source_id: r.reference_count for r in records.values() if r.reference_count}
    lists = ask_references(counts, graph, ask.store, fresh, ask.observer, ask.stop)
    cited: dict[str, int] = {}
    for key, record in records.items():
        answer = lists.get(record.source_id)
        papers = {known.paper_of(w.ids, w.title) for w in answer.references} if answer else set()
        cited[key.removeprefix("arxiv:")] = len(papers - {None})
    return cited
