"""Titles as phrases of a query, packed into addresses; and which rows of an answer are meant.

Both services take `"title one" OR "title two"` in an address. How long an address they bear is
known for arXiv only (600-700 ids, about 7.5 kB, are answered with 414), so we stay at half of that
and halve again when refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from enrich.papers.titles import plain_title, title_key
from enrich.records import Record

MAX_URL = 3800
# An empty answer is asked for again: both services send one by mistake now and then.
EMPTY_TRIES = 3
# Rows that resemble a title less are of another paper; `decide` weighs the others.
_RESEMBLES = 75.0
_KEPT = 5
_OPERATORS = re.compile(r'[+|"*()~\\\-–—]+')


def phrase(title: str) -> str:
    """`title` as it may stand between quotation marks: without marks that are operators."""
    return " ".join(_OPERATORS.sub(" ", title).split())


def resembling(title: str, records: Sequence[Record]) -> list[Record]:
    """The few records whose titles resemble `title`, best first."""
    wanted, key = plain_title(title), title_key(title)
    scored = []
    for record in records:
        plain = plain_title(record.title)
        score = 101.0 if plain.replace(" ", "") == key else fuzz.ratio(wanted, plain)
        # A list often leaves a subtitle out, or a title was shortened between versions.
        if score < _RESEMBLES and min(len(wanted), len(plain)) >= 15:
            score = max(score, fuzz.partial_ratio(wanted, plain) - 10.0)
        if score >= _RESEMBLES:
            scored.append((score, record))
    scored.sort(key=lambda pair: (-pair[0], pair[1].source_id))
    return [record for _, record in scored[:_KEPT]]


def names(title: str, records: Sequence[Record]) -> bool:
    """Whether one of the records has exactly this title."""
    key = title_key(title)
    return any(title_key(record.title) == key for record in records)


def shares_words(found: str, asked: Iterable[str]) -> bool:
    """Whether a title found has half the words of one that was asked for, as any hit must."""
    words = set(plain_title(found).split())
    return any(
        2 * len(words & wanted) >= len(wanted)
        for wanted in (set(plain_title(t).split()) for t in asked)
    )


def can_be_packed(title: str) -> bool:
    """Whether the title is specific enough to be asked for among others.

    One or two words flood an answer that others have to share.
    """
    return len(plain_title(title).split()) >= 3
