"""Asking for many titles: as many in one request as the service bears, fewer when it refuses."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from enrich.clock import Clock
from enrich.errors import Rejected, ServiceError
from enrich.observer import Observer
from enrich.records import Record
from enrich.services import Line
from enrich.services.phrases import MAX_URL
from enrich.store import Store

# What was learnt of a service's limits is tried again after a month.
_LEARNT_DAYS = 30
_NO_LIMIT = 10_000


class TitleService(Protocol):
    """What both clients offer for titles."""

    line: Line

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address of a query for all `titles`."""
        ...

    def by_titles(
        self, missing: Callable[[], Mapping[str, str]], witness: Record | None
    ) -> frozenset[str]:
        """Ask; returns the keys that the answer was too long for."""
        ...


@dataclass(slots=True)
class Asked:
    """What became of the title keys: could not be asked at all, or not in this way."""

    failed: set[str]
    left: set[str]


def ask_titles(
    service: TitleService,
    store: Store,
    clock: Clock,
    observer: Observer,
    name: str,
    titles: Mapping[str, str],
    needed: Callable[[Iterable[str]], set[str]],
    witness: Callable[[], Record | None],
) -> Asked:
    """Ask `service` for `titles` (by title key), packed.

    `needed` says, when the turn has come, which keys nobody has asked for meanwhile. A refused
    query is halved and the size remembered; a way that does not find `witness` is given up: its
    titles are `left` for another way, as are those whose answer was too long.
    """
    line = service.line
    limit = _learnt(store, clock, line.service)
    groups: deque[list[str]] = deque([list(titles)])
    asked = Asked(set(), set())
    number = done = 0
    while any(groups):
        group = groups[0]
        if not group:
            groups.popleft()
            continue
        if limit < 1:
            asked.left.update(*groups)
            break
        known = witness()
        batch = _pack(service, group[:limit], titles, known)
        del group[: len(batch)]
        number += 1
        ahead = -(-sum(map(len, groups)) // len(batch))

        def work(batch: list[str] = batch, known: Record | None = known) -> frozenset[str]:
            def missing() -> dict[str, str]:
                return {key: titles[key] for key in needed(batch)}

            return service.by_titles(missing, known)

        try:
            cut = observer.stage(f"{name} {number}/{number + ahead}", work)
        except Rejected as error:
            # Without a status it was not the service that refused: the way does not work at all.
            limit = 0 if error.status is None else len(batch) // 2
            store.learn(line.service, "titles", str(limit), clock.now())
            group[:0] = batch
            continue
        except ServiceError:
            asked.failed.update(batch)
        else:
            if cut and len(batch) > 1:
                # One short title can flood the answer of many: halves find the one.
                again = [key for key in batch if key in cut]
                middle = (len(again) + 1) // 2
                groups.extend([again[:middle], again[middle:]])
            else:
                asked.left.update(cut)
        done += len(batch)
        observer.progress(name, min(done, len(titles)), len(titles))
    return asked


def _pack(
    service: TitleService, keys: list[str], titles: Mapping[str, str], witness: Record | None
) -> list[str]:
    """As many of `keys`, from the first, as one address bears; at least one."""
    extra = [witness.title] if witness else []
    low, high = 1, len(keys)
    while low < high:
        middle = (low + high + 1) // 2
        url = service.titles_url([*(titles[key] for key in keys[:middle]), *extra])
        low, high = (middle, high) if len(url) <= MAX_URL else (low, middle - 1)
    return keys[:low]


def _learnt(store: Store, clock: Clock, service: str) -> int:
    learnt = store.learnt(service, "titles")
    if learnt is None or abs((clock.now() - learnt[1]).days) >= _LEARNT_DAYS:
        return _NO_LIMIT
    return int(learnt[0])
