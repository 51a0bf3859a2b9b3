"""Read the entries of a list by the roles of its slots, and by the rules where no vote holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enrich.parsing.cleaning import clean_title
from enrich.parsing.draft import Draft
from enrich.parsing.fields import Fields, read_fields, without_id
from enrich.parsing.inline import title_identity, words
from enrich.parsing.labels import is_plain_label
from enrich.parsing.layout.check import Correction, find_corrections
from enrich.parsing.layout.composite import Order, read_in_order
from enrich.parsing.layout.describe import describe_layout
from enrich.parsing.layout.features import features, read_date, without_in
from enrich.parsing.layout.slots import Key, Slot, cut_draft, field_names
from enrich.parsing.layout.votes import Stat, Votes, fold
from enrich.parsing.linking import read_links
from enrich.parsing.names import tidy_authors
from enrich.parsing.venues import year_in
from enrich.records import SlotLayout

_DELIMITED = 0.5  # share of entries whose title is the whole slot: markup delimits it
_YEAR_LAST = re.compile(r"[\s,(]+((?:19|20)\d\d)[a-z]?\)?$")
_NEARLY_ALL = 0.8
_SURE = 0.95
_RECURS = 0.6  # share of distinct texts below which a slot holds no titles and no names
_TWICE = 2
# Entries of a pattern that are read by the rules too; a design choice: more prove more, later.
_PROOF = 40
_EVERY = 10  # one of so many beyond those
_FIELDS = frozenset({"authors", "venue", "date"})
_AROUND = " ,.;:|-–—·([（【"
_Voted = Sequence[tuple[Slot, Stat]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields of every draft, in order, the layout they were read by, and corrections of it."""

    fields: list[Fields]
    layouts: tuple[SlotLayout, ...]
    corrections: tuple[Correction, ...]


def read_all(drafts: Sequence[Draft], known: Sequence[str | None] = ()) -> Reading:
    """Read the drafts of a list.

    Args:
        drafts: The entries, cut out of the document.
        known: Per draft the title that a service gave for an identifier of it, if any.
    """
    names = field_names(drafts)
    by_rules: dict[int, Fields] = {}
    cut: list[list[Slot]] = []
    patterns: dict[tuple[Key, ...], list[int]] = {}
    for index, draft in enumerate(drafts):
        # One after the other: what is known of a text is remembered for a while.
        slots = cut_draft(draft, names) if draft.title is None or draft.cells else []
        cut.append(slots)
        same = patterns.setdefault(tuple(slot.key for slot in slots), [])
        same.append(index)
        if not slots or len(same) <= _PROOF or len(same) % _EVERY == 0:
            by_rules[index] = read_fields(draft)
    votes = Votes(
        (slots, by_rules[index].title if index in by_rules else None)
        for index, slots in enumerate(cut)
    )
    read: dict[int, Fields] = {}
    for pattern in patterns.values():
        read |= _read_pattern(pattern, drafts, cut, by_rules, votes)
    found = [read[index] for index in range(len(drafts))]
    corrections: tuple[Correction, ...] = ()
    if any(known):
        corrections = tuple(find_corrections(cut, [fields.title for fields in found], known))
        _correct(found, cut, votes, {correction.key for correction in corrections})
    return Reading(found, describe_layout(votes), corrections)


def _read_pattern(
    pattern: Sequence[int],
    drafts: Sequence[Draft],
    cut: Sequence[Sequence[Slot]],
    by_rules: Mapping[int, Fields],
    votes: Votes,
) -> dict[int, Fields]:
    """The fields of entries of one pattern, by the slots alone where the rules say the same.

    The entries that were read by the rules too are the proof: nearly all must be read alike.
    """
    read: dict[int, Fields] = {}
    long = len(pattern) > _PROOF
    compared = alike = 0
    for index in sorted(pattern, key=lambda index: index not in by_rules):
        draft, slots = drafts[index], cut[index]
        proof = index in by_rules
        # The first entry that is no proof stands behind all that are.
        tried = long and (proof or (compared >= _PROOF // 2 and alike >= _SURE * compared))
        alone = _by_slots(draft, slots, votes) if tried else None
        if alone is not None and not proof:
            read[index] = alone
            continue
        read[index] = fields = by_rules[index] if proof else read_fields(draft)
        if slots:
            _apply(draft, fields, slots, _voted(slots, votes), votes)
        if alone is not None:
            compared += 1
            alike += fields == alone
    return read


def _by_slots(draft: Draft, slots: Sequence[Slot], votes: Votes) -> Fields | None:
    """The fields of an entry whose slots all have a role that fits; None where one has not."""
    if draft.extra or draft.columns or draft.title is not None or not slots:
        return None
    voted = _voted(slots, votes)
    decided = sum(stat.order is None and stat.role != "other" for _, stat in voted)
    if decided < sum(slot.style != "label" for slot in slots):
        return None
    fields = Fields()
    for line in [draft.lead, *draft.more]:
        fields.links.extend(read_links(line))
    _apply(draft, fields, slots, voted, votes)
    return fields if fields.title else None


def _correct(
    read: Sequence[Fields], cut: Sequence[Sequence[Slot]], votes: Votes, keys: set[Key]
) -> None:
    """Take the title from the slots in which the known titles stand."""
    for fields, slots in zip(read, cut, strict=True):
        slot = next((slot for slot in slots if slot.key in keys), None)
        if slot is not None and (title := clean_title(_text(slot, votes))[0]):
            fields.title = title


def _voted(slots: Sequence[Slot], votes: Votes) -> _Voted:
    """The slots of an entry whose texts can have the roles that were voted."""
    names = [
        box
        for slot in slots
        for box in slot.boxes
        if _abbreviates(box.text, slot.text) or not votes.is_common(box, slot)
    ]
    return [
        (slot, stat)
        for slot in slots
        if slot not in names
        and (stat := votes.stat(slot)) is not None
        and fits(slot, stat, votes.is_regular(slot))
    ]


def _apply(
    draft: Draft, fields: Fields, slots: Sequence[Slot], voted: _Voted, votes: Votes
) -> None:  # fmt: skip
    if draft.title is None and (title := _title(fields, slots, voted, votes)) is not None:
        fields.title = title
    _venue(fields, voted)
    _authors(fields, voted)
    for slot in slots:
        stat = votes.stat(slot)
        if stat is not None and stat.order is not None:
            tag = slot.boxes[0].text if votes.is_tagged(slot) else None
            _composite(fields, _whole(slot, votes), tag, stat.order)
    taken = {title_identity(text) for text in (fields.authors, fields.venue) if text}
    fields.notes = [note for note in fields.notes if title_identity(note) not in taken]
    taken.add(title_identity(fields.title))
    dates = {slot.text for slot, stat in voted if stat.role == "date"}
    draft.extra = [
        (name, text)
        for name, text in draft.extra
        if title_identity(text) not in taken and text not in dates
    ]


def fits(slot: Slot, stat: Stat, regular: bool) -> bool:
    """Whether one text can have the role that its slot was voted: no other field is plainer."""
    role = stat.role
    if role == "other" or slot.style == "label":
        return role == "other"
    # Where nearly all texts of a slot are alike, the single one need not be judged.
    if max(stat.equal if role == "title" else 0.0, stat.date) >= _SURE:
        return True
    if role == "authors" and stat.names >= _SURE:
        return True
    seen = features(slot.text)
    if stat.given and role in ("authors", "venue"):
        return not (seen.date or (role == "venue" and seen.cited))
    if role == "date":
        return seen.date or seen.year
    if role == "title":
        return not (seen.date or seen.venue >= 0.9 or seen.names >= 0.85 or seen.cited)
    if role == "venue":
        if seen.date or seen.cited or seen.names >= 0.8:
            return False
        if slot.style == "link" and is_plain_label(slot.text):
            return False
        if not any(map(str.isalpha, slot.text)):
            return False
        recurs = stat.texts[fold(slot.text)] >= _TWICE or (regular and stat.as_venue >= 0.55)
        return seen.venue >= 0.4 or (recurs and seen.words <= 8)
    if role == "authors":
        if seen.date or seen.venue >= 0.9:
            return False
        return seen.names >= 0.5 or (stat.names >= 0.7 and seen.title < 1.0)
    return True


def _whole(slot: Slot, votes: Votes) -> str:
    """A slot's text with the brackets at its ends, without a tag in front."""
    return (slot.untagged if votes.is_tagged(slot) else slot.whole) or slot.text


def _composite(fields: Fields, text: str, tag: str | None, order: Order) -> None:
    """Take the fields of a text that holds several, where the rules found none or mixed them."""
    parts = read_in_order(text, order)
    if parts is None:
        return
    if parts.title:
        now, seen = title_identity(fields.title), features(fields.title)
        rest = now.replace(title_identity(parts.title), " ")
        mixed = _holds_field(rest, (part for part in (parts.authors, parts.venue, tag) if part))
        cut = title_identity(parts.title).startswith(f"{now} ") and parts.venue is not None
        if seen.date or seen.venue >= 0.9 or mixed or cut:
            fields.title = clean_title(parts.title)[0]
    if parts.authors:
        authors, now = tidy_authors(parts.authors), fields.authors or ""
        if len(authors) > len(now) and features(authors).names >= features(now).names:
            fields.authors = authors
    if parts.venue:
        dated = read_date(parts.venue) is not None
        mixed = title_identity(parts.authors or "-") in title_identity(fields.venue or "")
        if (fields.venue is None or (parts.authors and mixed)) and not dated:
            fields.venue = without_in(without_id(parts.venue).strip(_AROUND))
        fields.year = fields.year or read_date(parts.venue) or year_in(parts.venue)


def _title(fields: Fields, slots: Sequence[Slot], voted: _Voted, votes: Votes) -> str | None:
    """The title by vote where it betters the one that the rules read."""
    slot = votes.title_slot([slot for slot, _ in voted])
    stat = votes.stat(slot) if slot is not None else None
    if slot is None or stat is None:
        return None
    text = clean_title(_text(slot, votes))[0]
    own, now = title_identity(text), title_identity(fields.title)
    if own == now or not own:
        return None
    if slot.line[:1] in "FC" and stat.given:
        return text
    if now and now in own and (stat.equal < _DELIMITED or _cuts_field(text, fields.title, stat)):
        return None
    same = [seen for other, seen in voted if title_identity(other.text) == now]
    if own in now:
        # What else the rules took for the title are other fields, or texts that recur.
        parts = [other.text for other, seen in voted if seen.role in _FIELDS]
        parts += [
            other.text
            for other in slots
            if other.style != "label"
            and (seen := votes.stat(other)) is not None
            and seen.distinct < _RECURS
        ]
        rest = now.replace(own, " ")
        fields_in = (title_identity(o.text) in rest for o, seen in voted if seen.role in _FIELDS)
        if votes.is_tagged(slot):
            return text
        if slot.style != "plain" and (votes.is_whole(slot) or any(fields_in)):
            return text
        return text if _holds_field(rest, parts) else None
    if any(seen.role in _FIELDS for seen in same):
        return text
    new, old = features(text), features(fields.title)
    if new.title < old.title - 0.25 or (stat.equal < _DELIMITED and not votes.is_regular(slot)):
        return None
    if any(title_identity(other.text) == now for other in slots):
        name = stat.title_case >= 0.6 and new.title_case and old.words <= 3
        return text if name and votes.is_regular(slot) else None
    return text


def _holds_field(rest: str, others: Iterable[str]) -> bool:
    """Whether most words of a text, which the rules hold for part of the title, are others'."""
    found, known = rest.split(), {word for text in others for word in title_identity(text).split()}
    return bool(found) and sum(word in known for word in found) * 2 >= len(found)


def _abbreviates(box: str, text: str) -> bool:
    """Whether a text in brackets is made of the initials of the text beside it: `(KTL)`."""
    letters = [letter.lower() for letter in box if letter.isalpha()]
    initials = iter(word[0].lower() for word in words(text))
    return box.isupper() and len(letters) >= 2 and all(letter in initials for letter in letters)


def _cuts_field(whole: str, title: str, stat: Stat) -> bool:
    """Whether what the rules cut off the ends of a text is a venue, a date or names."""
    place = whole.lower().find(title.lower()[:40])
    if place < 0:
        return False
    for part in (whole[:place], whole[place + len(title) :]):
        seen = features(part.strip(" ,.;:()[]-–—"))
        if seen.date or seen.venue >= 0.6 or (seen.names >= 0.85 and stat.equal < _NEARLY_ALL):
            return True
    return False


def _text(slot: Slot, votes: Votes) -> str:
    """The slot's text, with the brackets at its ends unless they hold another field."""
    for box in slot.boxes:
        stat, seen = votes.stat(box), features(box.text)
        voted = stat is not None and stat.role in _FIELDS and fits(box, stat, votes.is_regular(box))
        field = votes.is_common(box, slot) and (voted or seen.date or seen.venue >= 0.6)
        if not field or _abbreviates(box.text, slot.text):
            return _whole(slot, votes)
    return slot.text


def _venue(fields: Fields, voted: _Voted) -> None:
    for slot, stat in voted:
        if stat.role == "venue":
            if fields.venue is None or stat.venue >= 0.6:
                fields.venue = without_in(without_id(slot.text).strip(_AROUND))
            fields.year = year_in(slot.text) or fields.year
            if fields.authors and title_identity(fields.authors) == title_identity(slot.text):
                fields.authors = None
            break
    for slot, stat in voted:
        if stat.role == "date" and fields.year is None:
            fields.year = read_date(slot.text) or year_in(slot.text)


def _authors(fields: Fields, voted: _Voted) -> None:
    for slot, stat in voted:
        if stat.role == "authors":
            dated = _YEAR_LAST.search(slot.text)
            text = slot.text[: dated.start()] if dated else slot.text
            if (
                fields.authors is None
                or stat.names >= _SURE
                or features(slot.text).names >= features(fields.authors).names
            ):
                fields.authors = tidy_authors(text.strip(" ([（"))
            if dated and fields.year is None:
                fields.year = int(dated[1])
            return
