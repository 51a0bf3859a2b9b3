"""Names of authors as sources write them, taken apart the way reference managers want them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SUFFIX = re.compile(r"(?:jr|sr)\.?|ii|iii|iv|v", re.IGNORECASE)
# Particles that stand before a family name, in lower case as names are written.
_PARTICLES = frozenset(
    {
        "af", "al", "am", "auf", "av", "bin", "da", "dal", "das", "de", "degli", "dei", "del",
        "della", "delle", "den", "der", "des", "di", "do", "dos", "du", "ibn", "la", "las", "le",
        "los", "of", "op", "'t", "’t", "ten", "ter", "van", "vande", "vanden", "vander", "vom",
        "von", "y", "zu", "zum", "zur", "el", "e",
    }
)  # fmt: skip
_GROUP = re.compile(
    r"\b(?:collaboration|consortium|team|group|project|initiative|working group|foundation"
    r"|institute|university|laboratory|labs|network)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Person:
    """One author. A name that cannot be taken apart stands in `literal` alone."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def last_first(self) -> str:
        """`von Last, Jr, First`, the form that BibTeX reads without a guess."""
        if self.literal:
            return self.literal
        last = f"{self.particle} {self.family}".strip()
        return ", ".join(part for part in (last, self.suffix, self.given) if part)

    @property
    def plain(self) -> str:
        """The name as it is spoken."""
        parts = (self.given, self.particle, self.family, self.suffix)
        return self.literal or " ".join(part for part in parts if part)


def person(name: str) -> Person:
    """The parts of `name`: given names first, or `Family, Given`, or `Family, Suffix, Given`.

    Single names, groups and names without spaces (李飞飞) are literal.
    """
    name = " ".join(name.split())
    parts = [part.strip() for part in name.split(",")]
    if _GROUP.search(name) or not all(parts) or len(parts) > 3:
        return Person(literal=name)
    if len(parts) == 3:
        # `Family, Jr., Given` or, as some write, `Family, Given, Jr.`
        return _family(parts[0], *(parts[1:] if _is_suffix(parts[1]) else parts[:0:-1]))
    if len(parts) == 2 and not _is_suffix(parts[1]):
        return _family(parts[0], "", parts[1])
    words = parts[0].split()
    suffix = parts[1] if len(parts) == 2 else ""
    if not suffix and len(words) > 2 and _is_suffix(words[-1]) and len(words[-1].strip(".")) > 1:
        suffix = words.pop()
    if len(words) < 2:
        return Person(literal=name)
    if _family_first(words):
        return Person(family=words[0], given=" ".join(words[1:]), suffix=suffix)
    at = next((i for i, w in enumerate(words[1:-1], 1) if w in _PARTICLES), len(words) - 1)
    given = " ".join(words[:at])
    return _family(" ".join(words[at:]), suffix, given)


def _family(last: str, suffix: str, given: str) -> Person:
    words = last.split()
    at = 0
    while at < len(words) - 1 and words[at] in _PARTICLES:
        at += 1
    return Person(" ".join(words[at:]), given, " ".join(words[:at]), suffix)


def _is_suffix(word: str) -> bool:
    return _SUFFIX.fullmatch(word) is not None


def _family_first(words: list[str]) -> bool:
    """Names in Chinese, Japanese or Korean letters are written family name first."""
    return all(
        unicodedata.name(c, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))
        for word in words
        for c in word
    )
