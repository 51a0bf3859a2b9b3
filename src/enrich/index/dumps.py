"""Load the rows of one shard into DuckDB, counting every refused line.

JSON lines are normalised in SQL where that gives what `parse.py` gives; the other lines, and
Parquet, are parsed by `parse.py` in batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from enrich.errors import LocalIndexError
from enrich.index import normalise
from enrich.index.forms import FORMS
from enrich.index.layout import row_schema, sql_type
from enrich.index.lines import LINES, ShardReport, line_batches
from enrich.index.parse import PARSERS, Broken, Row
from enrich.index.shards import Shard

# Rows parsed in Python at a time: large enough for Arrow, small in memory.
BATCH_ROWS: Final = 20_000


def load_rows(con: duckdb.DuckDBPyConnection, shard: Shard, report: ShardReport) -> None:
    """Make the view `loaded` of the shard's rows: `place`, then the columns of its kind.

    Raises LocalIndexError for a damaged file: how much of it is lost is unknown.
    """
    schema = row_schema(shard.kind)
    names = ", ".join(["place", *schema.names])
    columns = ", ".join(f"{field.name} {sql_type(field.type)}" for field in schema)
    con.execute(f"create table parsed (place bigint, {columns})")
    if shard.form == "parquet":
        _insert(con, shard.kind, _parquet_rows(shard, report), report)
        con.execute(f"create view loaded as select {names} from parsed")
        return
    if shard.kind not in FORMS:
        batches = line_batches(shard, report)
        _insert(con, shard.kind, _json_rows(shard.kind, batches, report), report)
        con.execute(f"create view loaded as select {names} from parsed")
        return
    normalise.prepare(con)
    broken: list[LocalIndexError] = []
    lines = _noting(line_batches(shard, report), broken)
    con.register("lines", pa.RecordBatchReader.from_batches(LINES, lines))
    try:
        con.execute(f"create table normalised as {normalise.sql(shard.kind)}")
    except duckdb.Error:
        if broken:
            raise broken[0] from None
        raise
    con.unregister("lines")
    # A cursor: rows are inserted while the other lines are read.
    others = con.cursor().sql("select place, line from normalised where not usual")
    reader = others.to_arrow_reader(BATCH_ROWS)
    _insert(con, shard.kind, _json_rows(shard.kind, reader, report), report)
    con.execute(
        f"create view loaded as select {names} from normalised where usual"
        f" union all select {names} from parsed"
    )


def _noting(
    batches: Iterator[pa.RecordBatch], broken: list[LocalIndexError]
) -> Iterator[pa.RecordBatch]:
    """`batches`; their error, which DuckDB would hide in its own, is added to `broken`."""
    try:
        yield from batches
    except LocalIndexError as error:
        broken.append(error)
        raise


def _insert(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    rows: Iterable[tuple[int, Row]],
    report: ShardReport,
) -> None:
    """Add rows with their places to the table `parsed`, in batches."""
    schema = pa.schema([pa.field("place", pa.int64()), *row_schema(kind)])
    batch: list[Row] = []
    for place, row in rows:
        if note := row.pop("note", None):
            report.notes[note] += 1
        batch.append(row | {"place": place})
        if len(batch) == BATCH_ROWS:
            _insert_batch(con, batch, schema)
            batch = []
    if batch:
        _insert_batch(con, batch, schema)


def _insert_batch(con: duckdb.DuckDBPyConnection, batch: list[Row], schema: pa.Schema) -> None:
    columns = [pa.array([row.get(f.name) for row in batch], f.type) for f in schema]
    con.register("batch", pa.table(columns, schema=schema))
    con.execute("insert into parsed by name from batch")
    con.unregister("batch")


def _json_rows(
    kind: str, batches: Iterable[pa.RecordBatch], report: ShardReport
) -> Iterator[tuple[int, Row]]:
    for batch in batches:
        places, lines = (column.to_pylist() for column in batch.columns)
        for place, line in zip(places, lines, strict=True):
            try:
                fields = orjson.loads(line)
            except orjson.JSONDecodeError:
                report.refuse("not JSON", place)
                continue
            yield from _parsed(kind, place, fields, report)


def _parquet_rows(shard: Shard, report: ShardReport) -> Iterator[tuple[int, Row]]:
    groups = list(range(shard.start, shard.stop))
    try:
        with shard.open() as file:
            table = pq.ParquetFile(file)
            sizes = (table.metadata.row_group(group).total_byte_size for group in groups)
            identity = (table.metadata.serialized_size, shard.stamp, groups)
            report.count_bytes(repr(identity).encode(), sum(sizes))
            place = 0
            for batch in table.iter_batches(BATCH_ROWS, row_groups=groups):
                names = batch.schema.names
                columns = [column.to_pylist() for column in batch.columns]
                for values in zip(*columns, strict=True):
                    place += 1
                    fields = dict(zip(names, values, strict=True))
                    yield from _parsed(shard.kind, place, fields, report)
    except (OSError, pa.ArrowException) as error:
        raise LocalIndexError(
            f"{shard.url} is damaged ({error}): get it again, the shards done so far are kept."
        ) from error


def _parsed(kind: str, place: int, fields: Any, report: ShardReport) -> Iterator[tuple[int, Row]]:
    """The row of one line with its place, or nothing if it is refused."""
    try:
        if not isinstance(fields, dict):
            raise Broken("not a JSON object")
        yield place, PARSERS[kind](fields)
    except Broken as broken:
        report.refuse(str(broken), place)
