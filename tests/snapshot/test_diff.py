"""`enrich diff`: every change between two snapshots is reported, with outside text escaped."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enrich.cli.diff import main
from enrich.snapshot.compare import compare
from enrich.snapshot.publishing import publish
from enrich.snapshot.tables import build_tables

NASTY = "Evil | [link](http://x) <b> @all \x1b[31m `code` *bold*"


def test_every_change_is_found(make_run: Any) -> None:
    """Each kind of change is found once, and nothing else is reported."""
    before = make_run(
        9,
        statuses={1: "unresolved"},
        papers=lambda p: replace(p, venue="arXiv.org") if p.title == "Title 5" else p,
        edit={0: {"entry_id": "to-go"}},
    )

    def later(paper: Any) -> Any:
        changes: dict[str, dict[str, Any]] = {
            "Title 3": {"citation_count": 200},
            "Title 2": {"citation_count": 99},
            "Title 4": {"title": "Title 4, revised"},
            "Title 6": {"ids": replace(paper.ids, arxiv_version=2)},
            "Title 7": {"is_withdrawn": True},
        }
        return replace(paper, **changes.get(paper.title, {}))

    after = make_run(9, papers=later, statuses={8: "conflict"})
    old, new = (build_tables(run, "20261122T100000Z", None) for run in (before, after))
    found = [(c.what, c.id[-1], c.before, c.after) for c in compare(old, new)]
    assert found == [
        ("new", "0", None, "resolved"),
        ("gone", "o", "resolved", None),
        ("resolved", "1", "unresolved", "arxiv:2001.00001"),
        ("no longer resolved", "8", "arxiv:2001.00008", "conflict"),
        ("citations", "3", 103, 200),
        ("citations", "2", 102, 99),
        ("title", "4", "Title 4", "Title 4, revised"),
        ("version", "6", 1, 2),
        ("published", "5", None, "CVPR"),
        ("withdrawn", "7", None, "withdrawn"),
    ]
    assert compare(old, old) == ()


@pytest.fixture
def root(make_run: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two snapshots of one list; a title changes into markup."""
    publish(make_run(2), tmp_path, clock=clock)
    clock.sleep(3600)
    nasty = make_run(2, papers=lambda p: replace(p, title=NASTY, citation_count=500))
    publish(nasty, tmp_path, clock=clock)
    monkeypatch.setenv("ENRICH_OUT", str(tmp_path))
    return tmp_path


def test_json_has_every_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json is one object with both snapshots and all changes, as data."""
    assert main(["--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["a"].endswith("T100000Z") and report["b"].endswith("T110000Z")
    assert [c["what"] for c in report["changes"]] == ["citations"] * 2 + ["title"] * 2
    assert report["changes"][0] == {
        "what": "citations", "id": "arxiv:2001.00000", "title": NASTY, "before": 100, "after": 500,
    }  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--markdown"]])
def test_foreign_text_is_shown_not_obeyed(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    """Control characters, markup and HTML of a title reach neither terminal nor page alive."""
    assert main(options) == 0
    out = capsys.readouterr().out
    assert "\x1b[31m" not in out
    assert "+400" in out or r"+400" in out
    if options:
        assert r"Evil \| \[link\](http\://x) &lt;b&gt; \@all" in out
        assert "Changed titles (2)" in out
    else:
        assert "[link]" in out


def test_snapshots_are_named_in_many_ways(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders, LIST@SNAPSHOT, LIST and nothing at all mean the same two snapshots."""
    older, newer = sorted((root / "demo").glob("2*"))
    expected = None
    for arguments in (
        [],
        ["demo"],
        ["de", "--root", str(root)],
        [str(older), str(newer)],
        ["demo@20261122T100000Z", "demo"],
        ["demo@2026-11-22T10:00", "demo@latest"],
        [str(older), str(root / "demo" / "latest")],
        [str(older)],
    ):
        assert main([*arguments, "--json"]) == 0, arguments
        changes = json.loads(capsys.readouterr().out)["changes"]
        expected = expected or changes
        assert changes == expected and changes, arguments
    assert main([str(newer), str(newer)]) == 0
    assert "Nothing changed." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nope"], "There is no list 'nope'"),
        (["demo@2020", "demo"], "no snapshot that begins with '2020'"),
        (["single"], "only one snapshot"),
        ([], "several lists"),
    ],
)
def test_wrong_names_give_one_sentence(
    root: Path, make_run: Any, clock: Any, capsys: pytest.CaptureFixture[str],
    arguments: list[str], sentence: str,
) -> None:  # fmt: skip
    """What is not there ends with exit code 2 and one sentence, no traceback."""
    make_run.slug = "single"
    publish(make_run(1), root, clock=clock)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert sentence in said and "Traceback" not in said
    assert os.environ["ENRICH_OUT"] == str(root)


def test_top_limits_what_is_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--top shows the greatest movers and says how many more there are."""
    assert main(["--top", "1"]) == 0
    assert "and 1 more" in capsys.readouterr().out
    assert main(["--top", "0"]) == 0
    assert "more" not in capsys.readouterr().out
