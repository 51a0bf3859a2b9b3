"""arXiv's title field: stems and drops stop words, but folds no accents."""

from __future__ import annotations

import pytest

from enrich.sandbox.english import phrase_positions
from enrich.sandbox.words import WordIndex

TITLES = WordIndex(
    [
        "Absence of Cantor spectrum for Schrödinger operators",  # 0
        "The ladders of the fish",  # 1
        "Don’t look: $\\beta$-decay in β rays",  # 2
        "Ladder for a fish 2.0",  # 3
    ]
)


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("Schrödinger operator", {0}),
        ("SCHRÖDINGER OPERATORS", {0}),
        ("Schrodinger operators", set()),
        ("Ladders of the fish", {1, 3}),  # a stop word keeps its place, whichever it is
        ("ladder fish", set()),
        ("don't look", set()),
        ("don’t look", {2}),
        ("β-rays", {2}),
        ("beta rays", set()),
        ("fish 2.0", {3}),
        ("fish 2", set()),
        ("of the", set()),
        ("", set()),
    ],
)
def test_phrase(phrase: str, found: set[int]) -> None:
    """Exact spelling of accents, Greek letters and apostrophes; stems; gaps for stop words."""
    assert phrase_positions(TITLES, phrase) == found
