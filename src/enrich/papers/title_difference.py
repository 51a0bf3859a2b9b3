"""How two unequal titles differ, word by word, and which differences make them two papers.

Only slips (a letter, a plural, a hyphen, a small word) leave a title what it was. A number, a
version, a part, a content word changed, added or removed may be another paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final, Literal

from rapidfuzz.distance import OSA, Levenshtein

from enrich.papers.titles import Title

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
# Words that a number of a series follows; a single letter is a roman numeral only after one of
# them, at the end of a title or before a colon.
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
# Texts about a subject or a paper that are not that paper.
OTHER_TEXT: Final = frozenset(
    {"survey", "review", "overview", "tutorial", "complement", "abstract"}
)
SMALL_WORDS: Final = frozenset(
    {
        "a", "an", "the", "of", "for", "in", "on", "with", "and", "to", "by", "via", "from", "at",
        "using", "as", "s", "or", "its", "is", "are", "towards", "toward",
    }
)  # fmt: skip
_MANY_WORDS: Final = 5
# Words before and after a title in a longer text that say whether it is that title's paper.
_ADJACENT: Final = 3
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
    """What two titles differ in.

    Attributes:
        slips: Number of slips: letters, plurals, hyphens, small words.
        changed: Content words that only one of the titles has.
        only_added: Whether one title is the other with one or two content words more.
    """

    slips: int
    changed: tuple[str, ...]
    only_added: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """Why two titles cannot be one paper's, as a kind and a phrase for people."""

    kind: Literal["number", "part", "another text"]
    phrase: str

    def __str__(self) -> str:
        return self.phrase


def numerals(title: Title) -> frozenset[str]:
    """The numbers in a title: digits (3 of `3D`, `YOLOv3`), number words, roman numerals, `+`.

    `2.0` is 2; a single letter is a roman one only at the end, before a colon or after `part`.
    """
    found = {
        number.removesuffix(".0").lstrip("0") or "0"
        for number in _NUMBER.findall(_GROUPED.sub("", title.text))
    }
    words = title.words
    for place, word in () if _NUMERALS.isdisjoint(words) else enumerate(words):
        if word in _NUMBER_WORDS:
            found.add(_NUMBER_WORDS[word])
        elif word in _ROMAN:
            expected = place == len(words) - 1 or (place > 0 and words[place - 1] in _COUNTED)
            expected = expected or bool(re.search(rf"\b{word}\s*[:.]", title.text, re.IGNORECASE))
            if len(word) > 1 or expected:
                found.add(_ROMAN[word])
    if signs := title.text.count("+"):
        found.add("+" * signs)
    return frozenset(found)


def veto(one: Title, other: Title) -> Objection | None:
    """Why two titles cannot be one paper's; None where nothing forbids it."""
    if one.key == other.key:
        return None
    if difference := numerals(one) ^ numerals(other):
        return _numbers(difference)
    return _another_text(frozenset(one.words) ^ frozenset(other.words))


def label_veto(label: Title, title: Title) -> Objection | None:
    """Why a label before `title`, on one side only, makes it another paper: `SAM 2:`, `Reply:`."""
    if objection := cover_veto(label):
        return objection
    difference = numerals(label) - numerals(title)
    return _numbers(difference) if difference else None


def cover_veto(cover: Title) -> Objection | None:
    """Why what stands around a title makes it another paper's; None where it does not.

    A venue, a year or a list's own number does not; `(Erratum)`, `Reply to:`, `(Part 2)` and
    `(III)` do.
    """
    words = frozenset(cover.words)
    roman = len(cover.words) == 1 and words <= _ROMAN.keys()
    if words & _COUNTED or roman or "+" in cover.text:
        return Objection("part", f"only one of them is numbered ({cover.plain})")
    return _another_text(words)


def subtitle_veto(short: Title, long: Title) -> Objection | None:
    """Why a subtitle that only `long` has makes it another paper; a number further on does not."""
    rest = long.words[len(short.words) :]
    if other := OTHER_TEXT & frozenset(rest):
        return Objection("another text", f"only one of them says {', '.join(sorted(other))}")
    # "X2: Part 2" has the numbers of "X2".
    if _COUNTED & frozenset(rest[:1]) and _is_number(rest[1:2]):
        return Objection("part", f"only one of them is numbered ({' '.join(rest[:2])})")
    objection = veto(short, long)
    if objection is None or objection.kind != "number":
        return objection
    starts = (Title.of(" ".join(rest[:count])) for count in (1, 2))
    return objection if any(numerals(start) for start in starts) else None


def reference_veto(before: Sequence[str], after: Sequence[str]) -> Objection | None:
    """Why a title inside a longer text is only mentioned there, by the words next to it."""
    near = frozenset(before[-_ADJACENT:]) | frozenset(after[:_ADJACENT])
    if _is_number(after[:1]) or _COUNTED & frozenset(after[:2]):
        return Objection("part", f"only one of them is numbered ({' '.join(after[:2])})")
    return _another_text(near) or _another_text(near, OTHER_TEXT)


def _is_number(words: Sequence[str]) -> bool:
    """Whether the first word is a number of a series, and not a year."""
    return any(w in _NUMERALS or (w.isdecimal() and len(w) < len("2019")) for w in words[:1])


def _numbers(difference: frozenset[str]) -> Objection:
    return Objection("number", f"the numbers differ ({', '.join(sorted(difference))})")


def _another_text(
    words: frozenset[str], about: frozenset[str] = _ABOUT_ANOTHER
) -> Objection | None:
    found = words & about
    if not found:
        return None
    return Objection(
        "another text", f"only one of them is about another text ({', '.join(sorted(found))})"
    )


def differ(one: Title, other: Title) -> Difference:
    """The words in which two titles differ, aligned in order."""
    words, others = one.words, other.words
    if _one_letter_apart(words, others):
        return Difference(1, ())
    slips, changed, replaced = 0, [], False
    for edit in Levenshtein.opcodes(words, others):
        if edit.tag == "equal":
            continue
        left = words[edit.src_start : edit.src_end]
        right = others[edit.dest_start : edit.dest_end]
        left_words = _content(left, starts=edit.src_start == 0)
        right_words = _content(right, starts=edit.dest_start == 0)
        if (not left_words and not right_words) or "".join(left_words) == "".join(right_words):
            slips += 1
        elif len(left_words) == len(right_words) and all(map(is_slip, left_words, right_words)):
            slips += len(left_words)
        elif left_words and right_words and is_slip("".join(left_words), "".join(right_words)):
            slips += 1
        else:
            changed += [*left_words, *right_words]
            replaced = replaced or bool(left_words and right_words)
    return Difference(slips, tuple(changed), not replaced and 0 < len(changed) <= 2)


def _one_letter_apart(words: Sequence[str], others: Sequence[str]) -> bool:
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


def content_key(title: Title) -> str:
    """The key of a title without its small words."""
    return "".join(_content(title.words, starts=True))


def content_words(title: Title) -> frozenset[str]:
    """The words of a title without the small ones."""
    return frozenset(title.words) - SMALL_WORDS


def _content(words: Sequence[str], *, starts: bool) -> list[str]:
    # "On <a title>" is what a comment on that paper is called.
    return [
        w
        for at, w in enumerate(words)
        if w not in SMALL_WORDS or (starts and at == 0 and w == "on")
    ]
