"""How much new papers resemble a list, by the words of titles and abstracts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from enrich.graph.matching import KnownWorks
from enrich.papers.titles import plain_title

# A category is a main one of a list when it is the primary one of a tenth of its papers on arXiv;
# the most frequent is in any case. More than four would bring thousands of papers a week.
MAIN_SHARE, MOST_CATEGORIES = 0.1, 4
# A paper of a list resembles a few others of it, not all.
NEAREST = 3
# Candidates compared at a time, which bounds the memory.
_BLOCK = 256

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a list is about.

    Attributes:
        categories: Its main arXiv categories.
        titles: Titles of its papers.
        texts: Title and abstract of each of them.
        known: Its works.
    """

    categories: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    known: KnownWorks


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How near a paper is to a list.

    Attributes:
        likeness: Mean cosine of its words with the nearest papers of the list, rare words counting
            more.
        nearest: Number of the nearest paper of the list.
        is_near: Whether it is as near to the list as half of the list's papers are to the others.
    """

    likeness: float
    nearest: int
    is_near: bool


def main_categories(primary: Iterable[str | None]) -> tuple[str, ...]:
    """The arXiv categories that most of a list is in, the most frequent first.

    Args:
        primary: The primary category of each paper, None where it has none.
    """
    counts = Counter(category for category in primary if category)
    least = ceil(MAIN_SHARE * counts.total())
    ranked = sorted(counts, key=lambda category: (-counts[category], category))
    frequent = [category for category in ranked if counts[category] >= least]
    return tuple((frequent or ranked)[:MOST_CATEGORIES])


def resemblances(papers: Sequence[str], candidates: Sequence[str]) -> list[Resemblance]:
    """How near each candidate is to a list.

    A word counts by its rarity among all these texts, so that what every paper of the field says
    weighs little. How near is near enough follows from the list: no candidate has to be nearer
    than the median of its own papers, each compared with the others.

    Args:
        papers: Title and abstract of the list's papers, or what is known of them; two at least.
        candidates: The same of other papers.
    """
    if len(papers) < 2 or not candidates:
        return [Resemblance(0.0, 0, is_near=False) for _ in candidates]
    texts = [Counter(plain_title(text).split()) for text in (*papers, *candidates)]
    frequency = Counter(word for words in texts for word in words)
    # A word of one text is shared by none.
    column = {word: n for n, word in enumerate(w for w, count in frequency.items() if count > 1)}
    rarity = np.array([np.log(len(texts) / frequency[word]) for word in column], np.float32)
    own = _vectors(texts[: len(papers)], column, rarity)
    among = own @ own.T
    # A paper must not count as its own neighbour.
    np.fill_diagonal(among, -1)
    enough = float(np.median(_nearness(among)))
    found: list[Resemblance] = []
    for start in range(len(papers), len(texts), _BLOCK):
        cosines = _vectors(texts[start : start + _BLOCK], column, rarity) @ own.T
        for near, nearest in zip(_nearness(cosines), cosines.argmax(axis=1), strict=True):
            likeness = round(float(near), 4)
            found.append(Resemblance(likeness, int(nearest), is_near=0 < enough <= near))
    return found


def _vectors(texts: Sequence[Counter[str]], column: dict[str, int], rarity: Matrix) -> Matrix:
    """One row of length 1 for each text: the logarithm of how often a word occurs x its rarity."""
    rows = np.zeros((len(texts), len(column)), np.float32)
    for row, words in zip(rows, texts, strict=True):
        for word, count in words.items():
            if (place := column.get(word)) is not None:
                row[place] = 1 + np.log(count)
    rows *= rarity
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows


def _nearness(cosines: Matrix) -> Matrix:
    """The mean of the largest cosines of each row."""
    most = min(NEAREST, cosines.shape[1] - 1) or 1
    return np.asarray(np.sort(cosines, axis=1)[:, -most:].mean(axis=1), np.float32)
