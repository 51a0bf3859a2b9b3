"""Reading dumps: every line becomes a row or is accounted for."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.index.dumps import Fact, facts, json_lines, write_arxiv

from enrich.errors import LocalIndexError, UsageError
from enrich.index import lines as lines_module
from enrich.index.dumps import load_rows
from enrich.index.layout import connect
from enrich.index.lines import ShardReport, line_batches
from enrich.index.parse import Row
from enrich.index.shards import Shard, find_shards

GOOD = facts(60)


def rows_of(shards: tuple[Shard, ...], report: ShardReport | None = None) -> list[Row]:
    """The rows of the shards in the order of the file, without their places."""
    rows: list[Row] = []
    for shard in shards:
        with TemporaryDirectory() as spill, connect(spill=Path(spill)) as con:
            load_rows(con, shard, report or ShardReport())
            rows += (
                con.sql("select * exclude (place) from loaded order by place")
                .to_arrow_table()
                .to_pylist()
            )
    return rows


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.json.zst", "a"])
def test_packing_makes_no_difference(tmp_path: Path, name: str) -> None:
    """Plain, gzip and zstd dumps give the same rows, whatever the file is called."""
    file = write_arxiv(tmp_path / name, GOOD)
    plain = write_arxiv(tmp_path / "plain.json", GOOD)
    rows = rows_of(find_shards("arxiv", str(file)))
    assert len(rows) == sum(p.arxiv is not None for p in GOOD)
    assert rows == rows_of(find_shards("arxiv", str(plain)))


def test_gzip_of_several_members_is_read_to_the_end(tmp_path: Path) -> None:
    """Concatenated gzip files are one gzip file."""
    halves = [json_lines(p.s2_line() for p in GOOD[a::2] if p.corpus) for a in (0, 1)]
    (tmp_path / "f").write_bytes(b"".join(gzip.compress(half) for half in halves))
    assert len(rows_of(find_shards("s2_papers", str(tmp_path / "f")))) == sum(
        p.corpus is not None for p in GOOD
    )


@pytest.mark.parametrize("piece", [1, 17, 300, 5000])
def test_pieces_of_a_file_hold_each_line_once(tmp_path: Path, piece: int) -> None:
    """However a plain file is cut, each line is in the one piece it begins in, with its offset."""
    file = write_arxiv(tmp_path / "a.json", GOOD[:12])
    cut = find_shards("arxiv", str(file), piece=piece)
    batches = [batch for shard in cut for batch in line_batches(shard, ShardReport())]
    placed = {row["place"]: row["line"] for batch in batches for row in batch.to_pylist()}
    assert sum(batch.num_rows for batch in batches) == len(placed)
    whole = file.read_bytes()
    starts = [0, *(at + 1 for at, byte in enumerate(whole[:-1]) if byte == ord("\n"))]
    assert placed == {at: whole[at : whole.index(b"\n", at) + 1].decode() for at in starts}
    sizes = [shard.stop - shard.start for shard in cut]
    assert sum(sizes) == len(whole) and max(sizes) <= piece


def test_broken_lines_are_counted_and_located(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each refused line is counted by its fault, with its place; the others are
    read. A repaired id is counted too."""
    monkeypatch.setattr(lines_module, "_LONGEST_LINE", 20_000)
    good = next(p for p in GOOD if p.arxiv)
    lines = [
        good.arxiv_line(),
        b'{"id": "1501.00001", "title": "cut off',
        b"[1, 2]",
        b"\xff\xfe{}",
        b"",
        good.arxiv_line(id="not an id"),
        good.arxiv_line(id=1501.0253, versions=[]),
        good.arxiv_line(id="1501.00002", title="   "),
        good.arxiv_line(id="1501.00003", title="t" * 5000),
        good.arxiv_line(id="1501.00004", abstract="x" * 30_000),
        b'{"id": "1501.00005", "title": "lone \\ud800 half"}',
        good.arxiv_line(id="1501.00006", title="The last"),
    ]
    for name, packed in (("plain", json_lines(lines)), ("gz", gzip.compress(json_lines(lines)))):
        (tmp_path / name).write_bytes(packed)
        report = ShardReport()
        rows = rows_of(find_shards("arxiv", str(tmp_path / name)), report)
        assert [row["arxiv_id"] for row in rows] == [good.arxiv, "1501.02530", "1501.00006"]
        assert dict(report.faults) == {
            "not JSON": 3,
            "not a JSON object": 1,
            "no valid arXiv id": 1,
            "no title": 1,
            "title too long": 1,
            "line too long": 1,
        }
        assert dict(report.notes) == {"damaged arXiv id repaired": 1}
        (shard,) = find_shards("arxiv", str(tmp_path / name))
        examples = report.located_examples(shard)
        assert all(str(tmp_path / name) in example for example in examples)
        assert len(examples) == 8
    assert "line 6: no valid arXiv id" in " ".join(examples)


def test_a_long_line_over_many_blocks_is_one_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line longer than the reader's blocks is refused once and what follows it is read."""
    monkeypatch.setattr(lines_module, "_LONGEST_LINE", 300)
    monkeypatch.setattr(lines_module, "_BLOCK", 128)
    data = b'{"corpusid": 1, "title": "' + b"y" * 5000 + b'"}\n{"corpusid": 2, "title": "Two"}\n'
    for name, packed in (("plain", data), ("gz", gzip.compress(data))):
        (tmp_path / name).write_bytes(packed)
        report = ShardReport()
        rows = rows_of(find_shards("s2_papers", str(tmp_path / name)), report)
        assert [row["s2_corpus_id"] for row in rows] == [2]
        assert dict(report.faults) == {"line too long": 1}


@pytest.mark.parametrize("packed", ["gzip", "zstd"])
def test_a_truncated_file_stops_the_build(tmp_path: Path, packed: str) -> None:
    """A broken line becomes a count; a broken file is an error that names it, since what is
    lost is unknown."""
    data = json_lines(p.arxiv_line() for p in GOOD if p.arxiv)
    whole = gzip.compress(data) if packed == "gzip" else pa.compress(data, "zstd", asbytes=True)
    (tmp_path / "a").write_bytes(whole[:-9])
    with pytest.raises(LocalIndexError, match=f"{tmp_path}/a is damaged"):
        rows_of(find_shards("arxiv", str(tmp_path / "a")))


def test_parquet_with_the_columns_of_a_dump(tmp_path: Path) -> None:
    """Parquet gives the rows that JSON lines give; ids kept as floats are repaired."""
    papers = [p for p in GOOD if p.arxiv]
    table = pa.table(
        {
            "arxiv_id": [p.arxiv for p in papers],
            "title": [p.title for p in papers],
            "authors": [", ".join(p.authors) for p in papers],
            "categories": ["cs.CV,cs.LG"] * len(papers),
            "created": [f"{p.year}-04-02" for p in papers],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=20)
    rows = rows_of(find_shards("arxiv", str(tmp_path / "a.parquet")))
    plain = rows_of(find_shards("arxiv", str(write_arxiv(tmp_path / "a.json", papers))))
    for name in ("arxiv_id", "title", "authors", "year", "arxiv_categories", "paper"):
        assert [row[name] for row in rows] == [row[name] for row in plain]
    pq.write_table(pa.table({"arxiv_id": [704.301], "title": ["One"]}), tmp_path / "f.parquet")
    (row,) = rows_of(find_shards("arxiv", str(tmp_path / "f.parquet")))
    assert row["arxiv_id"] == "0704.3010"


def test_semantic_scholar_rows_keep_what_is_valid(tmp_path: Path) -> None:
    """A wrong external id is dropped and counted, its record stays; missing is None, never 0."""
    paper = Fact(1, "A title of some words", ("Ada Byron",), 2020, corpus=9)
    odd = paper.s2_line(
        externalids={"ArXiv": "not one", "DOI": "10.48550/arXiv.2001.00001", "MAG": "x"},
        citationcount=None, year="2020", authors=[{"authorId": None, "name": "A"}, None, {}],
        s2fieldsofstudy=None, publicationdate="2020-13-01", url=None,
    )  # fmt: skip
    (tmp_path / "s").write_bytes(json_lines([odd, paper.s2_line(externalids=None)]))
    report = ShardReport()
    first, second = rows_of(find_shards("s2_papers", str(tmp_path / "s")), report)
    assert (first["arxiv_id"], first["doi"], first["mag_id"]) == ("2001.00001", None, None)
    assert (first["citation_count"], first["year"], first["published_on"]) == (None, None, None)
    assert (first["authors"], first["s2_author_ids"]) == (["A"], [None])
    assert second["paper"] == "corpus:9"


def test_addresses_of_fsspec_are_read(tmp_path: Path) -> None:
    """A shard may lie on any file system that fsspec knows; globs work there too."""
    import fsspec

    fs = fsspec.filesystem("memory")
    for k in (0, 1):
        fs.pipe(f"/dumps/part-{k}", json_lines(p.arxiv_line() for p in GOOD[k::2] if p.arxiv))
    shards = find_shards("arxiv", "memory://dumps/part-*")
    assert len(shards) == 2
    assert len(rows_of(shards)) == sum(p.arxiv is not None for p in GOOD)
    file = write_arxiv(tmp_path / "a.json.gz", GOOD)
    assert len(rows_of(find_shards("arxiv", f"file://{file}"))) == len(rows_of(shards))


@pytest.mark.parametrize("content", [b"<html>no</html>", b"PK\x03\x04", b"id,title\n1,x\n"])
def test_what_is_no_dump_is_refused_at_once(tmp_path: Path, content: bytes) -> None:
    """An HTML page or another archive is recognised by its first bytes."""
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(LocalIndexError, match="neither JSON lines nor gzip, zstd or"):
        find_shards("arxiv", str(tmp_path / "x"))


def test_a_pattern_without_files_is_a_usage_error(tmp_path: Path) -> None:
    """Nothing matching, and an address that cannot be opened, are reported with the pattern."""
    with pytest.raises(UsageError, match="No file matches"):
        find_shards("arxiv", str(tmp_path / "*.json"))
    with pytest.raises(LocalIndexError, match="nosuch"):
        find_shards("arxiv", "nosuch://bucket/x")


def test_json_escapes_and_white_space_are_made_plain(tmp_path: Path) -> None:
    """Line breaks within a title become one space; NUL never reaches the index."""
    line = {"id": "1501.00001", "title": "Deep\n  \u0000 learning\u00a0 x", "authors": "A B,C D"}
    (tmp_path / "a").write_text(json.dumps(line) + "\n")
    (row,) = rows_of(find_shards("arxiv", str(tmp_path / "a")))
    assert row["title"] == "Deep learning x"
