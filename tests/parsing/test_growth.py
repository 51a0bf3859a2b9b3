"""Reading takes work in proportion to a list's length: bounds, and counts of the work done."""

from __future__ import annotations

import pytest
from tests.parsing.support import parse

from enrich.errors import ListError
from enrich.parsing import references
from enrich.parsing.cleaning import clean_title
from enrich.parsing.formats import rst
from enrich.parsing.layout import slots

LINK = "https://arxiv.org/abs/1706.03762"


def test_marks_of_a_rst_paragraph() -> None:
    """A paragraph may have _MOST_MARKS marks, a list many such paragraphs; one more is refused."""
    title = f"- `A title <{LINK}>`__ "
    own = 3  # the marks of the title itself
    full = title + "*a " * (rst._MOST_MARKS - own) + "\n"
    assert len(parse(full * 2, "x.rst").entries) == 2
    with pytest.raises(ListError, match=f"Line 2: .* more than {rst._MOST_MARKS} marks"):
        parse(full + title + "*a " * (rst._MOST_MARKS - own + 1), "x.rst")


@pytest.mark.parametrize("pattern", ["{a}", "a/", "a-b.", "a:", "a@", "a_"])
def test_long_words_of_rst(pattern: str) -> None:
    """Words whose marks times length exceed _MOST_STEPS are refused with their line."""
    entry = f"- `A title <{LINK}>`__\n"
    size = int(rst._MOST_STEPS**0.5) * 4
    with pytest.raises(ListError, match=r"Line 3: a word of .* takes too long"):
        parse(entry + "\n" + pattern * (size // len(pattern)) + "\n\n" + entry, "x.rst")
    short = pattern * (900 // len(pattern)) + "\n\n"
    assert len(parse(entry + "\n" + short * 2 + entry, "x.rst").entries) >= 2
    # Without marks a word is long at no cost: an embedded image.
    assert len(parse(entry + "\n" + "a" * size + "\n\n" + entry, "x.rst").entries) >= 2


@pytest.mark.parametrize("pattern", ["`a", "``a ", "`a` b ", "**a** b ", "a **b**, "])
def test_styled_runs_look_back_a_bounded_way(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each styled run reads a bounded part of the text before it: n runs cost n, not n²."""
    read: list[int] = []
    words = slots.words

    def counted(text: str) -> list[str]:
        read.append(len(text))
        return words(text)

    monkeypatch.setattr(slots, "words", counted)
    parse(f"- [A title]({LINK}) " + pattern * 1_000)
    assert sum(read) <= 1_000 * 3 * slots._NEAR


@pytest.mark.parametrize("pattern", ["a, ", "A. Bee, ", "a b c, "])
def test_commas_look_back_a_bounded_way(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each comma reads a bounded part of the text before it in search of a venue."""
    read: list[int] = []
    is_venue = references.is_venue

    def counted(text: str) -> bool:
        read.append(len(text))
        return is_venue(text)

    monkeypatch.setattr(references, "is_venue", counted)
    parse(f"- [A title]({LINK}) " + pattern * 2_000)
    assert max(read, default=0) <= max(references._LONGEST_CHUNK, 2 * len(pattern) * 2_000)
    assert sum(read) <= 2_000 * references._LONGEST_CHUNK


@pytest.mark.parametrize("left_over", ["[[a]]", "[]", "( )", "[[a]] "])
def test_what_is_taken_out_leaves_no_blanks(left_over: str) -> None:
    """A run of blanks costs its square in patterns that look for blanks before something."""
    assert clean_title(f"A title {left_over * 3}with words")[0] == "A title with words"
