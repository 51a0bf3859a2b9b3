"""How two titles that are not the same stand to each other, word by word.

Only slips of the pen (a letter, a plural, a hyphen, a small word) leave a title what it was. A
number, a version, a part, a content word changed, added or left out may be another paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein

from enrich.papers.titles import plain_title, title_key

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*")
_GROUPED: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER_WORDS: Final = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "first": "1", "second": "2", "third": "3", "fourth": "4",
}  # fmt: skip
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "x": "10", "xi": "11", "xii": "12",
}  # fmt: skip
_NUMERALS: Final = frozenset(_NUMBER_WORDS) | frozenset(_ROMAN)
# One letter is a numeral only where one is expected.
_COUNTED: Final = frozenset(
    {"part", "volume", "vol", "chapter", "type", "phase", "version", "paper", "book", "stage"}
)
_ABOUT_ANOTHER: Final = frozenset(
    {
        "erratum", "errata", "corrigendum", "corrigenda", "addendum", "reply", "rebuttal",
        "comment", "comments", "correction", "corrections", "appendix", "supplement",
        "supplementary", "supplemental", "retraction", "retracted", "discussion", "rejoinder",
        "response", "remark", "remarks", "revisited",
    }
)  # fmt: skip
SMALL_WORDS: Final = frozenset(
    {
        "a", "an", "the", "of", "for", "in", "on", "with", "and", "to", "by", "via", "from", "at",
        "using", "as", "s", "or", "its", "is", "are", "towards", "toward",
    }
)  # fmt: skip
_MANY_WORDS: Final = 5
# Prefixes with one first letter that make another word of the same stem.
_TURNED: Final = (
    tuple(permutations(("un", "uni", "under"), 2))
    + tuple(permutations(("in", "inter", "intra", "im", "ir", "infra"), 2))
    + tuple(permutations(("sub", "super", "semi", "self", "sur"), 2))
    + tuple(permutations(("de", "dis", "di"), 2))
    + tuple(permutations(("pre", "pro", "per"), 2))
    + tuple(permutations(("mono", "multi", "micro", "macro", "meta"), 2))
    + tuple(permutations(("hyper", "hypo", "homo", "hetero"), 2))
    + tuple(permutations(("bi", "by"), 2))
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What two titles differ in: slips of the pen, and content words that only one has.

    `only_added`: one title is the other with one or two content words more.
    """

    slips: int
    changed: tuple[str, ...]
    only_added: bool = False


def numerals(text: str) -> frozenset[str]:
    """The numbers in a title: digits (3 of `3D`, `YOLOv3`), number words, roman numerals, `+`.

    `2.0` is 2; a single letter is a roman one only at the end, before a colon or after `part`.
    """
    found = {
        number.removesuffix(".0").lstrip("0") or "0"
        for number in _NUMBER.findall(_GROUPED.sub("", text))
    }
    words = plain_title(text).split()
    for place, word in () if _NUMERALS.isdisjoint(words) else enumerate(words):
        if word in _NUMBER_WORDS:
            found.add(_NUMBER_WORDS[word])
        elif word in _ROMAN:
            expected = place == len(words) - 1 or (place > 0 and words[place - 1] in _COUNTED)
            expected = expected or bool(re.search(rf"\b{word}\s*[:.]", text, re.IGNORECASE))
            if len(word) > 1 or expected:
                found.add(_ROMAN[word])
    if signs := text.count("+"):
        found.add("+" * signs)
    return frozenset(found)


def veto(one: str, other: str) -> str | None:
    """Why two titles cannot be one paper's, as a phrase; None where nothing forbids it."""
    if title_key(one) == title_key(other):
        return None
    if difference := numerals(one) ^ numerals(other):
        return f"the numbers differ ({', '.join(sorted(difference))})"
    words, others = frozenset(plain_title(one).split()), frozenset(plain_title(other).split())
    if difference := (words ^ others) & _ABOUT_ANOTHER:
        return f"only one of them is about another text ({', '.join(sorted(difference))})"
    return None


def differ(one: str, other: str) -> Difference:
    """The words in which two titles differ, aligned in order."""
    words, others = plain_title(one).split(), plain_title(other).split()
    if _one_letter_apart(words, others):
        return Difference(1, ())
    slips, changed, replaced = 0, [], False
    for edit in Levenshtein.opcodes(words, others):
        if edit.tag == "equal":
            continue
        left = words[edit.src_start : edit.src_end]
        right = others[edit.dest_start : edit.dest_end]
        left = _content(left) if edit.src_start == 0 else _content(["", *left])[1:]
        right = _content(right) if edit.dest_start == 0 else _content(["", *right])[1:]
        if (not left and not right) or "".join(left) == "".join(right):
            slips += 1
        elif len(left) == len(right) and all(map(is_slip, left, right)):
            slips += len(left)
        elif left and right and is_slip("".join(left), "".join(right)):
            slips += 1
        else:
            changed += [*left, *right]
            replaced = replaced or bool(left and right)
    return Difference(slips, tuple(changed), not replaced and 0 < len(changed) <= 2)


def _one_letter_apart(words: list[str], others: list[str]) -> bool:
    """Whether one letter of a longer title is mistyped, wherever: hyphens and spaces aside.

    Single letters stand for things (`k-means`, `p-adic`) and have to be the same.
    """
    if min(len(words), len(others)) < _MANY_WORDS:
        return False
    if {w for w in words if len(w) == 1} != {w for w in others if len(w) == 1}:
        return False
    return OSA.distance("".join(words), "".join(others), score_cutoff=1) <= 1


def is_slip(one: str, other: str) -> bool:
    """Whether one word is likely the other mistyped: one letter, two in long words, or a plural.

    Another first letter or a prefix (`un-`, `non-`, `ex-`) makes another word, and in a word of
    less than four letters every letter counts.
    """
    if one == other:
        return True
    if any(c.isdigit() for c in one + other):
        return False
    short, long = sorted((one, other), key=len)
    if long in (short + "s", short + "es"):
        return len(short) > 2
    if len(short) < 4 or one[0] != other[0] or long.endswith(short):
        return False
    if any(
        one.startswith(a) and other.startswith(b) and one[len(a) :] == other[len(b) :]
        for a, b in _TURNED
    ):
        return False
    return OSA.distance(one, other) <= (2 if len(short) >= 9 else 1)


def content_key(text: str) -> str:
    """The key of a title without its small words."""
    return "".join(_content(plain_title(text).split()))


def content_words(text: str) -> frozenset[str]:
    """The words of a title without the small ones."""
    return frozenset(plain_title(text).split()) - SMALL_WORDS


def _content(words: list[str]) -> list[str]:
    # "On <a title>" is what a comment on that paper is called.
    return [w for at, w in enumerate(words) if w not in SMALL_WORDS or (at == 0 and w == "on")]
