"""Wrong values in the rows of an answer: a fuzzer for any field of both services.

`mutations(row)` gives every way of spoiling one value of a row; the fault `mutate` draws one.
"""

from __future__ import annotations

import copy
import html
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from enrich.sandbox.answers import Answer, Occurrence
from enrich.sandbox.fault_rows import rows_changed

MISSING = object()  # the key itself is left out
# How a value can be wrong; each gives the wrong value for a right one.
HOW: dict[str, Callable[[Any], Any]] = {
    "missing": lambda value: MISSING,
    "null": lambda value: None,
    "empty": lambda value: "",
    "blank": lambda value: " \n\t",
    "none-text": lambda value: "none",
    "nan-text": lambda value: "NaN",
    "text": lambda value: "some text",
    "number": lambda value: 7,
    "zero": lambda value: 0,
    "negative": lambda value: -1,
    "fraction": lambda value: 2.5,
    "beyond-64-bit": lambda value: 2**64,
    "nan": lambda value: float("nan"),
    "infinite": lambda value: float("inf"),
    "number-text": lambda value: "12",
    "true": lambda value: True,
    "true-text": lambda value: "true",
    "list": lambda value: [value],
    "empty-list": lambda value: [],
    "nulls": lambda value: [None, None],
    "object": lambda value: {"value": value},
    "empty-object": lambda value: {},
    "surrogate": lambda value: f"half a pair \ud83d of {value}",
    "nul": lambda value: f"a\0b {value}",
    "escape": lambda value: f"\x1b[31m{value}\x1b[0m",
    "long": lambda value: "x" * 100_000,
    "no-date": lambda value: "2026-02-31",
    "year-zero": lambda value: "0000-00-00",
    "far-date": lambda value: "99999-01-01",
}
# In a feed everything is text, and control characters would make it no XML.
ARXIV_HOW = (
    "missing", "empty", "blank", "none-text", "nan-text", "text", "negative", "number-text",
    "long", "no-date", "year-zero", "far-date",
)  # fmt: skip
ARXIV_FIELDS = (
    "id", "title", "updated", "summary", "published", "comment", "journal_ref", "name",
    "affiliation", "doi", "term", "href",
)  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """A row with one wrong value: `field` is a path such as `authors.0.name`."""

    field: str
    how: str
    row: dict[str, Any]


def mutations(row: dict[str, Any]) -> Iterator[Mutation]:
    """Every field of a row, nested ones included, in every way of being wrong."""
    for path in _paths(row):
        for how, wrong in HOW.items():
            yield Mutation(".".join(map(str, path)), how, _with(row, path, wrong))


def check(how: str) -> None:
    """Raise ValueError unless `how` is a key of `HOW` or empty."""
    if how and how not in HOW:
        raise ValueError(f"unknown way {how!r} of being wrong; known are {', '.join(HOW)}")


def mutated(at: Occurrence) -> Answer:
    """The answer with one wrong value in every row; rows without the field stay right.

    The fault's value is `FIELD:HOW`: a path such as `authors.0.name`, for arXiv an element such as
    `published`, and a key of `HOW`. What it leaves out is drawn.
    """
    wanted, _, how = (at.value or "").partition(":")

    def change(row: Any) -> Any:
        if isinstance(row, bytes):
            return _entry(row.decode(), at.random, wanted, how)
        if not isinstance(row, dict):
            return row
        paths = [p for p in _paths(row) if wanted in ("", ".".join(map(str, p)))]
        if not paths:
            return row
        return _with(row, at.random.choice(paths), HOW[how or at.random.choice(list(HOW))])

    return rows_changed(at, lambda rows: [change(row) for row in rows])


def _paths(value: Any, prefix: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items: dict[Any, Any] = {}
    if isinstance(value, dict):
        items = value
    elif isinstance(value, list):
        items = dict(enumerate(value[:2]))
    for key, inner in items.items():
        yield (*prefix, key)
        yield from _paths(inner, (*prefix, key))


def _with(
    row: dict[str, Any], path: tuple[str | int, ...], wrong: Callable[[Any], Any]
) -> dict[str, Any]:
    changed: Any = copy.deepcopy(row)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    value = wrong(holder[path[-1]])
    if value is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return dict(changed)


def entry_mutations(entry: str) -> Iterator[tuple[str, str, str]]:
    """Every element of a feed's entry in every way of being wrong: (element, way, entry)."""
    for name in ARXIV_FIELDS:
        if re.search(_pattern(name), entry):
            for how in ARXIV_HOW:
                yield name, how, _spoilt(entry, name, how)


def _entry(entry: str, rng: random.Random, field: str, how: str) -> bytes:
    names = [n for n in ARXIV_FIELDS if field in ("", n) and re.search(_pattern(n), entry)]
    if not names:
        return entry.encode()
    return _spoilt(entry, rng.choice(names), how or rng.choice(ARXIV_HOW)).encode()


def _spoilt(entry: str, name: str, how: str) -> str:
    if how == "missing":
        return re.sub(rf" {_pattern(name)}|{_pattern(name)}", "", entry, count=1)
    wrong = html.escape(str(HOW[how]("")))
    return re.sub(_pattern(name), lambda m: m[1] + wrong + m[3], entry, count=1)


def _pattern(name: str) -> str:
    if name in ("term", "href"):
        return rf'({name}=")([^"]*)(")'
    return rf"(<(?:arxiv:)?{name}>)([^<]*)(</(?:arxiv:)?{name}>)"
