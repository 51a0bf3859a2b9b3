"""Rows made in SQL are those that `parse.py` makes, for usual and for damaged lines."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.index.dumps import facts

from enrich.index.dumps import load_rows
from enrich.index.layout import connect, row_schema
from enrich.index.lines import ShardReport
from enrich.index.parse import PARSERS, Broken
from enrich.index.shards import find_shards

PAPERS = [paper for paper in facts(400, seed=5) if paper.arxiv and paper.corpus]
# Values that a field of any kind may wrongly hold, and texts that normalisation changes.
VALUES: list[Any] = [
    None, True, False, 0, 7, -1, 1.5, 1501.0253, 10**12, 2**63, 2**70, "", " ", "x", "0", "true",
    [], {}, [None], ["a", None, 5, " b "], [["A", "B", ""], ["C"], [], "x", [None, 3]], {"url": 5},
    [{"created": None}], [{"created": "Sat, 31 Feb 2020 10:00:00 GMT"}], [5, {"name": 3}],
    [{"name": " A\u00a0B ", "authorId": 5}, {"name": "12", "authorId": "x"}, {}, None],
    [{"category": "A"}, {"category": " A "}, {"category": 1}], ["One", "", "1"],
    {"ArXiv": 1501.00001, "DOI": 5, "MAG": 1.5, "DBLP": 5, "ACL": True, "PubMed": 77},
    {"ArXiv": "1501.00001v2", "DOI": "10.48550/arXiv.1501.00001", "DBLP": "a b", "MAG": "x"},
    {"url": "ftp://x"}, {"url": " https://example.org/a b "},
    "1501.00001", "1501.0001", "1412.00001", "1501.00000", "0703.1234", "9912.1234", "1501.00001v1",
    "cs/0501001", "cs.CV/0501001", "nosuch/0501001", "math/0513001", "1501.00001\n",
    "10.1000/ABC", "10.1000/abc.", "10.1000/a(b)c", "10.1101/2020.01.01.123456v2", "doi:10.1000/x",
    "10.48550/arXiv.1501.00001", "10.1000/a%20b", "10.1000/a b", "10.1000/\u00e9", "10.1.2/x",
    "10.1000.5/x",
    "2020-02-30", "2020-02-03", "0000-01-01", "2020-02-03T00:00:00", "20200203", "Mon, 2 Apr 2007",
    "a\tb", "a  b", " a", "a ", "a\nb\r\nc", "a\u00a0b", "a\u2028b", "\u3000", "a\u0000b",
    "a\u001fb",
    "a\u000bb\f", "\\u0020", "cs.CV", "cs.CV,cs.LG", "cs.CV  cs.LG", " cs.CV", "cs.CV\ncs.LG",
    "Ann, Bob", "t" * 2000, "t" * 2001, "\U0001f600" * 2000, "{", "[x", "NaN",
    "-5", "nan, x", "a,}", "|", "||",
    "https://www.semanticscholar.org/paper/" + "a" * 40,
    "http://semanticscholar.org/paper/X/" + "b" * 40,
    "f" * 40, "F" * 40, "f" * 39,
]  # fmt: skip
# Lines that are JSON for some readers and not for others.
LINES: list[bytes] = [
    b"", b"   ", b"\t", b"null", b"[1]", b'"x"', b"5", b"{", b"{}", b"{} {}", b"{}x", b'{"id": 1,}',
    b'{"id": "1501.00001", "title": "x", "n": NaN}',
    b'{"id": "1501.00001", "title": "x", "n": -Infinity}',
    *(b'{"id": "1501.00001", "title": "x", "n": [%s]}' % n for n in (b"nan", b"NAN ", b"inf")),
    b'{"id": "1501.00001", "title": "x", "n": [1, ]}', b'{"id": "1501.00001", "title": "x", }',
    b'{"id": "1501.00001", "title": "x"\t,\t}', b"{'id': 1}", b'{"id": 01}', b'{"id": "\\ud800"}',
    b'{"id": "1501.00001", "title": "tab\tin a string"}', b'{"id": "1501.00001", "title": "\xff"}',
    b'\xef\xbb\xbf{"id": "1501.00001", "title": "x"}', b'{"id": "1501.00001" /**/, "title": "x"}',
]  # fmt: skip


def arxiv_line(draw: random.Random) -> dict[str, Any]:
    line = draw.choice(PAPERS).arxiv_line()
    return line | {"license": None}


def s2_line(draw: random.Random) -> dict[str, Any]:
    return draw.choice(PAPERS).s2_line()


def abstract_line(draw: random.Random) -> dict[str, Any]:
    url = draw.choice(["https://example.org/x", None])
    return {
        "corpusid": draw.randrange(99),
        "openaccessinfo": {"url": url},
        "abstract": "Text.",
    }


def id_line(draw: random.Random) -> dict[str, Any]:
    return {"sha": draw.choice(PAPERS).sha, "corpusid": draw.randrange(99), "primary": True}


def citation_line(draw: random.Random) -> dict[str, Any]:
    cited = draw.choice([draw.randrange(1, 99), None])
    return {
        "citationid": draw.randrange(1, 9999), "citingcorpusid": draw.randrange(1, 99),
        "citedcorpusid": cited, "isinfluential": False, "contexts": ["As in [7]."], "intents": None,
    }  # fmt: skip


KINDS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "arxiv": arxiv_line, "s2_papers": s2_line, "s2_abstracts": abstract_line, "s2_ids": id_line,
    "s2_citations": citation_line,
}  # fmt: skip
NESTED = ("externalids", "openaccessinfo")


def damaged(kind: str, count: int, seed: int) -> list[bytes]:
    """Lines of `kind`: each value in each field, pairs of them at random, and broken JSON."""
    draw = random.Random(seed)
    make = KINDS[kind]
    fields = [*make(draw), "primary_category", "updated", "journal_ref", "created", "arxiv_id"]
    lines: list[Any] = [make(draw) | {field: value} for field in fields for value in VALUES]
    for field in NESTED:
        inner = make(draw).get(field) or {}
        lines += [make(draw) | {field: inner | {name: value}} for name in inner for value in VALUES]
    for _ in range(count):
        some = draw.sample(fields, draw.randrange(3))
        line = make(draw) | {field: draw.choice(VALUES) for field in some}
        if draw.random() < 0.2:
            line.pop(draw.choice(list(line)))
        lines.append(line)
    dumped = [json.dumps(line, ensure_ascii=draw.random() < 0.5).encode() for line in lines]
    for _ in range(count // 4):
        line = bytearray(draw.choice(dumped))
        at = draw.randrange(len(line))
        line[at : at + draw.randrange(3)] = bytes(draw.choices(b'x",:}]{[ 0', k=draw.randrange(3)))
        dumped.append(bytes(line).replace(b"\n", b" "))
    dumped += [line.replace(b"\n", b" ") for line in LINES]
    draw.shuffle(dumped)
    return dumped


def expected(kind: str, lines: list[bytes]) -> tuple[dict[int, dict[str, Any]], Counter[str]]:
    """Row by byte offset, and refused lines by reason, by `parse.py` alone."""
    rows, faults, place = {}, Counter[str](), 0
    for line in lines:
        at, place = place, place + len(line) + 1
        if not line.strip():
            continue
        try:
            fields = orjson.loads(line)
            if not isinstance(fields, dict):
                raise Broken("not a JSON object")
            row = PARSERS[kind](fields)
        except orjson.JSONDecodeError:
            faults["not JSON"] += 1
        except Broken as broken:
            faults[str(broken)] += 1
        else:
            row.pop("note", None)
            rows[at] = row
    return rows, faults


def load(file: Path, kind: str) -> tuple[dict[int, dict[str, Any]], ShardReport, int]:
    """Rows by place, the report, and how many rows SQL made."""
    report = ShardReport()
    with connect(spill=file.parent / "spill") as con:
        load_rows(con, find_shards(kind, str(file))[0], report)
        rows = con.sql("from loaded").to_arrow_table().to_pylist()
        in_sql = con.execute("select count(*) from normalised where usual").fetchall()[0][0]
    return {row.pop("place"): row for row in rows}, report, in_sql


@pytest.mark.parametrize("kind", KINDS)
def test_sql_gives_the_rows_of_the_parser(tmp_path: Path, kind: str) -> None:
    """Every line gives the same row, or is refused for the same reason, whichever way it went; and
    undamaged lines go through SQL."""
    lines = damaged(kind, 2000, seed=1)
    (tmp_path / "dump").write_bytes(b"\n".join(lines) + b"\n")
    rows, report, in_sql = load(tmp_path / "dump", kind)
    wanted, faults = expected(kind, lines)
    by_place = dict(zip(_places(lines), lines, strict=True))
    for at in wanted.keys() | rows.keys():
        row, want = rows.get(at), wanted.get(at)
        if want is not None:
            want = {name: want.get(name) for name in row_schema(kind).names}
        assert row == want, by_place[at][:2000]
    assert report.faults == faults
    assert in_sql > 0.2 * len(rows)
    draw = random.Random(2)
    good = [json.dumps(KINDS[kind](draw) | {"corpusid": n + 1}).encode() for n in range(200)]
    (tmp_path / "good").write_bytes(b"\n".join(good))
    assert load(tmp_path / "good", kind)[2] == 200


def _places(lines: list[bytes]) -> list[int]:
    places = [0]
    for line in lines[:-1]:
        places.append(places[-1] + len(line) + 1)
    return places
