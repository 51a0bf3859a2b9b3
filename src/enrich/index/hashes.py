"""64-bit hashes of texts, numbers and words, the same on every machine and in every version.

The hash of a text is a polynomial of its bytes, mixed. Sums of powers over a whole column give the
hashes of all its texts, or of all its words, without taking it apart. Whoever looks something up by
hash compares the value itself afterwards.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

# Any odd number has an inverse modulo 2^64; this one is the multiplier of PCG.
_BASE: Final = 6364136223846793005
_INVERSE: Final = pow(_BASE, -1, 2**64)
# Bytes hashed at a time: their sums stay in the processor's cache.
_BLOCK: Final = 2**18
_SPACE: Final = 32


def text_hashes(texts: pa.Array, kind: str = "") -> Hashes:
    """The hash of each of an array of texts, different for each `kind` of them; of null 0."""
    offsets, data = _buffers(texts)
    hashes = _hashes(data, offsets[:-1], offsets[1:])
    if kind:
        hashes = _mixed(hashes ^ text_hashes(pa.array([kind]))[0])
    if texts.null_count:
        hashes[pc.is_null(texts).to_numpy(zero_copy_only=False)] = 0
    return hashes


def number_hashes(numbers: pa.Array, kind: str) -> Hashes:
    """The hash of each of an array of 64-bit integers, different for each `kind`; of null 0."""
    values = pc.fill_null(numbers, 0).cast(pa.int64()).to_numpy().astype(np.uint64)
    hashes = _mixed(_mixed(values) ^ text_hashes(pa.array([kind]))[0])
    if numbers.null_count:
        hashes[pc.is_null(numbers).to_numpy(zero_copy_only=False)] = 0
    return hashes


def word_hashes(plains: pa.Array) -> tuple[Numbers, Hashes]:
    """The words of plain titles, in order: the place of the title, and the word's hash."""
    offsets, data = _buffers(plains)
    spaces = np.flatnonzero(data == _SPACE)
    filled = offsets[:-1] < offsets[1:]
    starts = np.concatenate([offsets[:-1][filled], spaces + 1])
    ends = np.concatenate([offsets[1:][filled], spaces])
    starts.sort()
    ends.sort()
    return np.searchsorted(offsets, starts, "right") - 1, _hashes(data, starts, ends)


def _buffers(texts: pa.Array) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """Offsets from 0, and the bytes between."""
    _, offsets, data = texts.cast(pa.string()).buffers()
    if not len(texts):
        return np.zeros(1, np.int64), np.empty(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    some = np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]]
    return ends.astype(np.int64) - ends[0], some


def _hashes(data: npt.NDArray[np.uint8], starts: Numbers, ends: Numbers) -> Hashes:
    """The hash of each slice of `data`; slices are in order."""
    hashes = np.empty(len(starts), np.uint64)
    done = 0
    while done < len(starts):
        first = starts[done]
        stop = max(int(np.searchsorted(ends, first + _BLOCK, "right")), done + 1)
        block = data[first : ends[stop - 1]]
        powers, inverses = _powers(max(_BLOCK, 1 << len(block).bit_length()) + 1)
        sums = np.zeros(len(block) + 1, np.uint64)
        np.cumsum((block.astype(np.uint64) + np.uint64(1)) * powers[: len(block)], out=sums[1:])
        here, there = starts[done:stop] - first, ends[done:stop] - first
        hashes[done:stop] = (sums[there] - sums[here]) * inverses[here]
        done = stop
    return _mixed(hashes)


@lru_cache(maxsize=2)
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """`count` powers of the base and of its inverse, from 1."""
    base, inverse = (np.full(count, number, np.uint64) for number in (_BASE, _INVERSE))
    base[0] = inverse[0] = 1
    return np.cumprod(base), np.cumprod(inverse)


def _mixed(hashes: Any) -> Hashes:
    """The finaliser of SplitMix64: every bit of the input changes half of those of the result."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixed
