from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.resolve.build import entry

from enrich.errors import OverrideError
from enrich.records import Identifiers, Override
from enrich.resolve.overrides import (
    apply_overrides,
    load_overrides,
    parse_overrides,
    write_override,
)

SHA = "0123456789abcdef" * 2 + "01234567"
GOOD = f"""
# by hand
[[override]]
entry = "abc123"
pin = "arxiv:1811.08383v2"
reason = "The list links another paper."

[[override]]
entry = "Look, Listen & Learn"
reject = ["doi:10.1234/ABC", "s2:{SHA.upper()}"]
reason = "Namesakes."
"""


def test_overrides_are_read_with_ids_as_records_have_them() -> None:
    """Versions and capitals of ids make no difference to what they name."""
    first, second = parse_overrides(GOOD.encode(), "o.toml")
    assert first == Override("abc123", "The list links another paper.", pin="arxiv:1811.08383")
    assert second.reject == ("doi:10.1234/abc", f"s2:{SHA}")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[override]]\nentry = "a"\npin = "arxiv:1811.08383"', "'reason'"),
        ('[[override]]\nreason = "r"\nabsent = true', "'entry'"),
        ('[[override]]\nentry = "a"\nreason = " "\nabsent = true', "'reason'"),
        ('[[override]]\nentry = "a"\nreason = "r"', "exactly one"),
        ('[[override]]\nentry = "a"\nreason = "r"\nabsent = true\nkind = "code"', "exactly one"),
        ('[[override]]\nentry = "a"\nreason = "r"\nabsent = false', "'absent'"),
        ('[[override]]\nentry = "a"\nreason = "r"\nkind = "tool"', "'tool'"),
        ('[[override]]\nentry = "a"\nreason = "r"\nkind = 3', "'kind'"),
        ('[[override]]\nentry = "a"\nreason = "r"\npin = "1811.08383"', "'1811.08383'"),
        ('[[override]]\nentry = "a"\nreason = "r"\npin = 5', "'pin'"),
        ('[[override]]\nentry = "a"\nreason = "r"\nreject = []', "'reject'"),
        ('[[override]]\nentry = "a"\nreason = "r"\nreject = ["s2:12"]', "'s2:12'"),
        ('[[override]]\nentry = "a"\nreason = "r"\nnote = 1\nabsent = true', "'note'"),
        ('[override]\nentry = "a"', "[[override]]"),
        ("[[overide]]", "'overide'"),
        ("entry = ", "TOML"),
    ],
)
def test_a_broken_override_is_refused_by_file_and_key(text: str, named: str) -> None:
    """The message names the file, what is wrong and what would be right; nothing is guessed."""
    with pytest.raises(OverrideError) as error:
        parse_overrides(text.encode(), "data/raw/overrides.toml")
    assert "data/raw/overrides.toml" in str(error.value)
    assert named in str(error.value)


def test_two_overrides_of_one_entry_in_a_file_are_refused() -> None:
    """One of them would silently lose."""
    one = '[[override]]\nentry = "a"\nreason = "r"\nabsent = true\n'
    with pytest.raises(OverrideError, match="twice"):
        parse_overrides((one * 2).encode(), "o.toml")


def test_a_file_that_is_no_text_is_refused() -> None:
    """Bytes that are not UTF-8 are an error of the user's, not a crash."""
    with pytest.raises(OverrideError, match="UTF-8"):
        parse_overrides(b"\xff\xfe\x00", "o.toml")


def test_the_list_s_own_file_comes_after_the_common_one(tmp_path: Path) -> None:
    """Both files are read; without any there are none."""
    assert load_overrides(tmp_path, "mine") == ()
    (tmp_path / "overrides.toml").write_text('[[override]]\nentry="a"\nreason="r"\nabsent=true')
    own = '[[override]]\nentry="a"\nreason="r"\nkind="code"'
    (tmp_path / "mine.overrides.toml").write_text(own)
    (tmp_path / "other.overrides.toml").write_text("broken =")
    loaded = load_overrides(tmp_path, "mine")
    assert [o.absent for o in loaded] == [True, False]
    _, chosen, issues = apply_overrides([entry("T", entry_id="a")], loaded)
    assert chosen["a"].kind == "code"
    assert [i.code for i in issues] == ["contradicted_override"]


def test_overrides_find_their_entry_by_id_or_title() -> None:
    """The title counts as it reads, not as it is set."""
    one = entry("Look, Listen and Learn", entry_id="e1")
    two = entry("A tool", entry_id="e2")
    by_title = Override("look, listen & learn", "r", absent=True)
    kind = Override("e2", "it is a tool", kind="code")
    settled, chosen, issues = apply_overrides([one, two], [by_title, kind])
    assert chosen == {"e1": by_title, "e2": kind}
    assert [e.kind for e in settled] == ["paper", "code"]
    assert "it is a tool" in settled[1].kind_reason
    assert not issues


def test_stale_overrides_are_told_of() -> None:
    """An override of nothing, or of one title that stands twice, warns and is not applied."""
    twins = [entry("Same", entry_id="e1"), entry("Same", entry_id="e2")]
    gone, torn = Override("gone", "r", absent=True), Override("Same", "r", absent=True)
    _, chosen, issues = apply_overrides(twins, [gone, torn])
    assert not chosen
    assert [(i.code, i.severity) for i in issues] == [("stale_override", "warning")] * 2
    assert "gone" in issues[0].message


@pytest.mark.parametrize(
    "override",
    [
        Override("e1", "r", absent=True),
        Override("e1", "r", pin="arxiv:1811.08383"),
        Override("e1", "r", kind="code"),
    ],
)
def test_an_override_that_the_list_contradicts_is_applied_and_told_of(override: Override) -> None:
    """When the list's owner adds the id, the override should be looked at again."""
    one = entry("T", entry_id="e1", ids=Identifiers(arxiv_id="1811.08383"))
    _, chosen, issues = apply_overrides([one], [override])
    assert chosen == {"e1": override}
    assert [(i.code, i.entry_id, i.line) for i in issues] == [("contradicted_override", "e1", 1)]


def test_writing_keeps_the_rest_of_the_file_byte_for_byte(tmp_path: Path) -> None:
    """Comments, order and spacing are the author's; a new override is put behind them."""
    path = tmp_path / "overrides.toml"
    before = b"# mine\r\n[[override]]\nentry   =  'x' # why\nabsent=true\nreason='r'"
    path.write_bytes(before)
    added = Override("y", 'quotes " and \\ and\nlines', reject=("arxiv:1811.08383",))
    write_override(path, added)
    assert path.read_bytes().startswith(before)
    assert parse_overrides(path.read_bytes(), "o")[1] == added
    assert [p.name for p in tmp_path.iterdir()] == ["overrides.toml"]


def test_writing_again_replaces_the_override_of_that_entry_only(tmp_path: Path) -> None:
    """A second thought takes the place of the first; its neighbours and comments stay."""
    path = tmp_path / "overrides.toml"
    path.write_text(GOOD)
    write_override(path, Override("abc123", "No one has it.", absent=True))
    first, second = parse_overrides(path.read_bytes(), "o")
    assert first == Override("abc123", "No one has it.", absent=True)
    assert second == parse_overrides(GOOD.encode(), "o")[1]
    assert path.read_text().startswith("\n# by hand\n")


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    """What cannot be read is left as it is."""
    path = tmp_path / "overrides.toml"
    path.write_text("broken =")
    with pytest.raises(OverrideError):
        write_override(path, Override("a", "r", absent=True))
    assert path.read_text() == "broken ="


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).filter(
    str.strip
)


@given(texts, texts)
def test_whatever_is_written_is_read_back(name: str, reason: str) -> None:
    """Any entry and any reason survive the way through the file."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "o.toml"
        override = Override(name.strip(), reason.strip(), pin="corpus:7")
        write_override(path, override)
        assert parse_overrides(path.read_bytes(), "o") == (override,)


@pytest.mark.parametrize("value", ["[" * 3_000 + "]" * 3_000, "{a=" * 3_000 + "1" + "}" * 3_000])
def test_values_nested_too_deeply(value: str) -> None:
    """Nesting beyond Python's stack is one sentence with the file's name, not a traceback."""
    with pytest.raises(OverrideError, match=r"o\.toml nests its values too deeply") as caught:
        parse_overrides(f"override = {value}".encode(), "o.toml")
    assert "\n" not in str(caught.value)
