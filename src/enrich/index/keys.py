"""Plain titles by the million: the same as `plain_title` one by one, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from enrich.papers.titles import plain_title

# What a title may hold for the short way: everything else has a meaning that only plain_title
# knows (TeX, HTML, signs that are kept as words, letters beyond ASCII).
_SIMPLE: Final = r"^[A-Za-z0-9 !\"#%()*,\-./:;=?@\[\]|~]*$"
_TABLE: Final = np.array(
    [ord(chr(c).lower()) if c < 128 and chr(c).isalnum() else 32 for c in range(256)], np.uint8
)


def plain_column(titles: pa.Array) -> pa.Array:
    """`plain_title` of each of an array of strings; of null the empty title."""
    titles = pc.fill_null(titles, "").cast(pa.string())
    if not len(titles):
        return titles
    simple = pc.match_substring_regex(titles, _SIMPLE)
    careful = pc.invert(simple)
    others = [plain_title(title) for title in titles.filter(careful).to_pylist()]
    return pc.replace_with_mask(_words(titles), careful, pa.array(others, pa.string()))


def key_column(plains: pa.Array) -> pa.Array:
    """`title_key` of each title, of its plain form."""
    return pc.replace_substring(plains, " ", "")


def plain_titles(titles: Sequence[str]) -> list[str]:
    """`[plain_title(title) for title in titles]`."""
    try:
        column = pa.array(titles, pa.string())
    except UnicodeEncodeError:  # half a character, which no file can hold
        return [plain_title(title) for title in titles]
    plains: list[str] = plain_column(column).to_pylist()
    return plains


def _words(titles: pa.Array) -> pa.Array:
    """Letters in lower case, everything else a single space: each byte stands for itself."""
    _, offsets, data = titles.buffers()
    letters = pa.py_buffer(_TABLE[np.frombuffer(data or b"", np.uint8)])
    lower = pa.StringArray.from_buffers(len(titles), offsets, letters, offset=titles.offset)
    return pc.binary_join(pc.ascii_split_whitespace(pc.ascii_trim_whitespace(lower)), " ")
