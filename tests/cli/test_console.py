"""What is printed: results on stdout, the rest on stderr, and no control character of a list."""

from __future__ import annotations

import json

import pytest

from enrich.cli.console import Console
from enrich.outputs.escape import printable


def test_control_characters_are_made_visible() -> None:
    """A title with a terminal escape, a bell or a line break is shown on one line, inert."""
    assert printable("a\x1b[31mred\x07\nb\u202ec") == "a\ufffd[31mred\ufffd b\ufffdc"


def test_titles_keep_their_letters() -> None:
    """Letters of any script, accents and emoji are not control characters."""
    assert printable("Krähenbühl 视频 é 🎥") == "Krähenbühl 视频 é 🎥"


def test_json_is_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout holds one JSON object; stages and warnings go to stderr."""
    with Console(as_json=True) as console:
        console.stage("parse", lambda: None)
        console.warn("careful [bold]now[/bold]")
        console.print("for people")
        console.json({"é": 1})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"é": 1}
    assert "careful [bold]now[/bold]" in said.err


def test_quiet_still_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """--quiet silences stages and summaries, never a warning or the result's path."""
    with Console(quiet=True) as console:
        console.stage("parse", lambda: None)
        console.print("summary")
        console.warn("careful")
        console.result("data/x")
    said = capsys.readouterr()
    assert said.out == "data/x\n"
    assert said.err == "warning: careful\n"


def test_a_log_has_one_line_per_stage(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal there is one line per outermost stage, none per batch or item."""
    with Console() as console:
        console.stage("resolve a list", lambda: console.stage("s2 batch 1/4", lambda: None))
        for done in range(100):
            console.progress("titles", done, 100)
    assert capsys.readouterr().err == "· resolve a list\n"
