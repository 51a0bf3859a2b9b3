"""Loading: by `enrich`, by pandas, Polars and DuckDB, as the documentation shows it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

import enrich
from enrich.errors import SnapshotError, UsageError
from enrich.snapshot.publishing import publish
from enrich.snapshot.reading import published_identities
from enrich.snapshot.schema import OPTIONAL, TABLES

# Tables that every run writes.
WRITTEN = {name: schema for name, schema in TABLES.items() if name not in OPTIONAL}
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "loading.md"
BLOCK = re.compile(r"```python\n(.*?)```\n(?:```text\n(.*?)```)?", re.DOTALL)


@pytest.fixture
def root(several: Path, tmp_path: Path) -> Path:
    """A copy of two published lists."""
    return Path(shutil.copytree(several, tmp_path / "root", symlinks=True))


def test_every_reader_reads_every_table(root: Path) -> None:
    """pandas, Polars and DuckDB read every table, with the same rows, and need no help."""
    for table, schema in WRITTEN.items():
        path = root / "demo" / "latest" / f"{table}.parquet"
        by_pandas, by_polars = pd.read_parquet(path), pl.read_parquet(path)
        by_duckdb = duckdb.sql(f"select * from '{path}'")
        assert list(by_pandas.columns) == by_polars.columns == by_duckdb.columns == schema.names
        assert len(by_pandas) == by_polars.height == len(by_duckdb.fetchall())
    authors = duckdb.sql(
        f"select a.name from (select unnest(authors) a from '{root}/demo/latest/papers.parquet')"
    )
    assert authors.fetchall()[0] == ("Ada Löwe",)
    polars = pl.read_parquet(root / "demo" / "latest" / "papers.parquet")
    assert polars["counts_observed_at"].dtype == pl.Datetime("us", "UTC")


def test_types_survive_in_pandas(root: Path) -> None:
    """Columns are Arrow-backed: whole numbers with gaps stay whole, missing stays missing."""
    frame = enrich.load("demo", root=root)
    for name in frame.columns:
        assert isinstance(frame[name].dtype, pd.ArrowDtype), name
    assert frame["citation_count"].dtype == "int32[pyarrow]"
    assert frame["citation_count"].isna().tolist() == [False, False, False, True]
    assert list(frame["section"].iloc[0]) == ["Papers", "Video | Löwe"]


def test_every_table_and_snapshot_loads(root: Path) -> None:
    """Each table loads; a snapshot is named in full, by its beginning, or as `latest`."""
    for table, schema in WRITTEN.items():
        assert enrich.load("demo", table, root=root).columns.tolist() == schema.names
    for table in OPTIONAL:
        with pytest.raises(UsageError, match=f"'{table}': run with --references"):
            enrich.load("demo", table, root=root)
    for wanted, expected in {
        "latest": "20261124T100000Z",
        "2026": "20261124T100000Z",
        "2026-11-22": "20261122T100000Z",
        "2026-11-23 10:00": "20261123T100000Z",
        "20261123T100000Z": "20261123T100000Z",
    }.items():
        frame = enrich.load("demo", snapshot=wanted, root=root)
        assert set(frame["snapshot"]) == {expected}, wanted


def test_all_lists_together(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a list the newest snapshots of all lists come together; ENRICH_OUT is the root."""
    monkeypatch.setenv("ENRICH_OUT", str(root))
    frame = enrich.load()
    assert frame.groupby("list")["snapshot"].unique().map(list).to_dict() == {
        "demo": ["20261124T100000Z"],
        "demolition": ["20261125T100000Z"],
    }
    assert len(enrich.load(snapshot="2026-11-22")) == 4
    lists = enrich.lists()
    assert lists["list"].tolist() == ["demo", "demolition"]
    assert lists["snapshots"].tolist() == [3, 1]
    assert lists["resolved"].tolist() == [3, 1]


def test_history_has_each_observation_once(root: Path) -> None:
    """Each observation occurs once, in the order of time; one glob gives the same."""
    history = enrich.history("demo", root=root)
    one = history[
        (history["paper_id"] == "arxiv:2001.00001") & (history["metric"] == "citation_count")
    ]
    assert one["value"].tolist() == [101, 111, 121]
    assert one["observed_at"].is_monotonic_increasing
    key = ["list", "paper_id", "source", "metric", "observed_at"]
    assert not history.duplicated(key).any()
    globbed = duckdb.sql(
        f"select value from '{root}/demo/2*/observations.parquet' where status = 'ok' "
        "and metric = 'citation_count' and paper_id = 'arxiv:2001.00001' order by observed_at"
    )
    assert globbed.fetchall() == [(101,), (111,), (121,)]
    assert len(enrich.history(root=root)) > len(history)


def test_history_survives_lost_snapshots(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """An observation carried forward later survives the deletion of its own snapshot."""
    first = publish(make_run(1), tmp_path, clock=clock)
    publish(make_run(1), tmp_path, clock=clock)
    before = enrich.history("demo", root=tmp_path)
    assert set(before["status"]) == {"ok"}
    first.path.rename(tmp_path / "moved")
    after = enrich.history("demo", root=tmp_path)
    columns = ["paper_id", "metric", "value", "observed_at"]
    pd.testing.assert_frame_equal(after[columns], before[columns])


def test_published_ids_are_remembered(root: Path, make_run: Any, clock: Any) -> None:
    """Every id a paper was published under leads to its paper_id, without any store."""
    known = published_identities(root)
    assert known["arxiv:2001.00001"] == known[f"s2:{1:040x}"] == "arxiv:2001.00001"
    make_run.slug = "elsewhere"
    renamed = make_run(1, papers=lambda p: replace(p, paper_id="doi:10.1/x"))
    publish(replace(renamed, paper_of={"paper-0": "doi:10.1/x"}), root, clock=clock)
    assert published_identities(root)["arxiv:2001.00000"] == "arxiv:2001.00000"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"list": "nope"}, "There is no list 'nope'.*there are demo, demolition"),
        ({"list": "dem"}, "'dem' is the beginning of demo, demolition"),
        ({"list": ""}, "There is no list ''"),
        ({"list": "demo", "table": "paper"}, "no table 'paper'; the tables are enriched, entries"),
        ({"list": "demo", "snapshot": "2025"}, "begins with '2025'; its 3 snapshots go from 2026"),
        ({"list": None, "snapshot": "2025"}, "No list under .* begins with '2025'"),
    ],
)
def test_what_is_not_there_is_named(root: Path, arguments: dict[str, Any], sentence: str) -> None:
    """A list, table or snapshot that is not there gives one sentence with what there is."""
    with pytest.raises(UsageError, match=sentence):
        enrich.load(**arguments, root=root)


def test_nothing_there(tmp_path: Path) -> None:
    """An empty or missing root says how to fill it; `lists` is empty and typed."""
    for root in (tmp_path, tmp_path / "missing"):
        for call in (enrich.load, enrich.history):
            with pytest.raises(UsageError, match=r"run `python -m enrich\.run` first"):
                call(root=root)
        assert enrich.lists(root=root).empty
        assert "entries" in enrich.lists(root=root)


def test_damaged_file(root: Path) -> None:
    """A damaged file is named."""
    path = root / "demo" / "20261124T100000Z" / "papers.parquet"
    path.chmod(0o644)
    path.write_bytes(b"not Parquet")
    with pytest.raises(SnapshotError, match=r"papers.parquet .*was damaged after"):
        enrich.load("demo", "papers", root=root)


def test_copy_without_links(root: Path) -> None:
    """Where `latest` was lost in copying, the newest snapshot is meant."""
    (root / "demo" / "latest").unlink()
    assert set(enrich.load("demo", root=root)["snapshot"]) == {"20261124T100000Z"}


def test_the_guide_is_true(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of docs/loading.md runs and prints what the guide shows below it.

    With ENRICH_UPDATE_DOCS=1 the shown output is regenerated.
    """
    monkeypatch.chdir(demo)
    monkeypatch.delenv("ENRICH_OUT", raising=False)
    text = GUIDE.read_text(encoding="utf-8")
    space: dict[str, Any] = {}

    def run(match: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(match[1], space)
        return f"```python\n{match[1]}```\n```text\n{printed.getvalue()}```"

    true = BLOCK.sub(run, text)
    if os.environ.get("ENRICH_UPDATE_DOCS"):
        GUIDE.write_text(true, encoding="utf-8")
    assert text.count("```text") >= 6
    assert true == text
