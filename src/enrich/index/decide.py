"""Deciding by the million: `decide` for every title that has anything to weigh.

What the rules make of a title that was found exactly once depends on nothing but its length, where
the row names neither authors nor year; and a title with nothing near it has one outcome. Those are
asked of `decide` once, as `found_once`, `found_nowhere` and `no_title`. So is what becomes of one
candidate whose title is a list's way of writing the row's (`Alike`).
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

from enrich.atomic_files import replacing
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
class JudgeJob:
    """Decide one row group of `work`/open.parquet."""

    work: str
    piece: int


def judge_piece(job: JudgeJob) -> int:
    """The outcomes of one piece, to `decided-<piece>.parquet`; returns how many."""
    work = Path(job.work)
    rows = pq.ParquetFile(work / "open.parquet").read_row_group(job.piece).to_pylist()
    known: dict[Alike, Resolution] = {}
    outcomes = [_outcome(row, known) for row in rows]
    final = work / f"decided-{job.piece}.parquet"
    with replacing(final, durable=False) as file:
        pq.write_table(pa.Table.from_pylist(outcomes, DECIDED), file, compression="lz4")
    return len(rows)


def judge(row: dict[str, Any]) -> Resolution:
    """What `decide` says of one gathered row."""
    candidates = [Candidate(_record(told), "title:index") for told in row["candidates"]]
    return decide(entry(row["q"], row["title"], row["authors"], row["year"]), candidates)


# How a title stands to the only candidate's, and whether it is long. Without authors, year or a
# second source nothing else tells its score, and nothing else stands in the reason it is taken for.
# Not so where a veto speaks (named in the reason), where the likeness counts (`near`, `part`,
# `other`), and where the title stands in a reference that may name the authors (`quoted`).
Alike = tuple[Kind, bool]
_TOLD_BY_KIND: Final = frozenset(
    {"same", "trimmed", "labelled", "unlabelled", "slip", "dropped", "added", "cut"}
)


def _outcome(row: dict[str, Any], known: dict[Alike, Resolution]) -> dict[str, Any]:
    """What `judge` says of one row, as a row of DECIDED; `known` is added to."""
    found = row["candidates"]
    if row["authors"] is not None or row["year"] is not None:
        return outcome_row(row["q"], judge(row))
    # Those that cannot be the paper count only in what they share with several that can.
    able = found
    if len(found) > 1:
        able = [told for told in found if not unlike(row["title"], told["title"])]
    if not able:
        return outcome_row(row["q"], found_nowhere())
    alike = None
    if len(able) == 1:
        row["candidates"] = found = able
        relation = relate(row["title"], found[0]["title"])
        if relation.against is None and relation.kind in _TOLD_BY_KIND:
            alike = (relation.kind, relation.words > SHORT)
    if alike in known:
        return _told(row["q"], known[alike], found[0])
    resolution = judge(row)
    if resolution.status == "unresolved":  # what is nearest was not gathered, in part
        return outcome_row(row["q"], found_nowhere())
    if alike is not None and resolution.status == "resolved":
        known[alike] = resolution
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
    told = {name: getattr(record.ids, name) for name in _IDS} if record else {}
    return _told(q, resolution, {**told, "title": record.title if record else None})


def _told(q: int, resolution: Resolution, record: Mapping[str, Any]) -> dict[str, Any]:
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


def _record(told: dict[str, Any]) -> Record:
    return Record(
        source="index",
        source_id=told["paper"],
        title=told["title"],
        ids=Identifiers(
            arxiv_id=told["arxiv_id"],
            doi=told["doi"],
            s2_paper_id=told["s2_paper_id"],
            s2_corpus_id=told["s2_corpus_id"],
            acl_id=told["acl_id"],
            dblp_id=told["dblp_id"],
            pmid=told["pmid"],
            mag_id=told["mag_id"],
        ),
        fetched_at=_ANY_DAY,
        authors=tuple(Author(name) for name in told["authors"] or ()),
        year=told["year"],
    )
