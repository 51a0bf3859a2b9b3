"""Which row of a batch answers which identifier: by identity, never by position alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enrich.records import Record
from enrich.store.store import identity_keys


@dataclass(frozen=True, slots=True)
class Paired:
    """`answers` by key (None: an explicit miss); `strays` are rows that answer no key asked.

    `open` are keys for which the answer says nothing that can be believed.
    """

    answers: dict[str, Record | None]
    strays: tuple[Record, ...]
    open: tuple[str, ...]


def pair(keys: Sequence[str], rows: Sequence[Record | None]) -> Paired:
    """Pair the identity keys asked with the rows answered.

    A row answers each key that is among its identifiers, wherever it stands. Position decides
    only for a row that contradicts nothing (a merged record has another paperId, a record shows
    one DOI of several), and only in an answer whose other rows stand where they were asked for.
    """
    answers: dict[str, Record | None] = {}
    by_identity: dict[str, Record] = {}
    for row in rows:
        for key in identity_keys(row) if row else ():
            by_identity.setdefault(key, row)  # type: ignore[arg-type]  # row is a record here
    for key in keys:
        if key in by_identity:
            answers[key] = by_identity[key]
    used = {id(row) for row in answers.values()}
    aligned = len(rows) == len(keys) and all(
        row is None or (key in answers and answers[key] is row) or id(row) not in used
        for key, row in zip(keys, rows, strict=True)
    )
    if aligned:
        verified = any(row is not None and id(row) in used for row in rows)
        for key, row in zip(keys, rows, strict=True):
            if key in answers:
                continue
            if row is None:
                answers[key] = None
            elif _may_be(key, row) and (verified or len(keys) == 1 or _is_own(key)):
                answers[key] = row
                used.add(id(row))
    elif len(rows) < len(keys) and all(row is not None and id(row) in used for row in rows):
        # Unknown identifiers were left out instead of answered with null.
        answers.update({key: None for key in keys if key not in answers})
    elif len(rows) == len(keys) and all(row is None or id(row) in used for row in rows):
        # All rows are accounted for, in another order; the rest are nulls.
        answers.update({key: None for key in keys if key not in answers})
    strays = tuple(row for row in rows if row is not None and id(row) not in used)
    return Paired(answers, strays, tuple(key for key in keys if key not in answers))


def _is_own(key: str) -> bool:
    return key.startswith(("s2:", "corpus:"))


def _may_be(key: str, row: Record) -> bool:
    """Whether nothing in `row` speaks against its being what `key` names."""
    return not (key.startswith("arxiv:") and row.ids.arxiv_id)
