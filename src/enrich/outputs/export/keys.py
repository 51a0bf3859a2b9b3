"""Citation keys that never change, given in the order in which papers entered a list's snapshots.

A key is `lin2018tsm`: first author's family name, year, first significant word of the title. The
first paper with a key gets it as it is; later papers with the same key, or several in one snapshot,
get a suffix of letters made from their paper_id. So neither new entries, nor another order of the
list, nor corrected metadata changes a key.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from enrich.outputs.escape import one_line
from enrich.outputs.export.people import person, without_particles
from enrich.outputs.export.reference import key_year
from enrich.papers.titles import plain_title

# The columns of `papers` that a key is made of.
KEY_COLUMNS = ("paper_id", "title", "authors", "year", "arxiv_id")
# Words that say little of what a paper is about.
_STOP_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "beyond", "by", "can", "do", "does", "for",
        "from", "how", "in", "into", "is", "it", "its", "more", "no", "not", "of", "on", "or",
        "over", "rethinking", "should", "some", "the", "their", "this", "through", "to", "toward",
        "towards", "under", "using", "via", "we", "what", "when", "where", "which", "who", "why",
        "with", "without", "you", "your",
    }
)  # fmt: skip
# `TSM: Temporal Shift Module` is known by the name before its colon.
_HEAD = re.compile(r"\s*([^\s:]{2,20})\s*[:：]\s")
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss",
        "ı": "i", "ħ": "h", "ŋ": "n",
    }
)  # fmt: skip


def base_key(row: Mapping[str, Any]) -> str:
    """The key of a row of `papers` without a suffix: ASCII letters and digits."""
    authors = row["authors"] or []
    name = one_line(authors[0]["name"]) if authors else ""
    first = person(name)
    # Keys that were given leave capitalised particles out ("Luc Van Gool" is `gool…`).
    plain = first.family if "," in name else without_particles(first.family)
    family = _ascii(plain or first.literal)
    year = key_year(row)
    return f"{family[:20] or 'anon'}{year or ''}{_word(one_line(row['title'] or ''))}"


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
                keys[paper_id] = base if alone else _with_suffix(base, paper_id, taken)
                taken.add(keys[paper_id])
            # A key that several papers of one snapshot share is never given without a suffix.
            taken.add(base)
    return keys


def _with_suffix(base: str, paper_id: str, taken: set[str]) -> str:
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
        words = [w for w in plain_title(title).split() if w not in _STOP_WORDS and not w.isdigit()]
    return next((word[:20] for w in words if (word := _ascii(w))), "")


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in plain if c.isascii() and c.isalnum())
