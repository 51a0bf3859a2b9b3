"""Author names: compare those of a list with those of a record, by surname, in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from enrich.papers.titles import Title

_SPLIT: Final = re.compile(
    r"[,;&|/·•*†‡§]|\band\b|\bwith\b|\bet\.?\s+al\b\.?|\.{3}|…", re.IGNORECASE
)
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd"})
_NOISE: Final = frozenset({"et", "al", "others", "coauthors", "by", "authors", "author"})
# Tokens never treated as surnames: publishers, venues, companies, systems, adjectives.
_NOT_PEOPLE: Final = frozenset(
    {
        "google", "baidu", "microsoft", "facebook", "openai", "deepmind", "nvidia", "university",
        "institute", "lab", "labs", "research", "team", "group", "project", "springer",
        "publishing", "international", "conference", "journal", "proceedings", "system",
        "systems", "paper", "work", "milestone", "amazing", "awesome", "neural", "network",
        "networks", "deep", "learning", "speech", "recognition", "optimizer", "model", "models",
        "dataset", "survey", "code", "arxiv", "preprint", "workshop", "first", "new", "great",
        "ieee", "acm", "cvpr", "iccv", "eccv", "wacv", "bmvc", "miccai", "neurips", "nips",
        "icml", "iclr", "aaai", "ijcai", "acl", "emnlp", "naacl", "eacl", "coling", "tacl",
        "interspeech", "icassp", "tpami", "pami", "tmi", "ijcv", "jmlr", "tmlr", "kdd", "www",
        "sigir", "siggraph", "transactions",
    }
)  # fmt: skip


# Measured by benchmarks/resolution.py on the lists the rules were tuned on: from the first share on
# the named people count as the record's, up to the second as other people.
AGREE: Final = 0.6
CONFLICT: Final = 0.34
# What a surname counts whose given names contradict.
_SURNAME_ALONE: Final = 0.3


class Agreement(NamedTuple):
    """How the people that a list names agree with the authors of a record.

    Attributes:
        score: Share of the named people who are authors of the record, 0-1.
        first: Whether the record's first author is named.
        named: How many people the list names.
        complete: Whether these are two and more, and all authors of the record and no others.
    """

    score: float
    first: bool
    named: int
    complete: bool = False

    @property
    def agrees(self) -> bool:
        """Whether enough people are the same to support that the paper is."""
        return self.score >= AGREE and (self.first or self.named * self.score >= 2)

    @property
    def conflicts(self) -> bool:
        """Whether the list names other people: not the first author, nor most others."""
        return self.score <= CONFLICT and not self.first


def compare_authors(text: str | None, names: Sequence[str]) -> Agreement | None:
    """Compare the authors that a list gives ("Miech, Antoine, et al.") with a record's `names`.

    Initials, given names written after a comma and missing co-authors do not count against an
    agreement; a surname with contradicting given names counts .3. Returns None where either side
    names nobody.
    """
    people = named(text)
    if not people:
        return None
    records = [parts for name in names if (parts := _parts(name))]
    # Names in another script say nothing about the record's.
    latin = {family.isascii() for family, _ in records}
    people = [tokens for tokens in people if any(w.isascii() in latin for w in tokens)]
    if not records or not people:
        return None
    scores: list[float] = []
    first = False
    previous: list[tuple[str, tuple[str, ...]]] = []
    for tokens in people:
        matched = [(person, _closeness(tokens, *person)) for person in records]
        best = max(score for _, score in matched)
        if best == 0:
            if previous and any(_given_fits(tokens, given) for _, given in previous):
                previous = []
                continue
            scores.append(0.0)
            previous = []
            continue
        scores.append(best)
        previous = [person for person, score in matched if score == best]
        first = first or (records[0] in previous and best > 0.5)
    if not scores:
        return None
    complete = min(scores) > _SURNAME_ALONE and len(scores) == len(records) > 1
    return Agreement(round(sum(scores) / len(scores), 4), first, len(scores), complete)


def named(text: str | None) -> list[tuple[str, ...]]:
    """The people a list names, each as the plain words between commas and "and"s."""
    if not text:
        return []
    chunks = (
        tuple(w for w in Title.of(chunk).words if w not in _NOISE and w not in _SUFFIXES)
        for chunk in _SPLIT.split(text)
    )
    return [
        chunk
        for chunk in chunks
        if any(len(word) > 1 for word in chunk) and _NOT_PEOPLE.isdisjoint(chunk)
    ]


def find_authors(text: str, names: Sequence[str]) -> Agreement | None:
    """Which of a record's `names` occur in running `text` ("Dai, J., He, K. In CVPR, 2016")."""
    words = frozenset(Title.of(text).words)
    families = [parts[0] for name in names if (parts := _parts(name))]
    if not families or not words:
        return None
    found = [family for family in families if family in words and len(family) > 1]
    first = families[0] in found
    if not found:
        return None
    etal = "al" in words or "others" in words
    share = 1.0 if etal and first else len(found) / len(families)
    return Agreement(round(share, 4), first, len(families))


def surname(name: str) -> str:
    """The plain surname of a name as records write it (given names first, or `Surname, Given`)."""
    parts = _parts(name)
    return parts[0] if parts else ""


def _parts(name: str) -> tuple[str, tuple[str, ...]] | None:
    last, comma, rest = name.partition(",")
    if comma and Title.of(rest).plain not in _SUFFIXES:
        words = [*Title.of(rest).words, *Title.of(last).words[-1:]]
    else:
        words = list(Title.of(name).words)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return (words[-1], tuple(words[:-1])) if words else None


def _closeness(tokens: tuple[str, ...], family: str, given: tuple[str, ...]) -> float:
    """1 where the words name this person, .8 with a misspelt surname, .3 by the surname alone."""
    if family not in tokens:
        near = [w for w in tokens if len(w) > 4 and OSA.distance(w, family) == 1]
        if not near or not given:
            return 0.0
        rest = tuple(w for w in tokens if w != near[0])
        return 0.8 if rest and _given_fits(rest, given) else 0.0
    rest = tuple(w for w in tokens if w != family)
    return 1.0 if not rest or not given or _given_fits(rest, given) else _SURNAME_ALONE


def _given_fits(tokens: tuple[str, ...], given: tuple[str, ...]) -> bool:
    return any(
        w == g or (1 in (len(w), len(g)) and w[0] == g[0]) or (len(w) > 2 and g.startswith(w))
        or (len(g) > 2 and w.startswith(g))
        for w in tokens
        for g in given
    )  # fmt: skip
