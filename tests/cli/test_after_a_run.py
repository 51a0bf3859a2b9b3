"""Commands after a run: ls, open, demo, resolve, completion; and their errors before one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from enrich.cli.ls import age, size
from enrich.cli.main import main

SLUG = "awesome-deep-learning-for-video-analysis"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `enrich demo` has been run."""
    folder = tmp_path_factory.mktemp("demo")
    env = {k: v for k, v in os.environ.items() if not k.startswith("ENRICH_")}
    done = subprocess.run(
        [sys.executable, "-m", "enrich", "demo"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def here(published: Path, clean: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as the working folder."""
    monkeypatch.chdir(published)
    return published


@pytest.fixture
def enrich(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `enrich ARGUMENTS` in this process."""

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


Enrich = Callable[..., tuple[int, str, str]]


def test_demo_needs_no_list_and_no_repository(here: Path) -> None:
    """`enrich demo` publishes a snapshot and a report of the list that comes with the package."""
    assert (here / "data" / "sandbox" / SLUG / "latest" / "enriched.parquet").is_file()
    assert (here / "data" / "sandbox" / SLUG / "report.html").is_file()


def test_ls_finds_what_was_published(here: Path, enrich: Enrich) -> None:
    """`enrich ls` shows name, age, coverage and size, of the sandbox too, and says that it is."""
    code, out, _ = enrich("ls")
    assert code == 0
    assert out.startswith(f"{SLUG} (sandbox data)\n")
    assert re.search(r"48 entries, \d+% of \d+ papers resolved", out)
    assert re.search(r"1 snapshot, \d+ kB, newest (just now|\d+ minutes? ago): data/sandbox/", out)
    (row,) = json.loads(enrich("ls", "--json")[1])["lists"]
    assert row["coverage"] == row["resolved"] / row["papers"]
    assert row["bytes"] == sum(f.stat().st_size for f in Path(row["path"]).iterdir())


def test_ages_and_sizes_are_for_people() -> None:
    """The largest unit that fits; the future, after a clock was set back, is now."""
    assert age(timedelta(seconds=-5)) == age(timedelta(seconds=59)) == "just now"
    assert age(timedelta(minutes=1)) == "1 minute ago"
    assert age(timedelta(hours=23, minutes=59)) == "23 hours ago"
    assert age(timedelta(days=40)) == "40 days ago"
    assert [size(n) for n in (900, 1_500_000, 2 * 10**9)] == ["1 kB", "1.5 MB", "2.0 GB"]


def test_open_prints_the_report(here: Path, enrich: Enrich) -> None:
    """`enrich open --print` names the report's file; a removed one is written again."""
    report = here / "data" / "sandbox" / SLUG / "report.html"
    assert enrich("open", "--print") == (0, f"{report}\n", "")
    report.unlink()
    assert enrich("open", "awesome", "--print") == (0, f"{report}\n", "")
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_open_starts_the_browser(
    here: Path, enrich: Enrich, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`enrich open LIST` hands the report's address to the browser; without one it says so."""
    note = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {note}\n')
    browser.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "enrich", "open"], env={**os.environ, "BROWSER": f"{browser} %s"}
    )
    assert done.returncode == 0
    assert note.read_text().strip().endswith(f"{SLUG}/report.html")
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    code, _, err = enrich("open")
    assert code == 0 and "no browser" in err


COMMANDS = [
    ("report",), ("export",), ("explain", "objects"), ("review",), ("diff",), ("report", "awesome"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_names_the_missing_option(
    here: Path, enrich: Enrich, command: tuple[str, ...]
) -> None:
    """Where only sandbox data exists, each command exits with 2 and names --sandbox."""
    code, out, err = enrich(*command)
    assert (code, out) == (2, "")
    assert "Add --sandbox: data/sandbox has awesome-deep" in err
    assert "root=" not in err


@pytest.mark.parametrize(
    "command", [*COMMANDS, ("ls",), ("open",), ("ls", "--root", "x")], ids=" ".join
)
def test_every_command_names_the_first_step(
    clean: Path, enrich: Enrich, command: tuple[str, ...]
) -> None:
    """Where nothing has been published, each command exits with 2 and names the command to run."""
    code, _, err = enrich(*command)
    assert code == 2
    assert "Run `enrich run` first" in err
    assert "root=" not in err


def test_review_with_nothing_open_says_so(here: Path, enrich: Enrich) -> None:
    """No entry is ambiguous or in conflict: one sentence with the counts, and no question."""
    code, out, _ = enrich("review", "--sandbox")
    assert code == 0
    assert re.fullmatch(r"Nothing to decide: no entry is .* \(\d+ resolved, .*\)\.\n", out)


def test_explain_shows_where_and_what(here: Path, enrich: Enrich) -> None:
    """Line, section and address of the entry; title, author and address of each candidate."""
    code, out, _ = enrich("explain", "--sandbox", "objects that sound")
    assert code == 0
    assert "where        line 84, Paper / Multimodal For video Analysis" in out
    assert "link         https://arxiv.org/pdf/1712.06651" in out
    assert "https://arxiv.org/abs/1712.06651" in out
    assert "Relja Arandjelovi" in out


def test_resolve_takes_one_title(clean: Path, enrich: Enrich) -> None:
    """A title is resolved by the rules of a run; nothing is published."""
    code, out, _ = enrich(
        "resolve", "Attention is all you need", "--sandbox", "--author", "Vaswani", "--json"
    )
    found = json.loads(out)
    assert code == 0
    assert found["status"] == "resolved"
    assert found["paper"]["arxiv_id"] == "1706.03762"
    code, out, _ = enrich("resolve", "Nobody has ever written of these things", "--sandbox")
    assert out.startswith(("unresolved: ", "pending: "))
    assert not list(clean.glob("data/sandbox/[!.]*"))


def test_resolve_uses_author_and_year(clean: Path, enrich: Enrich) -> None:
    """Another author and year make another paper of the same title: it is not accepted."""
    _, out, _ = enrich(
        "resolve", "Attention is all you need", "--sandbox", "--author", "Jane Roe",
        "--year", "1950", "--json",
    )  # fmt: skip
    assert json.loads(out)["status"] != "resolved"


@pytest.mark.parametrize(
    ("argv", "named"),
    [((" ",), "empty"), (("titles.csv",), "--index"), (("titles.parquet",), "--index")],
)
def test_resolve_says_what_is_missing(
    clean: Path, enrich: Enrich, argv: tuple[str, ...], named: str
) -> None:
    """An empty title, and a file without an index, are usage errors that name the cure."""
    code, _, err = enrich("resolve", *argv)
    assert code == 2 and named in err


def test_list_names_are_completed(here: Path) -> None:
    """The shell completes names of lists, live ones and the sandbox's."""
    env = {
        **os.environ, "_ENRICH_COMPLETE": "complete_bash", "COMP_WORDS": "enrich report awe",
        "COMP_CWORD": "2",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "from enrich.cli.main import main; main()"],
        env=env, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == [SLUG]
