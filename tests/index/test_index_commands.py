"""`enrich index build|update|info` and `enrich resolve`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.index.dumps import Fact, write_arxiv

from enrich.cli.main import main


@pytest.fixture(autouse=True)
def _no_index_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENRICH_INDEX", raising=False)


def test_build_info_and_resolve(
    papers: list[Fact], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The three commands in a row, with JSON output; ENRICH_INDEX replaces --index."""
    dump = write_arxiv(tmp_path / "arxiv.json.gz", papers)
    index = tmp_path / "index"
    built = main(["index", "build", "--arxiv", str(dump), "--out", str(index), "--workers", "1",
                  "--json"])  # fmt: skip
    assert built == 0
    printed = json.loads(capsys.readouterr().out)
    count = sum(p.arxiv is not None for p in papers)
    assert printed["kinds"]["arxiv"]["rows"] == count
    assert main(["index", "info", "--index", str(index)]) == 0
    assert f"{count:,} rows in 1 parts" in capsys.readouterr().out
    monkeypatch.setenv("ENRICH_INDEX", str(index))
    paper = next(p for p in papers if p.arxiv and len(p.title.split()) > 6)
    titles = tmp_path / "titles.csv"
    titles.write_text(f"title\n{paper.title}\nNothing of the kind is there at all\n")
    assert main(["resolve", str(titles), "--workers", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["by_status"] == {"resolved": 1, "unresolved": 1}
    assert printed["requests"] == 0
    assert Path(printed["out"]) == tmp_path / "titles.resolved.parquet"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["index", "build", "--out", "x"], 2, "No dump was given"),
        (["index", "build", "--arxiv", "none*", "--out", "x"], 2, "No file matches 'none*'"),
        (["index", "info", "--index", "none"], 1, "There is no index at none"),
        (["index", "update", "--index", "none", "--arxiv", "a"], 1, "There is no index at none"),
        (["resolve", "none.csv", "--index", "none"], 1, "There is no index at none"),
        (["index", "build", "--released", "soon", "--out", "x"], 2, "soon"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    arguments: list[str], code: int, says: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """A wrong argument ends with its exit code and one sentence, never with a traceback."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert says in error
    assert "Traceback" not in error
