"""The column of titles that a bulk run is given, brought into one form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from enrich.errors import UsageError
from enrich.index.layout import connect, quoted

_QUERY_ROWS: Final = 122_880


def read_titles(source: Path, to: Path) -> None:
    """Bring the input into one form: q (0-based row), title, authors, year, as Parquet."""
    if not source.is_file():
        raise UsageError(f"{source} is not a file: give a CSV or Parquet file with a column title.")
    path = quoted(_literal(source))
    with source.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    reader = (
        f"read_parquet({path}, file_row_number = true)"
        if parquet
        else f"read_csv({path}, header = true, all_varchar = true, sample_size = 2000)"
    )
    with connect(threads=1, memory="1GB", spill=to.parent / "spill") as con:
        try:
            names = [row[0] for row in con.execute(f"describe from {reader}").fetchall()]
            by_name = {str(name).strip().lower(): str(name) for name in names}
            if "title" not in by_name:
                raise UsageError(
                    f"{source} has no column title (it has {', '.join(map(repr, names[:12]))}): "
                    "name the column that holds the titles so."
                )
            authors = _column(by_name, ("authors", "author"))
            year = _column(by_name, ("year",))
            title = _column(by_name, ("title",))
            number = "file_row_number" if parquet else "row_number() over () - 1"
            con.execute(
                f"copy (select ({number})::bigint as q, {title}::varchar as title,"
                f" nullif(trim({_text(con, reader, authors)}), '') as authors,"
                f" try_cast({year} as smallint) as year from {reader} order by q)"
                f" to {quoted(to)} (compression lz4, row_group_size {_QUERY_ROWS})",
            )
        except duckdb.Error as error:
            raise UsageError(
                f"{source} cannot be read: {str(error).splitlines()[0]} Give CSV with a header "
                "line, in UTF-8, or Parquet."
            ) from None


def _literal(path: Path) -> str:
    """A path in which DuckDB finds no pattern: `titles[1].csv` is one file."""
    return re.sub(r"[\[*?]", lambda match: f"[{match[0]}]", str(path))


def _column(by_name: dict[str, str], wanted: Sequence[str]) -> str:
    for name in wanted:
        if name in by_name:
            return '"' + by_name[name].replace('"', '""') + '"'
    return "null"


def _text(con: Any, reader: str, column: str) -> str:
    """A column as text: lists of names are joined."""
    if column == "null":
        return "null::varchar"
    kind = con.execute(f"select typeof({column}) from {reader} limit 1").fetchone()
    if kind and str(kind[0]).endswith("[]"):
        return f"array_to_string({column}, ', ')"
    return f"{column}::varchar"
