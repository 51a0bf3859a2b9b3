"""The decision: which candidate is the entry's paper, or why none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from enrich.papers.identifiers import id_keys
from enrich.papers.same_paper import group, one_work
from enrich.records import Candidate, Entry, Override, Resolution, Status, Verdict, Weighed
from enrich.resolve.eligibility import has_identifier, wants_lookup
from enrich.resolve.explanations import clash, lacking, nobody, phrase, pinned, shown, why
from enrich.resolve.scoring import ACCEPT, REWORDED, STRICT, Evidence, weigh

RULE_VERSION: Final = "2026.11.5"

# Scores below are no reason to leave an entry ambiguous; measured on the lists named TUNED in
# benchmarks/resolution.py.
PLAUSIBLE: Final = 0.8
# A paper whose score is less than this below the best one's is a rival of it.
MARGIN: Final = 0.04
_EQUAL_TITLE: Final = frozenset({"same", "trimmed"})

Paper = list[Evidence]


def decide(
    entry: Entry,
    candidates: Sequence[Candidate],
    *,
    unasked: frozenset[str] = frozenset(),
    searched_alone: bool = True,
    override: Override | None = None,
) -> Resolution:
    """Decide what becomes of `entry`.

    Args:
        entry: What the list says.
        candidates: The records that any source put forward, in any order.
        unasked: Sources that were needed and could not be asked: what cannot be settled without
            them is `pending`.
        searched_alone: Whether the title was also searched on its own, not only together with
            others; the reason says so where it was not.
        override: What a person decided about the entry; it takes precedence.

    Returns:
        The outcome with all candidates and the evidence for each. Its status is one of
        `resolved`: `chosen` is the entry's paper; `unresolved`: no source has it; `conflict`: the
        list's own identifier names a paper with another title; `ambiguous`: several papers or
        too little evidence; `pending`: a source could not be asked; `not_a_paper`.
    """
    if len(candidates) > 1:
        candidates = _distinct(sorted(candidates, key=_order))
    if override is not None:
        if override.absent:
            reason = f"A person said that no service has it: {override.reason}"
            return replace(_outcome(entry, "unresolved", reason), method="override")
        if override.pin is not None:
            return _pinned(entry, candidates, unasked, override, override.pin)
    if not wants_lookup(entry, override):
        return _outcome(entry, "not_a_paper", f"It is no paper: {entry.kind_reason or entry.kind}.")
    papers = _papers(entry, candidates)
    if override is None:
        return _judge(entry, papers, unasked, searched_alone)
    refused = frozenset(override.reject)
    rejected = [p for p in papers if any(refused & set(id_keys(e.record.ids)) for e in p)]
    left = [p for p in papers if p not in rejected]
    verdict = _judge(entry, left, unasked, searched_alone)
    by_person = [_row(e, "rejected", "A person rejected it.") for paper in rejected for e in paper]
    return replace(verdict, weighed=(*verdict.weighed, *by_person))


def _judge(
    entry: Entry, papers: list[Paper], unasked: frozenset[str], searched_alone: bool
) -> Resolution:
    listed = [paper for paper in papers if any(e.by_id for e in paper)]
    if listed:
        fitting = [paper for paper in listed if any(e.fits_id for e in paper)]
        if not fitting or _title_elsewhere(entry, fitting[0], papers):
            return _clash(entry, (fitting or listed)[0], papers)
        return _accept(entry, fitting[0], papers)
    if not papers or not _plausible(papers[0][0]):
        if entry.kind != "paper" and not has_identifier(entry.ids) and not entry.arxiv_ids:
            # Worded like a paper, but no source has its title: it is what the list calls it.
            reason = f"It is no paper: {entry.kind_reason or entry.kind}; no source has its title."
            return _open(entry, "not_a_paper", reason, papers, unasked)
        return _open(entry, "unresolved", nobody(papers, searched_alone), papers, unasked)
    best, *rest = papers
    if not _acceptable(entry, best[0]):
        reason = f"{shown(best[0])} is near, but {lacking(entry, best[0])}."
        return _open(entry, "ambiguous", reason, papers, unasked)
    rivals = [p for p in rest if _rivals(best[0], p[0]) and not _one_work(best, p)]
    if rivals:
        reason = (
            f"{1 + len(rivals)} different papers fit equally well, among them "
            f"{shown(best[0])} and {shown(rivals[0][0])}."
        )
        return _open(entry, "ambiguous", reason, papers, unasked)
    return _accept(entry, best, papers)


def _title_elsewhere(entry: Entry, paper: Paper, papers: list[Paper]) -> bool:
    """Whether the list's id names a paper of other words, and its title another paper."""
    if not entry.title or any(e.title.kind not in REWORDED for e in paper):
        return False
    return any(
        other[0].title.kind in _EQUAL_TITLE
        and _acceptable(entry, other[0])
        and not _one_work(paper, other)
        for other in papers
        if other is not paper
    )


def _papers(entry: Entry, candidates: Sequence[Candidate]) -> list[Paper]:
    """The candidates by paper, best paper and best candidate of each first."""
    if len(candidates) == 1:
        return [[weigh(entry, candidates[0])]]
    papers = []
    for places in group([c.record for c in candidates]):
        members = [candidates[i] for i in places]
        sources = {c.record.source for c in members}
        papers.append(
            sorted((weigh(entry, c, second_source=len(sources) > 1) for c in members), key=_rank)
        )
    return sorted(papers, key=lambda paper: _rank(paper[0]))


def _acceptable(entry: Entry, e: Evidence) -> bool:
    strict = entry.kind != "paper" and e.title.kind not in STRICT
    return e.score >= ACCEPT and e.title.against is None and not strict


def _plausible(e: Evidence) -> bool:
    return e.score >= PLAUSIBLE and e.title.against is None


def _rivals(best: Evidence, other: Evidence) -> bool:
    # Only another paper of an equal title is a rival of a paper of that title.
    if best.title.kind in _EQUAL_TITLE and other.title.kind not in _EQUAL_TITLE:
        return False
    return _plausible(other) and other.score > best.score - MARGIN


def _one_work(best: Paper, other: Paper) -> bool:
    return any(one_work(a.record, b.record) for a in best for b in other)


def _accept(entry: Entry, paper: Paper, papers: list[Paper]) -> Resolution:
    best = next((e for e in paper if e.fits_id), paper[0])
    return Resolution(
        entry.entry_id, "resolved", why(best), RULE_VERSION, best.candidate.method, best.score,
        best.candidate, _rows(papers, accepted=paper),
    )  # fmt: skip


def _clash(entry: Entry, paper: Paper, papers: list[Paper]) -> Resolution:
    best = next(e for e in paper if e.by_id)
    return Resolution(
        entry.entry_id, "conflict", clash(entry, best), RULE_VERSION, best.candidate.method,
        best.score, None, _rows(papers),
    )  # fmt: skip


def _open(
    entry: Entry, status: Status, reason: str, papers: list[Paper], unasked: frozenset[str]
) -> Resolution:
    if unasked:
        status = "pending"
        reason = f"{', '.join(sorted(unasked))} could not be asked; it is asked again next run."
    best = papers[0][0].score if papers and status == "ambiguous" else None
    return Resolution(
        entry.entry_id, status, reason, RULE_VERSION, None, best, None, _rows(papers)
    )  # fmt: skip


def _pinned(
    entry: Entry, candidates: Sequence[Candidate], unasked: frozenset[str], override: Override,
    pin: str,
) -> Resolution:  # fmt: skip
    papers = _papers(entry, candidates)
    chosen = [e for paper in papers for e in paper if pin in id_keys(e.record.ids)]
    if chosen:
        return Resolution(
            entry.entry_id, "resolved", pinned(pin, override, chosen[0]), RULE_VERSION,
            "override", 1.0, chosen[0].candidate, _rows([chosen], accepted=chosen),
        )  # fmt: skip
    reason = f"A person pinned {pin}, which no source has: {override.reason}"
    return _open(entry, "unresolved", reason, papers, unasked)


def _rows(papers: list[Paper], accepted: Paper | None = None) -> tuple[Weighed, ...]:
    rows = []
    for place, paper in enumerate(papers):
        for e in paper:
            if paper is accepted:
                rows.append(_row(e, "accepted", why(e)))
            elif place < 2 and _plausible(e):
                rows.append(_row(e, "runner_up", phrase(e)))
            else:
                rows.append(_row(e, "rejected", phrase(e)))
    return tuple(rows)


def _row(e: Evidence, verdict: Verdict, reason: str) -> Weighed:
    return Weighed(
        e.candidate, e.title.likeness, e.authors.score if e.authors else None,
        e.year_delta, e.score, verdict, reason,
    )  # fmt: skip


def _outcome(entry: Entry, status: Status, reason: str) -> Resolution:
    return Resolution(entry.entry_id, status, reason, RULE_VERSION)


# Everything of a candidate that a decision reads: neither order nor repetition makes a difference.
Order = tuple[int, str, str, str, datetime, int, tuple[str, ...], tuple[str, ...], str]
_SOURCES: Final = {"arxiv": 0, "semantic_scholar": 1, "index": 2}


def _order(candidate: Candidate) -> Order:
    record = candidate.record
    return (
        _SOURCES[record.source], record.source_id, candidate.method, record.title,
        record.fetched_at, record.year or 0, tuple(author.name for author in record.authors),
        id_keys(record.ids), record.abstract or "",
    )  # fmt: skip


def _rank(e: Evidence) -> tuple[float, bool, Order]:
    return -e.score, not e.record.authors, _order(e.candidate)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    seen: dict[Order, Candidate] = {}
    for candidate in candidates:
        seen.setdefault(_order(candidate), candidate)
    return list(seen.values())
