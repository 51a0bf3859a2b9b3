"""Sorted files, hashes and blocking keys: what look-ups stand on."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from enrich.index import hashes as hashing
from enrich.index.blocking import pairs_of
from enrich.index.hashes import number_hashes, text_hashes, word_hashes
from enrich.index.postings import Postings, Texts, added_up, write_postings, write_texts

PLAINS = ["attention is all you need", "", "x", "naïve β 深度学习", "a b a", "long " * 300 + "end"]


def test_hashes_never_change() -> None:
    """An index is read by later versions on other machines: these values are part of its format."""
    assert text_hashes(pa.array(["attention", ""])).tolist() == [10608718080409401379, 0]
    assert text_hashes(pa.array(["1501.00001"]), "arxiv_id").tolist() == [12727582684728586502]
    assert number_hashes(pa.array([7], pa.int64()), "s2_corpus_id").tolist() == [
        14211867802540102600
    ]


@pytest.mark.parametrize("block", [1, 7, 2**18])
def test_a_hash_depends_on_the_text_alone(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Neither its place in a column nor how the column is cut changes the hash of a text."""
    alone = [text_hashes(pa.array([text]))[0] for text in PLAINS]
    monkeypatch.setattr(hashing, "_BLOCK", block)
    assert text_hashes(pa.array(PLAINS)).tolist() == alone
    assert text_hashes(pa.array(["other", *PLAINS]).slice(2)).tolist() == alone[1:]
    assert len(set(alone)) == len(alone)


def test_words_are_hashed_as_texts() -> None:
    """Each word of each title, in order, has the hash that it has as a text."""
    places, found = word_hashes(pa.array(PLAINS))
    expected = [(place, word) for place, text in enumerate(PLAINS) for word in text.split()]
    assert places.tolist() == [place for place, _ in expected]
    assert found.tolist() == text_hashes(pa.array([word for _, word in expected])).tolist()


def test_one_value_of_two_kinds_has_two_hashes() -> None:
    """An id of one service is none of the other's."""
    texts, numbers = pa.array(["7", None]), pa.array([7, None], pa.int64())
    every = [text_hashes(texts, "mag_id"), text_hashes(texts, "pmid"), number_hashes(numbers, "x")]
    assert len({hashes[0] for hashes in every}) == 3
    assert {hashes[1] for hashes in every} == {0}


def test_postings_give_every_value_of_a_key(tmp_path: Path) -> None:
    """A key that occurs several times gives all its values, one that does not occur none."""
    keys = np.array([5, 3, 2**64 - 1, 3, 0], np.uint64)
    write_postings(tmp_path / "p", keys, np.arange(5, dtype=np.uint32))
    postings = Postings(tmp_path / "p")
    wanted = np.array([0, 1, 3, 3, 2**64 - 1], np.uint64)
    which, at = postings.find(wanted)
    found = list(zip(which.tolist(), postings.values[at].tolist(), strict=True))
    assert found == [(0, 4), (2, 1), (2, 3), (3, 1), (3, 3), (4, 2)]
    assert [part.tolist() for part in postings.find(wanted[:0])] == [[], []]


def test_no_postings_are_a_file_too(tmp_path: Path) -> None:
    """A part without titles or identifiers is looked up like any other."""
    write_postings(tmp_path / "p", np.empty(0, np.uint64), np.empty(0, np.uint32))
    assert Postings(tmp_path / "p").find(np.array([1], np.uint64))[0].tolist() == []
    assert [len(each) for each in added_up(np.empty(0, np.uint64), np.empty(0, np.uint32))] == [
        0,
        0,
    ]


def test_counts_of_a_key_are_added_up() -> None:
    """Each key once, in order."""
    keys = np.array([9, 0, 9, 2**64 - 1, 9], np.uint64)
    some = added_up(keys, np.arange(1, 6, dtype=np.uint32))
    assert [each.tolist() for each in some] == [[0, 9, 2**64 - 1], [2, 9, 4]]


@pytest.mark.parametrize("compression", [None, "zstd"])
def test_texts_are_taken_by_row(tmp_path: Path, compression: str | None) -> None:
    """Any rows, in any order and repeated, however the batches came and were cut."""
    schema = pa.schema([("t", pa.string())])
    texts = [f"text {n}" for n in range(1000)]
    cuts = [0, 1, 2, 130, 131, 700, 700, 1000]
    batches = [pa.record_batch([texts[a:b]], schema=schema) for a, b in itertools.pairwise(cuts)]
    write_texts(tmp_path / "t", schema, batches, 64, compression)
    rows = np.array([999, 0, 63, 64, 0, 500], np.uint32)
    taken = Texts(tmp_path / "t", 64).take(rows)["t"].to_pylist()
    assert taken == [texts[row] for row in rows]
    assert len(Texts(tmp_path / "t", 64).take(rows[:0])) == 0


def test_blocking_keys_are_pairs_of_the_rarest_words(tmp_path: Path) -> None:
    """Of the words that have an id, the rarest of each title, each once, smaller id first."""
    words = ["a", "b", "c", "d", "e"]
    ids = np.arange(10, 15, dtype=np.uint32)
    write_postings(tmp_path / "tokens", text_hashes(pa.array(words)), ids)
    plains = pa.array(["e d c b a", "", "unknown a", "b unknown a a", "c"])
    pairs = pairs_of(plains, Postings(tmp_path / "tokens"), 3)
    found = sorted(
        (int(place), int(key) >> 32, int(key) & 2**32 - 1, int(known))
        for place, key, known in zip(pairs.places, pairs.keys, pairs.known, strict=True)
    )
    assert found == [(0, 10, 11, 3), (0, 10, 12, 3), (0, 11, 12, 3), (3, 10, 11, 2)]
