"""Build the tables of a snapshot from the records of a run, with the declared schemas.

Columns are built one at a time, never as row dicts: a list of 100,000 entries has 800,000 authors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from enrich.records import Author, Entry, Identifiers, Issue, ListRun, Paper, Resolution, Weighed
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


def _entries(keys: _Keys, run: ListRun, last_paper: Mapping[str, str]) -> pa.Table:
    entries = run.parsed.entries
    by_id = {resolution.entry_id: resolution for resolution in run.resolutions}
    found = [by_id[entry.entry_id] for entry in entries]
    paper_of = run.paper_of

    def of(get: Callable[[Entry], object]) -> list[object]:
        return [get(entry) for entry in entries]

    def outcome(get: Callable[[Resolution], object]) -> list[object]:
        return [get(resolution) for resolution in found]

    return keys.table(
        "entries",
        len(entries),
        {
            "entry_id": of(lambda e: e.entry_id),
            "position": of(lambda e: e.position),
            "section": of(lambda e: e.section),
            "line_start": of(lambda e: e.line_start),
            "line_end": of(lambda e: e.line_end),
            "raw": of(lambda e: e.raw),
            "title": of(lambda e: e.title or None),
            "kind": of(lambda e: e.kind),
            "kind_reason": of(lambda e: e.kind_reason or None),
            "authors_text": of(lambda e: e.authors_text),
            "venue_text": of(lambda e: e.venue_text),
            "year": of(lambda e: e.year),
            "section_year": of(lambda e: e.section_year),
            "section_venue": of(lambda e: e.section_venue),
            "note": of(lambda e: e.note),
            "extra": of(lambda e: _json(e.extra)),
            "links": _links(entries),
            "list_arxiv_id": of(lambda e: e.ids.arxiv_id),
            "list_arxiv_version": of(lambda e: e.ids.arxiv_version),
            "list_arxiv_ids": of(lambda e: e.arxiv_ids),
            "list_doi": of(lambda e: e.ids.doi),
            "list_s2_id": of(lambda e: e.ids.s2_paper_id),
            "list_acl_id": of(lambda e: e.ids.acl_id),
            "list_openreview_id": of(lambda e: e.ids.openreview_id),
            "status": outcome(lambda r: r.status),
            "paper_id": [
                paper_of.get(r.entry_id) if r.status == "resolved" else None for r in found
            ],
            "method": outcome(lambda r: r.method),
            "score": outcome(lambda r: r.score),
            "reason": outcome(lambda r: r.reason or None),
            "rule_version": outcome(lambda r: r.rule_version),
            "last_paper_id": of(lambda e: last_paper.get(e.entry_id)),
        },
    )


def _json(pairs: Sequence[tuple[str, str]]) -> str | None:
    return json.dumps(dict(pairs), ensure_ascii=False) if pairs else None


def _papers(keys: _Keys, papers: Sequence[Paper]) -> pa.Table:
    identifiers = Identifiers.__dataclass_fields__
    columns: dict[str, Any] = {}
    for field in TABLES["papers"]:
        name = field.name
        if name in _KEY_NAMES:
            continue
        if name == "authors":
            columns[name] = _author_lists([paper.authors for paper in papers])
        elif name in identifiers:
            columns[name] = [getattr(paper.ids, name) for paper in papers]
        elif pa.types.is_list(field.type):
            # An empty list is a missing value: null, as everywhere else.
            columns[name] = [getattr(paper, name) or None for paper in papers]
        else:
            columns[name] = [getattr(paper, name) for paper in papers]
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
    rows = [(r.entry_id, weighed) for r in resolutions for weighed in r.weighed]

    def of(get: Callable[[Weighed], object]) -> list[object]:
        return [get(weighed) for _, weighed in rows]

    return keys.table(
        "candidates",
        len(rows),
        {
            "entry_id": [entry_id for entry_id, _ in rows],
            "source": of(lambda w: w.candidate.record.source),
            "source_id": of(lambda w: w.candidate.record.source_id),
            "method": of(lambda w: w.candidate.method),
            "arxiv_id": of(lambda w: w.candidate.record.ids.arxiv_id),
            "s2_paper_id": of(lambda w: w.candidate.record.ids.s2_paper_id),
            "title": of(lambda w: w.candidate.record.title or None),
            "year": of(lambda w: w.candidate.record.year),
            "first_author": of(
                lambda w: w.candidate.record.authors[0].name if w.candidate.record.authors else None
            ),
            "title_score": of(lambda w: w.title_score),
            "author_score": of(lambda w: w.author_score),
            "year_delta": of(lambda w: w.year_delta),
            "score": of(lambda w: w.score),
            "decision": of(lambda w: w.decision),
            "reason": of(lambda w: w.reason or None),
        },
    )


def _issues(keys: _Keys, issues: Sequence[Issue]) -> pa.Table:
    names = ("severity", "code", "entry_id", "line", "message", "suggestion")
    return keys.table(
        "issues", len(issues), {name: [getattr(i, name) for i in issues] for name in names}
    )


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
