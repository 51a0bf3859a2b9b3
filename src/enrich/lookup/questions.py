"""What there is to ask about an entry, and whether what is held of it is still fresh. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from enrich.papers.identifiers import ASKABLE, BY_NAME, askable_keys, parse_key
from enrich.papers.references import ReferenceList
from enrich.papers.titles import title_key
from enrich.records import Entry, Method, Override
from enrich.resolve import wants_lookup
from enrich.settings import Settings
from enrich.store import Held

Due = Literal["all", "counts"]
# A daily run starts a little earlier on one day than on another; its counts are due all the same.
_SLACK = timedelta(minutes=30)
_LONGEST_RUN = timedelta(days=7)
METHODS: Mapping[str, Method] = {kind.name: kind.method for kind in ASKABLE}


@dataclass(frozen=True, slots=True)
class Question:
    """One entry that is worth a look-up: its identity keys, best first, and its title."""

    entry: Entry
    override: Override | None
    keys: tuple[str, ...]
    title: str
    title_key: str

    @property
    def arxiv_keys(self) -> tuple[str, ...]:
        """Those of its keys that arXiv can answer."""
        return tuple(key for key in self.keys if key.startswith("arxiv:"))


def questions_of(
    entries: Sequence[Entry], overrides: Mapping[str, Override]
) -> tuple[Question, ...]:
    """The questions worth asking, in the order of the list."""
    questions = []
    for entry in entries:
        override = overrides.get(entry.entry_id)
        if not wants_lookup(entry, override):
            continue
        pinned = pin_key(override.pin) if override and override.pin else None
        keys = (pinned,) if pinned else askable_keys(entry.ids)
        # A pinned entry is settled by its pin: its title is not searched.
        title = "" if pinned else entry.title
        questions.append(Question(entry, override, keys, title, title_key(title)))
    return tuple(questions)


def pin_key(pin: str) -> str | None:
    """The identity key that a pin names; None when no service can be asked for it."""
    key = parse_key(pin)
    return key if key and BY_NAME[key.partition(":")[0]].wire is not None else None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what is stored may be. What is younger than `began` was answered in this run.

    With `refresh` everything older than the run is due; with `offline` nothing is.
    """

    began: datetime
    metadata: timedelta
    counts: timedelta
    miss: timedelta
    refresh: bool
    offline: bool

    @classmethod
    def of(cls, settings: Settings, began: datetime) -> Freshness:
        """From the settings' days."""
        return cls(
            began,
            timedelta(days=settings.metadata_days),
            timedelta(days=settings.counts_days),
            timedelta(days=settings.miss_days),
            settings.refresh,
            settings.offline,
        )

    def record(self, held: Held | None, *, counts: bool) -> Due | None:
        """What is due of a record or miss: all of it, its counts, or nothing."""
        if self.offline:
            return None
        if held is None:
            return "all"
        if self._in_this_run(held.looked_at):
            return None if held.whole or held.record is None else "all"
        if self.refresh:
            return "all"
        if held.record is None:
            return "all" if self._older(held.looked_at, self.miss) else None
        if not held.whole or self._older(held.looked_at, self.metadata):
            return "all"
        counted = held.counts_at or held.looked_at
        if counts and not self._in_this_run(counted):
            slack = min(_SLACK, self.counts / 20)
            return "counts" if self._older(counted, self.counts - slack) else None
        return None

    def search(self, looked_at: datetime | None) -> bool:
        """Whether a title has to be searched (again) that did not lead to a paper so far."""
        if self.offline:
            return False
        if looked_at is None:
            return True
        if self._in_this_run(looked_at):
            return False
        return self.refresh or self._older(looked_at, self.miss)

    def references(self, held: ReferenceList | None) -> bool:
        """Whether the references of a paper have to be asked for (again).

        They are as fresh as metadata, those that came short as misses.
        """
        if self.offline:
            return False
        if held is None:
            return True
        if self._in_this_run(held.observed_at):
            return False
        age = self.miss if held.status == "failed" else self.metadata
        return self.refresh or self._older(held.observed_at, age)

    def _in_this_run(self, moment: datetime) -> bool:
        # No run lasts a week; a later time is of a clock that was wrong.
        return self.began <= moment < self.began + _LONGEST_RUN

    def _older(self, moment: datetime, age: timedelta) -> bool:
        # A time far in the future is a clock that was wrong: as good as old.
        return abs(self.began - moment) >= age


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The entries of a list, what people decided about them, and what there is to ask."""

    entries: tuple[Entry, ...]
    overrides: Mapping[str, Override]
    questions: tuple[Question, ...]
    fresh: Freshness
