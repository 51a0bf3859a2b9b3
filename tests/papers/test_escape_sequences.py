"""Terminal escape sequences vanish whole; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parsing.support import parse

from enrich.papers.escape_sequences import without_escapes

SEQUENCES = [
    "\x1b[31m", "\x1b[0m", "\x1b[1;38;5;200m", "\x1b[2J", "\x1b[?25l", "\x1b]0;a title\x07",
    "\x1b]8;;https://example.org\x1b\\", "\x1bP1$q\x1b\\", "\x1bc", "\x1b(B", "\x1b7",
]  # fmt: skip
PLAIN = st.text(st.characters(exclude_characters="\x1b"))


@pytest.mark.parametrize("sequence", SEQUENCES, ids=repr)
@given(before=PLAIN, after=PLAIN)
def test_a_sequence_goes_whole(sequence: str, before: str, after: str) -> None:
    """No letter of a sequence stays behind, and none of the text around it goes."""
    assert without_escapes(f"{before}{sequence}{after}") == before + after


def test_a_list_is_read_without_them() -> None:
    """Title, entries and lines of a list hold none; line numbers stay."""
    link = "https://arxiv.org/abs/1811.08383"
    read = parse(
        f"# \x1b[31mRed\x1b[0m Title\n\n- [A Paper about \x1b[1mSome\x1b[0m Things]({link})\n"
    )
    assert read.title == "Red Title"
    (entry,) = read.entries
    assert entry.title == "A Paper about Some Things"
    assert entry.line_start == 3
    assert "\x1b" not in entry.raw
