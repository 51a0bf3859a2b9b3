"""Citation keys that stay: given once, in the order in which papers came into a list's snapshots.

A key is `lin2018tsm`: the first author's family name, a year, the first telling word of the title.
The first paper that had it keeps it bare; papers that come later, or that came with it in the same
snapshot, get letters made from their paper_id. So neither new entries, nor another order of the
list, nor corrected metadata changes a key that was given.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from enrich.outputs.export.people import person
from enrich.outputs.export.reference import clean, key_year
from enrich.papers.titles import plain_title

# What a key is made of, in the `papers` table.
KEY_COLUMNS = ("paper_id", "title", "authors", "year", "arxiv_id")
_SMALL = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "beyond", "by", "can", "do", "does", "for",
        "from", "how", "in", "into", "is", "it", "its", "more", "no", "not", "of", "on", "or",
        "over", "rethinking", "should", "some", "the", "their", "this", "through", "to", "toward",
        "towards", "under", "using", "via", "we", "what", "when", "where", "which", "who", "why",
        "with", "without", "you", "your",
    }
)  # fmt: skip
_HEAD = re.compile(r"\s*([^\s:]{2,20})\s*[:：]\s")
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss",
        "ı": "i", "ħ": "h", "ŋ": "n",
    }
)  # fmt: skip


def base_key(row: Mapping[str, Any]) -> str:
    """The key of a row of `papers` before anyone else has it: letters and digits of ASCII."""
    authors = row["authors"] or []
    first = person(clean(authors[0]["name"])) if authors else None
    family = _ascii(first.family or first.literal) if first else ""
    year = key_year(row)
    return f"{family[:20] or 'anon'}{year or ''}{_word(clean(row['title'] or ''))}"


def assign(snapshots: Iterable[Iterable[Mapping[str, Any]]]) -> dict[str, str]:
    """paper_id -> key, from the rows of `papers` of each snapshot, oldest snapshot first."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for rows in snapshots:
        new: dict[str, set[str]] = {}
        for row in rows:
            if row["paper_id"] not in keys:
                new.setdefault(base_key(row), set()).add(row["paper_id"])
        for base in sorted(new):
            alone = len(new[base]) == 1 and base not in taken
            for paper_id in sorted(new[base]):
                keys[paper_id] = base if alone else _lettered(base, paper_id, taken)
                taken.add(keys[paper_id])
            # A bare key that nobody got stays nobody's: it would name several papers.
            taken.add(base)
    return keys


def _lettered(base: str, paper_id: str, taken: set[str]) -> str:
    digest = hashlib.sha256(paper_id.encode()).digest()
    letters = "".join(chr(ord("a") + byte % 26) for byte in digest)
    for length in range(3, len(letters) + 1):
        if (key := f"{base}-{letters[:length]}") not in taken:
            return key
    raise AssertionError("two papers with one paper_id")


def _word(title: str) -> str:
    head = _HEAD.match(title)
    words = plain_title(head[1]).split() if head else []
    if len(words) != 1:
        words = [w for w in plain_title(title).split() if w not in _SMALL and not w.isdigit()]
    return next((word[:20] for w in words if (word := _ascii(w))), "")


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in plain if c.isascii() and c.isalnum())
