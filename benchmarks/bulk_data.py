"""Records and titles of any number for the benchmarks of the local index, made of real titles."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

REAL: Final = Path(__file__).resolve().parents[1] / "../shared/data/catalogue"
REAL_FILE: Final = "arxiv_archive_partial_2020_titles.parquet"
# Records of one dump file, which is one shard.
FILE_ROWS: Final = 500_000


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB that prints nothing."""
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    return con


def make_dumps(folder: Path, real: Path, count: int) -> list[str]:
    """JSON lines in the form of arXiv's snapshot, zstd, in files of FILE_ROWS records.

    The first are the real titles of the catalogue `real` with their authors and dates, the others
    are made of halves of two of them each. Files that are there are kept: more records continue
    fewer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"dump-{start // FILE_ROWS:03d}.json.zst" for start in
             range(0, count, FILE_ROWS)]  # fmt: skip
    con = connect()
    con.execute(f"""create table real as
        select row_number() over (order by hash(arxiv_id)) - 1 as n, arxiv_id as id,
            string_split(regexp_replace(title, '\\s+', ' ', 'g'), ' ') as words,
            created::date as day,
            list_transform(string_split(authors, ', ')[:8], lambda name:
                [regexp_extract(name, '[^ ]*$'), regexp_replace(name, ' ?[^ ]*$', ''), '']) as names
        from read_parquet('{real}') where length(title) > 30 and authors is not null""")
    have = con.execute("select count(*) from real").fetchall()[0][0]
    for number, file in enumerate(files):
        first, stop = number * FILE_ROWS, min((number + 1) * FILE_ROWS, count)
        if file.exists():
            continue
        con.execute(f"""copy (
            select case when i < {have} then a.id else printf('%02d%02d.%05d',
                    20 + (i - {have}) // 720000, 1 + ((i - {have}) // 60000) % 12,
                    1 + (i - {have}) % 60000) end as id,
                array_to_string(case when i < {have} then a.words
                    else a.words[:len(a.words) // 2] || b.words[len(b.words) // 2:] end, ' ')
                    as title,
                a.names as authors_parsed, 'cs.LG' as categories,
                [{{'version': 'v1', 'created': strftime(a.day, '%a, %d %b %Y 10:00:00 GMT')}}]
                    as versions,
                a.day as update_date
            from (select i, case when i < {have} then i else hash(i, 1) % {have} end as x,
                    hash(i, 2) % {have} as y from range({first}, {stop}) t(i)) pick
                join real a on a.n = x join real b on b.n = y
        ) to '{file}' (format json, compression zstd)""")
    return [str(file) for file in files]


def make_titles(file: Path, dumps: list[str], count: int) -> Path:
    """`count` titles, with the id of the record each was drawn from (null: no record has it).

    85 % are unchanged but for case; the others are misspelt, cut, with a venue after them, or of no
    record.
    """
    con = connect()
    con.execute(f"""copy (
        with drawn as (
            select id, title as t, hash(id, 3) % 1000 as kind, hash(id, 4) as h
            from read_json({dumps}, columns = {{id: 'varchar', title: 'varchar'}})
            order by hash(id, 5) limit {count}
        )
        select case
            when kind < 60
                then t[:1 + h % len(t)] || chr((97 + h % 26)::integer) || t[2 + h % len(t):]
            when kind < 90 then t[:h % len(t)] || t[2 + h % len(t):]
            when kind < 110 then t || ' (CVPR 2019)'
            when kind < 120 then replace(t, ' the ', ' ')
            when kind < 150 then reverse(t[:len(t) // 2]) || ' ' || reverse(t[len(t) // 2:])
            when kind < 500 then upper(t)
            else t end as title,
            case when kind between 120 and 149 then null else id end as truth
        from drawn order by hash(id, 6)
    ) to '{file}' (row_group_size 122880)""")
    return file
