"""The fast way to plain titles is the way of `plain_title`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from enrich.index.keys import plain_titles
from enrich.papers.titles import plain_title

ODD = st.sampled_from(
    ["$\\alpha$-β", "a+b & c", "x<sub>2</sub>", "l'été", "A\0B", "\0", "", " ", "{Deep} \\'e", "ﬁ"]
)


@given(st.lists(st.one_of(st.text(), st.text(st.characters(max_codepoint=127)), ODD), max_size=30))
def test_batches_equal_titles_one_by_one(titles: list[str]) -> None:
    """Any batch of any titles comes out as each of its titles by itself."""
    assert plain_titles(titles) == [plain_title(title) for title in titles]
