"""Asking for many titles: as many in one request as the service bears, fewer when it refuses."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from enrich.clock import Clock
from enrich.errors import Rejected, ServiceError, Unproven
from enrich.observer import Observer
from enrich.papers.titles import title_key
from enrich.services import Line
from enrich.services.title_queries import MAX_URL
from enrich.store import Store

# How long, in days, what was learnt is believed: a size that was refused, a way that does not work.
_SIZE_DAYS, _WAY_DAYS = 30, 1
_NO_LIMIT = 10_000


class TitleService(Protocol):
    """What both clients offer for titles."""

    line: Line

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address of a query for all `titles`."""
        ...

    def by_titles(
        self, missing: Callable[[], Mapping[str, str]], witness: str | None
    ) -> frozenset[str]:
        """Ask; returns the keys that the answer was too long for."""
        ...


@dataclass(slots=True)
class Asked:
    """Title keys that could not be asked at all (`failed`), or not together (`left`)."""

    failed: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)


class TitleSearch:
    """The title searches of one service in one run.

    `needed` says, when the turn has come, which keys nobody has asked for meanwhile; `witness`
    gives a title that the service is known to hold.
    """

    def __init__(
        self,
        name: str,
        service: TitleService,
        store: Store,
        clock: Clock,
        observer: Observer,
        needed: Callable[[Iterable[str]], set[str]],
        witness: Callable[[], str | None],
    ) -> None:
        self._name, self._service = name, service
        self._store, self._clock, self._observer = store, clock, observer
        self._needed, self._witness = needed, witness
        self._asked = self._total = self._done = 0

    def together(self, titles: Mapping[str, str]) -> Asked:
        """Ask for `titles` (by title key), packed into as few requests as are borne.

        A refused query is halved and the size remembered. When the witness does not come up this
        way of asking is given up for a day: its titles are `left` for another way, and so are
        titles whose answer is too long even when asked alone.
        """
        groups: deque[list[str]] = deque([list(titles)])
        asked = Asked()
        self._total += len(titles)
        limit = self._learnt()
        while groups:
            group = groups[0]
            if not group:
                groups.popleft()
                continue
            if limit == 0:
                asked.left.update(*groups)
                break
            witness = self._witness()
            batch = self._pack(group[:limit], titles, witness)
            del group[: len(batch)]
            ahead = -(-sum(map(len, groups)) // len(batch))
            try:
                cut = self._ask(batch, titles, witness, ahead)
            except (Rejected, Unproven) as error:
                limit = 0 if isinstance(error, Unproven) else len(batch) // 2
                self._store.learn(
                    self._service.line.service, "titles", str(limit), self._clock.now()
                )
                group[:0] = batch
            except ServiceError:
                asked.failed.update(batch)
            else:
                if cut and len(batch) > 1:
                    # One short title can flood the answer of many: halves find it.
                    again = [key for key in batch if key in cut]
                    middle = (len(again) + 1) // 2
                    groups.extend([again[:middle], again[middle:]])
                else:
                    asked.left.update(cut)
        return asked

    def apart(self, titles: Mapping[str, str]) -> Asked:
        """Ask for `titles` one at a time; a title that is refused counts as asked.

        The witness is asked for first: when even that is not found nothing is believed.
        """
        asked = Asked()
        witness = self._witness()
        self._total += len(titles)
        proven = witness is None
        for place, (key, title) in enumerate(titles.items()):
            try:
                if not proven and witness is not None:
                    self._service.by_titles(lambda: {title_key(witness): witness}, witness)
                    proven = True
                left = self._ask([key], {key: title}, None, len(titles) - place - 1)
            except Rejected:
                continue
            except ServiceError:
                asked.failed.add(key)
            else:
                asked.left.update(left)
        return asked

    def _ask(
        self, batch: Sequence[str], titles: Mapping[str, str], witness: str | None, ahead: int
    ) -> frozenset[str]:
        self._asked += 1

        def missing() -> dict[str, str]:
            return {key: titles[key] for key in self._needed(batch)}

        cut = self._observer.stage(
            f"{self._name} {self._asked}/{self._asked + ahead}",
            lambda: self._service.by_titles(missing, witness),
        )
        self._done += len(batch)
        self._observer.progress(self._name, min(self._done, self._total), self._total)
        return cut

    def _pack(self, keys: list[str], titles: Mapping[str, str], witness: str | None) -> list[str]:
        """As many of `keys`, from the first, as one address bears; at least one."""
        extra = [witness] if witness else []
        low, high = 1, len(keys)
        while low < high:
            middle = (low + high + 1) // 2
            url = self._service.titles_url([*(titles[key] for key in keys[:middle]), *extra])
            low, high = (middle, high) if len(url) <= MAX_URL else (low, middle - 1)
        return keys[:low]

    def _learnt(self) -> int:
        learnt = self._store.learnt(self._service.line.service, "titles")
        if learnt is None:
            return _NO_LIMIT
        limit = int(learnt[0])
        days = _SIZE_DAYS if limit else _WAY_DAYS
        return limit if abs((self._clock.now() - learnt[1]).days) < days else _NO_LIMIT
