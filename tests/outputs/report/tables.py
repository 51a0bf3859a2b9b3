"""Snapshots on disk as the pipeline publishes them, made from a few facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from enrich.snapshot.schema import TABLES

SLUG = "readings"
FIRST, SECOND, THIRD = "20260101T000000Z", "20260201T000000Z", "20260301T000000Z"
Row = Mapping[str, Any]


def entry(number: int, **facts: Any) -> dict[str, Any]:
    """An entry resolved to paper `p<number>`, unless the facts say otherwise."""
    plain = {
        "entry_id": f"e{number}",
        "position": number,
        "section": ["Networks"],
        "line_start": 10 + number,
        "line_end": 10 + number,
        "raw": "- text",
        "title": f"Paper number {number}",
        "kind": "paper",
        "links": [],
        "status": "resolved",
        "paper_id": f"p{number}",
        "method": "id:arxiv",
        "score": 1.0,
        "reason": "The list gives its arXiv id.",
        "rule_version": "1",
    }
    row = plain | facts
    if row["status"] != "resolved":
        row |= {"paper_id": None, "method": None, "score": None}
    return row


def paper(number: int, **facts: Any) -> dict[str, Any]:
    """Paper `p<number>`, counted on the first of January 2026."""
    plain = {
        "paper_id": f"p{number}",
        "title": f"Paper number {number}",
        "abstract": f"What paper {number} is about.",
        "abstract_source": "arxiv",
        "authors": [{"name": "Ada Example", "s2_author_id": None, "affiliations": []}],
        "arxiv_id": f"2001.{number:05d}",
        "year": 2000 + number % 20,
        "venue": f"Venue {number % 5}",
        "citation_count": 10 * number,
        "influential_citation_count": number,
        "counts_observed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "is_withdrawn": False,
        "sources": ["arxiv", "semantic_scholar"],
        "fetched_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return plain | facts


def write_snapshot(
    root: Path,
    entries: Sequence[Row],
    papers: Sequence[Row],
    *,
    name: str = FIRST,
    slug: str = SLUG,
    candidates: Sequence[Row] = (),
    issues: Sequence[Row] = (),
    **manifest: Any,
) -> Path:
    """The folder of a published snapshot under `root`; `manifest` overrides its manifest."""
    folder = root / slug / name
    folder.mkdir(parents=True)
    rows = {"entries": entries, "papers": papers, "candidates": candidates, "issues": issues}
    for table, schema in TABLES.items():
        keyed = [{"list": slug, "snapshot": name, **row} for row in rows.get(table, ())]
        pq.write_table(pa.Table.from_pylist(keyed, schema), folder / f"{table}.parquet")
    finished = datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    default = {
        "snapshot": name,
        "mode": "live",
        "tool_version": "0",
        "schema_version": "1",
        "rule_version": "1",
        "list": {"name": slug, "title": "Good Readings", "location": "data/raw/readings.md"},
        "finished": finished.isoformat().replace("+00:00", "Z"),
        "incomplete": False,
        "sources": {
            "arxiv": {
                "base_url": "https://export.arxiv.org/api/query",
                "requests": 3,
                "records_fetched": 200,
                "records_from_cache": 5,
                "health": "ok",
            }
        },
    }
    files = {
        file.name: {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in folder.glob("*.parquet")
    }
    (folder / "manifest.json").write_text(json.dumps(default | {"files": files} | manifest))
    return folder
