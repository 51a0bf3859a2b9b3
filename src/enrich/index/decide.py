"""Run `decide` over the gathered titles, once per kind of case where the row cannot matter.

Without authors and year the outcome of a title with one exact match depends only on its length,
and a title with nothing near it has one outcome: `found_once`, `found_nowhere` and `no_title` hold
these. So it is for one candidate whose title differs only in the way lists write it (`OutcomeKey`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.io.atomic_files import replacing
from enrich.records import Author, Candidate, Entry, Identifiers, Record, Resolution
from enrich.resolve import decide
from enrich.resolve.title_relation import SHORT, Kind, relate, unlike

DECIDED: Final = pa.schema(
    [
        ("q", pa.int64()), ("status", pa.string()), ("method", pa.string()),
        ("score", pa.float64()), ("reason", pa.string()), ("matched_title", pa.string()),
        ("arxiv_id", pa.string()), ("s2_paper_id", pa.string()), ("s2_corpus_id", pa.int64()),
        ("doi", pa.string()),
    ]
)  # fmt: skip
_IDS: Final = ("arxiv_id", "s2_paper_id", "s2_corpus_id", "doi")
# `decide` reads no time of an index's record.
_ANY_DAY: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DecideJob:
    """Decide one row group of `work`/open.parquet."""

    work: str
    piece: int


def decide_piece(job: DecideJob) -> int:
    """The outcomes of one piece, to `decided-<piece>.parquet`; returns how many."""
    work = Path(job.work)
    rows = pq.ParquetFile(work / "open.parquet").read_row_group(job.piece).to_pylist()
    known: dict[OutcomeKey, Resolution] = {}
    outcomes = [_outcome(row, known) for row in rows]
    final = work / f"decided-{job.piece}.parquet"
    with replacing(final, durable=False) as file:
        pq.write_table(pa.Table.from_pylist(outcomes, DECIDED), file, compression="lz4")
    return len(rows)


def decide_row(row: dict[str, Any]) -> Resolution:
    """The resolution of one gathered row."""
    candidates = [Candidate(_record(found), "title:index") for found in row["candidates"]]
    return decide(entry(row["q"], row["title"], row["authors"], row["year"]), candidates)


# The relation of a title to its only candidate's, and whether the title is long. Without authors,
# year or a second candidate, score and reason depend on nothing else. Other kinds are decided row
# by row: a veto is named in the reason, the ratio counts for `near`, `part` and `other`, and a
# title within a longer reference (`quoted`) may have the authors there.
OutcomeKey = tuple[Kind, bool]
_DECIDED_BY_KIND: Final = frozenset(
    {"same", "trimmed", "named", "labelled", "unlabelled", "slip", "dropped", "added", "cut"}
)


def _outcome(row: dict[str, Any], known: dict[OutcomeKey, Resolution]) -> dict[str, Any]:
    """The outcome of one row, as a row of DECIDED; `known` is added to."""
    found = row["candidates"]
    if row["authors"] is not None or row["year"] is not None:
        return outcome_row(row["q"], decide_row(row))
    # Candidates that cannot be the paper matter only beside several that can.
    able = found
    if len(found) > 1:
        able = [one for one in found if not unlike(row["title"], one["title"])]
    if not able:
        return outcome_row(row["q"], found_nowhere())
    key = None
    if len(able) == 1:
        row["candidates"] = found = able
        relation = relate(row["title"], found[0]["title"])
        if relation.against is None and relation.kind in _DECIDED_BY_KIND:
            key = (relation.kind, relation.words > SHORT)
    if key in known:
        return _row(row["q"], known[key], found[0])
    resolution = decide_row(row)
    if resolution.status == "unresolved":  # not all of the nearest were gathered
        return outcome_row(row["q"], found_nowhere())
    if key is not None and resolution.status == "resolved":
        known[key] = resolution
    return outcome_row(row["q"], resolution)


def entry(q: int, title: str | None, authors: str | None, year: int | None) -> Entry:
    """A row of the column as an entry: a paper, by title, authors and year."""
    title = title or ""
    return Entry(
        entry_id=str(q), position=q, section=(), line_start=q, line_end=q, raw=title, title=title,
        kind="paper", kind_reason="the file lists papers", authors_text=authors, year=year,
    )  # fmt: skip


def outcome_row(q: int, resolution: Resolution) -> dict[str, Any]:
    """A resolution as a row of DECIDED."""
    record = resolution.chosen.record if resolution.chosen else None
    found = {name: getattr(record.ids, name) for name in _IDS} if record else {}
    return _row(q, resolution, {**found, "title": record.title if record else None})


def _row(q: int, resolution: Resolution, record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "q": q,
        "status": resolution.status,
        "method": resolution.method,
        "score": resolution.score,
        "reason": resolution.reason,
        "matched_title": record["title"],
        **{name: record.get(name) for name in _IDS},
    }


def found_once() -> Resolution:
    """The outcome of a title of more than three words that one paper has, and no more is known."""
    title = "A title of more than three words"
    record = Record("index", "arxiv:2001.00001", title, Identifiers(), _ANY_DAY)
    return decide(entry(0, title, None, None), [Candidate(record, "title:index")])


@cache
def found_nowhere() -> Resolution:
    """The outcome of a title that nothing in the index is near."""
    return decide(entry(0, "A title of more than three words", None, None), [])


def no_title() -> Resolution:
    """The outcome of a row without a title."""
    return decide(entry(0, None, None, None), [])


def _record(row: dict[str, Any]) -> Record:
    return Record(
        source="index",
        source_id=row["paper"],
        title=row["title"],
        ids=Identifiers(
            arxiv_id=row["arxiv_id"],
            doi=row["doi"],
            s2_paper_id=row["s2_paper_id"],
            s2_corpus_id=row["s2_corpus_id"],
            acl_id=row["acl_id"],
            dblp_id=row["dblp_id"],
            pmid=row["pmid"],
            mag_id=row["mag_id"],
        ),
        fetched_at=_ANY_DAY,
        authors=tuple(Author(name) for name in row["authors"] or ()),
        year=row["year"],
    )
