"""SQL that turns the usual lines of a dump into rows of the index.

`usual` is true for a line if every field has its published type and a value that SQL normalises
exactly as `parse.py` does. Other lines (damaged ids, unknown date formats, broken JSON) have to be
parsed by `parse.py`; the rows are the same either way, which tests compare.
"""

from __future__ import annotations

import json
from typing import Any, Final

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType

from enrich.index import ids
from enrich.index.forms import FORMS
from enrich.index.layout import row_schema, sql_type
from enrich.index.parse import LONGEST_TITLE, text

# White space that `str.split` knows and that is rare in dumps, and control characters.
_RARE_SPACE: Final = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}"
    r"\x{205f}\x{3000}]"
)
# DuckDB accepts trailing commas, NaN and Infinity; orjson refuses them. Of each its own pattern:
# RE2 looks for a literal beginning in a quarter of the time that one pattern of all three takes.
_LAX: Final = (
    r",[ \t\r]*[}\]]", r"(?i)nan[ \t\r]*[,}\]]", r"(?i)inf(inity)?[ \t\r]*[,}\]]",
)  # fmt: skip
# How json_transform renders a number, a boolean, a list or an object as a text.
_RENDERED: Final = r"(?s)-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|\[.*\]|\{.*\}"
# Escapes of control characters and of Latin-1's spaces, among other things.
_ODD: Final = r"\\(u00|f|b)"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Add the functions that the SQL of this module calls."""
    functions: dict[str, Any] = {
        "careful_text": _careful_text,
        "careful_doi": _careful_doi,
    }
    for name, function in functions.items():
        con.create_function(name, function, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW)
    # A DOI that needs neither unquoting nor trimming nor bioRxiv's rule.
    con.execute(
        "create macro bare_doi(x) as case when length(x) < 300 and"
        r" regexp_full_match(x, '10\.\d{4,9}/[A-Za-z0-9._/:;-]*[A-Za-z0-9]')"
        " and not starts_with(x, '10.1101/') and not starts_with(x, '10.64898/')"
        " then lower(x) else nullif(careful_doi(x), '') end"
    )
    con.execute(
        "create macro spaced(x) as"
        " replace(replace(replace(x, chr(10), ' '), chr(13), ' '), chr(9), ' ')"
    )
    # One space less at the end is what most texts need; DuckDB's rtrim takes 15 times as long.
    con.execute(
        "create macro trimmed(y) as ltrim(case when ends_with(y, ' ') then left(y, -1) else y end)"
    )
    # `z` is `trimmed(spaced(x))`, computed once by the caller.
    con.execute(
        "create macro squeezed(x, z, odd) as case"
        f" when (odd or length(x) <> strlen(x)) and regexp_matches(x, '{_RARE_SPACE}')"
        " then nullif(careful_text(x), '')"
        " when contains(z, '  ') or ends_with(z, ' ')"
        " then nullif(trim(regexp_replace(z, ' {2,}', ' ', 'g')), '')"
        " else nullif(z, '') end"
    )
    con.execute("create macro clean(x) as squeezed(x, trimmed(spaced(x)), true)")
    con.execute(
        "create macro untidy(xs) as list_count(xs) < len(xs) or xs = [''] or"
        f" regexp_matches(array_to_string(xs, '|'), '{_RARE_SPACE}|  |^ | $|[|] | [|]|[|][|]"
        "|^[|]|[|]$|[\\n\\r\\t]')"
    )
    con.execute(
        "create macro clean_all(xs) as case when untidy(xs)"
        " then list_filter(list_transform(xs, lambda n: clean(n)), lambda n: n is not null)"
        " else xs end"
    )
    # As a text, a number, a boolean, a list or an object is what only few strings are. Comparisons
    # find out most strings, at a fraction of the pattern's time.
    con.execute(
        "create macro a_string(x) as x is null or not ("
        " (x < ':' or starts_with(x, '[') or starts_with(x, '{') or x in ('true', 'false'))"
        f" and regexp_full_match(x, '{_RENDERED}'))"
    )
    con.execute("create macro small(n) as case when n between 0 and 2147483647 then n end")


def sql(kind: str) -> str:
    """SQL over relation `lines` (place, line): `usual`, the columns of `kind`, place, and line.

    The columns are only right where `usual`; elsewhere `line` has to be parsed by `parse.py`.
    """
    form = FORMS[kind]
    names = {field: f'"{field}"' for field in form.fields}
    types = json.dumps(form.fields)
    conditions = [
        *(f"a_string({value})" for value in form.strings),
        *(f"{field} is null" for field in form.absent),
        *form.usual,
    ]
    fields = ", ".join(f"j.{name}" for name in names.values())
    spaced = "".join(f', spaced("{text}") as "{text}_spaced"' for text in form.texts)
    lists = "".join(f", {value} as {name}" for name, value in form.lists.items())
    trimmed = "".join(f', trimmed("{text}_spaced") as "{text}_trimmed"' for text in form.texts)
    squeezed = "".join(
        f', squeezed("{text}", "{text}_trimmed", odd) as "{text}_text"' for text in form.texts
    )
    steps = "".join(f", {step} as {name}" for name, step in form.steps.items())
    if "title" in form.columns:
        conditions.append(f"length(title_text) between 1 and {LONGEST_TITLE}")
    usual = " and ".join(conditions)
    lax = " or ".join(f"regexp_matches(line, '{pattern}')" for pattern in _LAX)
    columns = ", ".join(
        f"({form.columns.get(field.name, 'null')})::{sql_type(field.type)} as {field.name}"
        for field in row_schema(kind)
    )
    return f"""
        with given as (
            select place, line,
                case when not ({lax}) then try(json_transform(line, '{types}')) end as j from lines
        ), parted as (
            select place, line, j is not null as json, regexp_matches(line, '{_ODD}') as odd,
                {fields} from given
        ), spaced as (select *{spaced}{lists} from parted
        ), trimmed as (select *{trimmed} from spaced
        ), cleaned as (select *{squeezed}{steps} from trimmed
        ), checked as (select coalesce(json and {usual}, false) as usual, place, line,
                * exclude (place, line) from cleaned)
        select usual, place, case when not usual then line end as line, {columns}
        from checked"""


def _careful_text(texts: pa.ChunkedArray) -> pa.Array:
    """Each text as `parse.text` makes it; "" where nothing is left."""
    return pa.array([text(value) or "" for value in texts.to_pylist()], pa.string())


def _careful_doi(texts: pa.ChunkedArray) -> pa.Array:
    return pa.array([ids.doi(value) or "" for value in texts.to_pylist()], pa.string())
