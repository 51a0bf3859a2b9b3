"""Cut an entry into slots: runs of one style, in the order and on the line where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from enrich.parsing.document import Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import bars_for_emoji, lines, squeeze, without_emoji, words
from enrich.parsing.labels import FIELD_WORDS, is_plain_label, label_role
from enrich.parsing.layout.features import features
from enrich.parsing.linking import clean_label
from enrich.parsing.shapes import CHECKBOX, link_role

_LINES = 4  # lines of an entry that have a place of their own; later ones share the last
# Marks that stand between two fields: bars, tabs, symbols with space on both sides.
_CUT = re.compile(
    r"\s*\|+\s*|\t+|\s+(?:[^\w\s,.;:()\[\]{}'\"“”‘’«»「」『』《》&+%=<>*_$?!#\-]{1,3}|-{1,3}>?|=>|::)\s+|"
    r"\s*[•·]\s+|\s*\\\s*$|^\s*[-–—]\s*|\s+[-–—|/]+\s*$"
)
_QUOTED = re.compile(r"[\"“”«「『《]([^\"“”«»「」『』《》]{6,400})[\"“”»」』》]")
_NUMBER = re.compile(r"^\s*(?:[\[(]?\d{1,4}[\])]?[.)、:]|\[\d{1,4}\]|[-*+•▪])\s+")
_BOX_FIRST = re.compile(r"^\s*[\[(（【]([^\[\](（）)【】]{2,400})[\])）】]\s*[:：,.]?\s*")
_BOX_LAST = re.compile(r"\s*[\[(（【]([^\[\](（）)【】]{2,400})[\])）】]\s*[.,;:]?\s*$")
_WHOLE_BOX = re.compile(r"[\[(（【]([^\[\](（）)【】]{2,400})[\])）】][.:,]?")
_TOKEN_FIRST = re.compile(
    r"^\s*(\d{6,8}|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|(?:19|20)\d\d|[A-Z][\w&'’.-]{2,20})"
    r"(?:\s*[:：,;.)]\s*|\s+)(?=\S)"
)
_BY = re.compile(r"(?:^|\s+)(?:[Bb]y|par|von|por|di|door|av):?\s+(?=[^\W\d_a-z])")
_LABEL = re.compile(r"^\W{0,3}([^\s:：|][^:：|()\[\]]{0,28}?)\s*\W{0,2}[:：]\s*")
_INLINE_FIELD = re.compile(r"(?:^|[;；,，。.|]\s*)(?=([^\W\d_][^\W\d_ ]{1,11})(\s*[:：]))")
_EDGE = " \t,;:：，；、|-–—·*_~<>\\/"
_STOPS = _EDGE + ".。"
_FIELD_NAME = 2  # words
_JOINED = 3  # words: a bold run no longer than this, inside a sentence, is part of the sentence
_NEAR = 200  # characters before a bold run that show whether it stands in a sentence
_PATTERN = frozenset({"link", "bold", "italic", "code", "quoted", "plain"})

Key = tuple[str, str, str, int]


@dataclass(slots=True)
class Slot:
    """One part of an entry: its text, its style and where it stands.

    `boxes` are bracketed texts that were cut off its ends, each a slot too; `whole` is the text
    with them, for the case that they are part of it.
    """

    style: str
    text: str
    line: str
    whole: str = ""
    boxes: list[Slot] = field(default_factory=list)
    ordinal: int = 0
    signature: str = ""

    @property
    def key(self) -> Key:
        """What slots at the same place of entries with the same pattern share."""
        return (self.line, self.signature, self.style, self.ordinal)

    @property
    def place(self) -> Key:
        """The key without the pattern of the line."""
        return (self.line, "", self.style, self.ordinal)


def cut_draft(draft: Draft) -> list[Slot]:
    """The slots of an entry, in order."""
    found: list[Slot] = []
    if draft.cells:
        for place, items in draft.cells:
            parts = lines(items)
            if len(parts) == 1:
                found += cut_cell(place, items)
                continue
            for index, line in enumerate(parts):
                found += cut_line(f"L{min(index, _LINES)}{place}", line)
        return found
    for index, line in enumerate(lines(draft.lead)):
        found += cut_line(f"L{min(index, _LINES)}", line)
    for index, line in enumerate(draft.more):
        found += cut_line(f"M{min(index, _LINES)}", line)
    return found


def cut_line(place: str, items: Sequence[Piece]) -> list[Slot]:
    """The slots of one line; a line that begins with a field's name has that name as its place."""
    styled = runs(items)
    label = _field(styled, below=place.startswith("M"))
    if label is not None:
        place = f"F{label}"
    found: list[Slot] = []
    for style, text in styled:
        if style == "plain":
            found += _cut_plain(place, text)
        elif style == "label":
            found.append(Slot(style, text, place))
        elif style != "url":
            found += _cut_run(place, style, text)
    _number(found)
    return found


def cut_cell(place: str, items: Sequence[Piece]) -> list[Slot]:
    """The slots of a table's cell: emphasis inside it stresses words, it separates nothing."""
    merged: list[tuple[str, str]] = []
    for style, text in runs(items):
        kind = style if style in ("link", "label", "url") else "plain"
        if merged and kind == "plain" and merged[-1][0] == "plain":
            merged[-1] = ("plain", merged[-1][1] + text)
        else:
            merged.append((kind, text))
    found: list[Slot] = []
    for kind, text in merged:
        if kind == "label":
            found.append(Slot(kind, text, place))
        elif kind != "url":
            found += _cut_run(place, kind, text)
    _number(found)
    return found


def runs(items: Sequence[Piece]) -> list[tuple[str, str]]:
    """(style, text) of the pieces, neighbours of one style joined."""
    found: list[tuple[str, str]] = []
    for index, piece in enumerate(items):
        if piece.link is not None:
            if piece.link.bare or piece.image:
                found.append(("url", ""))
            elif link_role(piece) is not None and not _names_venue(piece.text):
                found.append(("label", clean_label(piece.text)))
            else:
                found.append(("link", piece.text))
            continue
        if piece.image:
            continue
        style = _style(piece)
        if style in ("bold", "code") and found and found[-1][0] == "plain":
            following = items[index + 1].text if index + 1 < len(items) else ""
            seen = features(piece.text)
            field = seen.date or seen.venue >= 0.6 or (style == "code" and seen.words >= 2)
            if not field and _is_inside(found[-1][1][-_NEAR:], piece.text, following):
                style = "plain"
        if found and found[-1][0] == style:
            found[-1] = (style, found[-1][1] + piece.text)
        else:
            found.append((style, piece.text))
    return found


def _names_venue(label: str) -> bool:
    """Whether a link's label says where a paper appeared: `[ICLR'23]`, not `[arXiv]`."""
    text = clean_label(label)
    return not is_plain_label(text) and features(text).venue >= 0.9


def _style(piece: Piece) -> str:
    if piece.bold:
        return "bold"
    return "italic" if piece.italic else "code" if piece.code else "plain"


def _is_inside(before: str, text: str, after: str) -> bool:
    """Whether a bold run is a stressed word of the sentence around it."""
    last, first = before.rstrip()[-1:], after.lstrip()[:1]
    return (
        len(words(text)) <= _JOINED
        and bool(words(before))
        and (last.isalnum() or last == ",")
        and (not first or first.isalnum() or first in ",-")
    )


def _field(runs: list[tuple[str, str]], *, below: bool) -> str | None:
    """The field's name that a line begins with; it is taken off the runs.

    `below`: the line stands below the title, where any short name before a colon is a field's.
    """
    if not runs or runs[0][0] not in ("plain", "bold", "italic"):
        return None
    styled = runs[0][0] != "plain"
    text = without_emoji(runs[0][1])
    behind = runs[1][1].lstrip() if len(runs) > 1 and runs[1][0] == "plain" else ""
    colon = styled and behind[:1] in (":", "：")
    match = _LABEL.match(text.strip() + ":" if colon else text)
    if match is None:
        return None
    name = squeeze(match[1]).strip("*_ ").lower()
    known = name in FIELD_WORDS or label_role(name) is not None
    if not known and not (below and len(name.split()) <= _FIELD_NAME and name.isalpha()):
        return None
    runs[0] = ("plain", text[match.end() :])
    if colon:
        runs[1] = ("plain", behind[1:])
    return name


def _cut_plain(place: str, text: str) -> Iterator[Slot]:
    text = CHECKBOX.sub("", bars_for_emoji(text))
    for label, part in _inline_fields(text):
        at = f"F{label}" if label else place
        last = 0
        for match in _QUOTED.finditer(part):
            if len(words(match[1])) >= 3:
                yield from _cut_at_marks(at, part[last : match.start()])
                yield Slot("quoted", squeeze(match[1]).strip(_EDGE), at)
                last = match.end()
        yield from _cut_at_marks(at, part[last:])


def _inline_fields(text: str) -> Iterator[tuple[str, str]]:
    """(name, text) of fields named inside a line: `标题：…；作者：…`; "" names the rest."""
    last, name = 0, ""
    if ":" in text or "：" in text:
        for match in _INLINE_FIELD.finditer(text):
            if match[1].lower() in FIELD_WORDS or match[1] == "In":
                yield name, text[last : match.start()]
                last = (
                    text.index(
                        ":" if ":" in text[match.end(1) : match.end(1) + 2] else "：", match.end(1)
                    )
                    + 1
                )
                name = match[1].lower()
    yield name, text[last:]


def _cut_at_marks(place: str, text: str) -> Iterator[Slot]:
    for part in _CUT.split(text):
        part = squeeze(_NUMBER.sub("", part))
        if not words(part):
            continue
        match = _TOKEN_FIRST.match(part)
        if match and len(words(part)) > 2 and _is_when(match[1]):
            yield Slot("lead", match[1], place)
            part = part[match.end() :]
        by = _BY.search(part)
        if by and features(_BOX_LAST.sub("", part[by.end() :])).names >= 0.5:
            named = list(_cut_run(place, "by", part[by.end() :]))
            for slot in _cut_run(place, "plain", part[: by.start()]):
                if slot.style == "plain":
                    slot.whole, slot.boxes = part.strip(_EDGE), [*slot.boxes, *named]
                yield slot
            yield from named
        else:
            yield from _cut_run(place, "plain", part)


def _is_when(token: str) -> bool:
    seen = features(token)
    return seen.date or (seen.venue >= 0.9 and seen.year)


def _cut_run(place: str, style: str, text: str) -> Iterator[Slot]:
    """A run of one style, the bracketed texts at its ends cut off."""
    if style != "plain":
        text = without_emoji(text)
    text = squeeze(text).strip(_EDGE)
    box = "box" if style in ("plain", "by") else f"{style}-box"
    match = _WHOLE_BOX.fullmatch(text)
    if match and words(match[1]):
        yield Slot(box, match[1].strip(_STOPS), place)
        return
    whole = text
    front: list[Slot] = []
    back: list[Slot] = []
    while (match := _BOX_FIRST.match(text)) and words(text[match.end() :]):
        front.append(Slot(box, match[1].strip(_STOPS), place))
        text = text[match.end() :]
    while (match := _BOX_LAST.search(text)) and words(text[: match.start()]):
        back.append(Slot(box, match[1].strip(_STOPS), place))
        text = text[: match.start()]
    back.reverse()
    yield from front
    if words(text):
        yield Slot(style, text.strip(_EDGE), place, whole, [*front, *back])
    yield from back


def _number(found: list[Slot]) -> None:
    """Give each slot its number among those of its style, and the pattern of the line."""
    seen: dict[str, int] = {}
    signature = " ".join(slot.style for slot in found if slot.style in _PATTERN)
    for slot in found:
        slot.ordinal = seen.get(slot.style, 0)
        seen[slot.style] = slot.ordinal + 1
        slot.signature = signature
