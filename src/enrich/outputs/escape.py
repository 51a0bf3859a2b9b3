"""Escape text and addresses from lists and services for the place where they are shown.

One function per target: terminal, Markdown, HTML, a table cell of Prefect's pages, CSV, a JSON
block inside HTML, and an identifier inside an address. TeX has its own module (`export/tex.py`)
and the report's templates escape HTML through Jinja.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

# Joiners are part of words in several scripts; other format characters (direction marks, fillers)
# can make text read as something it is not.
_JOINERS = "\u200c\u200d"
# CommonMark's inline syntax, GitHub's tables, mathematics, mentions and issue numbers.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]|~$#!@])|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What starts a block at the beginning of a line: a list item, a quote's or a heading's underline.
_BLOCK_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
# What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"); Excel reads the wide
# forms the same way in some locales.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def one_line(text: str | None) -> str:
    """`text` on one line in composed characters, without control and format characters."""
    composed = unicodedata.normalize("NFC", text or "")
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    return " ".join(
        "".join(c for c in kept if c in _JOINERS or unicodedata.category(c) not in ("Cf", "Cs"))
        .split()
    )  # fmt: skip


def printable(text: str) -> str:
    """`text` for a terminal: one line, control characters (so escape sequences) made visible."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def markdown_text(text: str | None) -> str:
    """`text` on one line as Markdown that shows it as it is, in a heading or table cell too."""
    escaped = _MARKDOWN.sub(lambda match: f"\\{match[0]}", one_line(text))
    return html.escape(_block_start(escaped), quote=False)


def _block_start(text: str) -> str:
    match = _BLOCK_START.match(text)
    if match is None:
        return text
    # A number is escaped at the sign behind it: `1\.` is text, `\1.` is a backslash.
    cut = match.end(2) if match[2].isdigit() else match.start(2)
    return f"{text[:cut]}\\{text[cut:]}"


def markdown_link(label: str, url: str | None) -> str:
    """A Markdown link, or the escaped label alone where `url` is no http(s) address."""
    safe = safe_url(url)
    return f"[{markdown_text(label)}](<{_link_target(safe)}>)" if safe else markdown_text(label)


def _link_target(url: str) -> str:
    # Inside `<…>` Markdown ends an address only at these; a table ends a cell at a pipe.
    return "".join(f"%{ord(c):02X}" if c in '<>|\\"`' else c for c in url)


def html_text(text: str | None) -> str:
    """`text` on one line for HTML written without Jinja; quotes are escaped too."""
    return html.escape(one_line(text))


def table_cell(text: str | None) -> str:
    """`text` on one line for a table of Prefect's pages.

    The older page renders cells as Markdown with HTML, the newer one shows them as they are: no
    more is escaped than what could become a tag, a link or a picture.
    """
    return one_line(text).replace("<", "&lt;").replace("](", "]\\(")


def csv_text(text: str) -> str:
    """`text` for a cell of CSV; an apostrophe keeps a spreadsheet from running it as a formula."""
    # A blank in front does not keep a spreadsheet from reading the cell as a formula.
    return f"'{text}" if text.lstrip(" \xa0").startswith(FORMULA_STARTS) else text


def json_in_html(value: Any) -> str:
    """`value` as JSON that cannot end the `<script>` element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def safe_url(url: str | None) -> str | None:
    """`url` if it is an http or https address with a host and without blanks, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if good and url.isprintable() and " " not in url else None
