"""Where marks go in every shape of entry, and that all else stays byte for byte."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.outputs.lists import Mark, text_of

from enrich.errors import ListError
from enrich.outputs.annotate.edit import annotate, strip
from enrich.parsing import parse_list
from enrich.parsing.marks import MARK, OPEN

PDF = "[[Paper]](https://arxiv.org/abs/1706.03762)"
S2 = f"https://www.semanticscholar.org/paper/{'f' * 40}?utm_source=api"
COUNT = f"[1,234 citations]({S2}) (2026-01-02)"


def shown(text: str) -> str:
    """What a reader is shown, without marks: rendered, marks cut out, blank lines dropped."""
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    return "\n".join(line for line in MARK.sub("", html).splitlines() if line.strip())


@pytest.mark.parametrize(
    ("line", "before"),
    [
        (f"- Attention is all you need {PDF}", f"- Attention is all you need {PDF}"),
        (f"- Attention is all you need {PDF}  ", f"- Attention is all you need {PDF}"),
        (f"- Attention is all you need {PDF}\\", f"- Attention is all you need {PDF}"),
        (f"- Attention is all you need {PDF} <br>", f"- Attention is all you need {PDF}"),
        (f"1. **Attention is all you need** {PDF}", f"1. **Attention is all you need** {PDF}"),
        (f"> - Attention is all you need {PDF}", f"> - Attention is all you need {PDF}"),
        (
            f"| Title | Link |\n|---|---|\n| Attention \\| all you need | {PDF} | ",
            "| Attention \\| all you need",
        ),
        (
            '<ul><li><a href="https://arxiv.org/abs/1706.03762">Attention is all you need</a></li>',
            '<ul><li><a href="https://arxiv.org/abs/1706.03762">Attention is all you need</a>',
        ),
        (
            "<table><tr><td>Attention is all you need</td>"
            '<td><a href="https://arxiv.org/abs/1706.03762">pdf</a></td></tr></table>',
            "<table><tr><td>Attention is all you need</td>"
            '<td><a href="https://arxiv.org/abs/1706.03762">pdf</a>',
        ),
    ],
)
def test_place(line: str, before: str, mark: Mark) -> None:
    """The mark stands behind what the entry says, before what ends its line or cell."""
    text = f"# Papers\n\n## Some\n\n{line}\n"
    done = mark(text)
    assert done.marked == 1 and not done.skipped
    new = done.data.decode()
    assert new[: new.index(OPEN)].endswith(before)
    assert shown(new) == shown(text)


@pytest.mark.parametrize(
    "heading", [f"### Attention is all you need {PDF} ###", f"Attention is all you need {PDF}\n---"]
)
def test_headings_stay(heading: str, mark: Mark) -> None:
    """A heading is the anchor that links name: its text stays, the mark gets its own line."""
    text = f"# Papers\r\n\r\n{heading}\r\nText below.\r\n"
    done = mark(text)
    new = done.data.decode()
    assert done.marked == 1
    assert re.search(rf"{re.escape(heading)}\r\n<!-- enrich --><p>.*</p><!-- /enrich -->\r\n", new)
    assert shown(new) == shown(text)
    assert strip(done.data, "utf-8") == text.encode()


def test_what_is_said(mark: Mark) -> None:
    """Only what the entry leaves out is added; outside text is escaped; counts carry their day."""
    new = mark("- Attention is all you need [[code]](https://github.com/a/b)\n").data.decode()
    assert "· [arXiv](https://arxiv.org/abs/1811.08383) · " in new
    assert r"A \| B \*c\* &lt;d&gt; \[e\](f) --&gt; 2019" in new
    assert new.endswith(f"{COUNT}<!-- /enrich -->\n")
    new = mark(f"- Attention is all you need. ICML 2017. {PDF}\n").data.decode()
    assert "arXiv](" not in new and "2019" not in new and COUNT in new
    new = mark(
        f"- Attention is all you need {PDF}\n", citation_count=None, venue=None
    ).data.decode()
    assert "citation" not in new and "· 2019<!--" in new
    new = mark(
        f"- Attention is all you need {PDF}\n", venue="Neural Information Processing Systems"
    )
    assert "· NeurIPS 2019 ·" in new.data.decode()
    new = mark(f"- Attention is all you need {PDF}\n", citation_count=1, is_withdrawn=True)
    assert "withdrawn from arXiv" in new.data.decode() and "[1 citation](" in new.data.decode()
    new = mark(f"- Attention is all you need {PDF}\n", style="badge")
    assert "img.shields.io/badge/citations_2026--01--02-1%2C234-blue)](https" in new.data.decode()


def test_the_day_is_written_once(mark: Mark) -> None:
    """Counts carry no day of their own; one line at the end has it, so a new day changes one."""
    text = f"- A first paper of note {PDF}\n- A second paper of note {PDF}\n\n"
    done = mark(text, dates=False)
    lines = done.data.decode().splitlines()
    assert len(lines) == 4 and "2026-01-02" in lines[2] and "Semantic Scholar" in lines[2]
    assert "2026" not in lines[0] + lines[1]
    later = mark(done.data, dates=False, counts_observed_at=datetime(2026, 3, 4, tzinfo=UTC))
    changed = [a != b for a, b in zip(lines, later.data.decode().splitlines(), strict=True)]
    assert changed == [False, False, True, False]
    assert strip(done.data, "utf-8") == text.encode()
    assert mark(done.data, dates=False).data == done.data
    assert shown(done.data.decode()) == shown(text)
    assert mark(text, dates=False, citation_count=None).data.count(b"Semantic Scholar") == 0


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n\n", "\n```\ncode", "\n\n| a |\n|---|\n"])
def test_the_day_stands_after_anything(end: str, mark: Mark) -> None:
    """Whatever a list ends with, --strip gives its bytes back and nothing else is shown."""
    text = f"- A first paper of note {PDF}{end}"
    done = mark(text, dates=False)
    assert strip(done.data, "utf-8") == text.encode()
    assert shown(done.data.decode()) == shown(text)


def test_nothing_to_say(mark: Mark) -> None:
    """An entry of which nothing more is known gets no mark, not an empty one."""
    text = f"- Attention is all you need. ICML 2017. {PDF}\n".encode()
    done = mark(text, citation_count=None)
    assert done.data == text and done.marked == 0


def test_left_alone(mark: Mark) -> None:
    """Where no mark can stand the entry is left alone, with the reason."""
    text = f"## Papers\n\n- A first paper of some length {PDF}\n\n      - A second paper {PDF}\n"
    done = mark(text)
    assert shown(done.data.decode()) == shown(text)
    assert done.marked + len(done.skipped) == len(parse_list(text_of(text)).entries)
    assert all(why for _, why in done.skipped)


ENCODED = "# Papiere\n\n- Über die Größe von Netzen " + PDF + "  \n- Étude générale " + PDF


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoded",
    [
        ENCODED.encode(), codecs.BOM_UTF8 + ENCODED.encode(),
        codecs.BOM_UTF16_LE + ENCODED.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + ENCODED.encode("utf-16-be"), ENCODED.encode("cp1252"),
    ],
)  # fmt: skip
def test_bytes(encoded: bytes, newline: str, mark: Mark) -> None:
    """Encoding, byte order mark, line ends, trailing blanks and a missing last line end stay."""
    wide = encoded.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide:
        name = "utf-16-le" if encoded.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        data = encoded.replace("\n".encode(name), newline.encode(name))
    else:
        data = encoded.replace(b"\n", newline.encode())
    parsed = parse_list(text_of(data))
    done = mark(data, venue="Łódź 学会")
    assert done.marked == 2
    assert done.data != data
    assert strip(done.data, parsed.encoding) == data
    assert mark(done.data, venue="Łódź 学会").data == done.data
    again = parse_list(text_of(done.data))
    assert again.entries == parsed.entries


def test_marks_are_no_part_of_the_list(mark: Mark) -> None:
    """Ids, titles, lines and raw text of entries are the same with marks as without."""
    text = f"# L\n\n## S\n\n- A first paper {PDF}\n- A second paper {PDF}\n  - Somebody et al.\n"
    done = mark(text)
    assert done.marked == 2
    assert parse_list(text_of(done.data)).entries == parse_list(text_of(text)).entries


def test_renewed(mark: Mark) -> None:
    """New counts replace the old ones; a mark that has nothing to say any more goes."""
    text = f"- Attention is all you need. ICML 2017. {PDF}\n"
    old = mark(text)
    new = mark(old.data, citation_count=99_999)
    assert new.data.count(OPEN.encode()) == 1 and b"99,999" in new.data
    assert mark(new.data, citation_count=None).data == text.encode()


def test_only_markdown() -> None:
    """Other formats are refused by name."""
    text = text_of("@article{a, title={A title of some words}}", "x.bib")
    with pytest.raises(Exception, match=r"x\.bib is bibtex"):
        annotate(text, parse_list(text), {})


PIECES = st.sampled_from(
    [
        "- ", "* ", "1. ", "  ", "    ", "\n", "\n\n", "\r\n", "\r", "> ", "# ", "### ", " ###",
        "| ", " | ", "|---|---|\n", "```\n", "~~~", "`", "``", "**", "*", "_", "[", "]", "](",
        ")", "<", ">", "<!--", "-->", "<!-- enrich -->", "<!-- /enrich -->", "<!-- enr", "ich -->",
        "<li>", "</li>", "<td>", "</td>", "<table>", "<tr>", "<details>", "<summary>", "<pre>",
        "<script>", "</script>", "<a href=\"https://arxiv.org/abs/1706.03762\">", "</a>", "<br>",
        "\\", "\\|", "[x]: http://y.z\n", "---\n", "===\n", "  \n", "\t", "&amp;", "\x00", "é",
        "Attention is all you need", "A second paper of note", "et al., CVPR 2019",
        "https://arxiv.org/abs/1811.08383", f" {PDF}", f"- Deep residual learning {PDF}\n",
        f"| Non-local neural nets | {PDF} |\n", "\u2028", "\x0b", "\x0c",
    ]
)  # fmt: skip


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_anything(mark: Mark, text: str) -> None:
    """Of any text: twice is once, --strip gives the bytes back, readers are shown the same."""
    data = f"## Papers\n\n- A paper to begin with {PDF}\n\n{text}".encode()
    try:
        parsed = parse_list(text_of(data))
    except ListError:
        return
    bare = strip(data, parsed.encoding)
    once = mark(data)
    assert strip(once.data, parsed.encoding) == bare
    assert mark(once.data).data == once.data
    assert strip(bare, parsed.encoding) == bare
    same = [(e.entry_id, e.title) for e in parse_list(text_of(bare)).entries]
    assert [(e.entry_id, e.title) for e in parse_list(text_of(once.data)).entries] == same
    assert shown(once.data.decode()) == shown(bare.decode())
