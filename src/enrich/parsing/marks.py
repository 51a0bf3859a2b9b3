"""What `enrich annotate` writes into a list stands between marks, and is no part of the list.

A mark lies on one line and holds no other comment, so what is written can be taken out again
exactly, whatever stands around it. A mark that fills a line was put there with the line's end.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "<!-- enrich -->", "<!-- /enrich -->"
MARK = re.compile(rf"{re.escape(OPEN)}(?:(?!<!--)[^\r\n])*{re.escape(CLOSE)}")
_WITH_LINE = re.compile(rf"(?:\r\n|\r|\n){MARK.pattern}(?=[\r\n]|\Z)|{MARK.pattern}")


def without_marks(text: str) -> str:
    """The text as its owner wrote it, on the same lines: a mark's own line is left empty."""
    return _until_none(MARK, text)


def bare_bytes(data: bytes) -> bytes:
    """The bytes without marks, for finding out the encoding: a guess must not follow the marks.

    Every encoding without a byte order mark that lists come in writes a mark's ends as ASCII does.
    """
    if OPEN.encode() not in data:
        return data
    return without_marks(data.decode("latin-1")).encode("latin-1")


def strip_marks(text: str) -> str:
    """The text as it was before it was marked, character for character."""
    return _until_none(_WITH_LINE, text)


def _until_none(pattern: re.Pattern[str], text: str) -> str:
    # Taking a mark out may bring another one together.
    while OPEN in text and CLOSE in text:
        text, found = pattern.subn("", text)
        if not found:
            break
    return text
