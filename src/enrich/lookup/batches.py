"""Asking for many things in batches: in order, halving what is refused, noting what stayed open."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from enrich.errors import Rejected, ServiceError
from enrich.observer import Observer
from enrich.services import Line

T = TypeVar("T")


def ask_in_batches(
    line: Line,
    observer: Observer,
    name: str,
    items: Sequence[T],
    size: int,
    ask: Callable[[Sequence[T]], None],
    refused: Callable[[T], None],
    learn: Callable[[int], None] = lambda size: None,
) -> set[T]:
    """Ask for all `items`, at most `size` in one go; returns those that could not be asked.

    A batch that is refused is halved until the one item is found that spoils it, which is handed
    to `refused`. Where both halves pass, the size was the trouble: smaller batches from then on,
    and `learn` is told. A batch whose answer never came is asked once more in halves at the end.
    """
    queue: deque[_Batch[T]] = deque(
        _Batch(items[start : start + size]) for start in range(0, len(items), size)
    )
    total, done, number = len(items), 0, 0
    failed: set[T] = set()
    while queue:
        batch = queue.popleft()
        number += 1
        label = f"{name} {number}/{number + len(queue)}"
        try:
            observer.stage(label, lambda batch=batch: ask(batch.items))  # type: ignore[misc]
        except Rejected:
            if len(batch.items) > 1:
                halves = batch.halves()
                queue.extendleft(reversed(halves))
                continue
            refused(batch.items[0])
        except ServiceError:
            if line.closed is None and len(batch.items) > 1 and not batch.late:
                queue.extend(batch.halves(late=True))
                continue
            failed.update(batch.items)
        else:
            if batch.parent is not None and (smaller := batch.parent.passed()):
                learn(smaller)
                queue = _cut(queue, smaller)
        done += len(batch.items)
        observer.progress(name, done, total)
    return failed


class _Batch(Generic[T]):
    """Some items; `parent` is the refused batch that it is a half of."""

    def __init__(self, items: Sequence[T], parent: _Batch[T] | None = None, late: bool = False):
        self.items, self.parent, self.late = items, parent, late
        self._open_halves = 2

    def halves(self, *, late: bool = False) -> list[_Batch[T]]:
        """The two halves of it, to be asked again."""
        middle = (len(self.items) + 1) // 2
        parent = None if late else self
        return [
            _Batch(part, parent, late)
            for part in (self.items[:middle], self.items[middle:])
            if part
        ]

    def passed(self) -> int | None:
        """Told by a half that it passed; the size of a half once both have."""
        self._open_halves -= 1
        return None if self._open_halves else (len(self.items) + 1) // 2


def _cut(queue: deque[_Batch[T]], size: int) -> deque[_Batch[T]]:
    """The same batches, none larger than `size`."""
    smaller: deque[_Batch[T]] = deque()
    for batch in queue:
        if len(batch.items) <= size:
            smaller.append(batch)
        else:
            smaller.extend(
                _Batch(batch.items[start : start + size], None, batch.late)
                for start in range(0, len(batch.items), size)
            )
    return smaller
