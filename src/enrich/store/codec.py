"""A `Record` as JSON text and back: the form in which the store keeps it."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from enrich.records import Author, Identifiers, Record

_NAMES = tuple(f.name for f in fields(Record))
_ID_NAMES = tuple(f.name for f in fields(Identifiers))
_TYPES = get_type_hints(Record)
_MOMENTS = tuple(name for name in _NAMES if datetime in (_TYPES[name], *get_args(_TYPES[name])))
_TUPLES = tuple(name for name in _NAMES if _TYPES[name] == tuple[str, ...])


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


def decode(text: str) -> Record:
    """The record that `encode` wrote; fields of later versions are dropped.

    Raises ValueError, KeyError or TypeError when the text is not such a record.
    """
    body: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in _NAMES}
    body["ids"] = Identifiers(**{k: v for k, v in body["ids"].items() if k in _ID_NAMES})
    body["authors"] = tuple(
        Author(name, rest[0] if rest else None, tuple(rest[1:]))
        for name, *rest in body.get("authors", ())
    )
    for name in _MOMENTS:
        if name in body:
            body[name] = datetime.fromisoformat(body[name])
    if "published_on" in body:
        body["published_on"] = date.fromisoformat(body["published_on"])
    for name in _TUPLES:
        if name in body:
            body[name] = tuple(body[name])
    return Record(**body)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be stored")
