"""Which blocks are entries, and what is reported of those that are none."""

from __future__ import annotations

import pytest
from tests.parsing.invented import papers
from tests.parsing.support import list_text, parse

from enrich.parsing import parse_list

PAPER = "- [{p.title}]({p.url})"


@pytest.mark.parametrize(
    "heading", ["Feedback & Reflection", "Support Vector Machines", "News Recommendation"]
)
def test_a_subject_that_begins_like_an_administrative_heading_is_read(heading: str) -> None:
    """A heading is administrative only if every word of it is."""
    made = papers(3)
    text = f"# L\n\n## {heading}\n\n" + "\n".join(PAPER.format(p=p) for p in made) + "\n"
    assert [entry.title for entry in parse(text).entries] == [p.title for p in made]


@pytest.mark.parametrize("heading", ["News", "Latest Updates", "How to Contribute", "Contact us"])
def test_papers_in_administrative_sections_are_reported(heading: str) -> None:
    """A paper linked in a section about the list is no entry, but an issue with its line."""
    first, second = papers(2)
    one, two = PAPER.format(p=first), PAPER.format(p=second)
    text = f"# L\n\n## {heading}\n\n{one}\n\n## Papers\n\n{two}\n"
    parsed = parse(text)
    assert [entry.title for entry in parsed.entries] == [second.title]
    assert [i.line for i in parsed.issues if i.code == "unread_link"] == [5]


def test_bullets_nested_deeper_than_ten_are_read() -> None:
    """No depth of nesting loses what stands in it or behind it."""
    made = papers(16)
    lines = [f"{'  ' * n}{PAPER.format(p=p)}" for n, p in enumerate(made[:15])]
    text = "# L\n\n" + "\n".join([*lines, PAPER.format(p=made[15])]) + "\n"
    urls = {link.url for entry in parse(text).entries for link in entry.links}
    assert urls == {p.url for p in made}


def test_headings_state_year_and_venue() -> None:
    """`section_year` and `section_venue` are what a heading says and the entry does not."""
    one, two, three = papers(3)
    parsed = parse(
        f"# L\n\n## 2019\n\n{PAPER.format(p=one)}\n\n## CVPR 2020\n\n{PAPER.format(p=two)}\n"
        f"- [{three.title}]({three.url}), ICML 2018\n"
    )
    assert [(e.section_year, e.section_venue) for e in parsed.entries] == [
        (2019, None), (2020, "CVPR"), (None, None),
    ]  # fmt: skip


def test_columns_without_a_field_are_kept() -> None:
    """What a table says in a column of its own is in `extra`, by the column's heading."""
    rows = "\n".join(f"| [{p.title}]({p.url}) | {p.year} | shelf {p.n} |" for p in papers(3))
    parsed = parse(f"# L\n\n| Title | Year | Shelf |\n|---|---|---|\n{rows}\n")
    assert [entry.extra for entry in parsed.entries] == [
        (("Shelf", f"shelf {p.n}"),) for p in papers(3)
    ]


def test_known_titles_correct_the_layout() -> None:
    """Where known titles stand in another slot than what was read, all titles are read there."""
    made = papers(8)
    lines = [
        f"- **On the Making of Kites number {p.n} for Beginners** – *{p.title}* [[pdf]]({p.url})"
        for p in made
    ]
    text = "# L\n\n## Papers\n\n" + "\n".join(lines) + "\n"
    known = {f"arxiv:{p.url.rsplit('/', 1)[1]}": p.title for p in made[:3]}
    parsed = parse_list(list_text(text), known_titles=known)
    assert [entry.title for entry in parsed.entries] == [p.title for p in made]
    assert [issue.code for issue in parsed.issues] == ["layout_corrected"]
    assert parse(text).entries[0].title != made[0].title


def test_bullets_of_any_depth_are_entries() -> None:
    """What is nested deeper than the parser reads is an entry all the same."""
    lines = [
        f"{'  ' * k}- [Paper number {k} about nets](https://arxiv.org/abs/1901.{k + 1:05d})"
        for k in range(300)
    ]
    found = parse("# Papers\n\n" + "\n".join(lines) + "\n").entries
    assert [e.ids.arxiv_id for e in found] == [f"1901.{k + 1:05d}" for k in range(300)]
