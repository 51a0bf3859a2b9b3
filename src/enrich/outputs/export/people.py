"""Split author names into the parts that reference managers want."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A suffix belongs to the family name: `Smith, Jr., John`.
_SUFFIX = re.compile(r"(?:jr|sr)\.?|ii|iii|iv|v", re.IGNORECASE)
# Particles before a family name. In lower case BibTeX sorts without them; capitalised ("Van Gool",
# "De Cao") they belong to the family name itself.
_PARTICLES = frozenset(
    {
        "af", "al", "am", "auf", "av", "bin", "da", "dal", "dalla", "das", "de", "degli", "dei",
        "del", "della", "delle", "den", "der", "des", "di", "do", "dos", "du", "ibn", "la", "las",
        "le", "los", "of", "op", "'t", "’t", "ten", "ter", "van", "vande", "vanden", "vander",
        "vom", "von", "y", "zu", "zum", "zur", "el", "e",
    }
)  # fmt: skip
# Names of groups and institutions are not split into given and family name.
_GROUP = re.compile(
    r"\b(?:collaboration|consortium|team|group|project|initiative|working group|foundation"
    r"|institute|university|laboratory|labs|network)\b",
    re.IGNORECASE,
)
# Capitalised these are part of the family name.
_CAPITALISED = frozenset(
    {
        "Da", "Dal", "Dalla", "De", "Degli", "Dei", "Del", "Della", "Delle", "Den", "Der", "Des",
        "Di", "Dos", "Du", "El", "La", "Las", "Le", "Los", "Ten", "Ter", "Van", "Vande", "Vanden",
        "Vander", "Von", "Zum", "Zur",
    }
)  # fmt: skip
# These are a syllable of the given name where a frequent East Asian family name follows ("Anh Van
# Nguyen", "Xu Da Lin").
_ALSO_SYLLABLES = frozenset({"Da", "Di", "Du", "La", "Le", "Van"})
# The family names of most people in China, Vietnam and Korea, as they are romanised.
_EAST_ASIAN = frozenset(
    {
        "An", "Bai", "Bui", "Cai", "Cao", "Chang", "Chen", "Cheng", "Choi", "Cui", "Dang", "Deng",
        "Ding", "Do", "Dong", "Du", "Duan", "Duong", "Fan", "Fang", "Feng", "Fu", "Gao", "Gu",
        "Guo", "Han", "Hao", "He", "Ho", "Hoang", "Hong", "Hou", "Hu", "Huang", "Huynh", "Jia",
        "Jiang", "Jin", "Kim", "Kong", "Lai", "Le", "Lee", "Lei", "Li", "Liang", "Liao", "Lim",
        "Lin", "Liu", "Long", "Lu", "Luo", "Ly", "Lyu", "Ma", "Mai", "Meng", "Ngo", "Nguyen",
        "Ni", "Pan", "Park", "Peng", "Pham", "Phan", "Qian", "Qin", "Ren", "Shen", "Shi", "Song",
        "Su", "Sun", "Tan", "Tang", "Tao", "Tian", "To", "Tran", "Vo", "Vu", "Wang", "Wei", "Wen",
        "Wu", "Xia", "Xiao", "Xie", "Xu", "Xue", "Yan", "Yang", "Yao", "Ye", "Yin", "Yu", "Yuan",
        "Zeng", "Zhang", "Zhao", "Zheng", "Zhou", "Zhu", "Zou",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One author. A name that cannot be split stands in `literal` alone."""

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
    while at > 1 and _belongs(words[at - 1], words[at]):
        at -= 1
    return _family(" ".join(words[at:]), suffix, " ".join(words[:at]))


def _belongs(word: str, following: str) -> bool:
    """Whether a capitalised `word` is a particle of the family name that follows it."""
    if word in _ALSO_SYLLABLES and following in _EAST_ASIAN:
        return False
    return word in _CAPITALISED


def without_particles(family: str) -> str:
    """A family name without the particles it begins with, in capitals or not."""
    words = family.split()
    while len(words) > 1 and (words[0] in _CAPITALISED or words[0] in _PARTICLES):
        words.pop(0)
    return " ".join(words)


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
