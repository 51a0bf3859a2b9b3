"""Which records are one paper, held by facts of real records and by the bounds of the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.resolve.build import arxiv, s2

from enrich.papers.same_paper import group, one_paper, one_work
from enrich.records import Record

TITLE = "Temporal Shift Module for Efficient Video Understanding"
FIXTURES = Path(__file__).parent / "fixtures"


def test_two_arxiv_ids_are_two_papers() -> None:
    """Whatever title, people and year say: arXiv itself keeps them apart."""
    one = arxiv(TITLE, "1811.08383", "Ji Lin", "Song Han", year=2018)
    two = arxiv(TITLE, "1811.08384", "Ji Lin", "Song Han", year=2018)
    assert not one_paper(one, two)
    assert group([one, two]) == [[0], [1]]
    assert one_work(one, two)
    tied = s2(TITLE, "x", "Ji Lin", "Song Han", ids={"arxiv_id": "1811.08383"})
    assert one_paper(one, tied)
    assert not one_paper(two, tied)


def test_proceedings_preprint_and_journal_version_are_one_paper() -> None:
    """The same title by the same people within three years, whatever DOIs and venues they have."""
    preprint = arxiv(TITLE, "1811.08383", "Ji Lin", "Chuang Gan", "Song Han", year=2018)
    proceedings = s2(TITLE, "a", "Ji Lin", "Song Han", year=2019, ids={"doi": "10.1/proc"})
    journal = s2(TITLE, "b", "J. Lin", "C. Gan", "S. Han", year=2021, ids={"doi": "10.1/jour"})
    late = s2(TITLE, "c", "J. Lin", "C. Gan", "S. Han", year=2022, ids={"doi": "10.1/late"})
    assert group([preprint, proceedings, journal]) == [[0, 1, 2]]
    assert one_paper(journal, preprint)
    assert not one_paper(preprint, late)
    assert not one_work(preprint, late)
    assert one_paper(preprint, s2(TITLE, "d", "Ji Lin", "Song Han"))


@pytest.mark.parametrize(
    ("people", "same"),
    [
        (("Ji Lin", "Song Han"), True),
        (("Ji Lin", "Maria Lopez"), True),  # half of the two, with the same first author
        (("Ji Lin", "Maria Lopez", "Jan Novak"), False),  # a third
        (("Song Han", "Ji Lin"), True),
        (("Song Han", "Maria Lopez"), False),
        (("Song Han", "Chuang Gan", "Ji Lin", "Maria Lopez"), True),  # three quarters
        (("Song Han", "Chuang Gan", "Maria Lopez", "Jan Novak"), False),  # half, another first
    ],
)
def test_how_many_people_make_them_the_same(people: tuple[str, ...], same: bool) -> None:
    """Half of the shorter list with the same first author, three quarters without."""
    one = arxiv(TITLE, "1811.08383", "Ji Lin", "Chuang Gan", "Song Han", "Bo Berg", "Cy Cole")
    other = s2(TITLE, "x", *people)
    assert one_paper(one, other) is same
    assert one_work(one, other) is same


def test_a_shared_identifier_needs_an_agreeing_title_or_people() -> None:
    """Services attach wrong identifiers: an unlike title by other people stays apart."""
    one = arxiv(TITLE, "1811.08383", "Ji Lin", "Song Han")
    ids = {"arxiv_id": "1811.08383"}
    assert one_paper(one, s2(TITLE.upper(), "a", ids=ids))
    assert one_paper(one, s2("Shifting Frames", "b", "Ji Lin", "Song Han", ids=ids))
    assert not one_paper(one, s2("Shifting Frames", "c", "Maria Lopez", ids=ids))
    assert not one_paper(one, s2("Shifting Frames", "d", ids=ids))
    alike = "Temporal Shift Module for Fast Video Understanding"
    assert one_paper(one, s2(alike, "e", "Maria Lopez", ids=ids))
    assert not one_paper(one, s2(TITLE + " 2", "f", "Maria Lopez", ids=ids))
    less_alike = "Temporal Shift Modules in Video Recognition"
    assert not one_paper(one, s2(less_alike, "g", "Maria Lopez", ids=ids))


@pytest.mark.parametrize(
    ("shared", "mine", "theirs", "first", "same"),
    [
        (8, 17, 20, True, False),  # 8 of 17 are .4706
        (9, 18, 20, True, True),
        (11, 15, 16, False, False),  # 11 of 15 are .7333
        (12, 16, 20, False, True),
        (17, 24, 30, False, False),  # 17 of 24 are .7083
    ],
)
def test_the_shares_of_people_are_one_half_and_three_quarters(
    shared: int, mine: int, theirs: int, first: bool, same: bool
) -> None:
    """Of the shorter list; in between, two records stay two papers."""
    both = [f"Ann Common{chr(97 + n)}" for n in range(shared)]
    own = [f"Bo Mine{chr(97 + n)}" for n in range(mine - shared)]
    others = [f"Cy Theirs{chr(97 + n)}" for n in range(theirs - shared)]
    one = arxiv(TITLE, "1811.08383", *both, *own)
    other = s2(TITLE, "x", *((*both, *others) if first else (*others, *both)))
    assert one_paper(one, other) is same


@pytest.mark.parametrize(("changed", "same"), [(40, True), (41, False)])
def test_titles_of_a_shared_identifier_are_alike_from_80_of_100_on(
    changed: int, same: bool
) -> None:
    """By the share of letters: of 200, 40 may be others (80), 41 may not (79.5)."""
    title = "".join(chr(97 + n % 25) for n in range(200))
    other = title[: 200 - changed] + "z" * changed
    ids = {"arxiv_id": "1811.08383"}
    one = arxiv(title, "1811.08383", "Ji Lin")
    assert one_paper(one, s2(other, "x", "Maria Lopez", ids=ids)) is same


def test_records_without_authors_are_never_merged_by_title() -> None:
    """They could be any paper of that title; a duplicate is still no other work."""
    one = arxiv(TITLE, "1811.08383", "Ji Lin")
    bare = s2(TITLE, "bare")
    assert not one_paper(one, bare)
    assert not one_paper(bare, s2(TITLE, "again"))
    assert one_work(one, bare)
    assert one_work(bare, one)
    assert not one_work(one, s2(TITLE, "doi", ids={"doi": "10.1/x"}))
    assert not one_work(one, s2(TITLE, "other", ids={"arxiv_id": "1901.00001"}))
    five, four = "Deep Shift Nets for Video", "Deep Shift Nets Today"
    assert one_work(arxiv(five, "1", "Ji Lin"), s2(five, "five"))
    assert not one_work(arxiv(four, "1", "Ji Lin"), s2(four, "four"))
    assert not one_work(one, s2("Another Title of Several Words", "x"))


def facts(name: str) -> list[tuple[Record, Record]]:
    """Pairs of real records: id, title, authors and year of each."""
    rows = json.loads((FIXTURES / name).read_text(encoding="utf-8"))

    def record(row: dict[str, object]) -> Record:
        names = [str(name) for name in row["authors"]]  # type: ignore[attr-defined]
        return arxiv(str(row["title"]), str(row["arxiv_id"]), *names, year=row["year"])

    return [(record(one), record(other)) for one, other in rows]


def test_real_siblings_stay_two_papers() -> None:
    """Pairs of one group's papers with much alike titles: no pair is merged or one work."""
    pairs = facts("siblings.json")
    assert len(pairs) >= 100
    assert not [(a.source_id, b.source_id) for a, b in pairs if one_paper(a, b) or one_work(a, b)]
