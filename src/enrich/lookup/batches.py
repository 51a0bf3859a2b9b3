"""Asking for many things in batches: halving what fails through its own fault, nothing lost.

One state machine for what becomes of a question:

    due -> answered                    the answer is stored (a record or a proven miss)
        -> due, in half of the batch   the batch was refused or failed, but the endpoint works
        -> set aside                   alone in its batch, and fails or is denied at an endpoint
                                       that works
        -> pending                     the endpoint does not work, refuses in other words, or has
                                       no row for it in two batches
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from enrich.errors import Misconfigured, Rejected, ServiceError
from enrich.observer import Observer
from enrich.services import ServiceClient

_DENIED = ("not_found", "bad_id")


@dataclass(slots=True)
class Outcome:
    """What became of the questions that were not answered.

    Attributes:
        pending: Could not be asked, or were not answered.
        set_aside: Make every request fail that holds them.
        size: The size that batches were cut to, None where the given one was accepted.
    """

    pending: set[str] = field(default_factory=set)
    set_aside: set[str] = field(default_factory=set)
    size: int | None = None


class _Batch:
    """Some questions; `parent` is the batch that it is a half of, `again` that it is repeated."""

    def __init__(
        self, items: Sequence[str], parent: _Batch | None = None, *, again: bool = False
    ) -> None:
        self.items, self.parent, self.again = list(items), parent, again
        self._halves_left = 2

    def halves(self) -> list[_Batch]:
        middle = (len(self.items) + 1) // 2
        return [_Batch(part, self, again=self.again) for part in (
            self.items[:middle], self.items[middle:])]  # fmt: skip

    def half_passed(self) -> int | None:
        """Note that a half passed; the size of a half once both have."""
        self._halves_left -= 1
        return None if self._halves_left else (len(self.items) + 1) // 2


def ask_in_batches(
    client: ServiceClient,
    endpoint: str,
    items: Iterable[str],
    size: int,
    ask: Callable[[Sequence[str]], Iterable[str]],
    *,
    name: str,
    observer: Observer,
) -> Outcome:
    """Ask for all `items`, at most `size` in one request.

    A batch that is refused or fails is halved until the one item is found that spoils it, as long
    as the endpoint answers something else. Where both halves pass, the size was the cause: smaller
    batches from then on. Halving ends when nothing has passed for longer than one or two bad
    items could cause: then what refuses is the endpoint, not an item.

    Args:
        client: The service's client.
        endpoint: What is asked.
        items: Keys of the questions.
        size: How many fit into one request.
        ask: Asks for some of them; returns those that the answer says nothing about.
        name: What the stages are called.
        observer: Runs each request as a stage.

    Returns:
        What became of the items that were not answered.

    Raises:
        Misconfigured: The endpoint refuses everything, and the service has never answered.
    """
    items = list(items)
    queue = deque(_Batch(items[start : start + size]) for start in range(0, len(items), size))
    outcome, done, number = Outcome(), 0, 0
    # A bad item of n fails log2(n) + 1 times before the half beside it passes; allow for two such
    # halves in a row.
    failures, most_failures = 0, min(size, len(items)).bit_length() + 2
    while queue:
        batch = queue.popleft()
        number += 1
        label = f"{name} {number}/{number + len(queue)}"
        try:
            unanswered = list(observer.stage(label, lambda batch=batch: ask(batch.items)))  # type: ignore[misc]
        except Misconfigured:
            raise
        except ServiceError as error:
            failures += 1
            if failures > most_failures or not client.question_is_at_fault(
                endpoint, error, batch.items
            ):
                outcome.pending.update(batch.items)
            elif len(batch.items) > 1:
                queue.extendleft(reversed(batch.halves()))
                continue
            elif isinstance(error, Rejected) and error.refusal not in _DENIED:
                outcome.pending.update(batch.items)
            else:
                outcome.set_aside.update(batch.items)
        else:
            failures = 0
            if unanswered and not batch.again:
                queue.append(_Batch(unanswered, again=True))
            else:
                outcome.pending.update(unanswered)
            if batch.parent is not None and (smaller := batch.parent.half_passed()):
                outcome.size = smaller
                queue = _cut(queue, smaller)
        done += len(batch.items)
        observer.progress(name, min(done, len(items)), len(items))
    return outcome


def _cut(queue: deque[_Batch], size: int) -> deque[_Batch]:
    """The same batches, none larger than `size`."""
    smaller: deque[_Batch] = deque()
    for batch in queue:
        if len(batch.items) <= size:
            smaller.append(batch)
            continue
        for start in range(0, len(batch.items), size):
            smaller.append(_Batch(batch.items[start : start + size], again=batch.again))
    return smaller
