"""Runs on a terminal: bars while it works, and afterwards nothing but whole results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.terminal import bar_rows, on_terminal, squashed

from enrich.cli.main import main
from enrich.sandbox import Sandbox

LIST = """# Seen and heard

- [Look, Listen and Learn](https://arxiv.org/abs/1705.08168)
- [Objects that Sound](https://arxiv.org/abs/1712.06651)
- Krähenbühl's \x1b[2J视频 list of things nobody has written
"""
# One width for every commit, the others with the whole systems: a run takes seconds.
WIDTHS = (80, *(pytest.param(width, marks=pytest.mark.slow) for width in (60, 100, 200)))


@pytest.fixture
def seen_list(clean: Path) -> Path:
    """A list whose last title holds an escape sequence and letters beyond ASCII."""
    (clean / "seen.md").write_text(LIST, encoding="utf-8")
    return clean


def result_lines(folder: Path, resolved: str, papers: str) -> list[str]:
    """What a run prints at its end; `papers` is the line with the requests."""
    path = f"data/sandbox/seen/{(folder / 'data/sandbox/seen/latest').readlink()}"
    return [
        "Seen and heard (seen)",
        f"  3 entries: {resolved}",
        "  kinds: 3 paper",
        papers,
        "  This is sandbox data: invented counts and texts, for trying things out.",
        path,
        f"  look at it: {folder / 'data/sandbox/seen/report.html'}",
        f'  load it: pandas.read_parquet("{path}/enriched.parquet")',
    ]


def requests_line(shown: list[str]) -> str:
    """The line that counts papers and requests; how many requests it takes is tested elsewhere."""
    (line,) = (row for row in shown if re.match(r"  \d papers; requests: ", row))
    return line


@pytest.mark.parametrize("columns", WIDTHS)
def test_results_are_never_erased(
    seen_list: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any width the screen ends with every line of the result and no trace of a bar."""
    monkeypatch.setenv("ENRICH_REPORT", "true")
    seen = on_terminal(["run", "--sandbox", "seen.md"], columns)
    assert seen.code == 0, seen.lines
    expected = result_lines(seen_list, "2 resolved, 1 unresolved", requests_line(seen.lines))
    assert squashed(seen.lines) == squashed(expected)


@pytest.mark.slow
@pytest.mark.parametrize("columns", (60, 80, 100, 200))
def test_results_are_never_erased_with_a_service_down(seen_list: Path, columns: int) -> None:
    """Warnings stand above the result, whole, each once; what is missing is counted one way."""
    with Sandbox(limits=False, faults=("s2:403",)) as box:
        env = {
            "ENRICH_ARXIV_URL": box.arxiv_url, "ENRICH_S2_URL": box.s2_url,
            "ENRICH_ARXIV_INTERVAL": "0", "ENRICH_S2_INTERVAL": "0",
        }  # fmt: skip
        seen = on_terminal(["run", "seen.md"], columns, env)
    assert seen.code == 3, seen.lines
    expected = result_lines(seen_list, "2 resolved, 1 pending", requests_line(seen.lines))
    expected = [line for line in expected if "look at it" not in line]
    shown = squashed(seen.lines)
    # A warning may also stand between two lines of the result, never within one.
    assert all(shown.count(squashed([line])) >= 1 for line in expected)
    assert shown.endswith(squashed(expected[-3:]))
    warning = (
        "warning: incomplete: 1 entry is pending and the counts of 2 papers could not be "
        "refreshed, because Semantic Scholar could not be asked"
    )
    assert shown.count(squashed([warning])) == 1
    assert not bar_rows([seen.lines])


def test_bars_show_what_runs_and_for_how_long(seen_list: Path) -> None:
    """While a run lasts, the stage and its elapsed time are on the screen, within one row."""
    seen = on_terminal(["run", "--sandbox", "seen.md"], 60)
    bars = bar_rows(seen.frames)
    assert any("resolve seen" in row for row in bars)
    assert not bars & set(seen.lines)


@pytest.mark.slow
def test_several_lists_each_keep_their_result(seen_list: Path) -> None:
    """Bars of the second list do not overwrite the result of the first."""
    (seen_list / "other.md").write_text("# Other\n\n- [TSM](https://arxiv.org/abs/1811.08383)\n")
    seen = on_terminal(["run", "--sandbox", "seen.md", "other.md"], 80)
    titles = ["Seen and heard (seen)", "Other (other)"]
    assert [line for line in seen.lines if line in titles] == titles
    assert sum(line.startswith("  load it: ") for line in seen.lines) == 2
    assert not bar_rows([seen.lines])


def test_titles_cannot_control_the_terminal(seen_list: Path) -> None:
    """An escape sequence of a title is removed when the list is read, and never obeyed."""
    assert main(["run", "--sandbox", "seen.md"]) == 0
    seen = on_terminal(["explain", "--sandbox", "nobody has written"], 80)
    assert seen.lines[0].startswith("Krähenbühl's 视频")
    assert b"\x1b[2J" not in seen.raw
