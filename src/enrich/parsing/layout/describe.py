"""The inferred layout in words, for the manifest and `enrich explain`."""

from __future__ import annotations

from enrich.parsing.layout.slots import Key
from enrich.parsing.layout.votes import Votes
from enrich.records import SlotLayout

_LONGEST = 40  # slots shown: a list of many layouts has hundreds that few entries share
_LEAST = 4  # entries
_STYLES = {
    "link": "link text", "bold": "bold text", "italic": "italic text", "code": "code span",
    "quoted": "quoted text", "plain": "plain text", "box": "brackets", "lead": "first word",
    "label": "link label", "by": "text after 'by'",
}  # fmt: skip


def describe_layout(votes: Votes) -> tuple[SlotLayout, ...]:
    """The slots that were given a role, those of most entries first."""
    found = [
        SlotLayout(place_name(key), stat.role, stat.count, stat.sample[0][0])
        for key, stat in votes.stats.items()
        if stat.role != "other" and stat.count >= _LEAST and key[1]
    ]
    found.sort(key=lambda slot: (-slot.entries, slot.slot))
    return tuple(found[:_LONGEST])


def place_name(key: Key) -> str:
    """A slot's place in words: `first line, bold text 1 (of: bold plain)`."""
    line, signature, style, ordinal = key
    kind, number = line[:1], line[1:]
    if kind == "C":
        index, _, heading = number.partition(":")
        place = f"column {heading!r}" if heading else f"column {int(index) + 1}"
    elif kind == "F":
        place = f"field {number!r}"
    elif kind == "L":
        digit, _, cell = number.partition("C")
        place = f"line {int(digit) + 1}" + (f" of column {cell}" if cell else "")
    else:
        place = f"line {int(number) + 1} below"
    text = _STYLES.get(style, style.replace("-", " "))
    return f"{place}, {text} {ordinal + 1} (of: {signature})"
