"""Which row of a batch answers which identifier: by identity, never by position alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enrich.records import Record
from enrich.store.keys import identity_keys

# Every row has these two, so they say nothing of whether a service shows identifiers at all.
_OWN = ("s2:", "corpus:")


@dataclass(frozen=True, slots=True)
class Paired:
    """`answers` by key (None: an explicit miss); `strays` are rows that answer no key asked.

    `open` are keys for which the answer says nothing that can be believed; all keys that are not
    found are when rows are missing.
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
    by_identity: dict[str, Record] = {}
    for record in filter(None, rows):
        for key in identity_keys(record):
            by_identity.setdefault(key, record)
    answers: dict[str, Record | None] = {k: by_identity[k] for k in keys if k in by_identity}
    used = {row.source_id for row in answers.values() if row}
    if len(rows) == len(keys):
        if _in_place(keys, rows, answers, used):
            trusted = bool(used) or len(keys) == 1 or not any(map(_shows_identifiers, rows))
            for key, row in zip(keys, rows, strict=True):
                if key in answers:
                    continue
                if row is None:
                    answers[key] = None
                elif (trusted or key.startswith(_OWN)) and not _contradicts(key, row):
                    answers[key] = row
                    used.add(row.source_id)
        elif all(row is None or row.source_id in used for row in rows):
            # Every row is accounted for, in another order: what is left are the nulls.
            answers.update({key: None for key in keys if key not in answers})
    strays = tuple(row for row in rows if row is not None and row.source_id not in used)
    return Paired(answers, strays, tuple(key for key in keys if key not in answers))


def _in_place(
    keys: Sequence[str],
    rows: Sequence[Record | None],
    answers: dict[str, Record | None],
    used: set[str],
) -> bool:
    """Whether every row that names a key asked stands where that key was asked."""
    return all(
        row is None
        or row.source_id not in used
        or ((mine := answers.get(key)) is not None and mine.source_id == row.source_id)
        for key, row in zip(keys, rows, strict=True)
    )


def _shows_identifiers(row: Record | None) -> bool:
    return row is not None and any(not key.startswith(_OWN) for key in identity_keys(row))


def _contradicts(key: str, row: Record) -> bool:
    """Whether `row` says of itself that it is another paper than `key` names."""
    return key.startswith("arxiv:") and row.ids.arxiv_id is not None
