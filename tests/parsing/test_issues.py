"""What a list's owner is told, and where."""

from __future__ import annotations

import pytest
from tests.parsing.support import parse

from enrich.records import Issue


def issues(text: str) -> list[tuple[str, int | None]]:
    return [(issue.code, issue.line) for issue in parse("# L\n\n## Papers\n\n" + text).issues]


def told(text: str, code: str) -> Issue:
    return next(i for i in parse("# L\n\n## Papers\n\n" + text).issues if i.code == code)


ATTENTION = "- Attention Is All You Need [[Paper]](https://arxiv.org/abs/1706.03762)\n"


def test_a_clean_list_has_no_issues() -> None:
    """Nothing is said where nothing is wrong."""
    other = "- Layer Normalization for Networks [[Paper]](https://arxiv.org/abs/1607.06450)\n"
    assert issues(ATTENTION + other) == []


@pytest.mark.parametrize(
    "second",
    [
        ATTENTION,
        "- Attention is all you need. [[pdf]](https://arxiv.org/pdf/1706.03762v5)\n",
        "- Attention Is All You Need [[Paper]](https://openreview.net/forum?id=abcdefg)\n",
        "- A Wholly Different Title Here [[Paper]](https://arxiv.org/abs/1706.03762)\n",
    ],
)
def test_duplicates(second: str) -> None:
    """The same title, the same id, the same paper under two links, one id under two titles."""
    assert issues(ATTENTION + second) == [("duplicate_entry", 6)]
    issue = told(ATTENTION + second, "duplicate_entry")
    assert "line 5" in issue.message
    assert issue.suggestion


def test_the_same_paper_under_two_links() -> None:
    """That the links differ is said."""
    second = "- Attention Is All You Need [[Paper]](https://openreview.net/forum?id=abcdefg)\n"
    assert "another link" in told(ATTENTION + second, "duplicate_entry").message


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/1706.3762",
        "https://arxiv.org/pdf/170603762.pdf",
        "https://doi.org/x",
    ],
)
def test_malformed_ids(url: str) -> None:
    """A link that means an identifier and has none is told with its line."""
    assert issues(f"- A Title of Some Length [[Paper]]({url})\n") == [("malformed_id", 5)]


def test_no_link() -> None:
    """An entry without any link or identifier is told; one with an id in its text is not."""
    other = "- Deep Residual Learning, arXiv:1512.03385\n"
    text = ATTENTION + "- Layer Normalization of Deep Networks\n" + other
    assert issues(text) == [("no_link", 6)]


def test_label_mismatch() -> None:
    """`[Code]` on a paper, `[Paper]` on a repository: label and link disagree."""
    assert issues("- A Title of Length [[Code]](https://arxiv.org/abs/1706.03762)\n") == [
        ("label_mismatch", 5)
    ]
    assert issues("- A Title of Length [[Paper]](https://github.com/a/b)\n") == [
        ("label_mismatch", 5)
    ]


def test_issues_name_their_entry() -> None:
    """Every issue carries the entry it is about."""
    parsed = parse("# L\n\n## P\n\n" + ATTENTION + ATTENTION)
    assert parsed.issues[0].entry_id == parsed.entries[1].entry_id


def test_what_is_read_as_a_remark_is_told() -> None:
    """A bullet that is taken for no entry is not lost in silence: it has a row with its line."""
    parsed = parse(
        "# List\n\n## One\n\n- A remark about the choice of things\n- Another remark of that kind\n"
        "\n## Two\n\n- [Look, Listen and Learn](https://arxiv.org/abs/1705.08168)\n"
    )
    assert [entry.title for entry in parsed.entries] == ["Look, Listen and Learn"]
    told = [(issue.line, issue.severity) for issue in parsed.issues if issue.code == "passed_over"]
    assert told == [(5, "info"), (6, "info")]


def test_titles_without_links_stand_beside_linked_ones() -> None:
    """Where some bullets link their papers, the others are papers that have no link yet."""
    titles = [f"Learning of made up thing number {n} from few examples" for n in range(9)]
    lines = [f"- {title}" for title in titles]
    lines[4] = f"- [{titles[4]}](https://arxiv.org/abs/1705.08168)"
    parsed = parse("# List\n\n## Papers\n\n" + "\n".join(lines) + "\n")
    assert [entry.title for entry in parsed.entries] == titles
    assert {entry.kind for entry in parsed.entries} == {"paper"}


def test_a_linked_bullet_that_is_no_entry_is_reported() -> None:
    """Among entries, a bullet that is read as a remark is an issue with its line, linked or not."""
    found = parse(
        "# Papers on rope\n\n## Models\n\n"
        "- [A first paper of some words](https://arxiv.org/abs/1706.03762)\n"
        "- [A second paper of other words](https://arxiv.org/abs/1811.08383)\n"
        "- A study of how nobody [has](https://example.org/x) written about nothing at all\n"
    )
    assert len(found.entries) == 2
    assert [(issue.code, issue.line) for issue in found.issues] == [("passed_over", 7)]
