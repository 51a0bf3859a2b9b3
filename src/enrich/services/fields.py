"""Typed accessors for the fields of a foreign row: a valid value, or None and a counted fault.

Nothing of a foreign row reaches a record but through here, so that a record holds values of its
declared types which can be written to Parquet, and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from enrich.papers.escape_sequences import without_escapes

T = TypeVar("T")

INT32, INT64 = 2**31 - 1, 2**63 - 1
# Years of publication: the oldest scanned journals that Semantic Scholar indexes are of the 17th
# century; works of next year are announced.
_FIRST_YEAR, _YEARS_AHEAD = 1600, 2
# Words that mean "nothing" in the programs that write them into a text field.
_NOTHING = frozenset({"none", "null", "nan", "n/a", "undefined", "nil"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Control characters would move the cursor of a terminal and break lines of CSV.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
# Characters: the longest recorded title has 300, the longest recorded abstract 8,081.
SHORT_TEXT, LONG_TEXT = 2_000, 50_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that held something else than it should: its name and what was wrong."""

    field: str
    kind: str


Faults = Counter[Fault]


class FieldReader:
    """Takes the fields out of one row, each once.

    `faults` counts what could not be read; a field that is missing, null or blank is none.
    """

    def __init__(self, row: Mapping[str, Any], faults: Faults, prefix: str = "") -> None:
        self._left = dict(row)
        self._faults, self._prefix = faults, prefix

    def text(self, name: str, most: int = SHORT_TEXT) -> str | None:
        """Text of `most` characters at most, on one line, without control characters."""
        return self._read(name, lambda value: self._clean(value, most))

    def number(
        self, name: str, least: int = 0, most: int = INT32, *, or_text: bool = False
    ) -> int | None:
        """A whole number from `least` to `most`; with `or_text` also one written as text.

        Args:
            name: The field.
            least: The smallest value that counts.
            most: The largest one.
            or_text: Whether digits in a text count too.
        """

        def check(value: Any) -> int:
            if or_text and isinstance(value, str) and value.isascii() and value.isdigit():
                # Python refuses to convert texts of thousands of digits; 20 are out of range
                # already.
                value = int(value[:20])
            if type(value) is not int:  # a bool is an int to isinstance
                raise _Wrong("not a whole number")
            if not least <= value <= most:
                raise _Wrong("out of range")
            return value

        return self._read(name, check)

    def year(self, name: str, now: datetime) -> int | None:
        """A year of publication."""
        return self.number(name, _FIRST_YEAR, now.year + _YEARS_AHEAD)

    def flag(self, name: str) -> bool | None:
        """True or False."""

        def check(value: Any) -> bool:
            if not isinstance(value, bool):
                raise _Wrong("not true or false")
            return value

        return self._read(name, check)

    def day(self, name: str, now: datetime) -> date | None:
        """A day as YYYY-MM-DD."""

        def check(value: Any) -> date:
            text = self._clean(value)
            if text is None or not _DATE.fullmatch(text):
                raise _Wrong("not a date")
            try:
                day = date.fromisoformat(text)
            except ValueError:
                raise _Wrong("not a date") from None
            if not _FIRST_YEAR <= day.year <= now.year + _YEARS_AHEAD:
                raise _Wrong("out of range")
            return day

        return self._read(name, check)

    def moment(self, name: str, first: datetime, now: datetime) -> datetime | None:
        """A time in UTC, not before `first` and not more than two days ahead of `now`.

        Args:
            name: The field.
            first: The earliest time that counts.
            now: The time of the answer.
        """

        def check(value: Any) -> datetime:
            try:
                moment = datetime.fromisoformat(self._clean(value) or "")
                moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
            except (ValueError, OverflowError):
                raise _Wrong("not a time") from None
            if not first <= moment <= now + timedelta(days=2):
                raise _Wrong("out of range")
            return moment

        return self._read(name, check)

    def identifier(self, name: str, read: Callable[[str], T | None]) -> T | None:
        """An identifier, as `read` makes it of a text; None from `read` is a fault."""

        def check(value: Any) -> T:
            text = self._clean(value)
            found = read(text) if text else None
            if found is None:
                raise _Wrong("not an identifier")
            return found

        return self._read(name, check)

    def address(self, name: str) -> str | None:
        """An http or https address, its blanks percent-encoded."""

        def check(value: Any) -> str:
            text = (self._clean(value) or "").replace(" ", "%20")
            try:
                parts = urlsplit(text)
                good = parts.scheme in ("http", "https") and bool(parts.hostname)
            except ValueError:
                good = False
            if not good:
                raise _Wrong("not an address")
            return text

        return self._read(name, check)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, without repetitions."""
        return tuple(dict.fromkeys(self._items(name, self._clean)))

    def row(self, name: str) -> FieldReader:
        """The fields of a nested object; empty where there is none."""

        def check(value: Any) -> dict[str, Any]:
            if not isinstance(value, dict):
                raise _Wrong("not an object")
            return value

        found = self._read(name, check) or {}
        return FieldReader(found, self._faults, f"{self._prefix}{name}.")

    def rows(self, name: str) -> Iterator[FieldReader]:
        """The fields of each object in a list."""

        def check(value: Any) -> dict[str, Any]:
            if not isinstance(value, dict):
                raise _Wrong("holds something else than objects")
            return value

        for item in self._items(name, check):
            yield FieldReader(item, self._faults, f"{self._prefix}{name}.")

    def ignore(self, *names: str) -> None:
        """Fields that are known and not used."""
        for name in names:
            self._left.pop(name, None)

    def unknown(self) -> set[str]:
        """The names of the fields that nobody has taken."""
        return {self._prefix + name for name in self._left if isinstance(name, str)}

    def fault(self, name: str, kind: str) -> None:
        """Count a fault that only the caller can see."""
        self._faults[Fault(self._prefix + name, kind)] += 1

    def _read(self, name: str, check: Callable[[Any], T | None]) -> T | None:
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return check(value)
        except _Wrong as wrong:
            self.fault(name, str(wrong))
            return None

    def _items(self, name: str, check: Callable[[Any], T | None]) -> list[T]:
        def as_list(value: Any) -> list[Any]:
            if not isinstance(value, list):
                raise _Wrong("not a list")
            return value

        items: list[T] = []
        for value in self._read(name, as_list) or ():
            try:
                item = check(value) if value is not None else None
            except _Wrong as wrong:
                self.fault(name, str(wrong))
                continue
            if item is not None:
                items.append(item)
        return items

    @staticmethod
    def _clean(value: Any, most: int = SHORT_TEXT) -> str | None:
        if not isinstance(value, str):
            raise _Wrong("not text")
        if len(value) > most:
            raise _Wrong("too long")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Wrong("half a character") from None
        text = " ".join(_CONTROL.sub(" ", without_escapes(value)).split())
        if text.lower() in _NOTHING:
            raise _Wrong("a word for nothing")
        return text or None


class _Wrong(Exception):
    """A value that is not what its field should hold; the message is the kind of fault."""
