"""Cells of the fault matrix in which a run asks for references or recommendations."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

from enrich.errors import Misconfigured, ServiceError
from enrich.records import Findings, Identifiers, Paper, Recommendation
from enrich.sandbox import Sandbox, embedded
from enrich.sandbox.graph import Graph

from .conftest import Bench

CATALOGUE = embedded()
GRAPH = Graph(CATALOGUE)
# A bibliography that came short is asked for again after a week, everything else after a day.
DAYS_TO_HEAL = 8
# What is endless is given up after so long.
EXCHANGE_SECONDS = 0.5
# References are kept as long as metadata, 21 days.
DAYS_TO_EXPIRE = 22


def true_state(position: int) -> str:
    """The state of a bibliography as the sandbox drew it."""
    if GRAPH.is_elided(position):
        return "elided"
    return "complete" if GRAPH.references(position) else "none_known"


HELD = [(i, p) for i, p in enumerate(CATALOGUE.papers) if p.s2]
STATES = {f"s2:{p.sha}": true_state(i) for i, p in HELD}
SIZES = {f"s2:{p.sha}": len(GRAPH.references(i)) for i, p in HELD}
KNOWN = {k: 0 if STATES[k] == "elided" else size for k, size in SIZES.items()}
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAPERS = tuple(
    Paper(
        f"s2:{p.sha}", p.title, Identifiers(s2_paper_id=p.sha), NOW, ("semantic_scholar",),
        reference_count=SIZES[f"s2:{p.sha}"],
    )
    for _, p in HELD
)  # fmt: skip
# Those of every state, those that a batch cuts short, and enough others.
CUT = {f"s2:{p.sha}" for i, p in HELD if len(GRAPH.served(i)) < SIZES[f"s2:{p.sha}"]}
MATRIX_PAPERS = tuple(
    p for n, p in enumerate(PAPERS)
    if STATES[p.paper_id] != "complete" or p.paper_id in CUT or n % 6 == 0
)  # fmt: skip
SEEDS = [p.sha for p in CATALOGUE.papers if p.s2 and p.arxiv][:30]
NOTHING = Findings((), {}, frozenset(), ())


def references(bench: Bench) -> Counter[str]:
    """Papers by what a run makes of their references: right, pending or wrong."""
    paper_of = {f"entry of {p.paper_id}": p.paper_id for p in MATRIX_PAPERS}
    try:
        papers, lists, found = bench.within(  # type: ignore[misc]  # what the block returns
            lambda lookup: lookup.add_references(MATRIX_PAPERS, paper_of, NOTHING)
        )
    except Misconfigured:  # a service that has never answered refuses: nothing is published
        return Counter(pending=len(MATRIX_PAPERS))
    outcomes: Counter[str] = Counter()
    for paper in papers:
        key = paper.paper_id
        if paper.references_status == "failed":
            # What was known stays; what was never known is named, to be asked for again.
            is_kept = paper.references_known is not None or f"entry of {key}" in found.unasked
            outcomes["pending" if is_kept else "wrong"] += 1
            continue
        is_right = paper.references_status == STATES[key]
        is_whole = len(lists.get(key, ())) == paper.references_known == KNOWN[key]
        outcomes["right" if is_right and is_whole else "wrong"] += 1
    return outcomes


def recommendations(bench: Bench) -> Counter[str]:
    """Recommended papers: right as without a fault, pending where missing, wrong where others."""
    try:
        found = recommended(bench)
    except ServiceError:
        return Counter(pending=len(_undisturbed()))
    ids = {one.work.ids.s2_paper_id for one in found}
    wanted = _undisturbed()
    return Counter(right=len(ids & wanted), pending=len(wanted - ids), wrong=len(ids - wanted))


def recommended(bench: Bench) -> Sequence[Recommendation]:
    """What is recommended for a list of thirty papers."""
    return bench.within(  # type: ignore[return-value]
        lambda lookup: lookup.recommend("demo", {"Papers": SEEDS})
    )


@lru_cache(maxsize=1)
def _undisturbed() -> frozenset[str | None]:
    with tempfile.TemporaryDirectory() as folder, Sandbox(limits=False) as box:
        found = recommended(Bench(box, Path(folder), ()))
    return frozenset(one.work.ids.s2_paper_id for one in found)


RUNS: Mapping[str, Callable[[Bench], Counter[str]]] = {
    "references": references,
    "recommendations": recommendations,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Outcomes and requests of a run under a fault, and what was wrong with it or those after."""

    outcomes: Counter[str]
    requests: int
    objections: tuple[str, ...]


def bounds_broken(bench: Bench, requests: int, most: int) -> list[str]:
    """Objections that hold for every run: too many requests, the key in a message."""
    objections = [f"{requests} requests"] if requests > most else []
    if any("a-key" in text for text in (*bench.reports.warnings, *bench.reports.waits)):
        objections.append("the key is in a message")
    return objections


def run_under_fault(
    box: Sandbox, folder: Path, subject: str, fault: str, *, is_sound: bool, most_requests: int
) -> Measured:
    """Run under a fault, without it, and under it again when everything is known.

    Args:
        box: The services.
        folder: Where the stores are made.
        subject: A name of `RUNS`.
        fault: The fault, as the sandbox reads it.
        is_sound: Whether the fault leaves values as they are, so that every outcome is checked.
        most_requests: How many requests a run may send.
    """
    run = RUNS[subject]

    def run_with_fault(bench: Bench) -> Counter[str]:
        box.set_faults([fault])
        with patch("enrich.services.connection.EXCHANGE_SECONDS", EXCHANGE_SECONDS):
            return run(bench)

    bench = Bench(box, folder / "cell", ())
    objections: list[str] = []
    outcomes = run_with_fault(bench)
    requests = bench.asked()[1]
    # Recommendations are what the service says: another paper cannot be told from a right one.
    if outcomes["wrong"] and is_sound and subject == "references":
        objections.append(f"{outcomes['wrong']} papers are neither right nor pending")
    objections += bounds_broken(bench, requests, most_requests)
    box.set_faults()
    bench.clock.pass_days(DAYS_TO_HEAL)
    if is_sound and run(bench)["pending"]:
        objections.append("the next run does not heal")
    bench.asked()
    run(bench)
    if is_sound and bench.asked() != (0, 0):
        objections.append("a third run asks again")
    known = Bench(box, folder / "known", ())
    box.set_faults()
    before = run(known)["right"]
    known.clock.pass_days(DAYS_TO_EXPIRE)
    after = run_with_fault(known)
    if is_sound and after["right"] + (subject == "references") * after["pending"] != before:
        objections.append("what was known is lost")
    return Measured(outcomes, requests, tuple(objections))
