"""Decide once per slot, from all entries that have it, which field it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from enrich.parsing.columns import ColumnRole, column_role
from enrich.parsing.inline import title_identity
from enrich.parsing.layout.composite import Order, find_order
from enrich.parsing.layout.features import features
from enrich.parsing.layout.slots import Key, Slot

SlotRole = Literal["title", "authors", "venue", "date", "other"]

_FEW = 4  # entries: below this a slot of one pattern is judged with all patterns
_MANY = 10  # entries: from here on a place is judged with all its patterns
_OFTEN_BY = 0.3  # share of entries
_SAMPLE = 80  # entries whose texts are judged
_COMPOSITE = frozenset({"plain", "italic", "box", "bold"})
_BELOW = 0.3  # how much less a line below the leading text does as a title
_LEAST_WORDS = 4  # mean number of words of a text that can hold several fields
_DIGITS = re.compile(r"\d+")
_LABELLED: Mapping[str, SlotRole] = {
    "in": "venue",
    **dict.fromkeys(("author", "authors", "作者", "论文作者", "by"), "authors"),
    **dict.fromkeys(
        ("venue", "journal", "conference", "publisher", "published", "会议", "期刊", "publication"),
        "venue",
    ),
    **dict.fromkeys(("year", "date", "日期"), "date"),
    **dict.fromkeys(("title", "标题", "论文标题", "论文题目", "论文名称"), "title"),
}
_COLUMNS: Mapping[ColumnRole, SlotRole] = {
    "title": "title", "authors": "authors", "venue": "venue", "year": "date",
}  # fmt: skip


def fold(text: str) -> str:
    """A text as its repetitions are counted: without digits and case."""
    return _DIGITS.sub("", text).casefold()


@dataclass(slots=True)
class Stat:
    """What the texts of one slot look like, over all entries that have it; shares from 0 to 1."""

    count: int = 0
    date: float = 0.0
    venue: float = 0.0
    names: float = 0.0
    title: float = 0.0
    title_case: float = 0.0
    words: float = 0.0
    year: float = 0.0
    cited: float = 0.0  # names authors with `et al.`, or has a semicolon: more than a title
    sure_venue: float = 0.0
    distinct: float = 0.0
    equal: float = 0.0  # today's title is this slot
    holds: float = 0.0  # the title is part of this slot
    part: float = 0.0  # this slot is part of the title
    stops: float = 0.0
    role: SlotRole = "other"
    given: bool = False  # the role is what the field's name or the column's heading says
    order: Order | None = None  # of the fields, where the slot holds several
    settled: bool = False
    sample: list[tuple[str, str]] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, folded: str, title: str | None) -> None:
        """Count one text of the slot, beside the title that the rules read in its entry, if any."""
        self.count += 1
        self.texts[folded] += 1
        if title is not None:
            self.sample.append((text, title))

    def settle(self, line: str, style: str) -> None:
        """Compute the shares, then the role."""
        self.settled = True
        self.sample = self.sample[:: len(self.sample) // _SAMPLE + 1]
        size = len(self.sample)
        for text, title in self.sample:
            seen = features(text)
            self.date += seen.date
            self.venue += seen.venue
            self.names += seen.names
            self.title += seen.title
            self.title_case += seen.title_case
            self.words += seen.words
            self.year += seen.year
            self.cited += seen.cited or ";" in text
            self.sure_venue += seen.venue >= 0.9
            own, whole = title_identity(text), title_identity(title)
            if own == whole:
                self.equal += 1
            elif whole and whole in own:
                self.holds += 1
            elif own and own in whole:
                self.part += 1
        for name in (
            "date", "venue", "names", "title", "title_case", "words", "year", "cited",
            "sure_venue", "equal", "holds", "part",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) / size)
        self.distinct = len(self.texts) / self.count
        self.role = self._decide(line, style)
        undecided = self.role == "other" or (self.role == "title" and self._is_mixed())
        several = style in _COMPOSITE and self.words >= _LEAST_WORDS
        if undecided and several:
            self.order = find_order([text for text, _ in self.sample])
        elif several and self.role in ("authors", "venue") and not self.given:
            self.order = find_order([text for text, _ in self.sample], titled=False)
            self.role = "other" if self.order else self.role

    def _is_mixed(self) -> bool:
        """Whether the rules see more than the title in this slot."""
        mixed = self.equal < 0.9 and (self.holds >= 0.3 or self.equal + self.part < 0.5)
        return mixed or self.year >= 0.5 or self.cited >= 0.3

    def _named(self, line: str, style: str) -> SlotRole | None:
        """The role that the name of a field or the heading of a column says."""
        if line[:1] == "F":
            return _LABELLED.get(line[1:]) or _COLUMNS.get(column_role(line[1:]) or "note")
        heading = column_role(line.partition(":")[2]) if line[:1] == "C" else None
        if heading is None:
            return None
        role = _COLUMNS.get(heading, "other")
        if role == "title" and (style not in ("plain", "link") or self.title < 0.4):
            return None
        return role

    def _decide(self, line: str, style: str) -> SlotRole:
        named = self._named(line, style)
        if named is not None:
            self.given = True
            return named
        if self.date >= 0.7:
            return "date"
        if style == "by" and self.names >= 0.4:
            return "authors"
        if self.venue >= 0.7 and self.year >= 0.6 and self.words <= 8:
            return "venue"
        if self.names >= 0.6 and self.words >= 2:
            return "authors"
        if self.equal >= 0.6 and self.venue < 0.8:
            return "title"
        if self.sure_venue >= 0.4 and self.words <= 7 and self.equal < 0.4:
            return "venue"
        # Texts of a few words that recur are venues where some of them are known as such.
        recur = self.count >= _FEW and self.distinct <= 0.6 and self.words <= 8
        if recur and self.venue >= 0.1 and self.equal < 0.4 and self.names < 0.85:
            return "venue"
        venue = self.as_venue
        if venue >= 0.55 and venue > self.names and self.equal < 0.4:
            return "venue"
        if self.venue >= 0.35 and self.year >= 0.7 and self.equal < 0.3:
            return "venue"
        if self.names >= 0.55 and self.equal < 0.3 and self.holds < 0.3:
            return "authors"
        if self.title >= 0.55 and self.words >= 3.5 and self.distinct >= 0.6:
            return "title"
        return "other"

    @property
    def as_venue(self) -> float:
        """How much the texts look like venues; short ones that recur do more."""
        repeats = self.count >= _MANY and self.words <= 7
        return self.venue + (0.5 * (1.0 - self.distinct) if repeats else 0.0)

    @property
    def as_title(self) -> float:
        """How well the slot would do as the title, to compare slots of one entry."""
        return self.title * (0.5 + 0.5 * self.distinct) + 0.5 * self.equal + 0.2 * self.holds


class Votes:
    """The roles of a list's slots."""

    def __init__(self, entries: Iterable[tuple[Sequence[Slot], str | None]]) -> None:
        self.stats: dict[Key, Stat] = {}
        entries = list(entries)
        for slots, title in entries:
            for slot in slots:
                folded = fold(slot.text)
                for key in (slot.key, slot.place):
                    stat = self.stats.get(key)
                    if stat is None:
                        stat = self.stats[key] = Stat()
                    stat.add(slot.text, folded, title)
        titles = (self.title_slot(slots) for slots, _ in entries)
        best = Counter(slot.key for slot in titles if slot is not None)
        self._find_dated(slots for slots, _ in entries)
        for key, stat in self.stats.items():
            # Another slot of the same entries does better as their title.
            if stat.role == "title" and key[1] and not stat.given and best[key] < 0.2 * stat.count:
                stat.role = "other"
                if key[2] in _COMPOSITE and stat.words >= 3:
                    stat.order = find_order([text for text, _ in stat.sample], titled=False)

    def _find_dated(self, entries: Iterable[Sequence[Slot]]) -> None:
        """Take for venues the short texts, of no other role, right before the date of a paper."""
        dated: Counter[Key] = Counter()
        for slots in entries:
            roles = [stat.role if (stat := self.stat(slot)) else "other" for slot in slots]
            if "venue" in roles or "title" not in roles:
                continue
            for index in range(roles.index("title") + 1, len(slots) - 1):
                slot = slots[index]
                if roles[index] == "other" and roles[index + 1] == "date" and slot.style != "label":
                    dated[slot.key] += 1
        for key, count in dated.items():
            stat = self.stats[key]
            short = stat.settled and stat.words <= 8 and stat.names < 0.6 and stat.order is None
            if short and count >= max(_FEW, 0.7 * stat.count):
                stat.role, stat.given = "venue", True

    def title_slot(self, slots: Sequence[Slot]) -> Slot | None:
        """The slot of an entry that does best as its title, of those voted titles."""
        best: tuple[float, Slot] | None = None
        for slot in slots:
            stat = self.stat(slot) if slot.style != "label" else None
            if stat is not None and stat.role == "title":
                score = stat.as_title - (_BELOW if slot.line[:1] == "M" else 0.0)
                if best is None or score > best[0]:
                    best = (score, slot)
        return best[1] if best else None

    def stat(self, slot: Slot) -> Stat | None:
        """The votes on a slot: of its pattern, or of its place where the pattern is rare."""
        for key, least in ((slot.key, _FEW), (slot.place, _MANY)):
            stat = self.stats[key]
            if stat.count >= least:
                if not stat.settled:
                    stat.settle(key[0], key[2])
                return stat
        return None

    def roles(self, slots: Sequence[Slot]) -> set[str]:
        """The roles that an entry's slots were voted; `composite` for a title among others."""
        found: set[str] = set()
        for slot in slots:
            stat = self.stat(slot)
            if stat is not None:
                found.add("composite" if stat.order and "T" in stat.order.fields else stat.role)
        return found

    def is_regular(self, slot: Slot) -> bool:
        """Whether enough entries have the pattern of this slot's line."""
        return self.stats[slot.key].count >= _FEW

    def is_whole(self, slot: Slot) -> bool:
        """Whether a slot at this place is the whole title in most entries."""
        stat = self.stats[slot.place]
        if not stat.settled:
            stat.settle(slot.line, slot.style)
        return stat.equal >= 0.5

    def is_tagged(self, slot: Slot) -> bool:
        """Whether most texts at this place have brackets in front, as `(GCN) Semi-Supervised …`."""
        if slot.untagged == slot.whole:
            return False
        return self.stats[slot.boxes[0].place].count >= 0.5 * self.stats[slot.place].count

    def is_common(self, box: Slot, slot: Slot) -> bool:
        """Whether words behind `by` are authors in this list: a few titles hold the word."""
        if box.style != "by":
            return True
        return self.stats[box.key].count >= _OFTEN_BY * self.stats[slot.key].count
