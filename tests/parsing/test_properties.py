"""What must hold for any list: no crash, no link lost, the same answer twice, ids that stay."""

from __future__ import annotations

import contextlib
import os
import re
import string
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.parsing.support import parse

from enrich.errors import ListError
from enrich.records import ParsedList

EXAMPLES = int(os.environ.get("ENRICH_EXAMPLES", "0"))


def examples(count: int) -> settings:
    """As many examples as the suite's time bears; ENRICH_EXAMPLES asks for more."""
    return settings(
        max_examples=EXAMPLES or count, deadline=None, suppress_health_check=list(HealthCheck)
    )


NAMES = ("page.md", "page.rst", "page.bib", "page.csv", "page.tsv", "page.txt")
MARKUP = st.sampled_from(
    [
        "- ", "  - ", "1. ", "# ", "### ", "| ", " |\n|---|---|\n", "**", "*", "`", "[", "]", "(",
        ")", "](", "[[", "]]", "![", "<a href=\"", "\">", "</a>", "<br>", "<table>", "<tr>", "<td>",
        "</table>", "<li>", "<details>", "<summary>", "<!--", "-->", "\n", "\n\n", "\t", "    ",
        "https://arxiv.org/abs/1706.03762", "https://github.com/a/b", "#top", "arXiv:1906.03327",
        "Paper", "code", "论文：", "CVPR 2019", "et al.", ", ", ". ", "\"", "“", "\u202e", "\x00",
        "```\n", "@article{a, title={", "}", "10.1145/12.34", "🔥", ":star:", "&nbsp;", ">", "~~",
        ".. include:: /etc/passwd\n", "`a <http://b.c>`_", "====\n", "\\", "$x$", "\ufeff",
        "Deep Learning for Things", "J. Smith and A. Doe",
    ]
)  # fmt: skip
CHAOS = st.lists(MARKUP | st.text(max_size=12), max_size=60).map("".join)
WORDS = st.text(string.ascii_lowercase, min_size=3, max_size=9)
TITLES = st.lists(WORDS, min_size=4, max_size=8).map(lambda w: " ".join(w).capitalize())
NUMBERS = st.integers(10000, 99999)


def parsed_or_none(text: str, name: str) -> ParsedList | None:
    try:
        return parse(text, name)
    except ListError:
        return None


@examples(40)
@given(CHAOS, st.sampled_from(NAMES))
def test_no_text_crashes(text: str, name: str) -> None:
    """Whatever stands in a file, it is read or refused with a ListError, twice the same."""
    first = parsed_or_none(text, name)
    assert first == parsed_or_none(text, name)
    if first is not None:
        assert [entry.position for entry in first.entries] == list(range(len(first.entries)))
        assert len({entry.entry_id for entry in first.entries}) == len(first.entries)
        last = text.count("\n") + text.count("\r") + 1
        for entry in first.entries:
            assert 1 <= entry.line_start <= entry.line_end <= last


@examples(40)
@given(st.binary(max_size=200), st.sampled_from(NAMES))
def test_no_bytes_crash(data: bytes, name: str) -> None:
    """Bytes of any encoding are read or refused with a ListError."""
    with contextlib.suppress(ListError):
        parse(data, name)


def lines_with_links() -> st.SearchStrategy[str]:
    """Lines of many habits, each with an address of its own marked by a number."""
    templates = (
        "- [{t}](https://x.org/{n})",
        "- {t} [[Paper]](https://x.org/{n}) [[Code](https://y.org/{n})]",
        "- **{t}**\n  - Some One, Another Body\n  - [[Paper]](https://x.org/{n})",
        "1. {t}. CVPR 2019. https://x.org/{n}",
        "## {t}",
        "#### {t} [[page]](https://x.org/{n})",
        "**{t}**\n\n- paper: https://x.org/{n}\n- code: https://y.org/{n}\n",
        "{t} is described [here](https://x.org/{n}) in many more words than a title has.",
        "| [{t}](https://x.org/{n}) | x |\n|---|---|\n| [{t}](https://y.org/{n}) | b |\n",
        "<table><tr><td><a href=\"https://x.org/{n}\">{t}</a></td></tr></table>\n",
        "<details><summary>{t}</summary>\n\n- [{t}](https://x.org/{n})\n\n</details>\n",
        "> {t} <https://x.org/{n}>",
        "- [ ] {t}\n    - [{t}](https://x.org/{n})\n        - [{t}](https://y.org/{n})",
        "[![{t}](https://img.shields.io/{n})](https://x.org/{n})",
        "- see [{t}][r{n}]\n\n[r{n}]: https://x.org/{n}\n",
        "<!-- https://x.org/{n} -->\n",
        "```\nhttps://x.org/{n}\n```\n",
        "[{t}](#anchor-{n})",
    )  # fmt: skip
    return st.builds(
        lambda template, t, n: template.format(t=t, n=n),
        st.sampled_from(templates),
        TITLES,
        NUMBERS,
    )


@examples(40)
@given(st.lists(lines_with_links(), min_size=1, max_size=12), st.sampled_from(["\n", "\n\n"]))
def test_no_link_vanishes(blocks: list[str], gap: str) -> None:
    """Every address of a document is in an entry or among the stray links."""
    text = "# A list\n\n" + gap.join(blocks) + "\n\n- [Last one of the list](https://z.org/1)\n"
    parsed = parse(text)
    kept = {link.url for entry in parsed.entries for link in entry.links}
    kept |= {stray.url for stray in parsed.stray_links}
    written = set(re.findall(r"https://[xyz]\.org/\d+|#anchor-\d+", text))
    assert written <= kept


ENTRIES = st.lists(
    st.tuples(TITLES, st.integers(1000, 9999)), min_size=2, max_size=8, unique_by=lambda e: e[0]
)


def page(entries: list[tuple[str, int]]) -> str:
    lines = [f"- {title} [[Paper]](https://arxiv.org/abs/1706.1{n})" for title, n in entries]
    return "# A list\n\n## Papers\n\n" + "\n".join(lines) + "\n"


def ids_of(parsed: ParsedList) -> dict[str, str]:
    return {entry.title: entry.entry_id for entry in parsed.entries}


@examples(40)
@given(ENTRIES, st.data())
def test_edits_elsewhere_leave_entry_ids(
    entries: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Moving entries, adding one above, dropping one, adding links: the other ids stay."""
    before = ids_of(parse(page(entries)))
    assert len(before) == len(entries)
    moved = data.draw(st.permutations(entries))
    assert ids_of(parse(page(moved))) == before
    added = ids_of(parse(page([("A wholly new entry stands above", 1234), *entries])))
    assert {title: added[title] for title in before} == before
    shorter = ids_of(parse(page(entries[1:])))
    assert shorter.items() <= before.items()
    noted = page(entries).replace(")\n", ") [[Code]](https://github.com/a/b)\n", 1)
    assert ids_of(parse(noted)) == before


@examples(40)
@given(ENTRIES)
def test_duplicates_keep_ids_when_moved(entries: list[tuple[str, int]]) -> None:
    """Entries with one title and other links have their own ids, wherever they stand."""
    twins = [*entries, (entries[0][0], 1 + (entries[0][1] - 1000) % 8999 + 1000)]

    def keyed(parsed: ParsedList) -> dict[tuple[str, str], str]:
        return {(e.title, e.links[0].url): e.entry_id for e in parsed.entries}

    if twins[0] == twins[-1]:
        return
    assert keyed(parse(page(twins))) == keyed(parse(page(twins[::-1])))


def test_every_arxiv_id_is_in_its_entries() -> None:
    """An id that stands in several entries is found in exactly those, in links and in text."""
    text = (
        "- First of the papers [[Paper]](https://arxiv.org/abs/1706.03762)\n"
        "- Second of the papers [[Paper]](https://arxiv.org/abs/1810.04805)\n"
        "  - see also arXiv:1706.03762v5\n"
        "- Third of the papers, arXiv preprint arXiv:1512.03385 (2015)\n"
    )
    assert [entry.arxiv_ids for entry in parse(text).entries] == [
        ("1706.03762",),
        ("1810.04805", "1706.03762"),
        ("1512.03385",),
    ]
    assert Counter(i for e in parse(text).entries for i in e.arxiv_ids)["1706.03762"] == 2
