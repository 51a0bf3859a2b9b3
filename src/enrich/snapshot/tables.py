"""Build the tables of a snapshot from the records of a run, with the declared schemas.

Columns are built one at a time, never as row dicts: a list of 100,000 entries has 800,000 authors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from enrich.records import Author, Entry, Identifiers, Issue, ListRun, Paper, Resolution
from enrich.snapshot.carry_forward import carry_forward, last_papers, unavailable
from enrich.snapshot.column_types import AUTHORS, LINKS
from enrich.snapshot.graph_tables import (
    references_table,
    suggestions_of,
    suggestions_table,
    works_of,
)
from enrich.snapshot.issues import derive
from enrich.snapshot.observations import observe
from enrich.snapshot.schema import (
    DECLARED,
    JOINED,
    SCHEMA_VERSION,
    TABLES,
    TableName,
    Tables,
)
from enrich.version import __version__

# The first columns of every table.
_KEY_NAMES = ("list", "snapshot")


def build_tables(run: ListRun, snapshot: str, previous: Tables | None) -> dict[TableName, pa.Table]:
    """All tables of one snapshot, by name, with the declared schemas and their metadata.

    Args:
        run: The run that is published.
        snapshot: Name of the snapshot.
        previous: Tables of the previous snapshot of the same list, None for the first. Values that
            an unavailable service could not supply are carried forward from there, with the time
            at which they were observed.

    Returns:
        Every table of `schema.DECLARED`; the optional ones if the run asked for references.
    """
    keys = _Keys(run.list_slug, snapshot)
    known_as = last_papers(run, previous)
    papers = carry_forward(
        _papers(keys, run.papers), snapshot, known_as, unavailable(run), run.started, previous
    )
    entries = _entries(keys, run, known_as)
    tables: dict[TableName, pa.Table] = {
        "enriched": _enriched(entries, papers),
        "entries": entries,
        "papers": papers,
        "authors": _authors(keys, papers),
        "candidates": _candidates(keys, run.resolutions),
        "observations": observe(run, snapshot, papers, previous),
        "issues": _issues(keys, derive(run, previous)),
    }
    if run.references is not None:
        known = works_of(papers, entries)
        tables["references"] = references_table(run, snapshot, papers, known, previous)
        found = suggestions_of(tables, run.declined, run.recommended)
        names = (run.list_slug, snapshot)
        tables["suggestions"] = suggestions_table(found, names, run.finished, previous)
    metadata = table_metadata(run, snapshot)
    return {
        name: tables[name].replace_schema_metadata({**metadata, b"enrich.table": name.encode()})
        for name in DECLARED
        if name in tables
    }


def table_metadata(run: ListRun, snapshot: str) -> dict[bytes, bytes]:
    """The key-value metadata of every Parquet file of the snapshot."""
    facts = {
        "list": run.list_slug,
        "snapshot": snapshot,
        "mode": run.mode,
        "tool_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "rule_version": run.rule_version,
    }
    return {f"enrich.{name}".encode(): value.encode() for name, value in facts.items()}


class _Keys:
    """Fills the two columns that every table has, and casts the others to the schema."""

    def __init__(self, list_slug: str, snapshot: str) -> None:
        self._values = {"list": list_slug, "snapshot": snapshot}

    def table(self, name: TableName, rows: int, columns: Mapping[str, Any]) -> pa.Table:
        schema = TABLES[name]
        arrays = []
        for field in schema:
            if field.name in self._values:
                value = pa.scalar(self._values[field.name], field.type)
                arrays.append(pa.repeat(value, rows))
                continue
            values = columns[field.name]
            arrays.append(
                values
                if isinstance(values, (pa.Array, pa.ChunkedArray))
                else _array(values, field.type)
            )
        return pa.table(arrays, schema=schema)


# Column of `entries` -> the attribute of Entry that it holds, where their names differ.
_LISTED = {
    "list_arxiv_id": "ids.arxiv_id", "list_arxiv_version": "ids.arxiv_version",
    "list_arxiv_ids": "arxiv_ids", "list_doi": "ids.doi", "list_s2_id": "ids.s2_paper_id",
    "list_acl_id": "ids.acl_id", "list_openreview_id": "ids.openreview_id",
}  # fmt: skip
_OUTCOME = ("status", "method", "score", "reason", "rule_version")
# Column of `candidates` -> the attribute of Weighed that it holds, where their names differ.
_CANDIDATE = {
    "source": "candidate.record.source", "source_id": "candidate.record.source_id",
    "method": "candidate.method", "arxiv_id": "candidate.record.ids.arxiv_id",
    "s2_paper_id": "candidate.record.ids.s2_paper_id", "title": "candidate.record.title",
    "year": "candidate.record.year",
}  # fmt: skip


def _column(rows: Sequence[object], path: str) -> list[Any]:
    """One attribute of each row (a dot leads into a record); empty text is missing."""
    get = attrgetter(path)
    return [None if (value := get(row)) == "" else value for row in rows]


def _others(table: TableName, columns: Mapping[str, Any]) -> list[str]:
    """The columns of a table that are neither keys nor among those given."""
    return [name for name in TABLES[table].names if name not in (*_KEY_NAMES, *columns)]


def _entries(keys: _Keys, run: ListRun, last_paper: Mapping[str, str]) -> pa.Table:
    entries = run.parsed.entries
    by_id = {resolution.entry_id: resolution for resolution in run.resolutions}
    found = [by_id[entry.entry_id] for entry in entries]
    columns: dict[str, Any] = {
        "extra": [_json(entry.extra) for entry in entries],
        "links": _links(entries),
        "paper_id": [
            run.paper_of.get(r.entry_id) if r.status == "resolved" else None for r in found
        ],
        "last_paper_id": [last_paper.get(entry.entry_id) for entry in entries],
        **{name: _column(found, name) for name in _OUTCOME},
    }
    columns |= {n: _column(entries, _LISTED.get(n, n)) for n in _others("entries", columns)}
    return keys.table("entries", len(entries), columns)


def _json(pairs: Sequence[tuple[str, str]]) -> str | None:
    return json.dumps(dict(pairs), ensure_ascii=False) if pairs else None


def _papers(keys: _Keys, papers: Sequence[Paper]) -> pa.Table:
    columns: dict[str, Any] = {"authors": _author_lists([paper.authors for paper in papers])}
    for name in _others("papers", columns):
        path = f"ids.{name}" if name in Identifiers.__dataclass_fields__ else name
        columns[name] = _column(papers, path)
        if pa.types.is_list(TABLES["papers"].field(name).type):
            # An empty list is a missing value: null, as everywhere else.
            columns[name] = [value or None for value in columns[name]]
    return keys.table("papers", len(papers), columns)


def _authors(keys: _Keys, papers: pa.Table) -> pa.Table:
    lists = papers["authors"].combine_chunks()
    paper = pc.list_parent_indices(lists).to_numpy()
    author = pc.list_flatten(lists)
    # Parents are sorted, so a row's place among equal ones is its distance to the first of them.
    position = np.arange(len(paper)) - np.searchsorted(paper, paper, side="left")
    return keys.table(
        "authors",
        len(paper),
        {
            "paper_id": papers["paper_id"].take(pa.array(paper)),
            "position": pa.array(position, pa.int32()),
            **{
                name: pc.struct_field(author, name)
                for name in ("name", "s2_author_id", "affiliations")
            },
        },
    )


def _candidates(keys: _Keys, resolutions: Sequence[Resolution]) -> pa.Table:
    weighed = [one for resolution in resolutions for one in resolution.weighed]
    authors = [one.candidate.record.authors for one in weighed]
    columns: dict[str, Any] = {
        "entry_id": [r.entry_id for r in resolutions for _ in r.weighed],
        "first_author": [names[0].name if names else None for names in authors],
    }
    columns |= {n: _column(weighed, _CANDIDATE.get(n, n)) for n in _others("candidates", columns)}
    return keys.table("candidates", len(weighed), columns)


def _issues(keys: _Keys, issues: Sequence[Issue]) -> pa.Table:
    columns = {name: _column(issues, name) for name in _others("issues", {})}
    return keys.table("issues", len(issues), columns)


def _enriched(entries: pa.Table, papers: pa.Table) -> pa.Table:
    # take() with null indices gives null rows: an entry without a paper keeps its row.
    where = pc.index_in(entries["paper_id"].combine_chunks(), papers["paper_id"].combine_chunks())
    joined = {enriched: papers[name].take(where) for name, enriched in JOINED}
    columns = [
        joined[name] if name in joined else entries[name] for name in TABLES["enriched"].names
    ]
    return pa.table(columns, schema=TABLES["enriched"])


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
        # One bad value of a foreign record must not prevent the snapshot.
        return pa.array([_fitting(value, kind) for value in values], kind)


def _fitting(value: Any, kind: pa.DataType) -> Any:
    """The value, null for a number the column cannot hold, U+FFFD for half a character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, (list, tuple)):
        return [_fitting(part, kind.value_type) for part in value]
    if isinstance(value, int) and pa.types.is_integer(kind):
        return value if -(2 ** (kind.bit_width - 1)) <= value < 2 ** (kind.bit_width - 1) else None
    return value


def _lists(kind: pa.DataType, lengths: Sequence[int], columns: Mapping[str, Any]) -> pa.Array:
    """A list<struct> array from flat columns: many times faster than from Python dicts."""
    fields = list(kind.value_type)
    struct = pa.StructArray.from_arrays(
        [_array(columns[field.name], field.type) for field in fields], fields=fields
    )
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), struct, type=kind)


def _author_lists(lists: Sequence[Sequence[Author]]) -> pa.Array:
    flat = [author for authors in lists for author in authors]
    columns = {
        "name": [author.name for author in flat],
        "s2_author_id": [author.s2_author_id for author in flat],
        "affiliations": [author.affiliations or None for author in flat],
    }
    built = _lists(AUTHORS, [len(authors) for authors in lists], columns)
    return pc.if_else(pa.array([bool(authors) for authors in lists]), built, None)


def _links(entries: Sequence[Entry]) -> pa.Array:
    flat = [link for entry in entries for link in entry.links]
    columns = {
        "label": [link.label or None for link in flat],
        "url": [link.url for link in flat],
        "role": [link.role for link in flat],
    }
    return _lists(LINKS, [len(entry.links) for entry in entries], columns)
