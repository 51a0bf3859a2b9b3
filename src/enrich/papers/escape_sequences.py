"""Terminal escape sequences in text from outside, which carry no meaning of the text."""

from __future__ import annotations

import re
from typing import Final

# ECMA-48: control sequences such as colours, strings such as a window's title, and single ones.
_SEQUENCE: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|[ -/]*[0-~])"
)


def without_escapes(text: str) -> str:
    """`text` without terminal escape sequences, each removed whole."""
    return _SEQUENCE.sub("", text) if "\x1b" in text else text
