"""Phrase search as in arXiv's field `title.english`: stemmed, no stop words, accents kept.

https://github.com/arXiv/arxiv-search (mappings): the standard tokenizer with Elasticsearch's
English analyzer. An ASCII spelling does not find an accented word, nor a straight apostrophe a
curly one. The stemmer here is lighter than Porter's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from enrich.sandbox.words import WordIndex, stem, words

# Elasticsearch's `_english_` stop words.
STOP_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is",
        "it", "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there",
        "these", "they", "this", "to", "was", "will", "with"
    }
)  # fmt: skip
# A mark between two letters, or between two digits, does not end a token (Unicode UAX #29).
_TOKEN = re.compile(r"\w+(?:(?:(?<=[^\W\d_])['’.](?=[^\W\d_])|(?<=\d)[.,;](?=\d))\w+)*")
# Elasticsearch's English analyzer drops it before it stems.
_POSSESSIVE = re.compile(r"['’]s$")


def terms(text: str) -> list[str]:
    """The index terms of a text in order; a stop word is an empty term that keeps its position."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", text).lower())
    return ["" if t in STOP_WORDS else stem(_POSSESSIVE.sub("", t)) for t in tokens]


def phrase_positions(index: WordIndex, phrase: str) -> set[int]:
    """Positions of the texts that hold a phrase."""
    wanted = _trimmed(terms(phrase))
    significant = [word for word in words(phrase) if word not in {*STOP_WORDS, "s"}]
    if not wanted:
        return set()
    significant.sort(key=lambda word: index.frequency(word, stemmed=True))
    candidates = (
        index.having(significant[0], stemmed=True) if significant else set(range(len(index)))
    )
    for word in significant[1:]:
        candidates &= index.having(word, stemmed=True)
    return {i for i in candidates if _holds(terms(index.text(i)), wanted)}


def _trimmed(wanted: list[str]) -> list[str]:
    """Without the stop words at either end, which ask for nothing."""
    while wanted and not wanted[0]:
        wanted = wanted[1:]
    while wanted and not wanted[-1]:
        wanted = wanted[:-1]
    return wanted


def _holds(text: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the terms follow each other in the text; an empty one stands for any word."""
    return any(
        all(not term or text[start + k] == term for k, term in enumerate(wanted))
        for start in range(len(text) - len(wanted) + 1)
    )
