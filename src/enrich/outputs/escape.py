"""Text from outside, made safe for where it is shown."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` on one line, with control characters (and so terminal escapes) made visible."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )
