"""From a list to a page: the pipeline's own snapshots, not ones made for these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

from enrich.cli.report import main as report
from enrich.cli.run import main as run

LIST = Path(__file__).resolve().parents[3] / "data/raw/awesome-deep-learning-for-video-analysis.md"


def test_report_of_two_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What two runs publish is reported: every entry, the history, and that it is sandbox data."""
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "out"
    for _ in range(2):
        assert run(["--sandbox", "--quiet", "--out", str(root), str(LIST)]) == 0
    capsys.readouterr()
    assert report(["--root", str(root)]) == 0
    page = Path(capsys.readouterr().out.strip())
    tree = html.document_fromstring(page.read_bytes())
    manifest = json.loads((page.parent / "latest" / "manifest.json").read_text())
    data = json.loads(tree.get_element_by_id("data").text)
    assert len(data["entries"]["rows"]) == manifest["list"]["entries"]
    assert len(tree.xpath("//noscript//tbody/tr")) == manifest["list"]["entries"]
    assert tree.findtext(".//h1") == manifest["list"]["title"]
    assert "growth" in {chart["name"] for chart in data["charts"]}
    assert tree.xpath("//*[@class='sandbox']")
