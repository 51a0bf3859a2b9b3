"""`enrich suggest` against the sandbox: table, JSON, Markdown, refusals and new papers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import enrich
import enrich.errors
from enrich.cli.suggest import main
from enrich.papers.references import ReferenceList
from enrich.records import Identifiers, Reference
from enrich.store import Store
from enrich.store.references import keep_references

LIST = Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"
NAME = "awesome-deep-learning-for-video-analysis"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the list was run with references."""
    folder = tmp_path_factory.mktemp("suggest")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        enrich.run(LIST, sandbox=True, references=True, report=False)
    return folder


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def test_the_tables_of_the_snapshot() -> None:
    """Every reference belongs to a paper, cited papers of the list are linked, ranks are whole."""
    snapshot = enrich.open_snapshot(root="data/sandbox")
    references, suggestions = snapshot.references, snapshot.suggestions
    papers = snapshot.papers.set_index("paper_id")
    counts = references.groupby("paper_id").size()
    assert (papers.loc[counts.index, "references_known"] == counts).all()
    assert set(references["cited_paper_id"].dropna()) <= set(papers.index)
    assert not set(suggestions["s2_paper_id"]) & set(papers["s2_paper_id"].dropna())
    for _, group in suggestions.groupby("group"):
        assert list(group["rank"]) == list(range(1, len(group) + 1))
        assert list(group["score"]) == sorted(group["score"], reverse=True)
    assert (suggestions["cited_by_count"] >= 2).all()


def test_table_json_and_markdown_show_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Three forms of the same suggestions; the share of known references is always there."""
    assert main(["--sandbox", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    best = found["suggestions"][0]
    assert best["cited_by"] and best["reason"].startswith("Cited by ") and best["url"]
    assert main([NAME, "--sandbox", "--top", "1"]) == 0
    table = capsys.readouterr().out
    known, papers = found["papers_with_references"], found["papers"]
    assert f"The references of {known} of {papers} papers are known" in table
    assert best["title"][:20] in table and "--top 0 shows all" in table
    assert main([NAME, "--sandbox", "--markdown", "--top", "1"]) == 0
    assert f"]({best['url']})" in capsys.readouterr().out.replace("](<", "](").replace(">)", ")")


def test_a_declined_work_is_not_suggested_again(capsys: pytest.CaptureFixture[str]) -> None:
    """`--decline` writes the overrides file, which runs and suggestions follow."""
    main(["--sandbox", "--json"])
    best = json.loads(capsys.readouterr().out)["suggestions"][0]
    assert main(["--sandbox", "--json", "--decline", best["title"], "--reason", "Off topic."]) == 0
    left = json.loads(capsys.readouterr().out)["suggestions"]
    assert best["title"] not in [s["title"] for s in left]
    text = Path(f"data/raw/{NAME}.overrides.toml").read_text()
    assert "[[decline]]" in text and "Off topic." in text
    assert main(["--sandbox", "--decline", "??"]) == 2


def test_new_papers_are_asked_for_once_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    """--new adds recent papers that are not in the list; the answer is kept."""
    assert main(["--sandbox", "--new", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["suggestions"]
    new = [s for s in first if s["group"] == "new"]
    assert new and all(s["first_seen"] for s in new)
    listed = set(enrich.open_snapshot(root="data/sandbox").papers["title"])
    assert not listed & {s["title"] for s in new}
    assert main(["--sandbox", "--new", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)["suggestions"]
    assert [s for s in again if s["group"] == "new"] == new


def test_a_list_without_references_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A snapshot of a run without --references ends with one sentence and exit code 2."""
    monkeypatch.chdir(tmp_path)
    Path("one.md").write_text("- [A paper](https://arxiv.org/abs/1406.2199)\n")
    enrich.run("one.md", sandbox=True, report=False)
    assert main(["--sandbox"]) == 2
    assert "run it with --references first" in capsys.readouterr().err
    with pytest.raises(enrich.errors.UsageError, match="run with --references"):
        enrich.load("one", "references", root="data/sandbox")


@pytest.mark.slow
def test_odd_bibliographies_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Self-citations, repetitions, works without id or title and long lists stop no snapshot."""
    monkeypatch.chdir(tmp_path)
    first = enrich.run(LIST, sandbox=True, references=True, report=False)
    papers = first.papers.dropna(subset=["s2_paper_id"])
    own = Identifiers(s2_paper_id=papers["s2_paper_id"].iloc[0])
    other = Reference("A Work that Many Cite, Twice", Identifiers(s2_paper_id="a" * 40), 2015)
    odd = (
        Reference(papers["title"].iloc[0], own), other, other, Reference(None),
        Reference(None, Identifiers(s2_paper_id="b" * 40)), Reference(None),
        Reference("\u202eevil\u202c <b>title</b> | of a work", Identifiers(s2_paper_id="c" * 40)),
        *(Reference(f"Unresolved work {n}") for n in range(10_500)),
    )  # fmt: skip
    now = datetime.now(UTC)
    store = Store(tmp_path / "data/sandbox/.store/store.sqlite", "sandbox", now)
    ids = list(papers["s2_paper_id"])
    keep_references(store, {s2_id: ReferenceList("complete", now, odd) for s2_id in ids[:3]})
    store.close()
    again = enrich.run(LIST, sandbox=True, references=True)
    counts = again.references.groupby("paper_id").size()
    assert sorted(counts)[-3:] == [len(odd)] * 3
    listed = set(papers["s2_paper_id"])
    suggested = again.suggestions
    assert not set(suggested["s2_paper_id"]) & listed
    assert suggested["title"].notna().all()
    twice = suggested[suggested["s2_paper_id"] == "a" * 40]
    assert list(twice["cited_by_count"]) == [3]
