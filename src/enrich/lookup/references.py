"""Ask for the references of a list's papers: packed by their number, what is cut short alone."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from enrich.lookup.batches import ask_in_batches
from enrich.lookup.questions import Freshness
from enrich.observer import Observer
from enrich.paper_records import ReferencesStatus
from enrich.papers.references import ReferenceList
from enrich.records import Paper
from enrich.services.s2_graph import S2Graph
from enrich.store import Store
from enrich.store.references import held_references

# The service cuts answers with more than 9,999 nested citations without saying so; whether it
# counts references too is unknown, so the sum stays below that.
MOST_REFERENCES = 9_000
MOST_PAPERS = 500
# References of a paper whose count is unknown: twice the mean of the papers recorded.
ASSUMED_REFERENCES = 80


def packed(papers: Mapping[str, int | None]) -> list[list[str]]:
    """Papers in batches of at most 500 papers and 9,000 references.

    First fit by decreasing size. A paper with more references than that is a batch of its own.

    Args:
        papers: The number of references by paper id; None where it is unknown.
    """
    sizes = {
        paper_id: ASSUMED_REFERENCES if count is None else count
        for paper_id, count in papers.items()
    }
    batches: list[tuple[list[str], int]] = []
    for paper_id in sorted(sizes, key=lambda p: (-sizes[p], p)):
        for place, (members, total) in enumerate(batches):
            if total + sizes[paper_id] <= MOST_REFERENCES and len(members) < MOST_PAPERS:
                members.append(paper_id)
                batches[place] = (members, total + sizes[paper_id])
                break
        else:
            batches.append(([paper_id], sizes[paper_id]))
    return [members for members, _ in batches]


def ask_references(
    papers: Mapping[str, int | None],
    client: S2Graph,
    store: Store,
    fresh: Freshness,
    observer: Observer,
    stop: threading.Event,
) -> dict[str, ReferenceList]:
    """The reference lists of papers, asked for where they are not stored or no longer fresh.

    Args:
        papers: The number of references by Semantic Scholar's paper id; None where unknown.
        client: The open service.
        store: The open store.
        fresh: What counts as fresh; with `offline` nothing is asked.
        observer: Receives the progress.
        stop: Set when the run is interrupted.

    Returns:
        What is stored now, by paper id. A paper that could not be asked for is missing.
    """
    try:
        _ask(papers, client, store, fresh, observer)
    except BaseException:
        stop.set()
        raise
    return held_references(store, papers)


def with_status(paper: Paper, answer: ReferenceList | None, *, asked: bool) -> Paper:
    """The paper with what is known of its references.

    Args:
        paper: The paper; one that Semantic Scholar does not have cannot be asked for.
        answer: Its references, if they are known.
        asked: Whether papers without an answer were asked for.
    """
    if answer is None:
        status: ReferencesStatus = "failed" if asked and paper.ids.s2_paper_id else "not_asked"
        return replace(paper, references_status=status, references_known=None)
    return replace(
        paper,
        references_status=answer.status,
        references_known=len(answer.references),
        references_observed_at=answer.observed_at,
    )


def _ask(
    papers: Mapping[str, int | None],
    client: S2Graph,
    store: Store,
    fresh: Freshness,
    observer: Observer,
) -> None:
    def due(paper_ids: Iterable[str]) -> list[str]:
        wanted = list(paper_ids)
        held = held_references(store, wanted)
        return [p for p in wanted if fresh.references(held.get(p))]

    def ask_many(batch: Sequence[str]) -> Iterable[str]:
        with client.connection.exclusive():
            missing = due(map(_paper_id, batch))  # another process may have asked meanwhile
            alone.update(client.fetch_references(missing) if missing else ())
        return ()

    def ask_alone(batch: Sequence[str]) -> Iterable[str]:
        (paper_id,) = map(_paper_id, batch)
        with client.connection.exclusive():
            if due([paper_id]):
                client.fetch_reference_pages(paper_id, papers[paper_id])
        return ()

    alone: set[str] = set()
    batches = packed({paper_id: papers[paper_id] for paper_id in due(papers)})
    for number, batch in enumerate(batches, 1):
        name = f"s2 references {number}/{len(batches)}"
        outcome = ask_in_batches(
            client, "references", map(_key, batch), len(batch), ask_many,
            name=name, observer=observer,
        )  # fmt: skip
        alone |= set(map(_paper_id, outcome.set_aside))
    ask_in_batches(
        client, "pages", map(_key, sorted(alone)), 1, ask_alone,
        name="s2 reference pages", observer=observer,
    )  # fmt: skip


def _key(paper_id: str) -> str:
    """The identity key of a paper id, as control questions avoid it."""
    return f"s2:{paper_id}"


def _paper_id(key: str) -> str:
    return key.removeprefix("s2:")
