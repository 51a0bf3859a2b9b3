"""Rows of a batch are paired with identifiers by what they say of themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from enrich.records import Identifiers, Record
from enrich.services.pairing import pair

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
    right = dict(zip(keys, rows, strict=True))
    assert pair(keys, rows).answers == right
    Random(seed).shuffle(rows)
    assert pair(keys, rows).answers == right


def test_a_merged_record_is_taken_by_position() -> None:
    """A row under another paperId is the answer where the other rows are in their places."""
    keys = ["s2:" + "a" * 40, "arxiv:2001.00001"]
    rows = [row(1), row(2, arxiv_id="2001.00001")]
    assert pair(keys, rows).answers == dict(zip(keys, rows, strict=True))


def test_a_row_that_says_it_is_another_paper_is_not_taken() -> None:
    """A row with another arXiv id than asked is a stray, never the answer."""
    keys = ["arxiv:2001.00001", "arxiv:2001.00002"]
    rows = [row(1, arxiv_id="2001.00001"), row(9, arxiv_id="2001.00009")]
    paired = pair(keys, rows)
    assert paired.open == ("arxiv:2001.00002",)
    assert paired.strays == (rows[1],)


def test_missing_rows_leave_the_rest_open() -> None:
    """Fewer rows than ids: what is not found is not yet a miss."""
    keys = ["arxiv:2001.00001", "arxiv:2001.00002"]
    paired = pair(keys, [row(1, arxiv_id="2001.00001")])
    assert paired.answers == {keys[0]: row(1, arxiv_id="2001.00001")}
    assert paired.open == (keys[1],)


def test_one_paper_under_two_names() -> None:
    """Two identifiers of one paper are both answered by its row, repeated or not."""
    both = row(1, arxiv_id="2001.00001", doi="10.1/x")
    keys = ["arxiv:2001.00001", "doi:10.1/x"]
    assert pair(keys, [both, both]).answers == dict.fromkeys(keys, both)
