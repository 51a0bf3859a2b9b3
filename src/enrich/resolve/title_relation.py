"""How the title in a list relates to the title of a record, as one word and one number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz import fuzz

from enrich.papers.title_difference import (
    Objection,
    addition_veto,
    content_key,
    content_words,
    cover_veto,
    differ,
    is_name,
    label_veto,
    reference_veto,
    subtitle_veto,
    veto,
    with_digits,
)
from enrich.papers.title_forms import (
    BREAK,
    american,
    expanded,
    split_label,
    uncovered,
    without_version_mark,
)
from enrich.papers.titles import Title

Kind = Literal[
    "same",  # equal normal forms
    "trimmed",  # equal once venue, label or number around the list's title are removed
    "labelled",  # equal after a label in the list ("How2 Dataset: How2: …")
    "unlabelled",  # equal after a one-word label in the record ("Networks: …")
    "named",  # equal after a name on either side ("TSM: …")
    "slip",  # only slips, spelling or common abbreviations apart
    "slips",  # only slips apart, but more than a careful writer makes
    "dropped",  # the list omits the subtitle, or what the record says of its version
    "added",  # the list has a subtitle that the record does not have
    "shortened",  # the list's longer title ends in an ellipsis where the record's goes on
    "cut",  # one ends a word early, or in an ellipsis where the record's goes on
    "truncated",  # one is the beginning of the other
    "quoted",  # the record's title stands whole in a longer reference
    "near",  # much alike, but words are changed, added or missing
    "part",  # most words of one are in the other
    "other",
]
# Closest first.
_ORDER: Final = {
    kind: place
    for place, kind in enumerate(
        ("same", "slip", "trimmed", "named", "labelled", "unlabelled", "dropped", "added", "slips",
         "shortened", "cut", "truncated", "quoted", "near", "part", "other")
    )
}  # fmt: skip
# Likenesses are 0-1. The thresholds were set on the lists named TUNED in benchmarks/resolution.py:
# from NEAR on two titles are compared word by word, below UNLIKE they have nothing in common.
NEAR: Final = 0.85
UNLIKE: Final = 0.6
SHORT: Final = 3  # words
_QUOTED_WORDS: Final = 4
# Words before an ellipsis that tell which paper is meant: `benchmarks/resolution.py --variants`
# prints how many titles share their first words with another.
_SHORTENED_WORDS: Final = 6
_ELLIPSES: Final = ("...", "…")
# A title of so many words after a one-word label is the labelled paper's: among 613,594 records, 83
# pairs of that form are by the same people, 4 are not. After a name (`TSM`, `iPrivacy`) it needs
# nothing else: 2 such pairs are by other people.
_LABELLED_WORDS: Final = 4
# Share of the words of one title that the other has to contain to be called a part of it.
_PART_SHARE: Final = 0.75
_PART_SHARE_OF_RECORD: Final = 0.9
_PART_WORDS: Final = 4
# Share of the content words of the shorter title that a renamed paper has in common: all 7 of the
# 410 list entries of benchmarks/resolution.py that are renamed and name their authors.
_SHARED_WORDS: Final = 0.4
# One slip, and one more for so many words of the title.
_WORDS_PER_SLIP: Final = 6
_WORDS_PER_SLIPS: Final = 3  # so many slips are believed only where the authors agree


@dataclass(frozen=True, slots=True)
class Relation:
    """How a list's title relates to a record's.

    Attributes:
        kind: The relation.
        likeness: How alike the titles are, 0-1.
        words: Number of words of what was compared.
        against: Why they cannot be one paper's; None where nothing forbids it.
        shares_words: Whether they have enough content words in common to be one paper renamed.
        only_added: For `near`: one has a word or two more and nothing is replaced.
    """

    kind: Kind
    likeness: float
    words: int
    against: Objection | None = None
    shares_words: bool = True
    only_added: bool = False


def relate(listed: str, found: str) -> Relation:
    """How `listed` (a title as the list gives it) relates to `found` (a record's).

    Where the list's title has a venue, label or number around it, the closest relation of all
    readings counts.
    """
    theirs = Title.of(found)
    best = _relate(Title.of(listed), theirs)
    for reading, cover in () if best.kind == "same" else _readings(listed):
        relation = _relate(reading, theirs)
        # "(Survey)" behind a title makes another one; "[Survey]" before it sorts it.
        behind = Title.of(listed.rpartition(reading.text)[2]).words
        # "… (LHC)" is not "… (LCC)" cut short.
        if relation.kind == "cut" and behind:
            continue
        if _ORDER[relation.kind] < _ORDER[best.kind]:
            against = cover_veto(cover) or addition_veto(behind)
            best = replace(relation, against=relation.against or against)
            if best.kind == "same":
                return replace(best, kind="trimmed", likeness=0.99)
    return best


def unlike(listed: str, found: str) -> bool:
    """Whether `relate` surely calls the titles `part` or `other`, less alike than NEAR.

    The score of such a candidate stays below what is plausible, as long as nothing but titles is
    compared. A fraction of the time of `relate`.
    """
    theirs = Title.of(found)
    readings = (Title.of(listed), *(reading for reading, _ in _readings(listed)))
    return not any(_may_be_alike(mine, theirs) for mine in readings)


def _may_be_alike(mine: Title, theirs: Title) -> bool:
    if not mine.key or not theirs.key:
        return False
    return (
        theirs.key in mine.key
        or mine.key in theirs.key
        or _likeness(mine, theirs) >= NEAR
        or _are_variants(mine, theirs)
    )


def _are_variants(mine: Title, theirs: Title) -> bool:
    """Whether only small words, spelling or the order of title and subtitle differ."""
    if content_key(mine) == content_key(theirs) or _spelling_key(mine) == _spelling_key(theirs):
        return True
    tails = _heads_and_tails(mine.text)[1] if len(mine.key) == len(theirs.key) else {}
    return any(tail + head.key == theirs.key for tail, head in tails.items())


@lru_cache(maxsize=4096)
def _readings(listed: str) -> tuple[tuple[Title, Title], ...]:
    """The title with one cover after another removed, each with all that was removed."""
    return tuple((Title.of(text), Title.of(cover)) for text, cover in uncovered(listed))


def _relate(mine: Title, theirs: Title) -> Relation:
    words = len(mine.words)
    if not mine.key or not theirs.key:
        return Relation("other", 0.0, words)
    if mine.key == theirs.key:
        return Relation("same", 1.0, words)
    likeness = _likeness(mine, theirs)
    if _are_variants(mine, theirs):
        return Relation("slip", likeness, words, veto(mine, theirs))
    if (theirs.key in mine.key or mine.key in theirs.key) and (
        part := _part_of(mine, theirs, likeness)
    ):
        return part
    shorter, longer = sorted((mine, theirs), key=lambda title: len(title.plain))
    if len(shorter.words) > SHORT and longer.key.startswith(shorter.key):
        if shorter is mine and mine.text.rstrip().endswith(_ELLIPSES):
            ending: Kind = "shortened" if words >= _SHORTENED_WORDS else "cut"
            return Relation(ending, max(likeness, 0.8), words, subtitle_veto(mine, theirs))
        if longer.plain.startswith(shorter.plain + " "):
            # Of 102,538 records, 2 pairs by the same people differ in a last word, 40 in more.
            shared = len(shorter.words)
            rest = longer.words[shared:]
            kind: Kind = "cut" if len(rest) == 1 else "truncated"
            against = veto(mine, theirs) or addition_veto(rest)
            return Relation(kind, max(likeness, 0.8), shared, against)
    return _unequal(mine, theirs, likeness)


def _part_of(mine: Title, theirs: Title, likeness: float) -> Relation | None:
    """The relation of two titles one of which contains the other, where more than that is known."""
    words, found_words = len(mine.words), len(theirs.words)
    heads, tails = _heads_and_tails(mine.text)
    if theirs.key in tails:
        head = tails[theirs.key]
        named = found_words >= _LABELLED_WORDS and is_name(head.text)
        against = label_veto(head, theirs)
        return Relation("named" if named else "labelled", 0.97, found_words, against)
    label, rest = split_label(theirs.text) or ("", "")
    if words >= _LABELLED_WORDS and Title.of(rest).key == mine.key:
        kind: Kind = "named" if is_name(label) else "unlabelled"
        return Relation(kind, 0.97, words, label_veto(Title.of(label), mine))
    if _version_key(theirs) == mine.key or _version_key(mine) == theirs.key:
        return Relation("dropped", max(likeness, 0.9), words)
    if mine.key in _heads_and_tails(theirs.text)[0]:
        return Relation("dropped", max(likeness, 0.9), words, subtitle_veto(mine, theirs))
    if theirs.key in heads:
        return Relation("added", max(likeness, 0.9), found_words, subtitle_veto(theirs, mine))
    if found_words >= _QUOTED_WORDS and f" {theirs.plain} " in f" {mine.plain} ":
        before, _, after = f" {mine.plain} ".partition(f" {theirs.plain} ")
        against = reference_veto(before.split(), after.split())
        return Relation("quoted", max(likeness, 0.8), found_words, against)
    return None


def _unequal(mine: Title, theirs: Title, likeness: float) -> Relation:
    words = len(mine.words)
    if likeness < NEAR:
        content, their_content = content_words(mine), content_words(theirs)
        kind: Kind = "part" if _is_part(content, their_content) else "other"
        # Titles less alike than this are not compared any further by a veto.
        against = veto(mine, theirs) if likeness >= UNLIKE else None
        shared = len(content & their_content)
        shares = shared > 0 and shared >= _SHARED_WORDS * min(len(content), len(their_content))
        return Relation(kind, likeness, words, against, shares_words=shares)
    against = veto(mine, theirs)
    difference = differ(mine, theirs)
    if not difference.changed and difference.slips <= 1 + words // _WORDS_PER_SLIP:
        return Relation("slip", likeness, words, against)
    if not difference.changed and difference.slips <= 1 + words // _WORDS_PER_SLIPS:
        return Relation("slips", likeness, words, against)
    return Relation("near", likeness, words, against, only_added=difference.only_added)


def _likeness(mine: Title, theirs: Title) -> float:
    return round(
        max(fuzz.ratio(mine.plain, theirs.plain), fuzz.ratio(mine.key, theirs.key)) / 100, 4
    )


def _version_key(title: Title) -> str:
    return Title.of(without_version_mark(title.text)).key


@lru_cache(maxsize=4096)
def _spelling_key(title: Title) -> str:
    """The key of a title in American spelling, abbreviations written out, numbers as digits."""
    return with_digits(american(expanded(title.words)))


@lru_cache(maxsize=4096)
def _heads_and_tails(title: str) -> tuple[frozenset[str], dict[str, Title]]:
    """Keys of what stands before each colon, dash or full stop; by key of what follows, that."""
    heads: set[str] = set()
    tails: dict[str, Title] = {}
    for match in BREAK.finditer(title):
        head = Title.of(title[: match.start() + (match[0][0] in "?!")])
        tail = Title.of(title[match.end() :])
        heads.add(head.key)
        tails.setdefault(tail.key, head)
    tails.pop("", None)
    return frozenset(heads - {""}), tails


def _is_part(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    if not mine or not theirs:
        return False
    shared = len(mine & theirs)
    return shared / len(mine) >= _PART_SHARE or (
        shared >= _PART_WORDS and shared / len(theirs) >= _PART_SHARE_OF_RECORD
    )
