"""The citation graph in the store: reference lists by paper id, recommendations by list."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from enrich.papers.references import ReferenceList
from enrich.records import Recommendation, Reference, Service
from enrich.store.codec import UNREADABLE, ids_of, texts_of, value_of
from enrich.store.database import Database, moment_of

_SERVICE: Final[Service] = "semantic_scholar"


def keep_references(store: Database, lists: Mapping[str, ReferenceList]) -> None:
    """Store reference lists; each replaces the earlier one of the same paper."""
    rows = [
        (
            "semantic_scholar",
            paper_id,
            answer.status,
            body,
            zlib.crc32(body.encode()),
            answer.observed_at.timestamp(),
        )
        for paper_id, answer in lists.items()
        for body in [json.dumps([_shortened(r) for r in answer.references], ensure_ascii=False)]
    ]
    with store.writing() as db:
        db.executemany("INSERT OR REPLACE INTO reference_lists VALUES (?, ?, ?, ?, ?, ?)", rows)


def held_references(store: Database, paper_ids: Iterable[str]) -> dict[str, ReferenceList]:
    """The stored reference lists of some papers; damaged ones are treated as not stored."""
    found: dict[str, ReferenceList] = {}
    rows = store.select(
        "SELECT paper_id, status, body, checksum, fetched_at FROM reference_lists "
        "WHERE service = ? AND paper_id IN ({})",
        _SERVICE,
        paper_ids,
    )
    for paper_id, status, body, checksum, fetched_at in rows:
        try:
            if zlib.crc32(body.encode()) != checksum:
                raise ValueError("the list is damaged")
            references = tuple(_restored(row) for row in json.loads(body))
            found[paper_id] = ReferenceList(status, moment_of(fetched_at), references)
        except UNREADABLE:
            continue  # asked for again, and replaced
    return found


def keep_recommended(
    store: Database,
    list_slug: str,
    works: Sequence[tuple[Reference, str]],
    now: datetime,
    service: Service,
) -> None:
    """Store what is new for a list; what was there before keeps the time of its first answer.

    Args:
        store: The open store.
        list_slug: The list.
        works: Works, best first, each with one sentence on why; it may be empty.
        now: Time of the answer.
        service: Whose answer it is.
    """
    at = now.timestamp()
    rows = [
        (
            list_slug,
            work.ids.s2_paper_id or f"arxiv:{work.ids.arxiv_id}",
            json.dumps(_shortened(work), ensure_ascii=False),
            rank,
            at,
            at,
            service,
            reason,
        )
        for rank, (work, reason) in enumerate(works, 1)
    ]
    with store.writing() as db:
        db.executemany(
            "INSERT INTO recommended VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "body = excluded.body, rank = excluded.rank, last_seen = excluded.last_seen, "
            "reason = excluded.reason",
            rows,
        )


def held_recommended(store: Database, list_slug: str) -> list[Recommendation]:
    """Everything found to be new for a list so far, the latest answer first.

    Within an answer works that were not there before come first, best first.
    """
    with store.reading() as db:
        rows = db.execute(
            "SELECT body, rank, first_seen, last_seen, service, reason FROM recommended "
            "WHERE list = ? ORDER BY last_seen DESC, first_seen DESC, rank, service",
            (list_slug,),
        ).fetchall()
    found = []
    for body, rank, first_seen, last_seen, service, reason in rows:
        try:
            work = _restored(json.loads(body))
            first, last = moment_of(first_seen), moment_of(last_seen)
            found.append(Recommendation(work, rank, first, last, service, reason))
        except UNREADABLE:
            continue  # replaced when it is recommended again
    return found


def _shortened(reference: Reference) -> dict[str, Any]:
    fields = asdict(reference)
    fields["ids"] = {name: value for name, value in fields["ids"].items() if value is not None}
    return {name: value for name, value in fields.items() if value not in (None, (), {})}


def _restored(row: dict[str, Any]) -> Reference:
    plain = {n: value_of(n, row[n]) for n in ("year", "venue", "citation_count") if n in row}
    return Reference(
        title=value_of("title", row["title"]) if "title" in row else None,
        ids=ids_of(row.get("ids", {})),
        authors=texts_of(row.get("authors", [])),
        **plain,
    )
