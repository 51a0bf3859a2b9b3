"""How two unequal titles differ, word by word, and which differences make them two papers.

Only slips (a letter, a plural, a hyphen, a small word) leave a title what it was. A number, a
version, a part, a content word changed, added or removed may be another paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz.distance import OSA, Levenshtein

from enrich.papers.titles import Title

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*")
# A capital behind a letter: `TSM`, `iPrivacy`, `SE-Sync`.
_NAME: Final = re.compile(r"[\w-]*\w[A-Z][\w-]*")
_INNER_NUMBER: Final = re.compile(r"(?<=[A-Za-z-])\d+(?=[a-z])")
_WORD: Final = re.compile(r"[^\W_]+")
_GROUPED: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER_WORDS: Final = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "first": "1", "second": "2", "third": "3", "fourth": "4",
}  # fmt: skip
_ROMAN: Final = {  # series and conferences seldom have more parts
    tens + ones: str(10 * at + digit)
    for at, tens in enumerate(("", "x", "xx", "xxx"))
    for digit, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if tens + ones
}
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
        "response", "remark", "remarks", "revisited", "revisiting", "commentary", "replies",
        "responses", "rejoinders", "discussions", "addenda", "replication", "reproducibility",
        "thesis", "dissertation", "habilitation", "habilitationsschrift",
    }
)  # fmt: skip
# Texts about a subject or a paper that are not that paper.
OTHER_TEXT: Final = frozenset(
    {
        "survey", "review", "overview", "tutorial", "complement", "abstract", "summary", "note",
        "notes", "update", "editorial", "documentation", "guide", "supporting", "workshop",
        "proceedings", "lecture", "lectures", "poster", "demo", "proposal",
        "critique", "introduction", "primer", "further", "additional",
    }
)  # fmt: skip
# What else a title may be followed by that makes it another work, where nothing else follows.
_OTHER_WORK: Final = OTHER_TEXT | {
    "data", "dataset", "datasets", "benchmark", "benchmarks", "corpus", "corpora", "code",
    "software", "translation", "toolkit", "library", "challenge", "competition", "slides",
    "theory", "practice",
    "results", "proof", "proofs", "examples", "new", "advances", "challenges", "opportunities",
    "perspectives", "problems", "open", "recent", "directions", "future", "years", "later",
    "reloaded", "material", "materials", "information",
    "version", "edition", "chinese", "english", "french", "german", "italian", "japanese",
    "korean", "portuguese", "russian", "spanish",
}  # fmt: skip
SMALL_WORDS: Final = frozenset(
    {"a", "an", "the", "of", "for", "in", "on", "with", "and", "to", "by", "via", "from", "at",
     "using", "as", "s", "or", "its", "is", "are", "towards", "toward"}
)  # fmt: skip
_MANY_WORDS: Final = 5
# Letters of a name up to which each counts (`LBNE` and `LBNF` are two experiments).
_SHORT_NAME: Final = 5
# Words before and after a title in a longer text that say whether it is that title's paper.
_ADJACENT: Final = 3
# Prefixes with one first letter that make another word of the same stem.
_PREFIXES: Final = (
    ("un", "uni", "under"), ("in", "inter", "intra", "im", "ir", "infra"),
    ("sub", "super", "semi", "self", "sur"), ("de", "dis", "di"), ("pre", "pro", "per"),
    ("mono", "multi", "micro", "macro", "meta"), ("hyper", "hypo", "homo", "hetero"), ("bi", "by"),
)  # fmt: skip
_TURNED: Final = {prefix: {*group} - {prefix} for group in _PREFIXES for prefix in group}


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

    kind: Literal["number", "part", "another text", "another work"]
    phrase: str

    def __str__(self) -> str:
        return self.phrase


def numerals(title: Title) -> Counter[str]:
    """The numbers in a title: digits (3 of `3D`, `YOLOv3`), number words, roman numerals, `+`.

    `2.0` is 2; a single letter is a roman one only at the end, before a colon or after `part`.
    Each counts as often as it occurs: "Genus two splittings" is not "Genus two splittings II".
    """
    found = Counter(
        number.removesuffix(".0").lstrip("0") or "0"
        for number in _NUMBER.findall(_GROUPED.sub("", title.text))
    )
    words = title.words
    for place, word in () if _NUMERALS.isdisjoint(words) else enumerate(words):
        if word in _NUMBER_WORDS:
            found[_NUMBER_WORDS[word]] += 1
        elif word in _ROMAN:
            expected = place == len(words) - 1 or (place > 0 and words[place - 1] in _COUNTED)
            expected = expected or bool(re.search(rf"\b{word}\s*[:.]", title.text, re.IGNORECASE))
            if len(word) > 1 or expected:
                found[_ROMAN[word]] += 1
    if signs := title.text.count("+"):
        found["+" * signs] += 1
    return found


def with_digits(words: Iterable[str]) -> str:
    """The words without spaces, cardinal numbers as digits."""
    return "".join(_NUMBER_WORDS.get(word, word) for word in words)


def veto(one: Title, other: Title) -> Objection | None:
    """Why two titles cannot be one paper's; None where nothing forbids it."""
    if one.key == other.key:
        return None
    numbers, others = numerals(one), numerals(other)
    if numbers != others:
        return _numbers((numbers - others) | (others - numbers))
    return another_text(frozenset(one.words) ^ frozenset(other.words))


def label_veto(label: Title, title: Title) -> Objection | None:
    """Why a label before `title`, on one side only, makes it another paper: `SAM 2:`, `Reply:`."""
    if objection := cover_veto(label):
        return objection
    # The 16 of `Kepler-16b` is a part of the name, the 2 of `SAM2` is not.
    label = Title.of(_INNER_NUMBER.sub("", label.text))
    difference = numerals(label).keys() - numerals(title).keys()
    if is_name(label.text):
        # The number of `E2M2` is a letter of the name, the year of `NELA-GT-2018` is not.
        difference = {number for number in difference if len(number) == len("2018")}
    return _numbers(difference) if difference else addition_veto(label.words)


def cover_veto(cover: Title) -> Objection | None:
    """Why what stands around a title makes it another paper's; None where it does not.

    A venue, a year or a list's own number does not; `(Erratum)`, `Reply to:`, `(Part 2)` and
    `(III)` do.
    """
    words = frozenset(cover.words)
    roman = len(cover.words) == 1 and words <= _ROMAN.keys()
    if words & _COUNTED or roman or "+" in cover.text:
        return Objection("part", f"only one of them is numbered ({cover.plain})")
    return another_text(words)


def subtitle_veto(short: Title, long: Title) -> Objection | None:
    """Why a subtitle that only `long` has makes it another paper; a number further on does not."""
    rest = long.words[len(short.words) :]
    if other := addition_veto(rest):
        return other
    # "X2: Part 2" has the numbers of "X2".
    if _COUNTED & frozenset(rest[:1]) and _is_number(rest[1:2]):
        return Objection("part", f"only one of them is numbered ({' '.join(rest[:2])})")
    objection = veto(short, long)
    if objection is None or objection.kind != "number":
        return objection
    # "3. Proofs" and "v2", not "Two views of one problem".
    counted = _is_number(rest) and rest[0] not in _NUMBER_WORDS
    return objection if counted or len(rest) == 1 else None


def addition_veto(words: Sequence[str]) -> Objection | None:
    """Why words added to a title make it another work: `A Survey of …`, `Dataset`, `Proofs`."""
    content = frozenset(words) - SMALL_WORDS
    if content and content <= _OTHER_WORK | _NUMERALS:
        return another_text(content, content, "another work")
    # Further on such a word is the subject's: "From Words to Lecture Notes in Time".
    return another_text(frozenset((*words[:_ADJACENT], *words[-1:])), OTHER_TEXT)


def reference_veto(before: Sequence[str], after: Sequence[str]) -> Objection | None:
    """Why a title inside a longer text is only mentioned there, by the words next to it."""
    near = frozenset(before[-_ADJACENT:]) | frozenset(after[:_ADJACENT])
    if _is_number(after[:1]) or _COUNTED & frozenset(after[:2]):
        return Objection("part", f"only one of them is numbered ({' '.join(after[:2])})")
    return another_text(near | frozenset(before)) or another_text(near, OTHER_TEXT)


def _is_number(words: Sequence[str]) -> bool:
    """Whether the first word is a number of a series, and not a year."""
    return any(w in _NUMERALS or (w.isdecimal() and len(w) < len("2019")) for w in words[:1])


def _numbers(difference: Iterable[str]) -> Objection:
    return Objection("number", f"the numbers differ ({', '.join(sorted(difference))})")


def another_text(
    words: frozenset[str],
    about: frozenset[str] = _ABOUT_ANOTHER,
    kind: Literal["another text", "another work"] = "another text",
) -> Objection | None:
    """Why words that only one of two titles has make it a text about the other's paper."""
    found = ", ".join(sorted(words & about))
    phrase = f"only one of them is about another text ({found})"
    return Objection(kind, phrase) if found else None


def differ(one: Title, other: Title) -> Difference:
    """The words in which two titles differ, aligned in order."""
    words, others, names = one.words, other.words, _names(one) | _names(other)
    if not _other_name(words, others, names) and _one_letter_apart(words, others):
        return Difference(1, ())
    slips, changed, replaced = 0, [], False
    for edit in Levenshtein.opcodes(words, others):
        if edit.tag == "equal":
            continue
        left = words[edit.src_start : edit.src_end]
        right = others[edit.dest_start : edit.dest_end]
        left_words = _content(left, starts=edit.src_start == 0)
        right_words = _content(right, starts=edit.dest_start == 0)
        same_names = not _other_name(left_words, right_words, names)
        if "".join(left_words) == "".join(right_words):  # small words only, or a hyphen
            slips += 1
        elif same_names and (_all_slips(left, right) or _all_slips(left_words, right_words)):
            slips += max(len(left_words), len(right_words))
        elif same_names and _all_slips(["".join(left_words)], ["".join(right_words)]):
            slips += 1
        else:
            changed += [*left_words, *right_words]
            replaced = replaced or bool(left_words and right_words)
    return Difference(slips, tuple(changed), not replaced and 0 < len(changed) <= 2)


def _all_slips(words: Sequence[str], others: Sequence[str]) -> bool:
    return len(words) == len(others) and all(map(is_slip, words, others))


def is_name(text: str) -> bool:
    """Whether a word is written as a name: `TSM`, `iPrivacy`, `LaMDA`, but not `Networks`."""
    return bool(_NAME.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def _names(title: Title) -> frozenset[str]:
    """The short names in a title that is not all capitals, without a plural `s`."""
    if title.text.isupper():
        return frozenset()
    written = {word.removesuffix("s") for word in _WORD.findall(title.text) if is_name(word)}
    return frozenset(name.casefold() for name in written if len(name) <= _SHORT_NAME)


def _other_name(left: Sequence[str], right: Sequence[str], names: frozenset[str]) -> bool:
    """Whether words that differ include a short name, other than by a plural `s`."""

    def singular(words: Sequence[str]) -> set[str]:
        return {w[:-1] if w.endswith("s") and w[:-1] in names else w for w in words}

    return bool(names) and not names.isdisjoint(singular(left) ^ singular(right))


def _one_letter_apart(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one letter of a longer title is mistyped, wherever: hyphens and spaces aside.

    Single letters stand for things (`k-means`, `p-adic`) and have to be the same, and a letter
    before a word turns it round (`asymmetric`).
    """
    if min(len(words), len(others)) < _MANY_WORDS:
        return False
    if OSA.distance("".join(words), "".join(others), score_cutoff=1) > 1:
        return False
    if {w for w in words if len(w) == 1} != {w for w in others if len(w) == 1}:
        return False
    mine, theirs = set(words) - set(others), set(others) - set(words)
    return not (len(mine) == len(theirs) == 1 and _is_turned(mine.pop(), theirs.pop()))


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
    if len(short) < 4 or one[0] != other[0] or _is_turned(one, other):
        return False
    return OSA.distance(one, other) <= (2 if len(short) >= 9 else 1)


def _is_turned(one: str, other: str) -> bool:
    """Whether one word is the other with a prefix, or both are one stem with unlike prefixes."""
    short, long = sorted((one, other), key=len)
    if long.endswith(short):
        return long != short[0] + short  # a first letter that is typed twice is no prefix
    sizes = range(1, len(one) + 1)
    stems = ((one[size:], turned) for size in sizes for turned in _TURNED.get(one[:size], ()))
    return any(other == turned + stem for stem, turned in stems)


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
