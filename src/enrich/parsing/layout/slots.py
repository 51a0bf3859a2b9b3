"""Cut an entry into slots: runs of one style, in the order and on the line where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from enrich.parsing.cleaning import QUOTES
from enrich.parsing.document import Piece
from enrich.parsing.draft import Draft
from enrich.parsing.inline import bars_for_emoji, lines, plain, squeeze, without_emoji, words
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
_QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]{{6,400}})[{QUOTES}]")
_NUMBER = re.compile(r"^\s*(?:[\[(]?\d{1,4}[\])]?[.)、:]|\[\d{1,4}\]|[-*+•▪])\s+")
_BOX_FIRST = re.compile(r"^\s*[\[(（【]([^\[\](（）)【】]{2,400})[\])）】]\s*[:：,.]?\s*")
_BOX_LAST = re.compile(r"\s*[\[(（【]([^\[\](（）)【】]{2,400})[\])）】]\s*[.,;:]?\s*$")
_WHOLE_BOX = re.compile(r"[\[(（【]([^\[\](（）)【】]{2,400})[\])）】][.:,]?")
_TOKEN_FIRST = re.compile(
    r"^\s*(\d{6,8}|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|(?:19|20)\d\d|[A-Z][\w&'’.-]{2,20})"
    r"(?:\s*[:：,;.)]\s*|\s+)(?=\S)"
)
_BY = re.compile(r"(?:^|\s+)(?:[Bb]y|par|von|por|di|door|av):?\s+(?=[^\W\d_a-z])")
_NAME_END = re.compile(r"[;，、]|,(?! [A-Z]\.)| and ")
_LABEL = re.compile(r"^\W{0,3}([^\s:：|][^:：|()\[\]]{0,28}?)\s*\W{0,2}[:：]\s*")
_INLINE_FIELD = re.compile(r"(?:^|[:：;；,，。.|)]\s*|\s)(?=([^\W\d_][^\W\d_ ]{1,11})(\s*[:：]))")
_EDGE = " \t,;:：，；、|-–—·*_~<>\\/"
_STOPS = _EDGE + ".。"
_FIELD_NAME = 2  # words
_FEW = 4  # entries that name a field
_JOINED = 3  # words: a bold run no longer than this, inside a sentence, is part of the sentence
_NEAR = 200  # characters before a bold run that show whether it stands in a sentence
_PATTERN = frozenset({"link", "bold", "italic", "code", "quoted", "plain"})

Key = tuple[str, str, str, int]


@dataclass(slots=True)
class Slot:
    """One part of an entry: its text, its style and where it stands.

    `boxes` are bracketed texts that were cut off its ends, each a slot too; `whole` is the text
    with them, for the case that they are part of it, `untagged` without those in front.
    """

    style: str
    text: str
    line: str
    whole: str = ""
    untagged: str = ""
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


def field_names(drafts: Iterable[Draft]) -> frozenset[str]:
    """What stands before a colon at the beginning of lines below the first, in several entries."""
    count: Counter[str] = Counter()
    for draft in drafts:
        below = [*lines(draft.lead)[1:], *draft.more]
        labels = (_LABEL.match(without_emoji(plain(line))) for line in below)
        count.update({_folded(label[1]) for label in labels if label})
    return frozenset(
        name
        for name, entries in count.items()
        if entries >= _FEW and len(name.split()) <= _FIELD_NAME
    )


def _folded(name: str) -> str:
    return squeeze(name).strip("*_ ").lower()


def cut_draft(draft: Draft, names: frozenset[str] = frozenset()) -> list[Slot]:
    """The slots of an entry, in order; `names` are what lines below the first call fields."""
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
        found += cut_line(f"L{min(index, _LINES)}", line, names if index else frozenset())
    for index, line in enumerate(draft.more):
        found += cut_line(f"M{min(index, _LINES)}", line, names)
    return found


def cut_line(
    place: str, items: Sequence[Piece], names: frozenset[str] = frozenset()
) -> list[Slot]:  # fmt: skip
    """The slots of one line; what stands behind a field's name has that name as its place."""
    styled = runs(items)
    label = _field(styled, names)
    if label is not None:
        place = f"F{label}"
    found: list[Slot] = []
    for style, text in styled:
        if style == "plain":
            text = CHECKBOX.sub("", bars_for_emoji(text))
            for name, part in _inline_fields(text, labelled=place[0] == "F"):
                place = f"F{name}" if name else place
                found += _cut_quoted(place, part)
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


def _field(runs: list[tuple[str, str]], names: frozenset[str]) -> str | None:
    """The field's name that a line begins with, known or of `names`; it is taken off the runs."""
    if not runs or runs[0][0] not in ("plain", "bold", "italic"):
        return None
    styled = runs[0][0] != "plain"
    text = without_emoji(runs[0][1])
    behind = runs[1][1].lstrip() if len(runs) > 1 and runs[1][0] == "plain" else ""
    colon = styled and behind[:1] in (":", "：")
    match = _LABEL.match(text.strip() + ":" if colon else text)
    if match is None:
        return None
    name = _folded(match[1])
    if not (name in names or name in FIELD_WORDS or label_role(name) is not None):
        return None
    runs[0] = ("plain", text[match.end() :])
    if colon:
        runs[1] = ("plain", behind[1:])
    return name


def _cut_quoted(place: str, text: str) -> Iterator[Slot]:
    last = 0
    for match in _QUOTED.finditer(text):
        if len(words(match[1])) >= 3:
            yield from _cut_at_marks(place, text[last : match.start()])
            yield Slot("quoted", squeeze(match[1]).strip(_EDGE), place)
            last = match.end()
    yield from _cut_at_marks(place, text[last:])


def _inline_fields(text: str, *, labelled: bool) -> Iterator[tuple[str, str]]:
    """(name, text) of fields named inside a line: `标题：…；作者：…`; "" names the rest.

    `labelled`: the line begins with a field's name, so another needs no mark in front of it.
    """
    last, name = 0, ""
    if ":" in text or "：" in text:
        for match in _INLINE_FIELD.finditer(text):
            marked = labelled or not match.group().isspace()
            if marked and (match[1].lower() in FIELD_WORDS or match[1] == "In"):
                yield name, text[last : match.start()]
                last, name = match.end(2), match[1].lower()
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
        if by and _are_people(_BOX_LAST.sub("", part[by.end() :])):
            named = list(_cut_run(place, "by", part[by.end() :]))
            for slot in _cut_run(place, "plain", part[: by.start()]):
                if slot.style == "plain":
                    slot.whole, slot.boxes = part.strip(_EDGE), [*slot.boxes, *named]
                yield slot
            yield from named
        else:
            yield from _cut_run(place, "plain", part)


def _are_people(text: str) -> bool:
    """Whether a text is a run of names, the first with more than a surname or `et al.`."""
    first = _NAME_END.split(text, maxsplit=1)[0].split()
    return len(first) > 1 and features(text).names >= 0.5


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
    untagged = text
    while (match := _BOX_LAST.search(text)) and words(text[: match.start()]):
        back.append(Slot(box, match[1].strip(_STOPS), place))
        text = text[: match.start()]
    back.reverse()
    yield from front
    if words(text):
        yield Slot(style, text.strip(_EDGE), place, whole, untagged, [*front, *back])
    yield from back


def _number(found: list[Slot]) -> None:
    """Give each slot its number among those of its style, and the pattern of the line."""
    seen: dict[str, int] = {}
    signature = " ".join(slot.style for slot in found if slot.style in _PATTERN)
    for slot in found:
        slot.ordinal = seen.get(slot.style, 0)
        seen[slot.style] = slot.ordinal + 1
        slot.signature = signature
