"""Blocking keys: pairs of rare words that two titles must share to be compared.

Two titles are compared when they share two rare words: of a record's title its four rarest count,
of a title asked for its six rarest that any record has. A misspelt word is none of these; the
three that remain give three pairs; and a title within a longer reference, among names and
venues, is found too. Token ids are given in order of rarity, so that the rarest words of
a title are those with the smallest ids, and a pair of ids in one 64-bit integer is the blocking
key: exact, and stable over versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pyarrow as pa

from enrich.index.hashes import Hashes, Numbers, word_hashes
from enrich.index.postings import Postings

OF_RECORD: Final = 4
OF_QUERY: Final = 6
_HALF: Final = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Blocking keys, each with the place of its title and how many words that title gave."""

    keys: Hashes
    places: Numbers
    known: Numbers


def pairs_of(plains: pa.Array, tokens: Postings, rarest: int) -> Pairs:
    """The blocking keys of plain titles: of the `rarest` words of each that have a token id."""
    places, hashes = word_hashes(plains)
    # Sorted, words are looked up several times as fast.
    order = np.argsort(hashes)
    which, at = tokens.find(hashes[order])
    words = np.sort(
        places[order[which]].astype(np.uint64) << _HALF | tokens.values[at].astype(np.uint64)
    )
    # np.unique hashes, in forty times the time.
    words = words[np.flatnonzero(np.diff(words, prepend=~words[:1]))]
    places = (words >> _HALF).astype(np.int64)
    first = np.flatnonzero(np.diff(places, prepend=-1))
    nth = np.arange(len(words)) - np.repeat(first, np.diff(first, append=len(words)))
    kept = nth < rarest
    ids = np.zeros((len(first), rarest), np.uint64)
    title = np.repeat(np.arange(len(first)), np.diff(first, append=len(words)))
    ids[title[kept], nth[kept]] = words[kept] & np.uint64(2**32 - 1)
    known = np.minimum(np.diff(first, append=len(words)), rarest)
    made = []
    for i, j in combinations(range(rarest), 2):
        has = np.flatnonzero(known > j)
        made.append((ids[has, i] << _HALF | ids[has, j], has))
    keys, titles = (np.concatenate(each) for each in zip(*made, strict=True))
    return Pairs(keys, places[first][titles], known[titles])
