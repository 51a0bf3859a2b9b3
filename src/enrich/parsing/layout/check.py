"""Check the layout against titles that services gave for identifiers in the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from enrich.parsing.inline import title_identity
from enrich.parsing.layout.slots import Key, Slot

_SAME = 90.0  # rapidfuzz ratio of two titles, folded: a typo or a cut subtitle apart
_LEAST = 3  # entries with a known title: fewer prove nothing about a layout
_MOST = 0.5  # share of them whose known title stands in the slot
_BETTER = 0.3  # by how much more often than in what was read as the title


@dataclass(frozen=True, slots=True)
class Correction:
    """A slot in which the known titles stand, though another text was read as the title."""

    key: Key
    known: int
    agreeing: int
    read: int


@dataclass(slots=True)
class _Count:
    known: int = 0
    agreeing: int = 0
    read: int = 0


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for small differences in writing."""
    return ratio(title_identity(one), title_identity(other)) >= _SAME


def find_corrections(
    cut: Sequence[Sequence[Slot]], titles: Sequence[str], known: Sequence[str | None]
) -> Iterator[Correction]:
    """The slots that hold the known titles far more often than what was read as the title.

    Args:
        cut: The slots of every entry.
        titles: The title that was read in every entry.
        known: The title that a service gave for an identifier of the entry, if any.

    Yields:
        One correction a slot.
    """
    counts: dict[Key, _Count] = {}
    for slots, title, right in zip(cut, titles, known, strict=True):
        if not right:
            continue
        read = same_title(title, right)
        for slot in slots:
            count = counts.setdefault(slot.key, _Count())
            count.known += 1
            count.read += read
            count.agreeing += same_title(slot.whole or slot.text, right)
    for key, count in counts.items():
        enough = count.known >= _LEAST and count.agreeing >= _MOST * count.known
        if enough and count.agreeing - count.read >= _BETTER * count.known:
            yield Correction(key, count.known, count.agreeing, count.read)
