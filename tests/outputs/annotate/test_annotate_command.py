"""The command on the real list's snapshot, and on lists as they are found."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.outputs.lists import PAPER, REAL, text_of

from enrich.cli.annotate import main
from enrich.outputs.annotate.edit import annotate, strip
from enrich.outputs.patch import unified
from enrich.parsing import parse_list, read_list
from enrich.parsing.marks import OPEN

SHARED = Path(__file__).resolve().parents[3] / "../shared/data/lists"


def test_in_place(demo: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice is once, entries stay what they are, and --strip gives the owner's bytes back."""
    arguments = [copy.name, "--root", str(demo), "--in-place"]
    assert main(arguments) == 0
    once = copy.read_bytes()
    assert once.count(OPEN.encode()) > 20
    assert "sandbox data" in capsys.readouterr().err
    assert parse_list(read_list(str(copy))).entries == parse_list(read_list(str(REAL))).entries
    assert main(arguments) == 0
    assert copy.read_bytes() == once
    assert "nothing changed" in capsys.readouterr().err
    assert main([copy.name, "--strip", "--in-place"]) == 0
    assert copy.read_bytes() == REAL.read_bytes()


def test_dry_run_is_a_patch(
    demo: Path, copy: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """--dry-run writes nothing; git takes its diff and arrives at what would have been written."""
    assert main([copy.name, "--root", str(demo), "--dry-run"]) == 0
    diff = capfdbinary.readouterr().out
    assert copy.read_bytes() == REAL.read_bytes()
    assert main([copy.name, "--root", str(demo), "-o", "out.md"]) == 0
    subprocess.run(["git", "apply", "--unsafe-paths"], input=diff, check=True)
    assert copy.read_bytes() == Path("out.md").read_bytes()


def test_stdout(demo: Path, copy: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Without a place to write to, the list goes to stdout, what is said of it to stderr."""
    assert main(["awesome", "--list", "awesome", "--root", str(demo)]) == 0
    said = capfdbinary.readouterr()
    assert strip(said.out, "utf-8") == REAL.read_bytes()
    assert b"entries marked" in said.err


def test_of_a_renamed_list(demo: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of another name needs --list; without it the message says so."""
    renamed = copy.rename("README.md")
    assert main([str(renamed), "--root", str(demo)]) == 2
    assert "--list" in capsys.readouterr().err
    assert main([str(renamed), "--root", str(demo), "--list", "awesome", "--in-place"]) == 0
    assert OPEN in renamed.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.md"], "is no file"),
        (["none"], "There is no list 'none'"),
        (["awesome", "--in-place", "-o", "x"], "two places"),
    ],
)
def test_refusals(
    arguments: list[str], said: str, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong argument gives code 2 and a sentence."""
    assert main(["--root", str(demo), *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"a\nb\nc", b"a\nB\nc"), (b"a\nb", b"a\nb\n"), (b"a\r\nb\r\n", b"a\r\nB\r\nc"),
        (b"a\rb\n", b"A\rb\n"), (b"a\n\xff\n", b"b\n\xff\n"), (b"x\n" * 40, b"x\n" * 20 + b"y"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.md", "with blank.md", "ümlaut.md", 'q"uote.md'])
def test_patches(old: bytes, new: bytes, name: str, clean: Path) -> None:
    """Any change of bytes is a patch that git applies, whatever the file is called."""
    Path(name).write_bytes(old)
    patch = unified(old, new, Path(name))
    subprocess.run(["git", "apply", "--whitespace=nowarn"], input=patch, check=True)
    assert Path(name).read_bytes() == new
    assert unified(old, old, Path(name)) == b""


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the lists found in the wild are not here")
def test_lists_as_found() -> None:
    """In 16 real lists of every make, nearly every entry takes a mark, and all else stays."""
    for path in sorted(SHARED.glob("*.md")):
        text = read_list(str(path))
        parsed = parse_list(text)
        done = annotate(text, parsed, {entry.entry_id: PAPER for entry in parsed.entries})
        assert done.marked >= 0.98 * len(parsed.entries), path.name
        assert strip(done.data, parsed.encoding) == strip(text.data, parsed.encoding)
        again = parse_list(text_of(done.data, text.name)).entries
        assert [e.entry_id for e in again] == [e.entry_id for e in parsed.entries]
