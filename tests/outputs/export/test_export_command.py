"""The command: where it writes, what it refuses, how it names lists."""

from __future__ import annotations

import json
import os
import re
from importlib import import_module
from pathlib import Path

import pytest

from enrich.cli.export import main
from enrich.cli.run import main as run
from enrich.outputs.files import write_whole


def test_stdout_is_the_file(demo: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Piped output and -o hold the same bytes; the name of the list may be shortened."""
    assert main(["awesome-deep", "--root", str(demo)]) == 0
    piped = capfdbinary.readouterr().out
    assert main(["awesome", "--root", str(demo), "-o", "x/papers.bib"]) == 0
    assert Path("x/papers.bib").read_bytes() == piped
    assert b"lin2018tsm" in piped


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "There is no list 'nothing'"),
        (["--snapshot", "1999"], "begins with '1999'"),
        (["awesome", "--snapshot", "1999"], "begins with '1999'"),
        (["-o", "."], "is a folder"),
        (["-f", "docx"], "docx"),
    ],
)
def test_refusals(
    arguments: list[str], said: str, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong argument gives code 2 and a sentence, and leaves no file."""
    assert main(["--root", str(demo), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(Path.cwd().iterdir())


def test_no_snapshots(capsys: pytest.CaptureFixture[str]) -> None:
    """Without snapshots it says how to make one."""
    assert main(["--root", "nowhere"]) == 2
    assert "enrich run" in capsys.readouterr().err


def test_written_whole_or_not(tmp_path: Path) -> None:
    """A file that cannot be replaced stays as it was, nothing is left beside it; modes are kept."""
    target = tmp_path / "deep" / "a.bib"
    write_whole(target, b"one")
    target.chmod(0o600)
    link = tmp_path / "link.bib"
    link.symlink_to(target)
    write_whole(link, b"two")
    assert link.is_symlink() and target.read_bytes() == b"two"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["a.bib"]


def test_terminal_sees_no_escapes(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal control characters are made visible."""
    from enrich.cli.console import Console

    assert os.environ.get("ENRICH_OUT") is None
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    Console().write_bytes("a\x1b[31mb\nc\u202e\n".encode())
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "\u202e" not in shown and shown.count("\n") == 2


def test_a_published_snapshot_never_changes(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file is written into a snapshot, by its name or through `latest`."""
    latest = next(demo.glob("*/latest"))
    before = sorted(path.name for path in latest.iterdir())
    assert main(["--root", str(demo), "-o", str(latest / "papers.bib")]) == 2
    assert "never changes" in capsys.readouterr().err
    assert sorted(path.name for path in latest.iterdir()) == before


@pytest.mark.parametrize("part", ["export", "annotate", "lint"])
def test_help_shows_examples(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help ends with examples of the command's own name."""
    assert import_module(f"enrich.cli.{part}").main(["--help"]) == 0
    assert f"Examples:\n    enrich {part} " in capsys.readouterr().out


def test_keys_stay_from_snapshot_to_snapshot(tmp_path: Path) -> None:
    """A run over a list that has grown keeps the keys of the first."""
    line = "- {} [[Paper]](https://arxiv.org/abs/{})\n"
    first = "## P\n\n" + line.format("TSM: Temporal Shift Module", "1811.08383")
    listed = tmp_path / "grows.md"
    found = []
    for text in (first, first + line.format("Look, Listen and Learn", "1705.08168")):
        listed.write_text(text)
        arguments = ["--sandbox", "--quiet", "--out", "out", str(listed)]
        assert run(arguments) == 0
        assert main(["--root", "out", "-o", "papers.bib"]) == 0
        found.append(re.findall(r"^@\w+\{(.*),$", Path("papers.bib").read_text(), re.MULTILINE))
    assert found == [["lin2018tsm"], ["lin2018tsm", "arandjelovic2017look"]]


def test_all_lists_together(tmp_path: Path) -> None:
    """Without a name all lists are exported, a paper of two lists once."""
    tsm = "- TSM: Temporal Shift Module [[Paper]](https://arxiv.org/abs/1811.08383)\n"
    look = "- Look, Listen and Learn [[Paper]](https://arxiv.org/abs/1705.08168)\n"
    for name, text in (("one", tsm), ("two", tsm + look)):
        Path(f"{name}.md").write_text(f"# {name}\n\n## P\n\n{text}")
        assert run(["--sandbox", "--quiet", "--out", "out", f"{name}.md"]) == 0
    assert main(["--root", "out", "-o", "papers.bib"]) == 0
    text = Path("papers.bib").read_text()
    assert text.count("{lin2018tsm,") == text.count("{arandjelovic2017look,") == 1
    assert text.count("\n@") == 1
    assert main(["--root", "out", "-f", "jsonl", "-o", "rows.jsonl"]) == 0
    assert Path("rows.jsonl").read_text().count("\n") == 3
    assert main(["--root", "out", "-f", "markdown", "-o", "read.md"]) == 0
    assert re.findall("^# (.*)", Path("read.md").read_text(), re.MULTILINE) == ["one", "two"]


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["--section", "VIDEO  retrieval", "--min-citations", "1000"], ["HowTo100M"]),
        (["--status", "unresolved", "--kind", "paper"], None),
        (["--kind", "tutorial", "--kind", "post"], None),
        (["--section", "nowhere"], []),
    ],
)
def test_filters(
    arguments: list[str], titles: list[str] | None, demo: Path, tmp_path: Path
) -> None:
    """Every condition holds for every row written; unknown counts are no counts."""
    out = tmp_path / "rows.jsonl"
    assert main(["--root", str(demo), "-f", "jsonl", "-o", str(out), *arguments]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    wanted = {
        option: {arguments[i + 1] for i, x in enumerate(arguments) if x == f"--{option}"}
        for option in ("status", "kind")
    }
    for row in rows:
        assert all(row[column] in values for column, values in wanted.items() if values)
    if titles is None:
        assert rows
    else:
        assert [row["title"].split(":")[0] for row in rows] == titles


def test_sections_are_keywords(demo: Path) -> None:
    """A paper's keywords are the telling headings that its entries stand under."""
    assert main(["--root", str(demo), "-o", "papers.bib"]) == 0
    entry = Path("papers.bib").read_text().split("{lin2018tsm,")[1].split("\n}\n")[0]
    assert "keywords = {Video Classification (Spatiotemporal Features)}" in entry


def test_the_sources_are_credited(demo: Path) -> None:
    """Markdown names both sources, and Graph API answers are not called ODC-BY."""
    assert main(["--root", str(demo), "-f", "markdown", "-o", "read.md"]) == 0
    credit = Path("read.md").read_text().splitlines()[-1]
    assert "licence agreement" in credit and "only the bulk Datasets are ODC-BY" in credit
