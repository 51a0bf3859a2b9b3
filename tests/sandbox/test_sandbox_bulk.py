"""The bulk search's language over a handful of titles."""

from __future__ import annotations

import pytest

from enrich.sandbox.s2_bulk import BulkQuery
from enrich.sandbox.words import WordIndex

TITLES = [
    "Fish ladder",  # 0
    "Fish and ladders",  # 1
    "Fish outflow",  # 2
    "Fishing in mountains",  # 3
    "Ladder outflow: a fish-free study",  # 4
    "Fugue fish",  # 5
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fish", {0, 1, 2, 3, 4, 5}),
        ("fish ladder", {0, 1, 4}),
        ("fish + ladder", {0, 1, 4}),
        ("fish | ladder", {0, 1, 2, 3, 4, 5}),
        ("fish -ladder", {2, 3, 5}),
        ('"fish ladder"', {0}),
        ('"fish ladder" | "fish outflow"', {0, 2}),
        ('"fish ladder" | "fish outflow" | "no such title"', {0, 2}),
        ('"fish ladder"~1', {0, 1}),
        ('"ladder fish"', set()),
        ("fish (ladder | outflow)", {0, 1, 2, 4}),
        ("mount*", {3}),
        ("fugu~1", {5}),
        ("bugue~1", {5}),
        ("mountain", {3}),
        ("fish-free", {4}),
        ("", set()),
        ('"', set()),
        ("((fish", {0, 1, 2, 3, 4, 5}),
        ("zebra", set()),
        ("+ | -", set()),
    ],
)
def test_query_finds(query: str, found: set[int]) -> None:
    """`+ | - " * ( ) ~N`, stems, and nothing that is a syntax error."""
    assert BulkQuery(query).positions(WordIndex(TITLES), WordIndex([""] * 6)) == found


def test_abstracts_count_too() -> None:
    """A phrase may stand in the abstract instead of the title."""
    abstracts = WordIndex(["", "", "a fugue in ladders", "", "", ""])
    assert BulkQuery('"in ladders"').positions(WordIndex(TITLES), abstracts) == {2}


def test_terms_are_counted() -> None:
    """What limits on the number of terms go by."""
    query = BulkQuery('"fish ladder" | (outflow -"mountain top")')
    assert (query.terms, query.has_or) == (3, True)
