"""Asking for many titles: as many in one request as the service accepts, fewer when it refuses."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from enrich.errors import Misconfigured, Rejected, ServiceError, Unproven
from enrich.lookup.state import LookupState
from enrich.observer import Observer
from enrich.papers.titles import title_key
from enrich.services import Arxiv, SemanticScholar
from enrich.services.title_queries import MAX_URL

# How long, in days, what was learnt is believed: a size that was refused, a way that does not work.
_SIZE_DAYS, _WAY_DAYS = 30, 1
_NO_LIMIT = 10_000


@dataclass(slots=True)
class Searched:
    """Title keys that were not answered.

    Attributes:
        pending: Could not be asked.
        alone: Cannot be asked together with others.
        set_aside: Make every query fail that holds them.
    """

    pending: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    set_aside: set[str] = field(default_factory=set)


class TitleSearch:
    """The title searches of one service in one run; `way` is their name in the store."""

    def __init__(
        self,
        name: str,
        client: Arxiv | SemanticScholar,
        way: str,
        state: LookupState,
        observer: Observer,
    ) -> None:
        self._name, self._client, self._way = name, client, way
        self._state, self._observer = state, observer
        self._asked = self._total = self._done = 0

    def together(self, titles: Mapping[str, str]) -> Searched:
        """Ask for `titles` (by title key), packed into as few requests as are accepted.

        A refused query is halved and the size remembered; one that fails at an endpoint that works
        is halved too. When the control title does not come up, this way of asking is not used for
        a day: its titles are left for another way, and so are titles whose answer is too long even
        when asked alone.
        """
        groups: deque[list[str]] = deque([list(titles)])
        result = Searched()
        self._total += len(titles)
        limit = self._learnt_limit()
        while groups:
            group = groups[0]
            if not group:
                groups.popleft()
                continue
            if limit == 0:
                result.alone.update(*groups)
                break
            control = self._client.control().title
            batch = self._pack(group[:limit], titles, control)
            del group[: len(batch)]
            ahead = -(-sum(map(len, groups)) // len(batch))
            try:
                cut = self._ask(batch, titles, control, ahead)
            except Misconfigured:
                raise
            except Unproven:
                limit = self._learn_limit(0)
                group[:0] = batch
            except ServiceError as error:
                if not self._client.question_is_at_fault(self._way, error, batch):
                    result.pending.update(batch)
                elif isinstance(error, Rejected) and (len(batch) > 1 or not self._done):
                    limit = self._learn_limit(len(batch) // 2)
                    group[:0] = batch
                elif isinstance(error, Rejected):
                    result.alone.update(batch)
                elif len(batch) > 1:
                    groups.extendleft(reversed(_halves(batch)))
                else:
                    result.set_aside.update(batch)
            else:
                if cut and len(batch) > 1:
                    # One short title can flood the answer of many: halves find it.
                    groups.extend(_halves([key for key in batch if key in cut]))
                else:
                    result.alone.update(cut)
        return result

    def apart(self, titles: Mapping[str, str]) -> Searched:
        """Ask for `titles` one at a time.

        The control title is asked for first: when even that is not found nothing is believed.
        """
        result = Searched()
        control = self._client.control().title
        self._total += len(titles)
        proven = False
        for place, (key, title) in enumerate(titles.items()):
            try:
                if not proven:
                    with self._client.connection.exclusive():
                        self._client.search_titles({title_key(control): control}, control)
                    proven = True
                left = self._ask([key], {key: title}, None, len(titles) - place - 1)
            except Misconfigured:
                raise
            except ServiceError as error:
                if proven and self._client.question_is_at_fault(self._way, error, [key]):
                    result.set_aside.add(key)
                else:
                    result.pending.add(key)
            else:
                result.alone.update(left)
        return result

    def _ask(
        self, batch: Sequence[str], titles: Mapping[str, str], control: str | None, ahead: int
    ) -> frozenset[str]:
        self._asked += 1

        def ask() -> frozenset[str]:
            with self._client.connection.exclusive():
                # Another process may have asked for some of them since.
                due = self._state.titles_to_search(self._client.service, self._way, batch)
                wanted = {key: titles[key] for key in batch if key in due}
                return self._client.search_titles(wanted, control) if wanted else frozenset()

        cut = self._observer.stage(f"{self._name} {self._asked}/{self._asked + ahead}", ask)
        self._done += len(batch)
        self._observer.progress(self._name, min(self._done, self._total), self._total)
        return cut

    def _pack(self, keys: list[str], titles: Mapping[str, str], control: str) -> list[str]:
        """As many of `keys`, from the first, as one address holds; at least one."""
        low, high = 1, len(keys)
        while low < high:
            middle = (low + high + 1) // 2
            url = self._client.titles_url([*(titles[key] for key in keys[:middle]), control])
            low, high = (middle, high) if len(url) <= MAX_URL else (low, middle - 1)
        return keys[:low]

    def _learnt_limit(self) -> int:
        learnt = self._client.store.learnt(self._client.service, "titles")
        if learnt is None or not learnt[0].isdecimal():
            return _NO_LIMIT
        limit = int(learnt[0])
        days = _SIZE_DAYS if limit else _WAY_DAYS
        return limit if abs((self._client.clock.now() - learnt[1]).days) < days else _NO_LIMIT

    def _learn_limit(self, limit: int) -> int:
        now = self._client.clock.now()
        self._client.store.learn(self._client.service, "titles", str(limit), now)
        return limit


def _halves(keys: Sequence[str]) -> list[list[str]]:
    middle = (len(keys) + 1) // 2
    return [list(part) for part in (keys[:middle], keys[middle:]) if part]
