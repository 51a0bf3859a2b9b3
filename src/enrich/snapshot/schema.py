"""The declared tables of a snapshot: names, types and meanings, the same whatever the input.

The columns of `papers` come from the declarations in `paper_records.py`.
`python -m enrich.snapshot.schema` prints docs/data-dictionary.md from this module.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, Union, get_args, get_origin

import pyarrow as pa

from enrich.paper_records import Author, Identifiers, Metric, Paper, columns_of
from enrich.records import IssueCode
from enrich.snapshot.column_types import AUTHORS, LINKS, STRINGS, TIME, Column
from enrich.snapshot.graph_columns import REFERENCE, SUGGESTION

# Raised when a column is renamed, removed or changes its type or meaning; new columns do not.
SCHEMA_VERSION = "1"

TableName = Literal[
    "enriched", "entries", "papers", "authors", "candidates", "observations", "issues",
    "references", "suggestions",
]  # fmt: skip
# Tables that a snapshot has only when the run asked for references.
OPTIONAL: Final[frozenset[TableName]] = frozenset({"references", "suggestions"})
# Some or all tables of one snapshot, by name.
Tables = Mapping[TableName, pa.Table]

_KEYS: tuple[Column, ...] = (
    ("list", pa.string(), "Slug of the list's name, as in the path"),
    ("snapshot", pa.string(), "Name of the snapshot, as in the path: UTC YYYYMMDDTHHMMSSZ"),
)

_ENTRY: tuple[Column, ...] = (
    (
        "entry_id",
        pa.string(),
        "Stable over re-runs and over edits elsewhere in the list; unique within a snapshot",
    ),
    ("position", pa.int32(), "0-based order in the list"),
    (
        "section",
        STRINGS,
        "Headings above the entry, outermost first, without the document's title",
    ),
    ("line_start", pa.int32(), "First line in the source, 1-based"),
    ("line_end", pa.int32(), "Last line in the source, 1-based, nested text included"),
    ("raw", pa.string(), "The source text of the entry"),
    (
        "title",
        pa.string(),
        "The title as the list gives it, without markup, labels, stray quotes and trailing stops",
    ),
    (
        "kind",
        pa.string(),
        "What the entry is: paper, code, dataset, tutorial, post, list, website, other",
    ),
    ("kind_reason", pa.string(), "Why it was taken for that kind"),
    ("authors_text", pa.string(), "Authors as the list names them; null where it names none"),
    ("venue_text", pa.string(), "Venue as the list names it; null where it names none"),
    ("year", pa.int16(), "Year as the list gives it; null where it gives none"),
    ("section_year", pa.int16(), "Year that only a heading above the entry states"),
    ("section_venue", pa.string(), "Venue that only a heading above the entry states"),
    ("note", pa.string(), "What else the list says of it, nested bullets included"),
    (
        "extra",
        pa.string(),
        "JSON object: what the list says of the entry that no other column holds (further columns "
        "of a table or CSV file), by header; null if nothing",
    ),
    (
        "links",
        LINKS,
        "Every link, in order; role: paper, code, project, dataset, post, video, slides, other",
    ),
    ("list_arxiv_id", pa.string(), "arXiv id written in the list, bare and without version"),
    ("list_arxiv_version", pa.int16(), "Version written with that arXiv id"),
    ("list_arxiv_ids", STRINGS, "All arXiv ids in the entry, in order"),
    ("list_doi", pa.string(), "DOI written in the list, lower case, without a resolver"),
    ("list_s2_id", pa.string(), "Semantic Scholar id written in the list"),
    ("list_acl_id", pa.string(), "ACL Anthology id written in the list"),
    ("list_openreview_id", pa.string(), "OpenReview id written in the list"),
    (
        "status",
        pa.string(),
        "resolved; unresolved: asked, and no source has it; conflict: the identifier in the list "
        "names a paper with another title; ambiguous: candidates too close to call; pending: a "
        "source could not be asked, asked again next run; not_a_paper",
    ),
    ("paper_id", pa.string(), "Its paper in `papers`; null unless resolved"),
    (
        "method",
        pa.string(),
        "How it was resolved: id:arxiv, id:doi, id:s2, id:acl, id:url, title:s2, title:arxiv, "
        "title:index, override",
    ),
    ("score", pa.float64(), "0-1, comparable over methods"),
    ("reason", pa.string(), "One sentence of explanation"),
    ("rule_version", pa.string(), "Version of the rules that decided"),
    (
        "last_paper_id",
        pa.string(),
        "For a pending entry: the paper it had in the previous snapshots, kept in `papers`; "
        "otherwise null",
    ),
)


def _arrow_type(hint: object, bits: int) -> pa.DataType:
    """The Arrow type of a declared Python type; `None` in a union only means nullable."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is Literal:
        return pa.string()
    simple: dict[object, pa.DataType] = {
        str: pa.string(), bool: pa.bool_(), datetime: TIME, date: pa.date32(),
        int: {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}[bits],
        tuple[str, ...]: STRINGS, tuple[Author, ...]: AUTHORS,
    }  # fmt: skip
    return simple[hint]


# The columns that come first and last in `papers`; the others keep the order of declaration.
_FIRST: Final = ("paper_id", "aliases", "title", "abstract", "abstract_source", "tldr")
_LAST: Final = ("sources", "fetched_at")


def _paper_columns() -> tuple[tuple[Column, ...], frozenset[str]]:
    """The columns of `papers`, and the names of those that `enriched` has too."""
    declared = columns_of(Identifiers) | columns_of(Paper)
    middle = [name for name in declared if name not in _FIRST + _LAST]
    columns = tuple(
        (name, _arrow_type(declared[name][0], declared[name][1].bits), declared[name][1].meaning)
        for name in (*_FIRST, *middle, *_LAST)
    )
    return columns, frozenset(name for name, (_, column) in declared.items() if column.in_enriched)


_PAPER, _IN_ENRICHED = _paper_columns()


def enriched_name(column: str) -> str:
    """The name a paper's column has in `enriched`, where the entry's own names come first."""
    return f"paper_{column}" if column in {name for name, _, _ in _ENTRY} else column


# (column of `papers`, its name in `enriched`)
JOINED: tuple[tuple[str, str], ...] = tuple(
    (name, enriched_name(name)) for name, _, _ in _PAPER if name in _IN_ENRICHED
)

_AUTHOR: tuple[Column, ...] = (
    ("paper_id", pa.string(), "The paper, as in `papers`"),
    ("position", pa.int32(), "0-based order among the paper's authors"),
    ("name", pa.string(), "Name as the source gives it"),
    ("s2_author_id", pa.string(), "Semantic Scholar's author id"),
    ("affiliations", STRINGS, "Affiliations the source gives"),
)

_CANDIDATE: tuple[Column, ...] = (
    ("entry_id", pa.string(), "The entry it was weighed for, as in `entries`"),
    ("source", pa.string(), "arxiv, semantic_scholar or index"),
    ("source_id", pa.string(), "The source's own id of the record"),
    ("method", pa.string(), "How the candidate came up, as in `entries`"),
    ("arxiv_id", pa.string(), "arXiv id of the candidate"),
    ("s2_paper_id", pa.string(), "Semantic Scholar id of the candidate"),
    ("title", pa.string(), "Title of the candidate"),
    ("year", pa.int16(), "Year of the candidate"),
    ("first_author", pa.string(), "First author of the candidate"),
    ("title_score", pa.float64(), "Similarity of the titles, 0-1"),
    ("author_score", pa.float64(), "Agreement of the authors, 0-1; null where one side has none"),
    ("year_delta", pa.int16(), "Candidate's year minus the entry's; null where one has none"),
    ("score", pa.float64(), "0-1, comparable over methods"),
    ("decision", pa.string(), "accepted, rejected or runner_up"),
    ("reason", pa.string(), "One sentence of explanation"),
)

_OBSERVATION: tuple[Column, ...] = (
    ("paper_id", pa.string(), "The paper, as in `papers`"),
    ("source", pa.string(), "The service that was asked"),
    (
        "metric",
        pa.string(),
        "What was counted: " + ", ".join(get_args(Metric)),
    ),
    ("value", pa.int64(), "The number; null, never 0, when the observation failed"),
    ("observed_at", TIME, "When the number was true; kept when it is carried forward"),
    (
        "status",
        pa.string(),
        "ok: observed since the last snapshot; carried_forward: observed earlier, repeated here; "
        "not_found, throttled, error: the observation failed",
    ),
)

_ISSUE: tuple[Column, ...] = (
    ("severity", pa.string(), "error, warning or info"),
    (
        "code",
        pa.string(),
        "What it is: " + ", ".join(get_args(IssueCode)),
    ),
    ("entry_id", pa.string(), "The entry, as in `entries`; null when it concerns the whole list"),
    ("line", pa.int32(), "Line in the source, 1-based"),
    ("message", pa.string(), "What was found, one sentence"),
    ("suggestion", pa.string(), "What to do, or the text to put there"),
)

_JOINED_NAMES = dict(JOINED)
_ENRICHED: tuple[Column, ...] = _ENTRY + tuple(
    (
        _JOINED_NAMES[name],
        kind,
        f"The paper's `{name}`: {text[:1].lower()}{text[1:]}"
        if _JOINED_NAMES[name] != name
        else text,
    )
    for name, kind, text in _PAPER
    if name in _JOINED_NAMES
)

# Table -> (one sentence about its rows, its columns).
DECLARED: Mapping[TableName, tuple[str, tuple[Column, ...]]] = {
    "enriched": (
        "One row per list entry, the main columns of its paper joined on: what most notebooks "
        "load.",
        _KEYS + _ENRICHED,
    ),
    "entries": (
        "One row per list entry: what the list says, and how it was resolved.",
        _KEYS + _ENTRY,
    ),
    "papers": ("One row per distinct paper.", _KEYS + _PAPER),
    "authors": ("One row per paper and author position.", _KEYS + _AUTHOR),
    "candidates": (
        "One row per candidate that was weighed for an entry, accepted or not, with the reasons.",
        _KEYS + _CANDIDATE,
    ),
    "observations": (
        "One row per paper, source, metric and time of observation.",
        _KEYS + _OBSERVATION,
    ),
    "issues": (
        "What the list's owner or the pipeline's operator should look at.",
        _KEYS + _ISSUE,
    ),
    "references": (
        "One row per reference of a paper of the list; only in snapshots of runs with "
        "`--references`.",
        _KEYS + REFERENCE,
    ),
    "suggestions": (
        "What the list is missing, best first; only in snapshots of runs with `--references`.",
        _KEYS + SUGGESTION,
    ),
}


def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    return pa.schema(
        [pa.field(name, kind, metadata={"description": text}) for name, kind, text in columns]
    )


# Table -> its pyarrow schema, every field with a description, in the order of the columns.
TABLES: Mapping[TableName, pa.Schema] = {
    table: _schema(columns) for table, (_, columns) in DECLARED.items()
}


def empty(table: TableName) -> pa.Table:
    """The table with its declared columns and no row."""
    return TABLES[table].empty_table()


def conform(table: pa.Table, name: TableName) -> pa.Table:
    """The table with exactly the declared columns, whichever version of the schema wrote it.

    Columns added since are null; columns unknown here are dropped.
    """
    schema = TABLES[name]
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def type_name(kind: pa.DataType) -> str:
    """The type as the data dictionary writes it: `list<string>`, `timestamp[us, UTC]`."""
    if pa.types.is_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        fields = ", ".join(f"{field.name}: {type_name(field.type)}" for field in kind)
        return f"struct<{fields}>"
    return str(kind).replace("tz=", "").replace("[day]", "").replace("double", "float64")


def data_dictionary() -> str:
    """All tables and columns as Markdown, with a line feed at the end."""
    lines = [
        "# Data dictionary",
        "",
        f"Schema version {SCHEMA_VERSION}. Generated by `python -m enrich.snapshot.schema`.",
        "",
        "Times are UTC with microseconds. Missing is null, never 0 and never an empty string.",
    ]
    for table, (sentence, columns) in DECLARED.items():
        lines += [
            "",
            f"## {table}",
            "",
            sentence,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        lines += [f"| `{name}` | {type_name(kind)} | {text} |" for name, kind, text in columns]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(data_dictionary())
