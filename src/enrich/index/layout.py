"""How an index lies on disk: immutable parts, and one manifest that names the current ones.

manifest.json            replaced atomically, last: files it does not name are ignored
tokens-<hash>.arrow      hash of a word -> token id, the rarest word first: for blocking keys
dead-<hash>.parquet      rows of older parts that a newer part replaces or deletes
parts/<kind>-<file>-<hash>/
    records.parquet      sorted by arXiv id or corpus id; a row's number is its address
    texts.arrow          plain title and paper, by row
    titles.arrow         hash of the exact-title key -> row, sorted
    pairs-<hash>.arrow   blocking key (pair of rare tokens) -> row, sorted
    <file>-ids.arrow     hash of an identifier -> row of records, abstracts or shas, sorted
    tokens.arrow         hash of a word -> how many times it occurs
    abstracts.arrow      sorted by id, compressed in small batches
    shas.parquet         sorted by S2 paper id
    citations.parquet    sorted by the citing paper's corpus id
    part.json            what was read, what was broken: the part is whole once this is there
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from enrich.errors import LocalIndexError
from enrich.io.atomic_files import replace_file
from enrich.papers.titles import plain_title

FORMAT: Final = 2
# The kinds of a part, and the column it is sorted by.
ID_COLUMN: Final = {
    "arxiv": "arxiv_id",
    "s2_papers": "s2_corpus_id",
    "arxiv_abstracts": "arxiv_id",
    "s2_abstracts": "s2_corpus_id",
    "s2_ids": "s2_paper_id",
    "s2_deleted": "s2_corpus_id",
    "s2_citations": "s2_corpus_id",
}
# Of these kinds a file may have several rows with one id: a paper cites many.
REPEATED: Final = ("s2_citations",)
RECORD_KINDS: Final = ("arxiv", "s2_papers")

_STRINGS = pa.list_(pa.string())
_MOMENT = pa.timestamp("us", tz="UTC")
# A service's records have the columns that it knows.
ARXIV_RECORDS: Final = pa.schema(
    [
        ("arxiv_id", pa.string()), ("paper", pa.string()), ("title", pa.string()),
        ("authors", _STRINGS), ("year", pa.int16()), ("doi", pa.string()),
        ("arxiv_version", pa.int16()), ("arxiv_primary_category", pa.string()),
        ("arxiv_categories", _STRINGS), ("arxiv_comment", pa.string()),
        ("journal_ref", pa.string()), ("arxiv_published_at", _MOMENT),
        ("arxiv_updated_at", _MOMENT), ("touched", pa.date32()),
    ]
)  # fmt: skip
S2_RECORDS: Final = pa.schema(
    [
        ("arxiv_id", pa.string()), ("s2_corpus_id", pa.int64()), ("paper", pa.string()),
        ("title", pa.string()), ("authors", _STRINGS), ("s2_author_ids", _STRINGS),
        ("year", pa.int16()), ("doi", pa.string()), ("s2_paper_id", pa.string()),
        ("acl_id", pa.string()), ("dblp_id", pa.string()), ("pmid", pa.string()),
        ("mag_id", pa.string()), ("venue", pa.string()), ("publication_types", _STRINGS),
        ("published_on", pa.date32()), ("citation_count", pa.int32()),
        ("influential_citation_count", pa.int32()), ("reference_count", pa.int32()),
        ("is_open_access", pa.bool_()), ("fields_of_study", _STRINGS),
    ]
)  # fmt: skip
ARXIV_ABSTRACTS: Final = pa.schema([("arxiv_id", pa.string()), ("abstract", pa.string())])
S2_ABSTRACTS: Final = pa.schema(
    [("s2_corpus_id", pa.int64()), ("abstract", pa.string()), ("open_access_pdf", pa.string())]
)
SHAS: Final = pa.schema(
    [("s2_paper_id", pa.string()), ("s2_corpus_id", pa.int64()), ("is_primary", pa.bool_())]
)
CITATIONS: Final = pa.schema(
    [("s2_corpus_id", pa.int64()), ("cited_corpus_id", pa.int64()), ("citation_id", pa.int64())]
)
DELETED: Final = pa.schema([("s2_corpus_id", pa.int64())])
FILES: Final[dict[str, dict[str, pa.Schema]]] = {
    "arxiv": {"records": ARXIV_RECORDS, "abstracts": ARXIV_ABSTRACTS},
    "s2_papers": {"records": S2_RECORDS},
    "arxiv_abstracts": {"abstracts": ARXIV_ABSTRACTS},
    "s2_abstracts": {"abstracts": S2_ABSTRACTS},
    "s2_ids": {"shas": SHAS},
    "s2_deleted": {"deleted": DELETED},
    "s2_citations": {"citations": CITATIONS},
}
# The columns of each file by which its rows are looked up.
LOOKED_UP: Final = {
    "records": (
        "arxiv_id", "s2_corpus_id", "s2_paper_id", "doi", "acl_id", "dblp_id", "pmid", "mag_id",
    ),
    "abstracts": ("arxiv_id", "s2_corpus_id"),
    "shas": ("s2_paper_id", "s2_corpus_id"),
}  # fmt: skip
# An abstract is read with so many others.
ABSTRACT_ROWS: Final = 128
# By row, of `texts.arrow`.
TEXTS: Final = pa.schema([("plain", pa.string()), ("paper", pa.string())])
_SQL_TYPES: Final = {
    pa.string(): "varchar", pa.int64(): "bigint", pa.int32(): "integer", pa.int16(): "smallint",
    pa.bool_(): "boolean", pa.date32(): "date", _MOMENT: "timestamptz", _STRINGS: "varchar[]",
}  # fmt: skip

_PROBES: Final = (
    "Attention Is All You Need", "Über $\\mathcal{N}=4$ SYM: Part II", "H2O &amp; CO_2",
    "C++ / “Quotes” — dashes", "Poincar\\'e’s β-function", "3D-CNNs vs. 4D (YOLOv3)",
    "Ａｌｇｅｂｒａ 深度学习", "x<sub>i</sub> naïve ﬁt",
)  # fmt: skip


def row_schema(kind: str) -> pa.Schema:
    """The columns of all files of `kind`, each once: what one line of a dump gives."""
    fields = {field.name: field for schema in FILES[kind].values() for field in schema}
    return pa.schema(list(fields.values()))


def sql_type(type_: pa.DataType) -> str:
    """DuckDB's name of a column's type."""
    return _SQL_TYPES[type_]


@cache
def title_rules() -> str:
    """Fingerprint of title normalisation: keys made by other rules never match."""
    forms = "\n".join(plain_title(probe) for probe in _PROBES)
    return hashlib.sha256(forms.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Part:
    """One shard of a dump, indexed. `rank` orders parts: of two rows with one id the higher counts.

    `faults` counts refused lines by kind of fault, `examples` gives the places of the first,
    `notes` counts repairs. `released` is the release day of the dump; `pairs` names
    the file of blocking keys.
    """

    name: str
    kind: str
    url: str
    span: tuple[int, int]
    sha256: str
    rows: int
    bytes: int
    faults: Mapping[str, int]
    examples: tuple[str, ...]
    notes: Mapping[str, int]
    released: date | None
    rank: int = 0
    generation: int = 0
    pairs: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The form in `part.json` and the manifest."""
        data = asdict(self)
        return data | {"released": self.released.isoformat() if self.released else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Part:
        """The inverse of `to_json`."""
        day = data["released"]
        made = cls(**data)
        return replace(
            made,
            span=tuple(data["span"]),
            examples=tuple(data["examples"]),
            released=date.fromisoformat(day) if day else None,
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds. `built` is an ISO time; file names are relative to the index."""

    built: str
    parts: tuple[Part, ...]
    tokens: str | None
    dead: str | None
    rules: str = field(default_factory=title_rules)
    format: int = FORMAT
    versions: Mapping[str, str] = field(default_factory=lambda: tool_versions())

    def released(self, kind: str) -> date | None:
        """The newest release day of the parts of `kind`."""
        return max((p.released for p in self.parts if p.kind == kind and p.released), default=None)


def tool_versions() -> dict[str, str]:
    """Versions of the packages that the index is made with."""
    return {name: version(name) for name in ("enrich", "duckdb", "pyarrow", "rapidfuzz")}


def read_manifest(root: Path) -> Manifest:
    """The manifest of the index at `root`. Raises LocalIndexError, with the cure."""
    try:
        data = json.loads((root / "manifest.json").read_bytes())
        if data["format"] != FORMAT or data["rules"] != title_rules():
            raise LocalIndexError(
                f"The index at {root} was built by other rules (format {data['format']}, titles "
                f"{data['rules']}; here {FORMAT}, {title_rules()}): build it again with "
                "`enrich index build`."
            )
        parts = tuple(Part.from_json(part) for part in data.pop("parts"))
        return Manifest(parts=parts, **data)
    except FileNotFoundError:
        raise LocalIndexError(
            f"There is no index at {root} (no manifest.json): make one with `enrich index build`."
        ) from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise LocalIndexError(
            f"The manifest of the index at {root} cannot be read ({error!r}): build it again."
        ) from None


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Publish `manifest`: readers see the old index or the new one."""
    data = asdict(manifest) | {"parts": [part.to_json() for part in manifest.parts]}
    write_json(root / "manifest.json", data)


def write_json(path: Path, data: object) -> None:
    """Write `data` as JSON atomically."""
    replace_file(path, json.dumps(data, indent=1, ensure_ascii=False).encode())


def connect(*, threads: int = 1, memory: str = "1GB", spill: Path) -> duckdb.DuckDBPyConnection:
    """A private DuckDB that stays within `memory` and spills into the folder `spill`."""
    spill.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute("set enable_progress_bar = false")  # it would print
    return con


def quoted(path: Path | str) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
