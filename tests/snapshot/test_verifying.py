"""Published files are verified: on load, and all together by `enrich verify`."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import enrich
from enrich.cli.verify import main
from enrich.errors import SnapshotError, UsageError
from enrich.snapshot.publishing import publish
from enrich.snapshot.schema import DECLARED, OPTIONAL

ALWAYS = [name for name in DECLARED if name not in OPTIONAL]


@pytest.fixture
def published(make_run: Any, clock: Any, tmp_path: Path) -> Path:
    """The folder of the newer of two snapshots."""
    publish(make_run(5), tmp_path, clock=clock)
    return publish(make_run(5), tmp_path, clock=clock).path


def flip(path: Path, bit: int) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.chmod(0o644)
    path.write_bytes(data)


def test_no_flipped_bit_is_ever_loaded(published: Path) -> None:
    """One changed bit anywhere in a table, its footer included, is an error and never a value."""
    chance = random.Random(14)
    root = published.parents[1]
    for table in ALWAYS:
        path = published / f"{table}.parquet"
        whole = path.read_bytes()
        for _ in range(20):
            flip(path, chance.randrange(len(whole) * 8))
            with pytest.raises(SnapshotError, match="was damaged after publication"):
                enrich.load("demo", table, root=root)
            path.write_bytes(whole)
        enrich.load("demo", table, root=root)


def test_verify_names_every_file_that_changed(published: Path) -> None:
    """Missing, damaged and unknown files are listed; intact snapshots give no row."""
    root = published.parents[1]
    assert enrich.verify(root=root).empty
    flip(published / "papers.parquet", 99)
    published.chmod(0o755)
    (published / "authors.parquet").unlink()
    (published / "notes.txt").write_text("mine")
    found = enrich.verify("demo", root=root)
    assert set(zip(found["file"], found["problem"], strict=True)) == {
        ("papers.parquet", "damaged"), ("authors.parquet", "missing"), ("notes.txt", "unknown"),
    }  # fmt: skip
    assert set(found["snapshot"]) == {published.name}
    first = enrich.lists(root=root)["latest"][0]
    assert len(enrich.verify("demo", "latest", root)) == 3 and first == published.name
    with pytest.raises(UsageError, match="no list 'nothing'"):
        enrich.verify("nothing", root=root)


def test_a_damaged_manifest_is_a_fault(published: Path) -> None:
    """A manifest that cannot be read, or names no files, is reported and loads nothing."""
    manifest = published / "manifest.json"
    manifest.chmod(0o644)
    for text in ("{", "[]", "{}", '{"files": 3}', '{"files": {"papers.parquet": 3}}'):
        manifest.write_text(text)
        found = enrich.verify(root=published.parents[1])
        assert list(found["problem"]) == ["unreadable"]
        with pytest.raises(SnapshotError):
            enrich.load("demo", root=published.parents[1])


def test_the_command(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`enrich verify` exits with 0 when all is intact, with 1 and the file's name otherwise."""
    root = str(published.parents[1])
    assert main(["--root", root]) == 0
    assert "Every file is as it was published." in capsys.readouterr().out
    flip(published / "papers.parquet", 99)
    assert main(["demo", "--root", root]) == 1
    assert "papers.parquet" in capsys.readouterr().out
    assert main(["demo", "--root", root, "--json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["list"], fault["file"], fault["problem"]) == ("demo", "papers.parquet", "damaged")
    assert main(["nothing", "--root", root]) == 2


def test_loading_needs_no_posix(published: Path) -> None:
    """`load`, `history`, `lists` and `verify` work where `fcntl` and `resource` are missing."""
    script = (
        "import sys; sys.modules['fcntl'] = sys.modules['resource'] = None\n"
        "import enrich\n"
        f"root = {str(published.parents[1])!r}\n"
        "assert len(enrich.load('demo', root=root)) == 6\n"
        "assert len(enrich.history(root=root)) and len(enrich.lists(root=root)) == 1\n"
        "assert enrich.verify(root=root).empty\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
