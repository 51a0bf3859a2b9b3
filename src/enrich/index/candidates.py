"""Find the candidate records of titles: exact matches, or else the nearest few.

The same functions serve one title and a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from enrich.index.blocking import OF_QUERY, OF_RECORD, Pairs, pairs_of
from enrich.index.corpus import Corpus, OpenPart
from enrich.index.hashes import Hashes
from enrich.index.keys import key_column
from enrich.resolve.title_relation import unlike

# How alike two titles are, 0-100: rapidfuzz's ratio of the plain titles or of their keys, the
# larger, and at least CONTAINED_RATIO if one contains the other. Below MIN_RATIO `decide` accepts
# no paper, whatever authors and year say (tests/index/test_index_bulk.py compares the two).
MIN_RATIO: Final = 60.0
CONTAINED_RATIO: Final = 80.0
NEAREST: Final = 5
# At most so many records of a part are compared with one title: those sharing most rare words.
# benchmarks/bulk.py measures recall against time for these four.
MAX_PER_PART: Final = 6
# A pair of words in more records of a part is ignored; one in at most RARE_PAIR_FREQUENCY records
# is enough by itself. Else three words must be shared, or two by a title that has no more.
MAX_PAIR_FREQUENCY: Final = 200
RARE_PAIR_FREQUENCY: Final = 3
# Titles, and pairs of them, that are compared at a time.
_BATCH: Final = 50_000
# Scores are single precision.
_ROUNDING: Final = 0.01
_HALF: Final = np.uint64(32)

_HIT: Final = pa.schema(
    [
        ("q", pa.int64()), ("kind", pa.string()), ("part", pa.int32()), ("row", pa.uint32()),
        ("paper", pa.string()),
    ]
)  # fmt: skip
_NEAR: Final = _HIT.append(pa.field("ratio", pa.float64()))


def exact_titles(corpus: Corpus, q: pa.Array, plains: pa.Array, hashes: Hashes) -> pa.Table:
    """(q, kind, part, row, paper) of the records with exactly one of the titles.

    Args:
        corpus: The index.
        q: Numbers of the titles.
        plains: The plain titles.
        hashes: The hashes of their keys.
    """
    order = np.argsort(hashes)
    hashes = hashes[order]
    found = []
    for part in corpus.record_parts:
        which, at = part.titles.find(hashes)
        rows = part.titles.values[at]
        alive = part.alive(rows)
        which, rows = order[which[alive]], rows[alive]
        texts, asked = part.texts.take(rows), plains.take(pa.array(which))
        # Two titles may have one hash.
        same = pc.equal(key_column(texts["plain"]), key_column(asked))
        found.append(_hits(part, q.take(pa.array(which)), rows, texts["paper"]).filter(same))
    return pa.concat_tables([pa.Table.from_batches([], _HIT), *found])


def near_titles(corpus: Corpus, q: pa.Array, plains: pa.Array) -> pa.Table:
    """(q, kind, part, row, paper, ratio) of the nearest of the titles that share enough rare words
    with each plain title. Memory stays bounded: some titles are compared at a time."""
    found = [pa.Table.from_batches([], _NEAR)]
    for start in range(0, len(plains), _BATCH):
        some, numbers = plains.slice(start, _BATCH), q.slice(start, _BATCH)
        pairs = pairs_of(some, corpus.tokens, OF_QUERY)
        order = np.argsort(pairs.keys)
        pairs = Pairs(pairs.keys[order], pairs.places[order], pairs.known[order])
        sizes = pc.utf8_length(some).to_numpy()
        for part in corpus.record_parts:
            for places, rows in _shared(part, pairs, sizes):
                texts = part.texts.take(rows)
                asked = pa.array(places)
                table = _hits(part, numbers.take(asked), rows, texts["paper"])
                found.append(score_pairs(table, some.take(asked), texts["plain"]))
    return nearest(pa.concat_tables(found))


def _hits(part: OpenPart, q: pa.Array, rows: npt.NDArray[np.uint32], papers: pa.Array) -> pa.Table:
    kind, rank = pa.scalar(part.kind), pa.scalar(part.rank, pa.int32())
    columns = [q, pa.repeat(kind, len(q)), pa.repeat(rank, len(q)), pa.array(rows), papers]
    return pa.table(columns, schema=_HIT)


def _shared(
    part: OpenPart, pairs: Pairs, sizes: npt.NDArray[np.int32]
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]]:
    """The places of titles, and the part's rows to compare them with, some at a time."""
    which, at = part.pairs.find(pairs.keys)
    frequency = np.bincount(which)[which] if len(which) else which
    kept = frequency <= MAX_PAIR_FREQUENCY
    which, at, frequency = which[kept], at[kept], frequency[kept]
    kept = part.alive(part.pairs.values[at])
    which, at, frequency = which[kept], at[kept], frequency[kept]
    couples = pairs.places[which].astype(np.uint64) << _HALF | part.pairs.values[at]
    order = np.argsort(couples)
    couples, which, at, frequency = couples[order], which[order], at[order], frequency[order]
    first = np.flatnonzero(np.diff(couples, prepend=~couples[:1]))
    if not len(first):
        return
    shared = np.diff(first, append=len(couples))
    rarest = np.minimum.reduceat(frequency, first)
    few = pairs.known[which[first]] < OF_RECORD
    enough = (shared > 1) | few | (rarest <= RARE_PAIR_FREQUENCY)
    first, shared = first[enough], shared[enough]
    places, rows = pairs.places[which[first]], part.pairs.values[at[first]]
    apart = np.abs(sizes[places] - part.pairs.more["size"][at[first]].astype(np.int32))
    order = np.lexsort((rows, apart, -shared, places))
    places, rows = places[order], rows[order]
    nth = np.arange(len(places)) - np.searchsorted(places, places)
    places, rows = places[nth < MAX_PER_PART], rows[nth < MAX_PER_PART]
    for start in range(0, len(places), _BATCH):
        yield places[start : start + _BATCH], rows[start : start + _BATCH]


def score_pairs(hits: pa.Table, plains: pa.Array, others: pa.Array) -> pa.Table:
    """The hits whose title `others` is near enough to `plains`, with their ratio, 0-100."""
    columns = plains, others
    plain, other = (column.to_pylist() for column in columns)
    sizes = [pc.utf8_length(column).to_numpy() for column in columns]
    whole = np.add(*sizes)
    # Titles that differ in spacing are compared by their keys. These share no more letters than
    # the titles do, which gives the titles a lower bound.
    letters = whole - [a.count(" ") + b.count(" ") for a, b in zip(plain, other, strict=True)]
    needed = MIN_RATIO * letters / whole - _ROUNDING
    least = float(needed.min(initial=MIN_RATIO))
    ratio = process.cpdist(plain, other, scorer=fuzz.ratio, score_cutoff=least)
    # If one contains the other, the ratio is exactly what their lengths give.
    share = 200.0 * np.minimum(*sizes) / whole
    for i in np.flatnonzero((np.abs(ratio - share) < _ROUNDING) | (share < least + _ROUNDING)):
        if plain[i] in other[i] or other[i] in plain[i]:
            ratio[i] = max(ratio[i], CONTAINED_RATIO)
    alike = ratio >= needed
    keys = ([t.replace(" ", "") for t in compress(texts, alike)] for texts in (plain, other))
    ratio[alike] = np.maximum(ratio[alike], process.cpdist(*keys, scorer=fuzz.ratio))
    near = np.flatnonzero(ratio >= MIN_RATIO)
    for i in near[ratio[near] < CONTAINED_RATIO]:
        # Small words, spelling or an abbreviation apart: the rules take them for one title.
        if not unlike(plain[i], other[i]):
            ratio[i] = CONTAINED_RATIO
    return (
        hits.take(pa.array(near))
        .append_column("ratio", pa.array(ratio[near].astype(np.float64)))
        .cast(_NEAR)
    )


def nearest(pairs: pa.Table) -> pa.Table:
    """Per query the candidates of its `NEAREST` best papers, ties broken by the papers' ids: no
    order of parts changes the answer."""
    papers = pairs.group_by(["q", "paper"]).aggregate([("ratio", "max")])
    papers = papers.sort_by(
        [("q", "ascending"), ("ratio_max", "descending"), ("paper", "ascending")]
    )
    q = papers["q"].to_numpy()
    place = np.arange(len(q)) - np.searchsorted(q, q)
    best = papers.filter(pa.array(place < NEAREST)).select(["q", "paper"])
    return pairs.join(best, ["q", "paper"], join_type="inner").select(_NEAR.names)
