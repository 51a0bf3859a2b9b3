"""Relevance as a stand-in for Semantic Scholar's: rare shared words count, nothing is normalised.

The score is unbounded and says nothing about being the same paper: `match` gives the best row it
has as long as most words of the query are in its title, right or wrong, as the service does.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from enrich.sandbox.words import WordIndex, words

MATCH_SHARE = 0.75  # of the query's words must be in a title for `match` to give it
SEARCH_SHARE = 0.5  # the same for relevance search
_COMMON = 50_000  # a word in more titles than that finds nothing by itself


def ranked(query: str, titles: WordIndex, share: float) -> list[tuple[float, int]]:
    """Rank titles by the rare words that they share with a query.

    Args:
        query: The text searched for.
        titles: The index of all titles.
        share: Share of the query's words that a title must have.

    Returns:
        Scores and positions, best first.
    """
    asked = list(dict.fromkeys(words(query)))
    if not asked or not len(titles):
        return []
    weights = {w: 10 * math.log1p(len(titles) / (1 + titles.frequency(w))) for w in asked}
    shared: Counter[int] = Counter()
    scores: defaultdict[int, float] = defaultdict(float)
    common = sum(titles.frequency(w) > _COMMON for w in asked)
    for word in asked:
        if titles.frequency(word) > _COMMON and common < len(asked):
            continue
        for i in titles.having(word):
            shared[i] += 1
            scores[i] += weights[word]
    needed = math.ceil(share * len(asked)) - (common if common < len(asked) else 0)
    exact = words(query)
    found = []
    for i, count in shared.items():
        if count >= max(1, needed):
            title = titles.words_of(i)
            # A longer title dilutes a match; the same words in the same order are worth more.
            score = scores[i] * (1 - 0.01 * max(0, len(title) - len(asked)))
            found.append((score * 1.1 if title == exact else score, i))
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))
