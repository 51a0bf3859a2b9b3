"""Plain titles by the million: the same as `plain_title` one by one, in a fraction of the time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from enrich.titles import plain_title

# What a title may hold for the short way: everything else has a meaning that only plain_title
# knows (TeX, HTML, signs that are kept as words, letters beyond ASCII).
_SIMPLE: Final = re.compile(r"[A-Za-z0-9 !\"#%()*,\-./:;=?@\[\]|~]*")
# NUL parts the titles of one batch: no title of the short way holds it.
_TABLE: Final = bytes(
    code if code == 0 else ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32
    for code in range(256)
)


def plain_titles(titles: Sequence[str]) -> list[str]:
    """`[plain_title(title) for title in titles]`."""
    simple = [_SIMPLE.fullmatch(title) is not None for title in titles]
    text = "\0".join(title for title, short in zip(titles, simple, strict=True) if short)
    plains = iter(text.encode("ascii").translate(_TABLE).decode("ascii").split("\0"))
    return [
        " ".join(next(plains).split()) if short else plain_title(title)
        for title, short in zip(titles, simple, strict=True)
    ]
