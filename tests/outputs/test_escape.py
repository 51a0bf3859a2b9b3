"""Text from lists and services is shown as text, whatever it holds and wherever it is shown."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from enrich.outputs.escape import markdown_link, markdown_text, table_cell

NASTY = [
    "<b>bold</b>",
    "<img src=x onerror=alert(1)>",
    "[a](https://example.org)",
    "![a](https://example.org/pixel.png)",
    "<https://example.org>",
    "https://example.org/auto",
    "a | b",
    "`code` *em* _em_ ~~struck~~",
    "\\[a](https://example.org)",
    "&lt;b&gt; &amp;",
    "two\nlines\r\n# heading",
    "\x1b[31m red \u202e reversed",
    "someone@example.org",
]


@pytest.mark.parametrize("text", NASTY)
def test_markdown_renders_as_text(text: str) -> None:
    """Rule: in a rendered table cell, text from outside is text: no element, no link, no cell."""
    page = f"| a | b |\n| --- | --- |\n| {markdown_text(text)} | end |\n"
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
    (inline,) = (t for t in MarkdownIt("commonmark").parse(table_cell(text)) if t.type == "inline")
    kinds = {child.type for child in inline.children or ()}
    assert not kinds & {"html_inline", "link_open", "image"}


def test_only_web_addresses_become_links() -> None:
    """Rule: a link leads to http or https; anything else is left as text."""
    assert markdown_link("x", "javascript:alert(1)") == "x"
    assert markdown_link("x", None) == "x"
    assert (
        markdown_link("x", "https://example.org/a(b)|c>")
        == "[x](<https://example.org/a(b)%7Cc%3E>)"
    )
