"""CSV and JSON lines: one row per entry of the list, the columns of `enriched`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from enrich.outputs.escape import csv_text
from enrich.snapshot.manifest import iso

# A comma would have to be quoted in a CSV cell.
_SEPARATOR = "; "


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """RFC 4180, with CRLF, a header, and missing values as empty cells.

    Text that a spreadsheet would run as a formula gets an apostrophe in front. Lists are joined
    with `; `, links are `label <address>`, authors are names.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, list):
        value = _SEPARATOR.join(_item(item) for item in value)
    return csv_text(str(value))


def _item(item: Any) -> str:
    if isinstance(item, dict):
        if "url" in item:
            return f"{item['label']} <{item['url']}>".strip()
        return str(item["name"])
    return str(item)


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line; numbers, booleans, lists and nulls keep their types."""
    return "".join(json.dumps(dict(row), ensure_ascii=False, default=iso) + "\n" for row in rows)
