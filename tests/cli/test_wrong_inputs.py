"""A wrong input is one sentence with the value and a cure, and the exit code for wrong usage."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.cli.main import main

LIST = """# Papers

- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)
"""
# Longer than any file's name may be.
LONG = "A title of many words " * 30


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which two lists with the same entry were run."""
    folder = tmp_path_factory.mktemp("wrong")
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(LIST)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["run", "--sandbox", "-q", "one.md", "two.md"]) == 0
    return folder


@pytest.mark.parametrize(
    ("arguments", "value", "cure"),
    [
        ("rum", "'rum'", "Did you mean 'run'?"),
        ("run --sandbox one.md --only \u2003", "--only", "leave it out"),
        ("run --sandbox one.md --offline --refresh", "offline and refresh", "Leave one of them"),
        ("run --sandbox /", "/ is a folder", "/*.md"),
        ("explain --sandbox {long}", "A title of many", "its id or title"),
        ("explain --sandbox attention", "2 entries fit 'attention'", "--list"),
        ("diff --sandbox {long}", "A title of many", "There are one, two"),
        ("diff --sandbox one --top -1", "--top", "greater than or equal to 0"),
        ("verify --sandbox --snapshot 1999", "'1999'", "No list under data/sandbox"),
        ("verify --sandbox one --snapshot 1999", "'1999'", "its 1 snapshots"),
        ("export --sandbox -o one.md/out.bib", "one.md/out.bib", "another place"),
        ("export --sandbox -o {long}", "A title of many", "another place"),
        ("report --sandbox one -o /proc/x.html", "/proc/x.html", "another place"),
        ("annotate --sandbox --strip {long}", "A title of many", "there are one, two"),
        ("lint --sandbox {long}", "A title of many", "there are one, two"),
        ("sandbox --port 99999", "99999", "65535"),
        ("sandbox --scale nan", "nan", "a number above 0"),
        ("sandbox --catalogue none.parquet", "none.parquet", "does not exist"),
    ],
)
def test_wrong_input(
    arguments: str,
    value: str,
    cure: str,
    published: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Value and cure are in the message, the exit code is 2, nothing is a defect."""
    monkeypatch.chdir(published)
    words = [w.replace("{long}", LONG) for w in arguments.split(" ")]
    assert main(words) == 2
    printed = capsys.readouterr()
    assert value in printed.err and cure in printed.err
    assert "Traceback" not in printed.err and printed.out == ""


def test_a_long_title_is_a_title(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A title too long for the name of a file is resolved as any other."""
    monkeypatch.chdir(published)
    assert main(["resolve", "--sandbox", "-q", LONG]) == 0
    assert capsys.readouterr().err == ""


def test_a_plan_without_requests_is_a_sentence(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where everything is fetched, no empty table is printed."""
    monkeypatch.chdir(published)
    assert main(["run", "--sandbox", "--dry-run", "one.md"]) == 0
    assert "would make no request" in capsys.readouterr().out


def test_a_filter_that_fits_nothing_is_named(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty export is what was asked for, and a warning says so."""
    monkeypatch.chdir(published)
    assert main(["export", "--sandbox", "one", "--section", "cooking", "-o", "none.bib"]) == 0
    assert "no entry of one fits --section 'cooking'" in capsys.readouterr().err
