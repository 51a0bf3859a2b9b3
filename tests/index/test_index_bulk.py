"""Bulk resolution: row for row what `decide` says of each title by itself."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.index.dumps import Fact

from enrich.errors import LocalIndexError, UsageError
from enrich.index import Index, resolve_file
from enrich.index.decide import entry, found_nowhere, outcome_row
from enrich.records import Candidate, Resolution
from enrich.resolve import decide

Asked = tuple[str | None, str | None, int | None]


def questions(papers: Sequence[Fact]) -> list[Asked]:
    """Titles as lists write them: exact, misspelt, cut, quoted, absent; some with authors, year."""
    draw = random.Random(11)
    asked: list[Asked] = [(None, None, None), ("", None, 2020), ("???", "Nobody", None)]
    for paper in papers:
        title = paper.title
        how = draw.randrange(10)
        if how == 1:
            at = draw.randrange(len(title))
            title = title[:at] + draw.choice("xyz") + title[at + 1 :]
        elif how == 2:
            title = " ".join(title.split()[:-1])
        elif how == 3:
            title = f"[{draw.randint(1, 99)}] {title} (CVPR {paper.year})"
        elif how == 4:
            title = f"{paper.authors[0]}. {title}. In Proc. of Tests, {paper.year}."
        elif how == 5:
            title = f"{title}: part {draw.choice(('II', 'two', '3'))}"
        elif how == 6:
            title = " ".join(draw.sample(title.split(), len(title.split())))
        elif how == 7:  # only small words differ
            title = " for the ".join(title.split())
        elif how == 8:
            at = draw.randrange(3, len(title))
            title = f"[{draw.randint(1, 99)}] {title[:at]}{title[at + 1 :]} (CVPR {paper.year})"
        authors = draw.choice((None, None, ", ".join(paper.authors), "Somebody Else"))
        year = draw.choice((None, None, paper.year, paper.year - 9))
        asked.append((title, authors, year))
    return asked


def one_by_one(index: Index, asked: Sequence[Asked]) -> list[Resolution]:
    found = index.by_titles([title or "" for title, _, _ in asked])
    return [
        decide(entry(q, *row), [Candidate(record, "title:index") for record in records])
        for q, (row, records) in enumerate(zip(asked, found, strict=True))
    ]


def write(path: Path, asked: Sequence[Asked]) -> Path:
    titles, authors, years = zip(*asked, strict=True)
    pq.write_table(
        pa.table(
            {
                "title": pa.array(titles, pa.string()),
                "authors": pa.array(authors, pa.string()),
                "year": pa.array(years, pa.int64()),
            }
        ),
        path,
    )
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_each_row_is_what_decide_says_of_it(
    index: Index, index_path: Path, papers: list[Fact], tmp_path: Path
) -> None:
    """Status, paper, score and method of every row are those of `decide` over the candidates that
    the index gives for that title alone; the reason too, save that a title with nothing worth
    weighing does not name the nearest."""
    asked = questions(papers)
    result = resolve_file(write(tmp_path / "q", asked), index_path, tmp_path / "o", workers=1)
    rows = rows_of(tmp_path / "o")
    assert result.rows == len(rows) == len(asked)
    no_match = found_nowhere().reason
    statuses = set()
    for q, (row, resolution) in enumerate(zip(rows, one_by_one(index, asked), strict=True)):
        expected = outcome_row(q, resolution)
        statuses.add(resolution.status)
        assert row.pop("row") == expected.pop("q")
        got = {name: row[name] for name in expected}
        if got["reason"] == no_match:
            expected["reason"] = no_match
        assert got == expected, asked[q]
        assert row["rule_version"] == resolution.rule_version
    assert statuses == {"resolved", "ambiguous", "unresolved", "not_a_paper"}
    assert result.by_status == {
        status: sum(row["status"] == status for row in rows) for status in sorted(statuses)
    }


def test_csv_gives_what_parquet_gives(index_path: Path, papers: list[Fact], tmp_path: Path) -> None:
    """A CSV file with a header, quoted fields and its columns in any order and case."""
    asked = questions(papers)[3:60]
    with (tmp_path / "q.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Year", "link", "Title", "Authors"])
        writer.writerows(
            [year or "", "http://x", title, authors or ""] for title, authors, year in asked
        )
    resolve_file(tmp_path / "q.csv", index_path, tmp_path / "a", workers=1)
    resolve_file(write(tmp_path / "q", asked), index_path, tmp_path / "b", workers=1)
    assert rows_of(tmp_path / "a") == rows_of(tmp_path / "b")


def test_authors_may_be_lists(index_path: Path, papers: list[Fact], tmp_path: Path) -> None:
    """A column of lists of names is a column of names."""
    some = [p for p in papers if len(p.title.split()) == 2][:20]
    titles = [p.title for p in some]
    as_lists = pa.table({"title": titles, "authors": [list(p.authors) for p in some]})
    as_text = pa.table({"title": titles, "authors": [", ".join(p.authors) for p in some]})
    for name, table in (("l", as_lists), ("t", as_text)):
        pq.write_table(table, tmp_path / name)
        resolve_file(tmp_path / name, index_path, tmp_path / f"{name}o", workers=1)
    assert rows_of(tmp_path / "lo") == rows_of(tmp_path / "to")
    assert "resolved" in {row["status"] for row in rows_of(tmp_path / "lo")}


def test_no_rows_in_no_rows_out(index_path: Path, tmp_path: Path) -> None:
    """An empty column is no error."""
    empty = pa.table({"title": pa.array([], pa.string())})
    pq.write_table(empty, tmp_path / "q")
    assert resolve_file(tmp_path / "q", index_path, tmp_path / "o", workers=1).rows == 0
    assert rows_of(tmp_path / "o") == []


@pytest.mark.parametrize("name", ["titles[1].csv", "titles*.csv", "title?1.csv", "[a-z].csv"])
def test_a_file_name_is_no_pattern(
    index_path: Path, papers: list[Fact], tmp_path: Path, name: str
) -> None:
    """The file that is named is read, and none that its name would match as a pattern."""
    for other in ("titles1.csv", "titles2.csv", "title_1.csv", "b.csv"):
        (tmp_path / other).write_text("title\nAnother file that nobody named\n", encoding="utf-8")
    (tmp_path / name).write_text(f"title\n{papers[0].title}\n", encoding="utf-8")
    assert resolve_file(tmp_path / name, index_path, tmp_path / "o", workers=1).rows == 1
    assert [row["title"] for row in rows_of(tmp_path / "o")] == [papers[0].title]
    with pytest.raises(UsageError, match="is not a file"):
        resolve_file(tmp_path / "titles[2].csv", index_path, tmp_path / "p", workers=1)


def test_a_file_without_titles_is_a_usage_error(index_path: Path, tmp_path: Path) -> None:
    """What is missing is named, and nothing is written, nor left behind."""
    (tmp_path / "q.csv").write_text("name,year\nx,2020\n")
    with pytest.raises(UsageError, match="no column title"):
        resolve_file(tmp_path / "q.csv", index_path, tmp_path / "o", workers=1)
    (tmp_path / "b").write_bytes(b"PAR1 but nothing else")
    with pytest.raises(UsageError, match="cannot be read"):
        resolve_file(tmp_path / "b", index_path, tmp_path / "o", workers=1)
    with pytest.raises(UsageError, match="not a file"):
        resolve_file(tmp_path / "none", index_path, tmp_path / "o", workers=1)
    with pytest.raises(LocalIndexError, match="There is no index"):
        resolve_file(tmp_path / "q.csv", tmp_path, tmp_path / "o", workers=1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "q.csv"]
