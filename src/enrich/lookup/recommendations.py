"""Ask for recent papers that resemble a list: by section where sections are large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from enrich.errors import ServiceError, Unavailable
from enrich.lookup.batches import ask_in_batches
from enrich.observer import Observer
from enrich.records import Recommendation, Reference
from enrich.services.s2_graph import MOST_SEEDS, S2Graph
from enrich.store import Store
from enrich.store.references import held_recommended, keep_recommended

# Sections with fewer papers are asked for together: a handful of seeds says little of a topic.
LARGE_SECTION = 15


def seed_groups(sections: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Paper ids in groups of at most 100: one group for a list of that size, else by section.

    Args:
        sections: Semantic Scholar's paper ids by the section they stand in.
    """
    everything = list(dict.fromkeys(chain.from_iterable(sections.values())))
    if len(everything) <= MOST_SEEDS:
        return [everything] if everything else []
    large = {name: ids for name, ids in sections.items() if len(ids) >= LARGE_SECTION}
    rest = [ids for name, ids in sections.items() if name not in large]
    groups = [*large.values(), list(chain.from_iterable(rest))]
    return [
        list(group[start : start + MOST_SEEDS])
        for group in groups
        for start in range(0, len(group), MOST_SEEDS)
    ]


def ask_recommendations(
    list_slug: str,
    sections: Mapping[str, Sequence[str]],
    client: S2Graph,
    store: Store,
    observer: Observer,
    *,
    now: datetime,
    fresh_for: timedelta,
) -> list[Recommendation]:
    """What is new for a list: asks for recommendations unless that was done lately.

    Args:
        list_slug: The list.
        sections: Semantic Scholar's paper ids by the section they stand in; only ids that the
            Graph API has answered, as one unknown id fails a whole request.
        client: The open service.
        store: The open store.
        observer: Receives the progress.
        now: Time of the run.
        fresh_for: For how long an answer counts as recent; negative for never.

    Returns:
        Everything found to be new so far, the latest first, also on arXiv.

    Raises:
        ServiceError: The service could not be asked, and nothing new is known.
    """
    held = held_recommended(store, list_slug)
    last = next((one.last_seen for one in held if one.service == client.service), None)
    if last and abs(now - last) <= fresh_for:
        return held
    answers: list[Sequence[Reference]] = []
    failures: list[ServiceError] = []

    def ask(batch: Sequence[str]) -> Iterable[str]:
        try:
            with client.connection.exclusive():
                answers.append(client.recommend([key.removeprefix("s2:") for key in batch]))
        except ServiceError as error:
            failures.append(error)
            raise
        return ()

    for group in seed_groups(sections):
        keys = [f"s2:{paper_id}" for paper_id in group]
        ask_in_batches(
            client, "recommendations", keys, len(keys), ask,
            name="s2 recommendations", observer=observer,
        )  # fmt: skip
    # The best of every answer come first, whichever section it was for.
    ranked = {
        work.ids.s2_paper_id: work
        for work in chain.from_iterable(zip_longest(*answers))
        if work is not None
    }
    if not answers and failures:
        if not held:
            raise Unavailable(str(failures[-1]), failures[-1].service)
        observer.warn(f"{failures[-1]} Earlier recommendations are kept.")
    works = [(work, "") for work in ranked.values()]
    keep_recommended(store, list_slug, works, now, client.service)
    return held_recommended(store, list_slug)
