"""Rows of a batch are paired with identifiers by what they say of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from enrich.records import Author, Identifiers, Record
from enrich.services.pairing import Unusable, pair

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def row(number: int, **ids: object) -> Record:
    sha = f"{number:040x}"
    given = Identifiers(s2_paper_id=sha, s2_corpus_id=number, **ids)  # type: ignore[arg-type]
    return Record("semantic_scholar", sha, f"Title {number}", given, NOW)


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers())
def test_order_does_not_matter_where_rows_name_themselves(known: list[bool], seed: int) -> None:
    """Rows in any order go to the ids they carry; the rest are nulls."""
    keys = [f"arxiv:2001.{n:05d}" for n in range(len(known))]
    rows = [
        row(n, arxiv_id=key.removeprefix("arxiv:")) if there else None
        for n, (key, there) in enumerate(zip(keys, known, strict=True))
    ]
    found = {key: row for key, row in zip(keys, rows, strict=True) if row}
    for _ in range(2):
        paired = pair(keys, rows, {})
        assert paired.found == found
        assert set(paired.misses) == set(keys) - set(found)
        Random(seed).shuffle(rows)


def test_a_merged_record_is_taken_by_position() -> None:
    """A row under another paperId is the answer where the other rows are in their places."""
    keys = ["s2:" + "a" * 40, "arxiv:2001.00001"]
    rows = [row(1), row(2, arxiv_id="2001.00001")]
    assert pair(keys, rows, {}).found == dict(zip(keys, rows, strict=True))


def test_a_merged_record_is_the_paper_that_is_known() -> None:
    """Under a known id only a record of the same title and people is accepted."""
    people = (Author("Ada Lovelace"), Author("Charles Babbage"))
    old, new = replace(row(1), authors=people), replace(row(2), title="Title 1", authors=people)
    key = f"s2:{old.source_id}"
    paired = pair([key], [new], {key: old})
    assert paired.found == {key: new}
    assert paired.merged == {old.source_id: new.source_id}
    other = replace(row(2), authors=people)
    assert pair([key], [other], {key: old}).open == (key,)


def test_a_row_that_says_it_is_another_paper_is_not_taken() -> None:
    """A row with another arXiv id than asked is unrequested, never the answer."""
    keys = ["arxiv:2001.00001", "arxiv:2001.00002"]
    rows = [row(1, arxiv_id="2001.00001"), row(9, arxiv_id="2001.00009")]
    paired = pair(keys, rows, {})
    assert paired.open == ("arxiv:2001.00002",)
    assert paired.unrequested == (rows[1],)


def test_missing_rows_leave_the_rest_open() -> None:
    """Fewer rows than ids: what is not found is not a miss."""
    keys = ["arxiv:2001.00001", "arxiv:2001.00002"]
    paired = pair(keys, [row(1, arxiv_id="2001.00001")], {})
    assert paired.found == {keys[0]: row(1, arxiv_id="2001.00001")}
    assert (paired.misses, paired.open) == ((), (keys[1],))


def test_a_row_that_cannot_be_used_is_no_miss() -> None:
    """A row without a title answers nothing: its key stays open, the null beside it is a miss."""
    keys = ["arxiv:2001.00001", "arxiv:2001.00002", "arxiv:2001.00003"]
    paired = pair(keys, [row(1, arxiv_id="2001.00001"), Unusable.ROW, None], {})
    assert paired.misses == (keys[2],)
    assert paired.open == (keys[1],)


def test_one_paper_under_two_names() -> None:
    """Two identifiers of one paper are both answered by its row, repeated or not."""
    both = row(1, arxiv_id="2001.00001", doi="10.1/x")
    keys = ["arxiv:2001.00001", "doi:10.1/x"]
    assert pair(keys, [both, both], {}).found == dict.fromkeys(keys, both)


def test_a_merged_record_and_another_id_of_it() -> None:
    """The row of a paper that is asked for under an old id and under one it names answers both."""
    people = (Author("A. Nother"),)
    now = replace(row(7, arxiv_id="2001.00007"), title="One paper", authors=people)
    old = replace(row(1), title="One paper", authors=people)
    old_key, other_key, name = f"s2:{old.source_id}", f"s2:{2:040x}", "arxiv:2001.00007"
    paired = pair([old_key, other_key, name], [now, row(2), now], {old_key: old})
    assert paired.found == {old_key: now, other_key: row(2), name: now}
    assert paired.merged == {old.source_id: now.source_id}
    # Without the other id's own row in its place nothing is taken by position.
    assert pair([old_key, name], [now, None], {old_key: old}).found == {name: now}
