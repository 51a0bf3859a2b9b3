"""The Python API: `enrich.run` publishes a list and returns its snapshot."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import enrich
from enrich.errors import ListError, UsageError

LIST = """# A list

- Two-Stream Convolutional Networks for Action Recognition in Videos
  [arXiv](https://arxiv.org/abs/1406.2199)
- [Learning Spatiotemporal Features with 3D Convolutional Networks](https://arxiv.org/abs/1412.0767)
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "two.md"
    path.write_text(LIST)
    return path


def test_run_returns_the_snapshot(source: Path) -> None:
    """Tables, report, manifest and differences are attributes of what `run` returns."""
    first = enrich.run(source, sandbox=True, out="out")
    assert list(first.entries["status"]) == ["resolved", "resolved"]
    assert set(first.papers["arxiv_id"]) == {"1406.2199", "1412.0767"}
    assert first.report is not None and "1406.2199" in first.report.read_text()
    assert (first.incomplete, first.verify(), first.previous) == (False, (), None)
    assert "2 resolved" in first._repr_html_() and first.path.parent == Path("out/two")
    with pytest.raises(UsageError, match="is the first snapshot of two"):
        first.diff()
    later = enrich.run(source, sandbox=True, out="out", day=3, report=False)
    changes = later.diff()
    assert set(changes["what"]) == {"citations"} and (changes["after"] > changes["before"]).all()
    assert later.previous == first == enrich.open_snapshot(snapshot=first.name, root="out")
    assert first.diff(later)["after"].tolist() == changes["before"].tolist()
    assert first.report is None, "the report is that of the newest snapshot"
    for table in ("enriched", "authors", "candidates", "observations", "issues"):
        assert (getattr(later, table)["snapshot"] == later.name).all()


def test_errors_are_raised(source: Path) -> None:
    """A wrong argument and an unreadable list are errors of their own, before any request."""
    with pytest.raises(UsageError, match="day= moves the time of the sandbox"):
        enrich.run(source, day=1)
    with pytest.raises(ListError, match=r"nowhere\.md"):
        enrich.run("nowhere.md", sandbox=True)
    with pytest.raises(UsageError, match="fits no entry"):
        enrich.run(source, sandbox=True, only="nothing like it")


def test_the_module_of_the_command_is_callable_too(source: Path) -> None:
    """`import enrich.run` replaces the function by the module: it can be called all the same."""
    module: Any = import_module("enrich.run")
    assert len(module(source, sandbox=True, report=False).entries) == 2


def test_progress_in_a_notebook(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar is HTML of the running stage, foreign text escaped; warnings stay, the bar goes."""
    from IPython import display

    from enrich.cli.notebook_progress import NotebookProgress

    shown: list[str] = []

    class Handle:
        def update(self, content: Any) -> None:
            shown.append(content.data)

    monkeypatch.setattr(display, "display", lambda *_, **__: Handle())
    with NotebookProgress() as progress:
        progress.stage("parse <b>", lambda: progress.progress("titles", 1, 2))
        progress.warn("it is <slow>")
    assert shown[0] == "<b>parse &lt;b&gt;</b>"
    assert shown[-1] == "⚠ it is &lt;slow&gt;"
