"""Artifacts show text as it is: no markup of a list is ever rendered."""

from __future__ import annotations

import artifacts
import pytest
from markdown_it import MarkdownIt

NASTY = [
    "<b>bold</b>",
    "<img src=x onerror=alert(1)>",
    "[a](https://example.org)",
    "![a](https://example.org/pixel.png)",
    "<https://example.org>",
    "https://example.org/auto",
    "a | b",
    "`code` *em* _em_ ~~gone~~",
    "\\[a](https://example.org)",
    "&lt;b&gt; &amp;",
    "two\nlines\r\n# heading",
    "\x1b[31m red \u202e reversed",
    "someone@example.org",
]


@pytest.mark.parametrize("text", NASTY)
def test_markdown_renders_as_text(text: str) -> None:
    """Rule: in a rendered table cell, text from outside is text: no element, no link, no cell."""
    page = f"| a | b |\n| --- | --- |\n| {artifacts.markdown(text)} | end |\n"
    tree = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(page)
    inlines = [token for token in tree if token.type == "inline"]
    assert [len(inlines), inlines[-1].content] == [4, "end"]
    cell = inlines[2]
    assert {child.type for child in cell.children or ()} <= {"text", "text_special"}
    shown = "".join(child.content for child in cell.children or ())
    assert shown.split() == "".join(c for c in text if c not in "\x1b\u202e").split()


@pytest.mark.parametrize("text", NASTY)
def test_table_cells_hold_no_element(text: str) -> None:
    """Rule: a cell that the older user interface renders holds no tag, named link or picture."""
    (inline,) = (
        t for t in MarkdownIt("commonmark").parse(artifacts.cell(text)) if t.type == "inline"
    )
    kinds = {child.type for child in inline.children or ()}
    assert not kinds & {"html_inline", "link_open", "image"}


def test_only_web_addresses_become_links() -> None:
    """Rule: a link leads to http or https; anything else stays text."""
    assert artifacts.link("x", "javascript:alert(1)") == "x"
    assert artifacts.link("x", None) == "x"
    assert (
        artifacts.link("x", "https://example.org/a(b)|c>")
        == "[x](<https://example.org/a(b)%7Cc%3E>)"
    )


def test_caption_says_what_is_omitted() -> None:
    """Rule: a table that is cut says so and where the rest is."""
    assert artifacts.entries_caption(3) == "3 of 3 entries, those that need a person first."
    assert "other 9500 are in the snapshot" in artifacts.entries_caption(10_000)
