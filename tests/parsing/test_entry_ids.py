"""An id that was published stays with its entry, whatever happens to the list around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parsing.support import list_text
from tests.parsing.test_properties import examples

from enrich.parsing import parse_list
from enrich.parsing.entry_ids import KnownEntry, known
from enrich.records import ParsedList

HEAD = "# L\n\n## Papers\n\n"
A = "- [Graph Networks for Everything](https://arxiv.org/abs/1806.01261)"
B = "- [Graph Networks for Everything](https://arxiv.org/abs/1909.00001)"
PLAIN = "- Graph Networks for Everything"


def read(*lines: str, previous: ParsedList | None = None) -> ParsedList:
    before: tuple[KnownEntry, ...] = ()
    if previous is not None:
        before = tuple(map(known, previous.entries))
    return parse_list(list_text(HEAD + "\n".join(lines) + "\n"), before)


def ids(parsed: ParsedList) -> list[str]:
    return [entry.entry_id for entry in parsed.entries]


@pytest.mark.parametrize("lines", [[B, A], [A, B]])
def test_a_twin_never_takes_the_id(lines: list[str]) -> None:
    """A second entry of the same title gets an id of its own, above or below the first."""
    first = read(A)
    second = read(*lines, previous=first)
    assert ids(second)[lines.index(A)] == ids(first)[0]
    assert len(set(ids(second))) == 2


def test_each_of_two_twins_keeps_its_own() -> None:
    """Two entries of one title keep their ids when they change places or one goes."""
    first = read(A, B)
    assert ids(read(B, A, previous=first)) == ids(first)[::-1]
    assert ids(read(B, previous=first)) == [ids(first)[1]]
    assert ids(read(A, previous=first)) == [ids(first)[0]]


def test_an_id_of_a_removed_entry_is_not_given_away() -> None:
    """Another paper of the same title does not continue one that is gone while both are known."""
    both = read(A, B)
    again = read(B, PLAIN, previous=both)
    assert ids(again)[0] == ids(both)[1]


def test_corrections_keep_the_id() -> None:
    """A corrected link under the same title and a corrected title of the same paper."""
    first = read(A)
    assert ids(read(B, previous=first)) == ids(first)
    titled = "- [Graph Networks for Everyone](https://arxiv.org/abs/1806.01261)"
    assert ids(read(titled, previous=first)) == ids(first)


def test_issues_name_the_ids_that_are_published() -> None:
    """The issues of a list use the ids that its entries keep."""
    first = read(B, A)
    parsed = read(A, B, previous=first)
    named = {issue.entry_id for issue in parsed.issues if issue.entry_id}
    assert named
    assert named <= set(ids(parsed))


LINES = st.lists(
    st.builds(
        "- [Title of the Paper {}](https://arxiv.org/abs/1806.{:05})".format,
        st.integers(1, 3), st.integers(1, 6),
    ),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip


@examples(60)
@given(LINES, st.data())
def test_any_edit_keeps_the_ids_of_what_stays(lines: list[str], data: st.DataObject) -> None:
    """Whatever is added, moved or removed: a line that stays as it is keeps its id."""
    first = read(*lines)
    before = dict(zip(lines, ids(first), strict=True))
    kept = data.draw(st.lists(st.sampled_from(lines), unique=True))
    added = [line for line in data.draw(LINES) if line not in lines]
    mixed = data.draw(st.permutations([*kept, *added]))
    if not mixed:
        return
    after = dict(zip(mixed, ids(read(*mixed, previous=first)), strict=True))
    assert {line: after[line] for line in kept} == {line: before[line] for line in kept}
    assert len(set(after.values())) == len(mixed)


def test_a_title_alone_keeps_no_id() -> None:
    """A removed entry's id does not pass to one of its title elsewhere, with other links."""
    first = read(A)
    second = read("- [Another Study of Graphs](https://arxiv.org/abs/1901.00001)", "", "## Other",
                  "", B, previous=first)  # fmt: skip
    assert ids(first)[0] not in ids(second)


def test_a_corrected_link_keeps_the_id() -> None:
    """Title and heading together are enough: the link was corrected."""
    first = read(A)
    assert ids(read(B, previous=first)) == ids(first)
