"""Paper ids: each paper gets one id of ours and keeps it over snapshots while others are learnt.

An alias is any id the paper is known by (`arxiv:1811.08383`, `doi:…`, `s2:…`, `corpus:…`). Groups
that share an alias or a title are one paper only where their records agree that they are: a wrong
id that a service attached to a record must not join two papers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from enrich.papers.identifiers import KINDS, id_keys
from enrich.papers.same_paper import one_paper
from enrich.papers.titles import Title
from enrich.records import Record

# The source that decides where two papers claim one id.
_AUTHORITY = {"arxiv": "arxiv", "s2": "semantic_scholar", "corpus": "semantic_scholar"}


def assign(
    groups: Sequence[Sequence[Record]], known: Mapping[str, str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Per group of records its (paper_id, sorted aliases); equal ids mean one paper.

    `known` maps alias to paper_id as remembered, in the order in which they were first known:
    where two known papers turn out to be one, the first known id wins. A new paper gets its
    arXiv id, else its DOI, corpus id, S2 id, … as its paper_id.
    """
    components = _components(groups)
    claims = _claims(groups, components)
    age = {paper_id: place for place, paper_id in reversed(list(enumerate(known.values())))}
    answers: dict[int, tuple[str, tuple[str, ...]]] = {}
    for component in components:
        aliases = [a for a in _aliases(groups, component) if claims[a] is component]
        remembered = {known[a] for a in aliases if a in known}
        if remembered:
            paper_id = min(remembered, key=lambda p: (age[p], p))
        else:
            paper_id = next(iter(aliases), None) or _fallback(groups, component)
        held = {
            a for a, p in known.items() if p in remembered and claims.get(a, component) is component
        }
        named = {p for p in remembered if ":" in p}
        everything = tuple(sorted({*aliases, *held, *named, paper_id}))
        for place in component:
            answers[place] = (paper_id, everything)
    return tuple(answers[place] for place in range(len(groups)))


def _components(groups: Sequence[Sequence[Record]]) -> list[tuple[int, ...]]:
    parent = list(range(len(groups)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    holders: dict[str, list[int]] = {}
    for place, records in enumerate(groups):
        titles = {"title:" + Title.of(r.title).key for r in records}
        for alias in titles | {a for r in records for a in id_keys(r.ids)}:
            holders.setdefault(alias, []).append(place)
    for places in holders.values():
        for at, place in enumerate(places):
            for other in places[:at]:
                if root(place) != root(other) and _agree(groups[place], groups[other]):
                    parent[max(root(place), root(other))] = min(root(place), root(other))
    members: dict[int, list[int]] = {}
    for place in range(len(groups)):
        members.setdefault(root(place), []).append(place)
    return [tuple(m) for m in members.values()]


def _agree(one: Sequence[Record], other: Sequence[Record]) -> bool:
    return any(one_paper(a, b) for a in one for b in other)


def _aliases(groups: Sequence[Sequence[Record]], component: tuple[int, ...]) -> list[str]:
    order = [kind.name for kind in KINDS]
    found = {a for place in component for r in groups[place] for a in id_keys(r.ids)}
    return sorted(found, key=lambda a: (order.index(a.partition(":")[0]), a))


def _claims(
    groups: Sequence[Sequence[Record]], components: list[tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Which paper each alias belongs to; a contested one goes to its own service's record."""
    claims: dict[str, tuple[tuple[int, str], tuple[int, ...]]] = {}
    for component in components:
        for place in component:
            for record in groups[place]:
                for alias in id_keys(record.ids):
                    kind = alias.partition(":")[0]
                    backed = _AUTHORITY.get(kind) == record.source
                    rank = (0 if backed else 1, f"{record.source}:{record.source_id}")
                    if alias not in claims or rank < claims[alias][0]:
                        claims[alias] = (rank, component)
    return {alias: component for alias, (_, component) in claims.items()}


def _fallback(groups: Sequence[Sequence[Record]], component: tuple[int, ...]) -> str:
    records = [r for place in component for r in groups[place]]
    named = min((f"{r.source}:{r.source_id}" for r in records if r.source_id), default="")
    if named:
        return named
    titles = min(Title.of(r.title).key for r in records)
    return "title:" + sha256(titles.encode()).hexdigest()[:16]
