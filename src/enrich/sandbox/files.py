"""Catalogues from files: up to some 600,000 papers in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from enrich.sandbox.catalogue import Catalogue, Paper, day_of, paper_from


def read_catalogue(path: Path) -> Catalogue:
    """The papers of a `.parquet` or `.jsonl` file.

    Columns: `title` and `arxiv` or `arxiv_id`; if there are any, `authors` (a list, or names joined
    by commas or semicolons), `categories` (a list, or joined by spaces), `created`, `updated`,
    `comments`, `journal_ref`, `doi`, `abstract`; or the field names of `Paper`. Raises ValueError
    for another kind of file and for one without titles.
    """
    if path.suffix == ".parquet":
        rows: Iterable[Mapping[str, Any]] = _parquet(path)
    elif path.suffix in (".jsonl", ".ndjson"):
        rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    else:
        raise ValueError(f"{path.name} is neither .parquet nor .jsonl, which a catalogue must be")
    return Catalogue(_paper(row) for row in rows if row.get("title"))


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq  # heavy, and only for those who ask for it

    wanted = ("arxiv_id", "title", "authors", "categories", "created", "updated", "comments",
              "journal_ref", "doi", "abstract")  # fmt: skip
    # In batches: rows as Python objects take several times the memory of columns.
    with pq.ParquetFile(path) as file:
        if "title" not in file.schema_arrow.names:
            raise ValueError(f"{path.name} has no column `title`, which a catalogue needs")
        columns = [name for name in wanted if name in file.schema_arrow.names]
        for batch in file.iter_batches(columns=columns):
            yield from batch.to_pylist()


def _paper(row: Mapping[str, Any]) -> Paper:
    if "arxiv_id" not in row:
        return paper_from(row)
    arxiv = row["arxiv_id"]
    created, updated = row.get("created"), row.get("updated")
    days = [day for day in (created or day_of(arxiv), updated) if day]
    return Paper(
        title=" ".join(row["title"].split()),
        authors=_names(row.get("authors"), r"\s*[;,]\s*"),
        arxiv=arxiv,
        versions=tuple(f"{day[:10]}T12:00:00Z" for day in dict.fromkeys(days)),
        categories=_names(row.get("categories"), r"\s+") or ("cs.CV",),
        comment=row.get("comments"),
        journal_ref=row.get("journal_ref"),
        doi=row.get("doi"),
        arxiv_doi=bool(row.get("doi")),
        abstract=row.get("abstract"),
    )


def _names(value: Any, separator: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(separator, value)
    return tuple(name for name in value or () if name)
