"""Which row of a batch answers which identifier: by identity, never by position alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from enrich.papers.identifiers import askable_keys
from enrich.papers.same_paper import one_paper
from enrich.records import Record

# Every row has these two, so they say nothing of whether a service shows identifiers at all.
_OWN = ("s2:", "corpus:")


class Unusable(Enum):
    """A row that is neither a record nor the service's null."""

    ROW = "unusable"


Row = Record | Unusable | None


@dataclass(frozen=True, slots=True)
class Paired:
    """Which key was answered with what.

    Attributes:
        found: Records by key.
        misses: Keys that were answered with null.
        open: Keys of which the answer says nothing that can be believed.
        unrequested: Records that answer no key.
        merged: The new source id by the old one of records that the service has merged.
    """

    found: dict[str, Record]
    misses: tuple[str, ...]
    open: tuple[str, ...]
    unrequested: tuple[Record, ...]
    merged: dict[str, str]


def pair(keys: Sequence[str], rows: Sequence[Row], known: Mapping[str, Record]) -> Paired:
    """Pair the identity keys asked with the rows answered.

    A row answers each key that is among its identifiers, wherever it stands. Position decides
    only in an answer with a row for each key whose other rows stand where they were asked for, and
    only for a row that contradicts nothing: a record shows one DOI of several, a merged record has
    another paperId and has to be the paper that is known under the old one.

    Args:
        keys: What was asked, in order.
        rows: What was answered, in order.
        known: Records that are held for some of the keys.

    Returns:
        An answer for each key, or the key among `open`.
    """
    records = [row for row in rows if isinstance(row, Record)]
    by_identity: dict[str, Record] = {}
    for record in records:
        for key in askable_keys(record.ids):
            by_identity.setdefault(key, record)
    found = {key: by_identity[key] for key in keys if key in by_identity}
    used = {record.source_id for record in found.values()}
    misses: list[str] = []
    if len(rows) == len(keys) and _in_place(keys, rows, found):
        trusted = bool(used) or len(keys) == 1 or not any(map(_shows_identifiers, records))
        for key, row in zip(keys, rows, strict=True):
            if key in found:
                continue
            if row is None:
                misses.append(key)
            elif isinstance(row, Record) and (row.source_id not in used or key in known):
                own = key.startswith(_OWN)
                if (trusted or own) and not _contradicts(key, row, known.get(key)):
                    found[key] = row
                    used.add(row.source_id)
    elif len(rows) == len(keys) and all(r is None or _is_used(r, used) for r in rows):
        # Every row is accounted for, in another order: the keys without one are the nulls'.
        misses = [key for key in keys if key not in found]
    merged = {
        old.source_id: found[key].source_id
        for key in keys
        if key in found and (old := known.get(key)) and old.source_id != found[key].source_id
        and key.startswith("s2:")
    }  # fmt: skip
    answered = {*found, *misses}
    return Paired(
        found,
        tuple(misses),
        tuple(key for key in keys if key not in answered),
        tuple(record for record in records if record.source_id not in used),
        merged,
    )


def _in_place(keys: Sequence[str], rows: Sequence[Row], found: Mapping[str, Record]) -> bool:
    """Whether each key that a row names has that row at its place.

    The row may stand elsewhere too: under an older id of the same paper.
    """
    return all(
        _is_used(row, {found[key].source_id})
        for key, row in zip(keys, rows, strict=True)
        if key in found
    )


def _is_used(row: Row, used: set[str]) -> bool:
    return isinstance(row, Record) and row.source_id in used


def _shows_identifiers(record: Record) -> bool:
    return any(not key.startswith(_OWN) for key in askable_keys(record.ids))


def _contradicts(key: str, row: Record, known: Record | None) -> bool:
    """Whether `row` says of itself that it is another paper than `key` names."""
    if key.startswith("arxiv:") and row.ids.arxiv_id is not None:
        return True
    return known is not None and not one_paper(known, row)
