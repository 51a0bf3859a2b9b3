"""Identifiers of dumps: arXiv's grammar, and repair where one reading is left."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.index import ids


@given(st.integers(7, 35), st.integers(1, 12), st.integers(1, 9999))
def test_a_float_damaged_id_is_repaired(year: int, month: int, number: int) -> None:
    """Whatever zeros a float took from either end of an id come back to where they were."""
    five = (year, month) >= (15, 1)
    if (year, month) < (7, 4):
        return
    whole = f"{year:02d}{month:02d}.{number:0{5 if five else 4}d}"
    assert ids.arxiv_id(whole) == whole
    assert ids.repaired_arxiv_id(float(whole)) == whole
    assert ids.repaired_arxiv_id(repr(float(whole))) == whole


@pytest.mark.parametrize(
    ("damaged", "was"),
    [
        ("1501.0253", "1501.02530"),
        ("704.301", "0704.3010"),
        ("705.2", "0705.2000"),
        ("1610.1", "1610.10000"),
        ("1501.0757199999998", "1501.07572"),
    ],
)
def test_damage_seen_in_tables_is_repaired(damaged: str, was: str) -> None:
    """Forms that real tables of ids hold."""
    assert ids.arxiv_id(damaged) is None
    assert ids.repaired_arxiv_id(damaged) == was


@pytest.mark.parametrize(
    "value",
    [
        "1513.0253",  # no such month
        "1501.02534321",  # neither an id nor the noise of one
        "0703.1234",  # the grammar began in 0704
        "1501.",
        "1501",
        1501,
        "1501.0",  # number 0
        "1e3.5",
        "nan",
        None,
        b"1501.0253",
        "1501.0253x",
        "１５０１.0253",
    ],
)
def test_what_has_no_certain_reading_is_refused(value: object) -> None:
    """Nothing is guessed."""
    assert ids.repaired_arxiv_id(value) is None


def test_a_repair_must_fit_the_first_version() -> None:
    """An id's month is that of the first version or the next; another one refuses the repair."""
    assert ids.repaired_arxiv_id("1501.0253", date(2015, 1, 12)) == "1501.02530"
    assert ids.repaired_arxiv_id("1501.0253", date(2014, 12, 31)) == "1501.02530"
    assert ids.repaired_arxiv_id("1501.0253", date(2016, 1, 12)) is None


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("1501.02530", "1501.02530"),
        ("1501.02530v3", "1501.02530"),
        ("0704.0001", "0704.0001"),
        ("cs/0501001", "cs/0501001"),
        ("cs.LG/0501001", "cs/0501001"),
        ("alg-geom/9202001v1", "alg-geom/9202001"),
        ("1501.0253", None),
        ("1412.02530", None),
        ("arXiv:1501.02530", None),
        ("1501.02530\n", None),
        (1501.0253, None),
        ("", None),
    ],
)
def test_the_grammar(value: object, bare: str | None) -> None:
    """Four digits to 1412, five from 1501, archive/YYMMNNN before; versions and classes go."""
    assert ids.arxiv_id(value) == bare


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("10.1103/PhysRevD.76.013009", "10.1103/physrevd.76.013009"),
        ("https://doi.org/10.1000/A(B)", "10.1000/a(b)"),
        ("10.1000/a 10.1000/b", "10.1000/a"),
        ("11.1000/a", None),
        ("10.1000/", None),
        ("10.1000/a\x00b", None),
        (10.1000, None),
    ],
)
def test_dois(value: object, bare: str | None) -> None:
    """Lower case, without a resolver; arXiv's records may name several, the first counts."""
    assert ids.doi(value) == bare


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        (0, None),
        (-1, None),
        (True, None),
        (2**63, None),
        ("٣", None),
        (7.0, None),
    ],
)
def test_corpus_ids(value: object, number: int | None) -> None:
    """Positive 64-bit integers, also as text."""
    assert ids.corpus_id(value) == number
