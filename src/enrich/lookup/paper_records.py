"""The records that a run holds of one paper: which belong together, which one stands for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from enrich.papers.same_paper import one_paper, other_paper
from enrich.records import Identifiers, Record

_FIELDS = attrgetter(*Identifiers.__dataclass_fields__)


def add(rows: list[Record], record: Record) -> None:
    """Add a record of the same paper, unless it is there already.

    The arXiv id of a row is left out where arXiv has another paper by other people under it.
    """
    if any((r.source, r.source_id) == (record.source, record.source_id) for r in rows):
        return
    if any(one_paper(r, record) for r in rows):
        rows.append(record)
    elif record.source == "arxiv":
        for place, row in enumerate(rows):
            if row.ids.arxiv_id == record.ids.arxiv_id and other_paper(row, record):
                rows[place] = replace(row, ids=replace(row.ids, arxiv_id=None))


def one_each(rows: Sequence[Record]) -> tuple[Record, ...]:
    """One record of each source, so that which of two came up in a search makes no difference.

    Where a source has two of one paper, the one that knows most other identifiers stands for it.
    """
    best: dict[str, Record] = {}
    for row in sorted(rows, key=lambda r: (r.ids.arxiv_id is None, r.ids.doi is None, r.source_id)):
        best.setdefault(row.source, row)
    return tuple(row for row in rows if best[row.source] is row)


def union(records: Sequence[Record]) -> Identifiers:
    """All identifiers of a paper; where two records differ, the first one's."""
    ids = records[0].ids
    for record in records[1:]:
        if record.ids is not ids:
            ids = Identifiers(
                *(
                    mine if mine is not None else theirs
                    for mine, theirs in zip(_FIELDS(ids), _FIELDS(record.ids), strict=True)
                )
            )
    return ids
