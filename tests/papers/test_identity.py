from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.resolve.build import WHEN, arxiv, s2

from enrich.papers.identity import assign
from enrich.records import Identifiers, Record

TITLE = "Temporal Shift Module for Efficient Video Understanding"
PREPRINT = arxiv(TITLE, "1811.08383", "Ji Lin", "Song Han")
PUBLISHED = s2(
    TITLE, "tsm", "Ji Lin", "Song Han", ids={"arxiv_id": "1811.08383", "doi": "10.1/tsm"}
)
OTHER = arxiv("Objects that Sound", "1712.06651", "Relja Arandjelović")


def known(*answers: tuple[str, tuple[str, ...]]) -> dict[str, str]:
    """What a store remembers of earlier answers."""
    return {alias: paper_id for paper_id, aliases in answers for alias in aliases}


def test_a_paper_reached_twice_is_one_row() -> None:
    """Two entries, preprint and published record, get one paper_id and all aliases."""
    first, second, third = assign([[PREPRINT], [PUBLISHED], [OTHER]], {})
    assert first == second
    assert first[0] == "arxiv:1811.08383"
    assert {"arxiv:1811.08383", "doi:10.1/tsm"} <= set(first[1])
    assert third[0] == "arxiv:1712.06651"


def test_preprint_and_publication_without_a_common_id_are_one() -> None:
    """The same title by the same people within three years is one paper; later, it is another."""
    printed = s2(TITLE, "tsm", "Ji Lin", "Song Han", year=2019, ids={"doi": "10.1/tsm"})
    first, second = assign([[PREPRINT], [printed]], {})
    assert first == second
    early = arxiv(TITLE, "1811.08383", "Ji Lin", "Song Han", year=2012)
    assert len({paper_id for paper_id, _ in assign([[early], [printed]], {})}) == 2


def test_the_id_once_given_stays_while_others_are_learnt() -> None:
    """A paper first known by its DOI keeps that paper_id when an arXiv id is learnt."""
    early = s2(TITLE, "tsm", "Ji Lin", ids={"doi": "10.1/tsm"})
    before = assign([[early]], {})
    after = assign([[PREPRINT, PUBLISHED]], known(*before))
    assert before[0][0] == after[0][0] == "doi:10.1/tsm"
    assert "arxiv:1811.08383" in after[0][1]


def test_a_merged_s2_record_keeps_the_paper() -> None:
    """Semantic Scholar merges records: a new sha with the old corpus id is the old paper."""
    old = s2(TITLE, "old", "Ji Lin", ids={"s2_corpus_id": 7})
    new = s2(TITLE, "new", "Ji Lin", ids={"s2_corpus_id": 7})
    before = assign([[old]], {})
    after = assign([[new]], known(*before))
    assert after[0][0] == before[0][0]
    assert set(before[0][1]) < set(after[0][1])


def test_of_two_known_papers_that_are_one_the_first_known_stays() -> None:
    """A later snapshot learns that two rows are one: the older id wins, both are aliases."""
    remembered = {"doi:10.1/tsm": "doi:10.1/tsm", "arxiv:1811.08383": "arxiv:1811.08383"}
    ((paper_id, aliases),) = assign([[PREPRINT, PUBLISHED]], remembered)
    assert paper_id == "doi:10.1/tsm"
    assert {"doi:10.1/tsm", "arxiv:1811.08383"} <= set(aliases)
    backwards = dict(reversed(remembered.items()))
    assert assign([[PREPRINT, PUBLISHED]], backwards)[0][0] == "arxiv:1811.08383"


def test_a_wrong_shared_id_does_not_glue_two_papers() -> None:
    """A record with another paper's arXiv id stays apart; arXiv's own record keeps the id."""
    wrong = s2("Objects that Sound", "oops", "Relja Arandjelović", ids={"arxiv_id": "1811.08383"})
    for groups in ([[PREPRINT], [wrong]], [[wrong], [PREPRINT]]):
        answers = dict(zip((g[0].title for g in groups), assign(groups, {}), strict=True))
        assert answers[TITLE][0] == "arxiv:1811.08383"
        assert answers["Objects that Sound"][0].startswith("s2:")
        assert "arxiv:1811.08383" not in answers["Objects that Sound"][1]


def test_a_contested_id_goes_to_its_own_service_s_record() -> None:
    """arXiv decides about arXiv ids, Semantic Scholar about its own; others go by source and id."""
    liar = arxiv("Objects that Sound", "1712.06651", "Relja A")
    liar = replace(liar, ids=replace(liar.ids, s2_corpus_id=7, doi="10.1/tsm"))
    owner = s2(TITLE, "tsm", "Ji Lin", ids={"s2_corpus_id": 7, "doi": "10.1/tsm"})
    also = s2("Sound of Objects", "a third", "Bo Berg", ids={"doi": "10.1/tsm"})
    for groups in ([[liar], [owner], [also]], [[also], [owner], [liar]], [[owner], [liar], [also]]):
        answers = dict(zip((g[0].title for g in groups), assign(groups, {}), strict=True))
        assert "corpus:7" in answers[TITLE][1]
        assert "corpus:7" not in answers["Objects that Sound"][1]
        assert "doi:10.1/tsm" in answers["Objects that Sound"][1]  # arxiv: sorts before s2:
        assert "doi:10.1/tsm" not in answers[TITLE][1] + answers["Sound of Objects"][1]


def test_a_new_paper_is_named_by_its_best_identifier() -> None:
    """An arXiv id before a DOI before the ids of Semantic Scholar, whatever sorts first."""
    ids = {"doi": "10.1/tsm", "s2_corpus_id": 7}
    ((paper_id, aliases),) = assign([[s2(TITLE, "tsm", "Ji Lin", ids=ids)]], {})
    assert paper_id == "doi:10.1/tsm"
    assert {a.partition(":")[0] for a in aliases} == {"doi", "corpus", "s2"}
    ids["arxiv_id"] = "1811.08383"
    assert assign([[s2(TITLE, "tsm", "Ji Lin", ids=ids)]], {})[0][0] == "arxiv:1811.08383"


def test_what_is_remembered_of_a_paper_stays_with_it_and_nothing_else_does() -> None:
    """Aliases that no record has any more are kept; those of other papers are not taken over."""
    remembered = {
        "doi:10.1/old": "arxiv:1811.08383", "arxiv:1811.08383": "arxiv:1811.08383",
        "doi:10.1/else": "arxiv:1712.06651", "arxiv:1712.06651": "arxiv:1712.06651",
    }  # fmt: skip
    ((paper_id, aliases),) = assign([[PREPRINT]], remembered)
    assert paper_id == "arxiv:1811.08383"
    assert aliases == ("arxiv:1811.08383", "doi:10.1/old")
    moved = {"doi:10.1/tsm": "title:abc", "arxiv:1712.06651": "title:abc"}
    first, second = assign([[PUBLISHED], [OTHER]], moved)
    assert first[0] == second[0] == "title:abc"  # both were known by it
    assert "arxiv:1712.06651" not in first[1]
    assert "doi:10.1/tsm" not in second[1]
    by_row = {"doi:10.1/tsm": "row-7"}
    assert assign([[PUBLISHED]], by_row)[0][0] == "row-7"


def test_two_papers_of_one_title_stay_two() -> None:
    """The title alone makes nobody the same."""
    one = arxiv("Deep Learning", "1501.00001", "Ann Able")
    two = arxiv("Deep Learning", "1601.00001", "Bo Berg")
    assert len({paper_id for paper_id, _ in assign([[one], [two]], {})}) == 2


def test_a_renamed_paper_is_one_where_its_people_agree() -> None:
    """A shared id with another title is believed if the authors are the same."""
    renamed = s2("TSM: An Old Name", "tsm", "Ji Lin", "Song Han", ids={"arxiv_id": "1811.08383"})
    assert len({paper_id for paper_id, _ in assign([[PREPRINT], [renamed]], {})}) == 1


def test_a_paper_without_any_identifier_is_named_by_its_record_or_title() -> None:
    """The record's own id names it; without one its title does, so that a re-run agrees."""
    bare = Record("index", "row-7", TITLE, Identifiers(), WHEN)
    assert assign([[bare]], {})[0][0] == "index:row-7"
    nameless = Record("index", "", TITLE, Identifiers(), WHEN)
    ((paper_id, aliases),) = assign([[nameless]], {})
    assert paper_id.startswith("title:")
    assert len(paper_id) == len("title:") + 16
    assert aliases == (paper_id,)
    again = Record("index", "", TITLE.upper(), Identifiers(), WHEN)
    assert assign([[again]], {})[0][0] == paper_id
    assert assign([[Record("index", "", "Another", Identifiers(), WHEN)]], {})[0][0] != paper_id


POOL: list[Record] = [
    PREPRINT, PUBLISHED, OTHER,
    s2(TITLE, "two", "Ji Lin", "Song Han", ids={"doi": "10.1/tsm"}),
    s2("Objects that Sound", "sound", "R. Arandjelović", ids={"arxiv_id": "1712.06651"}),
    s2("Objects that Sound", "oops", "R. Arandjelović", ids={"arxiv_id": "1811.08383"}),
    arxiv("Deep Learning", "1501.00001", "Ann Able"),
]  # fmt: skip
groups = st.lists(st.sampled_from(POOL).map(lambda r: [r]), min_size=1, max_size=8)


@given(groups, st.randoms())
def test_identity_depends_neither_on_order_nor_on_repetition(
    found: list[list[Record]], random: object
) -> None:
    """The same groups in another order, or asked again with what was learnt, name the same."""
    answers = assign(found, {})
    order = list(range(len(found)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = assign([found[i] for i in order], {})
    assert [shuffled[order.index(i)] for i in range(len(found))] == list(answers)
    assert assign(found, known(*answers)) == answers


@given(groups, groups)
def test_no_id_once_given_is_changed_by_what_comes_later(
    first: list[list[Record]], later: list[list[Record]]
) -> None:
    """Whatever is learnt in a later snapshot, a paper_id given before goes on naming its paper."""
    before = assign(first, {})
    after = assign([*first, *later], known(*before))
    assert {p for p, _ in after[: len(first)]} <= {p for p, _ in before}
