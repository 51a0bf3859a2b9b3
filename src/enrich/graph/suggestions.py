"""Suggest works that papers of a list cite and the list does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Literal

from enrich.graph.matching import KnownWorks, work_keys
from enrich.graph.ranking import score
from enrich.papers.titles import title_key
from enrich.records import Recommendation, Reference

Group = Literal["missing", "widely_cited", "new"]

# One citing paper is chance; in a list of a hundred papers two are as well.
LEAST_CITING, LEAST_CITING_OF_MANY, MANY_PAPERS = 2, 3, 100
# Works that every paper of a field cites (an optimiser, a data set) say little of a list, unless a
# large share of it builds on them.
WIDELY_CITED, LARGE_SHARE = 20_000, 0.25
# How many are kept of each group: more than anyone reads.
MOST = 200
RECOMMENDED = "Recommended by Semantic Scholar: recent, and close to the papers of the list."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One work that the list may want.

    Attributes:
        group: missing; widely_cited: well known anywhere; new: recommended and recent.
        work: The work; `title` is set.
        cited_by: Papers of the list that cite it, in the order of the list.
        known: How many papers of the list have known references.
        section: The section that most of the citing papers stand in.
        score: See `ranking.score`.
        reason: One sentence.
        seen: When it was first and last recommended; None for works that papers cite.
    """

    group: Group
    work: Reference
    cited_by: tuple[str, ...]
    known: int
    section: str | None
    score: float
    reason: str
    seen: tuple[datetime, datetime] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything the work is known by."""
        return work_keys(self.work.ids, self.work.title)


@dataclass(slots=True)
class _Cited:
    """A work while it is gathered from the bibliographies that name it."""

    work: Reference
    keys: set[str] = field(default_factory=set)
    cited_by: dict[str, None] = field(default_factory=dict)


def suggest(
    references: Mapping[str, Sequence[Reference]],
    known: KnownWorks,
    *,
    papers: int,
    sections: Mapping[str, str],
    declined: Collection[str] = (),
) -> list[Suggestion]:
    """The works that the list is missing, best first, then those that are widely cited.

    Args:
        references: The known bibliography of each paper, by paper_id, in the order of the list.
        known: The works of the list.
        papers: How many papers the list has.
        sections: The section that each paper stands in, by paper_id.
        declined: Keys of works that the owner does not want.

    Returns:
        Works cited by at least two papers, by three in a list of 100 papers.
    """
    least = LEAST_CITING if papers < MANY_PAPERS else LEAST_CITING_OF_MANY
    with_references = sum(bool(works) for works in references.values())
    refused = set(declined)
    found = []
    for cited in _gathered(references):
        work, k = cited.work, len(cited.cited_by)
        if k < least or not work.title or not work.is_resolved:
            continue
        if known.holds(cited.keys) or refused & {*cited.keys, full_title_key(work)}:
            continue
        found.append(_suggestion(work, tuple(cited.cited_by), with_references, sections))
    found.sort(key=lambda s: (-s.score, -len(s.cited_by), s.work.title or "", s.keys))
    groups: tuple[Group, ...] = ("missing", "widely_cited")
    return [s for group in groups for s in _best([s for s in found if s.group == group], known)]


def recommended(
    found_before: Iterable[Recommendation],
    known: KnownWorks,
    declined: Collection[str],
    with_references: int,
) -> list[Suggestion]:
    """Recent works that Semantic Scholar recommends or arXiv announced, in their order.

    Args:
        found_before: What is new, best first; works of the list may be among them.
        known: The works of the list.
        declined: Keys of works that the owner does not want.
        with_references: How many papers of the list have known references.
    """
    seen, found = set(declined), []
    for one in found_before:
        work = one.work
        keys = work_keys(work.ids, work.title)
        if not work.title or known.holds(keys) or seen.intersection([*keys, full_title_key(work)]):
            continue
        seen.update(keys)
        reason = one.reason or RECOMMENDED
        times = one.first_seen, one.last_seen
        found.append(Suggestion("new", work, (), with_references, None, 0.0, reason, times))
    return _best(found, known)


def _best(found: Iterable[Suggestion], known: KnownWorks) -> list[Suggestion]:
    """The first `MOST` that are not in the list under another form of their title."""
    new = (s for s in found if not known.holds_variant(s.work.title or ""))
    return list(islice(new, MOST))


def _gathered(references: Mapping[str, Sequence[Reference]]) -> list[_Cited]:
    """The distinct works of all bibliographies; works that share an id or a title are one."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    cited = [
        (paper_id, work, keys)
        for paper_id, works in references.items()
        for work in works
        if (keys := work_keys(work.ids, work.title))
    ]
    for _, _, keys in cited:
        for key in keys[1:]:
            parent[root(key)] = root(keys[0])
    found: dict[str, _Cited] = {}
    for paper_id, work, keys in cited:
        one = found.setdefault(root(keys[0]), _Cited(work))
        one.work = _fuller(one.work, work)
        one.keys.update(keys)
        one.cited_by[paper_id] = None
    return list(found.values())


def full_title_key(work: Reference) -> str:
    """The key under which a person can decline a work, however short its title is."""
    return f"title:{title_key(work.title or '')}"


def _fuller(one: Reference, other: Reference) -> Reference:
    """Of two records of a work the resolved and more cited one."""

    def rank(work: Reference) -> tuple[bool, int]:
        return work.is_resolved, work.citation_count or 0

    return other if rank(other) > rank(one) else one


def _suggestion(
    work: Reference, cited_by: tuple[str, ...], known: int, sections: Mapping[str, str]
) -> Suggestion:
    k, citations = len(cited_by), work.citation_count
    share = k / known if known else 0.0
    group: Group = (
        "widely_cited" if (citations or 0) >= WIDELY_CITED and share < LARGE_SHARE else "missing"
    )
    counted = Counter(sections[paper] for paper in cited_by if paper in sections)
    section = max(counted, key=lambda name: (counted[name], name)) if counted else None
    reason = f"Cited by {k} of the {known} papers whose references are known ({share:.0%})"
    if citations is not None and citations >= k:  # fewer is a count that lags behind
        reason += f"; {citations:,} citations overall"
    return Suggestion(group, work, cited_by, known, section, score(k, citations), f"{reason}.")
