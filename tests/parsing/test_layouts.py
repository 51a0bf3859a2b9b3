"""Lists in layouts that no rule names: each shows by its regularity where the fields stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.parsing.invented import Paper, papers
from tests.parsing.support import parse

from enrich.parsing.layout.composite import find_order, read_in_order
from enrich.records import Entry, ParsedList

ENOUGH = 0.95  # share of the entries that must have the field


@dataclass(frozen=True)
class Layout:
    """How a list writes an entry, and which fields (t a v y) the entry then has."""

    entry: Callable[[Paper], str]
    fields: str
    head: str = "# A list\n\n## Papers\n\n"
    gap: str = "\n"
    foot: str = ""
    name: str = "page.md"


def stress(title: str) -> str:
    """A title whose second word is set in bold, as owners do inside a table."""
    words = title.split()
    return " ".join([words[0], f"**{words[1]}**", *words[2:]])


LAYOUTS = {
    "name, italic title, code venue": Layout(
        lambda p: f"- **({p.name})** _{p.title}_ ```{p.venue} {p.year}``` [[Paper]]({p.url})", "tvy"
    ),
    "date first, bars": Layout(
        lambda p: f"**{p.year}-06** | {p.title} | *{p.authors}* | [{p.journal}]({p.site})",
        "tavy",
        gap="\n\n",
    ),
    "stressed words in a titled column": Layout(
        lambda p: (
            f"|{p.year}0112|{p.names[0]}|{stress(p.title)} [(code)]({p.code})|"
            f"[{p.venue} {p.year}]({p.url})|"
        ),
        "tvy",
        "# L\n\n| Date | First Author | Title | Conference |\n|---|---|---|---|\n",
    ),
    "table without headings": Layout(
        lambda p: f"|{p.year}|{p.title}|{p.authors}|[{p.venue}]({p.url})|",
        "tavy",
        "# L\n\n| | | | |\n|---|---|---|---|\n",
    ),
    "headings that name no title": Layout(
        lambda p: f"|{p.year}|{p.title}|{p.authors}|{p.venue}|[pdf]({p.url})|",
        "tavy",
        "# L\n\n| Time | What | Who | Where | Link |\n|---|---|---|---|---|\n",
    ),
    "several lines in a cell": Layout(
        lambda p: (
            f"| {p.n} | **{p.title}** <br> {p.authors} <br> *{p.venue} {p.year}* |"
            f" [Paper]({p.url}) |"
        ),
        "tavy",
        "# L\n\n| No. | Publication | Resources |\n|:-:|:--|:--|\n",
    ),
    "CSV of a citation index": Layout(
        lambda p: f'"{p.title}","{"; ".join(p.names)}","{p.journal}",{p.year},10.1234/x{p.n},good',
        "tavy",
        "Article Title,Author Full Names,Source Title,Publication Year,DOI,Remarks\n",
        name="page.csv",
    ),
    "TSV without headings": Layout(
        lambda p: f"{p.year}\t{p.title}\t{p.authors}\t{p.site}", "tay", "", name="page.tsv"
    ),
    "quoted title after a bold name": Layout(
        lambda p: f'- **{p.name}**: "{p.title}", *{p.venue}, Jun {p.year}*. [[Paper]({p.url})]',
        "tvy",
    ),
    "by": Layout(
        lambda p: f"- {p.title} by {p.authors.replace(', ', ' and ', 1)} ([link]({p.site}))", "ta"
    ),
    "paragraph of link, break, authors": Layout(
        lambda p: f"[{p.title}]({p.site})\n{p.authors}\n[[pdf]({p.site}.pdf)] [[code]({p.code})]",
        "ta",
        gap="\n\n",
    ),
    "paragraphs of title, authors, venue": Layout(
        lambda p: f"**[{p.title}]({p.url})**\n\n{p.authors}\n\n*{p.venue}, {p.year}*",
        "tavy",
        gap="\n\n",
    ),
    "bullets that name their fields": Layout(
        lambda p: (
            f"* Title: {p.title}\n* Authors: {p.authors}\n* Year: {p.year}\n* URL: {p.site}\n"
        ),
        "tay",
        gap="\n",
    ),
    "headings with lines below": Layout(
        lambda p: f"## {p.title}\n\n{p.authors}\n\n{p.venue} {p.year}\n\n[Paper]({p.site})",
        "tavy",
        "# L\n\n",
        "\n\n",
    ),
    "French": Layout(
        lambda p: (
            f"- *{p.title}*, par {p.authors.replace(', ', ' et ', 1)} ({p.year}) – [PDF]({p.site})"
        ),
        "tay",
    ),
    "stars between fields": Layout(
        lambda p: f"- {p.title} ★ {p.authors} ★ {p.venue} {p.year} ★ [pdf]({p.url})", "tavy"
    ),
    "pictograms before fields": Layout(
        lambda p: f"📄 **{p.title}** 👥 {p.authors} 📅 {p.year} 🏛 {p.journal} 🔗 [link]({p.site})",
        "tavy",
        gap="\n\n",
    ),
    "authors, arrow, title": Layout(
        lambda p: f"- {p.authors} → {p.title} ({p.venue}, {p.year}) [pdf]({p.url})", "tavy"
    ),
    "authors and year in brackets first": Layout(
        lambda p: f"- [{p.short}, {p.year}] {p.title}. [link]({p.site})", "ty"
    ),
    "several entries in a paragraph": Layout(
        lambda p: f"**{p.year}** · [{p.title}]({p.site}) · {p.authors}  ", "tay"
    ),
    "entries of several lines in a paragraph": Layout(
        lambda p: f"⭐ {p.title}  \n*{p.venue}*  \n[[Paper]({p.site})]  ", "tv"
    ),
    "quoted titles in quotes": Layout(
        lambda p: f'> ({p.year}.03), "{p.title}", *{p.authors}*, {p.venue} [Paper]({p.site})',
        "tavy",
        gap="\n\n",
    ),
    "tags in front": Layout(
        lambda p: f"- ({p.name}) {p.title}. {p.short} [[{p.venue}'{p.year % 100}]({p.url})]", "tvy"
    ),
    "numbers and fields in reStructuredText": Layout(
        lambda p: (
            f"- (1) *{p.title}*\n\n  Year: {p.year}\n  Authors: {p.authors}\n\n"
            f"  `Paper <{p.site}>`__\n"
        ),
        "tay",
        "A list\n======\n\n",
        name="page.rst",
    ),
    "years in brackets in reStructuredText": Layout(
        lambda p: f"- `{p.title} <{p.site}>`__\n\n  - ({p.year})\n  - ``{p.venue}``\n",
        "tvy",
        "A list\n======\n\n",
        name="page.rst",
    ),
    "journals that no table knows, before the year": Layout(
        lambda p: f"- {p.authors}. **{p.title}** // *{p.journal}*, {p.year}. [[pdf]({p.site})]",
        "tavy",
    ),
    "HTML cards": Layout(
        lambda p: (
            f'<p align="left">\n  <a href="{p.site}"><strong>{p.title}</strong></a>\n  <br/>\n'
            f'  {p.authors}\n  <br/>\n  [<a href="{p.site}.pdf">paper</a>]\n</p>'
        ),
        "ta",
        gap="\n\n",
    ),
    "names in bold, year, italic title": Layout(
        lambda p: f"- **{p.authors}** ({p.year}): *{p.title}*. In: {p.journal}. <{p.site}>", "tavy"
    ),
    "venue and year without a table of them": Layout(
        lambda p: f"- [ ] {p.venue}-{p.year % 100} | {p.title} | [PDF]({p.url})", "tvy"
    ),
    "numbered headings, venue and authors on one line": Layout(
        lambda p: (
            f"#### {p.n + 1}. {p.title}\n*{p.venue}, {p.year}* · {p.authors}\n\n[PDF]({p.site}.pdf)"
        ),
        "tavy",
        "# L\n\n",
        "\n\n",
    ),
    "quoted authors below the title": Layout(
        lambda p: f"[{p.title}]({p.site})\n\n> {p.authors}", "ta", gap="\n\n"
    ),
    "Japanese brackets": Layout(
        lambda p: f"- 「{p.title}」 {p.cjk}（{p.venue} {p.year}） [論文]({p.url})", "tvy"
    ),
    "named lines below a name": Layout(
        lambda p: (
            f"- **{p.name}**\n  - Title: {p.title}\n  - Authors: {p.authors}\n"
            f"  - Publication: {p.journal} {p.year}\n  - [link]({p.site})"
        ),
        "tavy",
    ),
}


def read(layout: Layout, made: list[Paper]) -> ParsedList:
    return parse(layout.head + layout.gap.join(map(layout.entry, made)) + layout.foot, layout.name)


def fold(text: str | None) -> str:
    return re.sub(r"\W+", "", text or "").casefold()


def right(entry: Entry, paper: Paper, field: str) -> bool:
    if field == "t":
        return fold(entry.title) == fold(paper.title)
    if field == "y":
        return entry.year == paper.year
    if field == "v":
        return any(v in (entry.venue_text or "") for v in (paper.venue, paper.journal))
    last = [name.split()[-1] for name in (paper.names[0], paper.names[-1])]
    authors = entry.authors_text or ""
    return all(name in authors for name in last) and fold(paper.title) not in fold(authors)


def test_order_of_fields_is_found_where_some_entries_leave_one_out() -> None:
    """The order of a mixed text holds for texts without one of its fields, never for most."""
    made = papers()
    texts = [
        f"A study of {p.title}; {p.authors}" + ("" if n % 3 == 0 else f"; {p.venue} {p.year}")
        for n, p in enumerate(made)
    ]
    order = find_order(texts)
    assert order is not None and order.fields == "TAV"
    parts = read_in_order(texts[0], order)
    assert parts is not None and parts.venue is None and parts.authors == made[0].authors
    without = [text.rsplit("; ", 1)[0] if n % 5 else text for n, text in enumerate(texts)]
    found = find_order(without)
    assert found is None or found.fields != "TAV"


@pytest.mark.parametrize("name", LAYOUTS)
def test_fields_are_found_by_the_regularity_of_the_list(name: str) -> None:
    """Every entry of a regular list is found, once, and its fields where the list writes them."""
    layout, made = LAYOUTS[name], papers()
    entries = read(layout, made).entries
    assert len(entries) == len(made)
    for field in layout.fields:
        share = sum(right(e, p, field) for e, p in zip(entries, made, strict=True)) / len(made)
        assert share >= ENOUGH, (name, field, share)


def test_the_layout_is_part_of_the_record() -> None:
    """The list's record names the slot of each field, how many entries have it, and an example."""
    layouts = read(LAYOUTS["stars between fields"], papers()).layouts
    assert {slot.role for slot in layouts} >= {"title", "authors", "venue"}
    title = next(slot for slot in layouts if slot.role == "title")
    assert title.entries == len(papers())
    assert title.example == papers()[0].title


def titles(text: str, name: str = "page.md") -> list[str]:
    return [entry.title for entry in parse(text.encode(), name).entries]


def test_link_texts_that_recur_are_labels() -> None:
    """A word that stands on links to many addresses is a label, in a language no table knows."""
    rows = "".join(f"- {p.title}. [Lähde]({p.url})\n" for p in papers(4))
    assert titles(f"# L\n\n## Papers\n\n{rows}") == [p.title for p in papers(4)]


@pytest.mark.parametrize("count", [3, 4])
def test_headings_are_entries_where_four_tell_of_one_paper_each(count: int) -> None:
    """Unlinked headings with bullets of one paper each below are entries, from four on."""
    cards = "".join(
        f"### {p.title}\n\n- {p.authors}\n- {p.venue} {p.year}\n- {p.url}\n\n"
        for p in papers(count)
    )
    found = parse(f"# L\n\n## Part\n\n{cards}".encode(), "page.md").entries
    wanted = [(p.title, p.authors, p.year) for p in papers(count)]
    read = [(e.title, e.authors_text, e.year) for e in found]
    assert (read == wanted) == (count == 4)


def test_lines_of_a_paragraph_are_entries_of_several_lines() -> None:
    """Lines in one paragraph: a title, its authors and a link, again and again."""
    lines = "".join(f"{p.title}  \n{p.authors}  \n[pdf]({p.url})  \n" for p in papers(5))
    assert titles(f"# L\n\n{lines}") == [p.title for p in papers(5)]


def test_blocks_of_a_plain_text_are_entries() -> None:
    """A plain text whose blocks hold a title and one address each has one entry a block."""
    blocks = "\n\n".join(f"{p.title}\n{p.authors}\n{p.url}" for p in papers(5))
    found = parse(blocks.encode(), "page.txt").entries
    assert [(e.title, e.authors_text) for e in found] == [(p.title, p.authors) for p in papers(5)]


def test_definitions_tell_of_their_term() -> None:
    """A `dd` belongs to the `dt` above it."""
    terms = "".join(
        f"<dt>{p.title}</dt><dd>{p.authors}</dd><dd><a href='{p.url}'>pdf</a></dd>\n"
        for p in papers(5)
    )
    page = f"<!doctype html><html><body><h1>L</h1><dl>{terms}</dl></body></html>"
    assert titles(page, "page.html") == [p.title for p in papers(5)]


@pytest.mark.parametrize(("items", "read"), [(3, True), (2, False)])
def test_an_administrative_heading_may_head_entries(items: int, read: bool) -> None:
    """Three items that are titles with links make a section of papers, whatever its name."""
    rows = "".join(f"- [{p.title}]({p.url})\n" for p in papers(items))
    other = "## Papers\n\n- [Graph Networks for Everything](https://arxiv.org/abs/1806.01261)\n"
    found = titles(f"# L\n\n## News\n\n{rows}\n{other}")
    assert (len(found) == items + 1) == read
