from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.resolve.build import arxiv, entry, s2, searched

from enrich.papers.same_paper import group
from enrich.records import Candidate, Entry, Record
from enrich.resolve import decide

TITLES = [
    "Learning to See in the Dark", "Learning to See in the Dark: A Reply", "Look, Listen and Learn",
    "Segment Anything", "Segment Anything 2", "Learning to Hear in the Dark", "Objects that Sound",
    "Learning to see in the dark.", "See in the Dark",
]  # fmt: skip
PEOPLE = ["Ann Able", "Bo Berg", "Chen Chen", "Xiaolong Wang"]
names = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True)
years = st.none() | st.integers(2015, 2024)


@st.composite
def records(draw: st.DrawFn) -> Record:
    title, who, year = draw(st.sampled_from(TITLES)), draw(names), draw(years)
    number = f"2001.0000{draw(st.integers(1, 6))}"
    if draw(st.booleans()):
        return arxiv(title, number, *who, year=year)
    ids = {"arxiv_id": number} if draw(st.booleans()) else {}
    return s2(title, f"s{draw(st.integers(1, 6))}", *who, year=year, ids=ids)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    found = searched(*draw(st.lists(records(), max_size=6)))
    by_id = draw(st.sets(st.integers(0, 5), max_size=2))
    return [replace(c, method="id:arxiv") if place in by_id else c for place, c in enumerate(found)]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    who = draw(names)
    return entry(draw(st.sampled_from(TITLES)), ", ".join(who) or None, draw(years))


@given(entries(), candidates(), st.randoms())
@settings(max_examples=40)
def test_the_order_of_candidates_does_not_matter(
    one: Entry, found: list[Candidate], random: object
) -> None:
    """The same candidates in another order, or told twice, give the same resolution."""
    shuffled = [*found, *found[:1]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(one, shuffled) == decide(one, found)


@given(entries(), candidates(), st.integers(1, 3))
@settings(max_examples=40)
def test_an_unrelated_candidate_changes_nothing(
    one: Entry, found: list[Candidate], more: int
) -> None:
    """What is no rival neither wins nor unseats anyone."""
    strangers = [
        arxiv(f"On the Cohomology of Sheaves over Moduli, Volume {n}", f"1101.0000{n}", "Zoe Zed")
        for n in range(more)
    ]
    before, after = decide(one, found), decide(one, [*found, *searched(*strangers)])
    assert (after.status, after.chosen) == (before.status, before.chosen)


@given(entries(), candidates())
@settings(max_examples=40)
def test_the_outcome_is_whole(one: Entry, found: list[Candidate]) -> None:
    """Chosen exactly when resolved, accepted rows exactly when chosen, all candidates accounted."""
    result = decide(one, found)
    assert (result.status == "resolved") == (result.chosen is not None)
    accepted = [w.candidate for w in result.weighed if w.decision == "accepted"]
    assert (result.chosen in accepted) if result.chosen else not accepted
    assert {id(c) for c in found} >= {id(w.candidate) for w in result.weighed}
    assert {c.record.source_id for c in found} == {
        w.candidate.record.source_id for w in result.weighed
    }
    assert result.reason.endswith(".")
    assert decide(one, found, unasked=frozenset({"arxiv"})).status != "unresolved"


@given(st.lists(records(), max_size=7), st.randoms())
def test_grouping_by_paper_does_not_depend_on_order(found: list[Record], random: object) -> None:
    """The same records fall into the same papers, however they come in."""
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    papers = {frozenset(id(found[i]) for i in g) for g in group(found)}
    assert papers == {frozenset(id(shuffled[i]) for i in g) for g in group(shuffled)}
