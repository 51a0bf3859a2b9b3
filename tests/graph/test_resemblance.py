"""Main categories of a list, and which papers resemble it."""

from __future__ import annotations

import pytest

from enrich.graph.resemblance import MOST_CATEGORIES, main_categories, resemblances

VIDEO = ["action recognition in video", "temporal action detection video", "video action proposals"]


@pytest.mark.parametrize(
    ("primary", "main"),
    [
        ([], ()),
        ([None, None], ()),
        (["cs.CV"] * 18 + ["cs.LG"] * 2, ("cs.CV", "cs.LG")),
        (["cs.CV"] * 19 + ["cs.LG"], ("cs.CV",)),
        (["cs.CV", "cs.LG", None, "cs.CV"], ("cs.CV", "cs.LG")),
        ([f"a.{n}" for n in range(11)], tuple(f"a.{n}" for n in (0, 1, 10, 2))),
    ],
)
def test_the_main_categories(primary: list[str | None], main: tuple[str, ...]) -> None:
    """Those of a tenth of the papers, at most four; the most frequent in any case."""
    assert main_categories(primary) == main
    assert len(main) <= MOST_CATEGORIES


def test_a_paper_of_the_same_words_is_near_and_another_is_not() -> None:
    """As near as half of the list's papers are to the others; the nearest of them is named."""
    same, other = resemblances(VIDEO, ["temporal action detection in video", "lattice gluons"])
    assert same.is_near and same.nearest == 1
    assert not other.is_near and other.likeness == 0


def test_words_that_every_text_has_say_nothing() -> None:
    """A word counts by its rarity."""
    found = resemblances(
        [f"we propose {text}" for text in VIDEO],
        ["we propose lattices", "we propose video actions"],
    )
    assert found[0].likeness < found[1].likeness


@pytest.mark.parametrize(("papers", "candidates"), [([], ["a"]), (["a b"], ["a b"]), (VIDEO, [])])
def test_a_list_of_less_than_two_papers_resembles_nothing(
    papers: list[str], candidates: list[str]
) -> None:
    """There is nothing to measure nearness by."""
    found = resemblances(papers, candidates)
    assert len(found) == len(candidates) and not any(one.is_near for one in found)


def test_a_list_without_common_words_is_near_to_nothing() -> None:
    """Where half of the list's papers share no word with another, no threshold follows from it."""
    assert not any(r.is_near for r in resemblances(["a b", "c d", "e f"], ["g h", "a x", ""]))
