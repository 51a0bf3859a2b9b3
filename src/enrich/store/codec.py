"""A `Record` as JSON text and back: the form in which the store keeps it."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from enrich.records import Author, Identifiers, Record

# What reading a damaged row raises.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError)
_NAMES = tuple(f.name for f in fields(Record))
_ID_NAMES = tuple(f.name for f in fields(Identifiers))
_HINTS = {**get_type_hints(Identifiers), **get_type_hints(Record)}
# The types that a field may have; a source is one of a few words, which are text.
_TYPES = {
    name: tuple(str if isinstance(kind, str) else kind for kind in get_args(hint) or (hint,))
    for name, hint in _HINTS.items()
}
# JSON has no tuples: these fields are stored as lists.
_TUPLES = tuple(name for name in _NAMES if _HINTS[name] == tuple[str, ...])


def encode(record: Record) -> str:
    """The record as compact JSON; empty fields are omitted."""
    body = {name: value for name in _NAMES if (value := getattr(record, name)) not in (None, ())}
    body["ids"] = {
        name: value for name in _ID_NAMES if (value := getattr(record.ids, name)) is not None
    }
    body["authors"] = [
        [a.name, a.s2_author_id, *a.affiliations] if a.affiliations or a.s2_author_id else [a.name]
        for a in record.authors
    ]
    return json.dumps(body, default=_iso, ensure_ascii=False, separators=(",", ":"))


def with_checksum(record: Record) -> tuple[str, int]:
    """The text of a record and its checksum (CRC-32)."""
    body = encode(record)
    return body, zlib.crc32(body.encode())


def verified(body: str, checksum: int) -> Record:
    """The record that `with_checksum` wrote.

    Raises ValueError, KeyError or TypeError when it is damaged.
    """
    if zlib.crc32(body.encode()) != checksum:
        raise ValueError("the record is damaged")
    return decode(body)


def checksum_of(body: str) -> int | None:
    """The checksum of a record that was stored without one; None where it cannot be read."""
    try:
        decode(body)
        return zlib.crc32(body.encode())
    except UNREADABLE:
        return None


def decode(text: str) -> Record:
    """The record that `encode` wrote; fields of later versions are dropped.

    Raises ValueError, KeyError or TypeError when the text is not such a record.
    """
    body = {k: v for k, v in json.loads(text).items() if k in _NAMES}
    ids = ids_of(body.pop("ids"))
    authors = tuple(
        Author(_text(name), rest[0] and _text(rest[0]) if rest else None, texts_of(rest[1:]))
        for name, *rest in body.pop("authors", ())
    )
    values = {name: value_of(name, value) for name, value in body.items()}
    return Record(ids=ids, authors=authors, **values)


def ids_of(row: Any) -> Identifiers:
    """Stored identifiers; raises where a value is of another type than declared."""
    return Identifiers(**{k: value_of(k, v) for k, v in row.items() if k in _ID_NAMES})


def value_of(name: str, value: Any) -> Any:
    """A stored value as the type that a record's field declares; raises where it is of another."""
    if name in _TUPLES:
        return texts_of(value)
    types = _TYPES[name]
    for kind in (datetime, date):
        if kind in types:
            return kind.fromisoformat(_text(value))
    if str in types:
        return _text(value)
    if type(value) not in types:
        raise TypeError(f"{name} holds {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    value.encode()  # raises for half a character
    return value


def texts_of(values: Any) -> tuple[str, ...]:
    """A stored list of texts; raises where it is something else."""
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is not a list")
    return tuple(map(_text, values))


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be stored")
