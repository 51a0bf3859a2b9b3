"""Asking for many titles: as many in one request as the service accepts, fewer when it refuses."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from enrich.errors import Misconfigured, Rejected, ServiceError, Unproven
from enrich.lookup.state import LookupState
from enrich.observer import Observer
from enrich.services import Arxiv, SemanticScholar
from enrich.services.title_queries import MAX_URL, TitleQuery, terms_of

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
    """One way of searching titles at one service in one run."""

    def __init__(
        self,
        name: str,
        client: Arxiv | SemanticScholar,
        way: str,
        state: LookupState,
        observer: Observer,
        *,
        endpoint: str | None = None,
        most_splits: int = _NO_LIMIT,
    ) -> None:
        """Prepare a search.

        Args:
            name: What progress reports call it.
            client: The service.
            way: Its name in the store.
            state: What is known of the questions.
            observer: Receives stages and progress.
            endpoint: What is asked, where it is not `way`.
            most_splits: How often, at most, a query whose answer is too long is asked in halves.
        """
        self._name, self._client, self._way = name, client, way
        self._endpoint, self._splits_left = endpoint or way, most_splits
        self._state, self._observer = state, observer
        self._asked = self._total = self._done = 0

    def together(self, titles: Mapping[str, TitleQuery]) -> Searched:
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
                if not self._client.question_is_at_fault(self._endpoint, error, batch):
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
                if cut and len(batch) > 1 and self._splits_left > 0:
                    # One short title can flood the answer of many: halves find it.
                    self._splits_left -= 1
                    groups.extend(_halves([key for key in batch if key in cut]))
                else:
                    result.alone.update(cut)
        return result

    def apart(self, titles: Mapping[str, TitleQuery]) -> Searched:
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
                        self._client.search_titles({}, control, self._way)
                    proven = True
                left = self._ask([key], {key: title}, None, len(titles) - place - 1)
            except Misconfigured:
                raise
            except ServiceError as error:
                if proven and self._client.question_is_at_fault(self._endpoint, error, [key]):
                    result.set_aside.add(key)
                else:
                    result.pending.add(key)
            else:
                result.alone.update(left)
        return result

    def _ask(
        self,
        batch: Sequence[str],
        titles: Mapping[str, TitleQuery],
        control: str | None,
        ahead: int,
    ) -> frozenset[str]:
        self._asked += 1

        def ask() -> frozenset[str]:
            with self._client.connection.exclusive():
                # Another process may have asked for some of them since.
                due = self._state.titles_to_search(self._client.service, self._way, batch)
                wanted = {key: titles[key] for key in batch if key in due}
                if not wanted:
                    return frozenset()
                return self._client.search_titles(wanted, control, self._way)

        cut = self._observer.stage(f"{self._name} {self._asked}/{self._asked + ahead}", ask)
        self._done += len(batch)
        self._observer.progress(self._name, min(self._done, self._total), self._total)
        return cut

    def _pack(self, keys: list[str], titles: Mapping[str, TitleQuery], control: str) -> list[str]:
        """As many of `keys`, from the first, as one address holds; at least one."""
        low, high = 1, len(keys)
        while low < high:
            middle = (low + high + 1) // 2
            asked = (titles[key] for key in keys[:middle])
            url = self._client.query_url([*terms_of(asked), f'"{control}"'])
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
