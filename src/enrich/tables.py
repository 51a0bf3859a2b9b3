"""A run as the tables of a snapshot: records in, declared columns out, nothing dropped.

Columns are built one at a time, never as row dicts: a list of 100,000 entries has 800,000 authors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from enrich import __version__
from enrich.findings import derive
from enrich.observations import observe
from enrich.records import Author, Entry, Issue, ListRun, Paper, Resolution, Weighed
from enrich.schema import AUTHORS, DECLARED, JOINED, LINKS, SCHEMA_VERSION, TABLES

T = TypeVar("T")
Tables = dict[str, pa.Table]


def build_tables(
    run: ListRun, snapshot: str, previous: Mapping[str, pa.Table] | None
) -> dict[str, pa.Table]:
    """All tables of the snapshot, by name, with the declared schemas and their metadata.

    `previous` are the tables of the last snapshot of the same list: what a source could not be
    asked for now is kept from there, with the time at which it was really observed.
    """
    keys = _Keys(run.list_slug, snapshot)
    last_paper = _last_papers(run, previous)
    papers = _papers(keys, run.papers)
    authors = _authors(keys, run.papers)
    kept = _kept(papers, last_paper, previous)
    if kept and previous is not None:
        papers = _append(papers, previous["papers"], kept, snapshot)
        authors = _append(authors, previous["authors"], kept, snapshot)
    entries = _entries(keys, run, last_paper)
    tables = {
        "enriched": _enriched(entries, papers),
        "entries": entries,
        "papers": papers,
        "authors": authors,
        "candidates": _candidates(keys, run.resolutions),
        "observations": observe(run, snapshot, papers, previous),
        "issues": _issues(keys, derive(run, previous)),
    }
    metadata = table_metadata(run, snapshot)
    return {
        name: tables[name].replace_schema_metadata({**metadata, b"enrich.table": name.encode()})
        for name in DECLARED
    }


def table_metadata(run: ListRun, snapshot: str) -> dict[bytes, bytes]:
    """What every file of the snapshot says of itself, in its Parquet metadata."""
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
    """Fills the two columns that stand in every table, and casts the rest to the schema."""

    def __init__(self, list_slug: str, snapshot: str) -> None:
        self._values = {"list": list_slug, "snapshot": snapshot}

    def table(self, name: str, rows: int, columns: Mapping[str, Any]) -> pa.Table:
        schema = TABLES[name]
        arrays = []
        for field in schema:
            if field.name in self._values:
                value = pa.scalar(self._values[field.name], field.type)
                arrays.append(pa.repeat(value, rows))
                continue
            values = columns[field.name]
            if not isinstance(values, (pa.Array, pa.ChunkedArray)):
                values = pa.array(values, field.type)
            arrays.append(values)
        return pa.table(arrays, schema=schema)


def _entries(keys: _Keys, run: ListRun, last_paper: Mapping[str, str]) -> pa.Table:
    entries = run.parsed.entries
    by_id = {resolution.entry_id: resolution for resolution in run.resolutions}
    found = [by_id[entry.entry_id] for entry in entries]
    paper_of = run.paper_of

    def of(get: Callable[[Entry], object]) -> list[object]:
        return [get(entry) for entry in entries]

    def became(get: Callable[[Resolution], object]) -> list[object]:
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
            "note": of(lambda e: e.note),
            "links": _links(entries),
            "list_arxiv_id": of(lambda e: e.ids.arxiv_id),
            "list_arxiv_version": of(lambda e: e.ids.arxiv_version),
            "list_arxiv_ids": of(lambda e: e.arxiv_ids),
            "list_doi": of(lambda e: e.ids.doi),
            "list_s2_id": of(lambda e: e.ids.s2_paper_id),
            "list_acl_id": of(lambda e: e.ids.acl_id),
            "list_openreview_id": of(lambda e: e.ids.openreview_id),
            "status": became(lambda r: r.status),
            "paper_id": [
                paper_of.get(r.entry_id) if r.status == "resolved" else None for r in found
            ],
            "method": became(lambda r: r.method),
            "score": became(lambda r: r.score),
            "reason": became(lambda r: r.reason or None),
            "rule_version": became(lambda r: r.rule_version),
            "last_paper_id": of(lambda e: last_paper.get(e.entry_id)),
        },
    )


def _papers(keys: _Keys, papers: Sequence[Paper]) -> pa.Table:
    def of(get: Callable[[Paper], object]) -> list[object]:
        return [get(paper) for paper in papers]

    identifiers = {
        "arxiv_id", "arxiv_version", "s2_paper_id", "s2_corpus_id", "doi", "acl_id",
        "openreview_id", "dblp_id", "pmid", "mag_id",
    }  # fmt: skip
    columns: dict[str, Any] = {}
    for name in TABLES["papers"].names[2:]:
        if name == "authors":
            columns[name] = _author_lists([paper.authors for paper in papers])
        elif name in identifiers:
            columns[name] = [getattr(paper.ids, name) for paper in papers]
        else:
            columns[name] = [getattr(paper, name) for paper in papers]
    return keys.table("papers", len(papers), columns)


def _authors(keys: _Keys, papers: Sequence[Paper]) -> pa.Table:
    authors = [author for paper in papers for author in paper.authors]
    return keys.table(
        "authors",
        len(authors),
        {
            "paper_id": [paper.paper_id for paper in papers for _ in paper.authors],
            "position": [i for paper in papers for i in range(len(paper.authors))],
            **_author_columns(authors),
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


def _last_papers(run: ListRun, previous: Mapping[str, pa.Table] | None) -> dict[str, str]:
    """entry_id -> the paper it was last known by, for entries that are pending now."""
    if previous is None:
        return {}
    pending = {r.entry_id for r in run.resolutions if r.status == "pending"}
    if not pending:
        return {}
    last = previous["entries"]
    known = pc.coalesce(last["paper_id"], last["last_paper_id"]).to_pylist()
    return {
        entry_id: paper_id
        for entry_id, paper_id in zip(last["entry_id"].to_pylist(), known, strict=True)
        if entry_id in pending and paper_id is not None
    }


def _kept(
    papers: pa.Table, last_paper: Mapping[str, str], previous: Mapping[str, pa.Table] | None
) -> set[str]:
    """Papers of the last snapshot that only pending entries name: they are not forgotten."""
    if previous is None or not last_paper:
        return set()
    return set(last_paper.values()) - set(papers["paper_id"].to_pylist())


def _append(table: pa.Table, last: pa.Table, kept: set[str], snapshot: str) -> pa.Table:
    rows = last.filter(pc.is_in(last["paper_id"], pa.array(sorted(kept), pa.string())))
    rows = rows.set_column(
        rows.schema.get_field_index("snapshot"),
        table.schema.field("snapshot"),
        pa.repeat(pa.scalar(snapshot, pa.string()), len(rows)),
    )
    # A snapshot of an older schema may lack a column that has been added since.
    columns = [
        rows[field.name].cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(len(rows), field.type)
        for field in table.schema
    ]
    return pa.concat_tables([table, pa.table(columns, schema=table.schema)])


def _offsets(lengths: Iterable[int]) -> pa.Array:
    total, offsets = 0, [0]
    for length in lengths:
        total += length
        offsets.append(total)
    return pa.array(offsets, pa.int32())


def _lists(kind: pa.DataType, lengths: Iterable[int], columns: Mapping[str, Any]) -> pa.Array:
    """A list<struct> array from flat columns: many times faster than from Python dicts."""
    fields = list(kind.value_type)
    struct = pa.StructArray.from_arrays(
        [
            value if isinstance(value, pa.Array) else pa.array(value, field.type)
            for field, value in ((field, columns[field.name]) for field in fields)
        ],
        fields=fields,
    )
    return pa.ListArray.from_arrays(_offsets(lengths), struct, type=kind)


def _author_columns(authors: Sequence[Author]) -> dict[str, Any]:
    return {
        "name": [author.name for author in authors],
        "s2_author_id": [author.s2_author_id for author in authors],
        "affiliations": [author.affiliations for author in authors],
    }


def _author_lists(lists: Sequence[Sequence[Author]]) -> pa.Array:
    flat = list(chain.from_iterable(lists))
    return _lists(AUTHORS, (len(authors) for authors in lists), _author_columns(flat))


def _links(entries: Sequence[Entry]) -> pa.Array:
    flat = [link for entry in entries for link in entry.links]
    columns = {
        "label": [link.label for link in flat],
        "url": [link.url for link in flat],
        "role": [link.role for link in flat],
    }
    return _lists(LINKS, (len(entry.links) for entry in entries), columns)
