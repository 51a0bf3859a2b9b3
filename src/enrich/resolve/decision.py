"""The decision: which candidate is the entry's paper, or why none is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from enrich.records import Candidate, Entry, Override, Resolution, Status, Verdict, Weighed
from enrich.resolve.evidence import Evidence, weigh
from enrich.resolve.kinds import wants_lookup
from enrich.resolve.same import group, id_keys

RULE_VERSION: Final = "2026.11.1"

ACCEPT: Final = 0.93
ACCEPT_BY_ID: Final = 0.85
PLAUSIBLE: Final = 0.8
MARGIN: Final = 0.04
# Software, data sets and project pages become papers only on a title that is the same.
_STRICT_RELATIONS: Final = frozenset({"same"})

_METHOD_NAMES: Final = {
    "id:arxiv": "the arXiv id in the list", "id:doi": "the DOI in the list",
    "id:s2": "the Semantic Scholar id in the list", "id:acl": "the ACL id in the list",
    "id:url": "the link in the list", "title:s2": "a title search at Semantic Scholar",
    "title:arxiv": "a title search at arXiv", "title:index": "the local index",
    "override": "an override",
}  # fmt: skip


def decide(
    entry: Entry,
    candidates: Sequence[Candidate],
    *,
    unasked: frozenset[str] = frozenset(),
    override: Override | None = None,
) -> Resolution:
    """What becomes of `entry`, given all `candidates` any source put forward, in any order.

    `unasked` names the sources that were needed and could not be asked: what cannot be settled
    without them is `pending`. `override` is what a person decided; it comes first.
    """
    candidates = sorted(_distinct(candidates), key=_order)
    if override is not None:
        if override.absent:
            return _outcome(
                entry, "unresolved", f"A person said no service has it: {override.reason}"
            )
        if override.pin is not None:
            return _pinned(entry, candidates, unasked, override, override.pin)
    if not wants_lookup(entry, override):
        return _outcome(entry, "not_a_paper", f"It is no paper: {entry.kind_reason or entry.kind}.")
    evidence = [weigh(entry, candidate) for candidate in candidates]
    refused = frozenset(override.reject) if override else frozenset()
    rejected = [e for e in evidence if refused & set(id_keys(e.record.ids))]
    evidence = [e for e in evidence if e not in rejected]
    verdict = _judge(entry, evidence, unasked)
    by_person = tuple(_row(e, "rejected", "A person rejected it.") for e in rejected)
    return Resolution(
        verdict.entry_id, verdict.status, verdict.reason, verdict.rule_version, verdict.method,
        verdict.score, verdict.chosen, verdict.weighed + by_person,
    )  # fmt: skip


def _judge(entry: Entry, evidence: list[Evidence], unasked: frozenset[str]) -> Resolution:
    papers = _papers(evidence)
    by_id = [p for p in papers if any(e.by_id for e in p)]
    if by_id:
        fitting = [p for p in by_id if _best_by_id(p).score >= ACCEPT_BY_ID and not _barred(p)]
        if fitting:
            return _accept(entry, fitting[0], papers, fitting[1:2])
        return _clash(entry, by_id[0], papers)
    acceptable = [p for p in papers if _acceptable(entry, p)]
    if acceptable:
        best = acceptable[0]
        rivals = [
            p for p in papers[1:] if p[0].score >= best[0].score - MARGIN and _plausible(p[0])
        ]
        if not rivals:
            return _accept(entry, best, papers, [])
        reason = (
            f"{1 + len(rivals)} different papers fit equally well, among them "
            f"{_shown(best[0])} and {_shown(rivals[0][0])}."
        )
        return _open(entry, "ambiguous", reason, papers, unasked)
    if papers and _plausible(papers[0][0]):
        reason = f"{_shown(papers[0][0])} is near, but {_lacking(papers[0][0])}."
        return _open(entry, "ambiguous", reason, papers, unasked)
    reason = "No source knows a paper of this title."
    if papers:
        reason = f"No source knows a paper of this title; the nearest is {_shown(papers[0][0])}."
    return _open(entry, "unresolved", reason, papers, unasked)


def _papers(evidence: list[Evidence]) -> list[list[Evidence]]:
    """The candidates by paper, best paper and best candidate of each first."""
    together = group([e.record for e in evidence])
    papers = [sorted((evidence[i] for i in g), key=_rank) for g in together]
    return sorted(papers, key=lambda paper: _rank(paper[0]))


def _acceptable(entry: Entry, paper: list[Evidence]) -> bool:
    best = paper[0]
    if best.against or (entry.kind != "paper" and best.relation not in _STRICT_RELATIONS):
        return False
    value = best.score
    if len({e.record.source for e in paper if e.relation == "same"}) > 1 and not (
        best.authors and best.authors.conflicts
    ):
        value += (1 - value) * 0.6
    return value >= ACCEPT


def _plausible(best: Evidence) -> bool:
    return best.score >= PLAUSIBLE and not best.against


def _best_by_id(paper: list[Evidence]) -> Evidence:
    return min((e for e in paper if e.by_id), key=_rank)


def _barred(paper: list[Evidence]) -> bool:
    return _best_by_id(paper).against is not None


def _accept(
    entry: Entry, paper: list[Evidence], papers: list[list[Evidence]], rivals: list[list[Evidence]]
) -> Resolution:
    best = next((e for e in paper if e.by_id), paper[0])
    weighed = _rows(papers, accepted=paper)
    return Resolution(
        entry.entry_id, "resolved", _why(best), RULE_VERSION, best.candidate.method, best.score,
        best.candidate, weighed,
    )  # fmt: skip


def _clash(entry: Entry, paper: list[Evidence], papers: list[list[Evidence]]) -> Resolution:
    best = _best_by_id(paper)
    reason = (
        f"{_METHOD_NAMES[best.candidate.method].capitalize()} names “{best.record.title}”, "
        f"but the list says “{entry.title}”"
        f"{f' ({best.against})' if best.against else ''}."
    )
    return Resolution(
        entry.entry_id, "conflict", reason, RULE_VERSION, best.candidate.method, best.score,
        None, _rows(papers),
    )  # fmt: skip


def _open(
    entry: Entry, status: Status, reason: str, papers: list[list[Evidence]], unasked: frozenset[str]
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
    evidence = [weigh(entry, candidate) for candidate in candidates]
    chosen = [e for e in evidence if pin in id_keys(e.record.ids)]
    if chosen:
        return Resolution(
            entry.entry_id, "resolved", f"A person pinned {pin}: {override.reason}", RULE_VERSION,
            "override", 1.0, chosen[0].candidate, _rows([chosen], accepted=chosen),
        )  # fmt: skip
    papers = _papers(evidence)
    reason = f"A person pinned {pin}, which no source has: {override.reason}"
    return _open(entry, "unresolved", reason, papers, unasked)


def _rows(
    papers: list[list[Evidence]], accepted: list[Evidence] | None = None
) -> tuple[Weighed, ...]:
    rows = []
    for place, paper in enumerate(papers):
        for e in paper:
            if paper is accepted:
                rows.append(_row(e, "accepted", _why(e)))
            elif place < 2 and _plausible(e):
                rows.append(_row(e, "runner_up", _evidence_phrase(e)))
            else:
                rows.append(_row(e, "rejected", _evidence_phrase(e)))
    return tuple(rows)


def _row(e: Evidence, verdict: Verdict, reason: str) -> Weighed:
    return Weighed(
        e.candidate, round(e.title_score, 4), e.authors.score if e.authors else None,
        e.year_delta, e.score, verdict, reason,
    )  # fmt: skip


def _why(e: Evidence) -> str:
    return f"Found by {_METHOD_NAMES[e.candidate.method]}; {_evidence_phrase(e)}"


def _evidence_phrase(e: Evidence) -> str:
    title = {
        "same": "the titles are the same",
        "subtitle": "the titles are the same but for a subtitle",
        "labelled": "the title is the same after a label",
        "truncated": "one title is the beginning of the other",
        "near": f"the titles are {e.title_score:.0%} alike",
        "named": "the list calls it by its short name",
        "other": f"the titles are only {e.title_score:.0%} alike",
    }[e.relation]
    parts = [title]
    if e.against:
        parts.append(e.against)
    if e.authors is not None:
        verb = "agree" if e.authors.agrees else "differ" if e.authors.conflicts else "partly agree"
        parts.append(f"the authors {verb}")
    if e.year_fits is False:
        parts.append(f"the years are {abs(e.year_delta or 0)} apart")
    return f"{', '.join(parts)}."


def _lacking(e: Evidence) -> str:
    if e.authors is not None and e.authors.conflicts:
        return "its authors are others than the list's"
    if e.relation == "same":
        return "a title this short needs a second witness (author, year or source)"
    return f"{_evidence_phrase(e).removesuffix('.')} and nothing else settles it"


def _shown(e: Evidence) -> str:
    first = f", {e.record.authors[0].name}" if e.record.authors else ""
    year = f", {e.record.year}" if e.record.year else ""
    return f"“{e.record.title}” ({e.record.source}{first}{year})"


def _outcome(entry: Entry, status: Status, reason: str) -> Resolution:
    return Resolution(entry.entry_id, status, reason, RULE_VERSION)


_SOURCES: Final = {"arxiv": 0, "semantic_scholar": 1, "index": 2}


def _order(candidate: Candidate) -> tuple[int, str, str, str, str]:
    record = candidate.record
    return (
        _SOURCES[record.source], record.source_id, candidate.method, record.title,
        record.fetched_at.isoformat(),
    )  # fmt: skip


def _rank(e: Evidence) -> tuple[float, tuple[int, str, str, str, str]]:
    return -e.score, _order(e.candidate)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    seen: dict[tuple[str, str, str, str, str], Candidate] = {}
    for candidate in candidates:
        r = candidate.record
        key = (r.source, r.source_id, candidate.method, r.title, r.fetched_at.isoformat())
        seen.setdefault(key, candidate)
    return list(seen.values())
