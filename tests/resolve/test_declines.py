"""Works that an owner does not want suggested, read from and added to files."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.errors import OverrideError
from enrich.resolve.declines import declined_key, load_declined, parse_declines, write_decline

HEAD = "[[decline]]\n"


def test_ids_and_titles_are_read_from_both_files(tmp_path: Path) -> None:
    """Those of all lists and those of this list; others' and overrides are left alone."""
    (tmp_path / "overrides.toml").write_text(HEAD + "work = 'doi:10.1145/X'\nreason = 'r'\n")
    (tmp_path / "mine.overrides.toml").write_text(HEAD + "work = 'A Title, Set!'\n")
    (tmp_path / "other.overrides.toml").write_text(HEAD + "work = 'Another'\n")
    assert load_declined(tmp_path, "mine") == {"doi:10.1145/x", "title:atitleset"}
    assert load_declined(tmp_path / "no", "mine") == frozenset()
    assert parse_declines(b"\xef\xbb\xbf[[override]]\nentry = 'e'", "f") == frozenset()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("decline = 1", "f: 'decline' must be tables, each headed [[decline]]."),
        ("decline = [1]", "f: 'decline' must be tables, each headed [[decline]]."),
        (HEAD + "work = 'w'\nwhy = 1", "f, decline 1: 'why' is not known; use work and reason."),
        (HEAD + "work = 'w'\n" + HEAD,
         "f, decline 2: 'work' is missing; write an id or a title as text."),
        (HEAD + "work = '???'",
         "f, decline 1: 'work' is missing; write an id or a title as text."),
        (HEAD + "work = 7", "f, decline 1: 'work' is missing; write an id or a title as text."),
        (HEAD + "work = 'w'\nreason = 7", "f, decline 1: 'reason' must be text."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_by_place_and_rule(text: str, message: str) -> None:
    """Which table, what is wrong with it and what to write instead."""
    with pytest.raises(OverrideError) as error:
        parse_declines(text.encode(), "f")
    assert str(error.value) == message


def test_what_is_no_toml_is_told_so() -> None:
    """With the name of the file and what the parser says."""
    for data in (b"a = ", b"\xff"):
        with pytest.raises(OverrideError, match=r"^f is not TOML in UTF-8: .+\.$"):
            parse_declines(data, "f")


def test_a_declined_work_is_added_once_and_nothing_else_changes(tmp_path: Path) -> None:
    """The file's own bytes stay, a missing end of line is made up for."""
    path = tmp_path / "overrides.toml"
    write_decline(path, " arxiv:1811.08383 ", "")
    assert path.read_text() == '[[decline]]\nwork = " arxiv:1811.08383 "\n'
    write_decline(path, "A Title", "Out of scope.")
    path.write_text(path.read_text().rstrip("\n") + " # mine")
    write_decline(path, "Another Title", "r")
    before = path.read_text()
    write_decline(path, "another  title", "again")
    assert (
        path.read_text()
        == before
        == (
            '[[decline]]\nwork = " arxiv:1811.08383 "\n\n[[decline]]\nwork = "A Title"\n'
            'reason = "Out of scope." # mine\n\n[[decline]]\nwork = "Another Title"\nreason = "r"\n'
        )
    )
    with pytest.raises(OverrideError) as error:
        write_decline(path, "???", "r")
    assert str(error.value) == "'???' is neither an id nor a title."
    assert declined_key("???") is None
