"""Writing: whole or not at all, never into a snapshot, and errors a person can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.outputs.report.tables import FIRST, SECOND, SLUG, entry, paper, write_snapshot

from enrich.cli.report import main
from enrich.errors import SnapshotError, UsageError
from enrich.outputs.report import write_report


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_snapshot(tmp_path / "data", [entry(1)], [paper(1)], name=FIRST)
    write_snapshot(tmp_path / "data", [entry(1), entry(2)], [paper(1), paper(2)], name=SECOND)
    return tmp_path / "data"


def test_default_place_is_beside_the_snapshots(root: Path) -> None:
    """The report stands beside the list's snapshots, and the snapshot is left as it was."""
    folder = root / SLUG / SECOND
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert write_report(folder) == root / SLUG / "report.html"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in (root / SLUG).iterdir()) == [FIRST, SECOND, "report.html"]


def test_a_snapshot_is_never_written_into(root: Path) -> None:
    """A target inside a published snapshot is refused, also through a link."""
    folder = root / SLUG / SECOND
    (root / "way").symlink_to(folder)
    for target in (folder / "report.html", root / "way" / "report.html"):
        with pytest.raises(UsageError, match="never changes"):
            write_report(folder, target)
    assert not (folder / "report.html").exists()


def test_a_failed_report_leaves_the_old_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file cannot be put in place the one before it stays, and nothing is left beside."""
    target = root / "r.html"
    target.write_text("the old one")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(SnapshotError, match="No space left"):
        write_report(root / SLUG / SECOND, target)
    assert target.read_text() == "the old one"
    assert sorted(p.name for p in root.iterdir()) == ["r.html", SLUG]


def test_damaged_snapshot_is_named(root: Path) -> None:
    """A table that cannot be read is an error that names the file."""
    (root / SLUG / SECOND / "papers.parquet").write_bytes(b"PAR1")
    with pytest.raises(SnapshotError, match=r"papers\.parquet"):
        write_report(root / SLUG / SECOND)


def test_damaged_history_is_told_and_left_out(root: Path) -> None:
    """An earlier snapshot that cannot be read does not hold the report back: it is named in it."""
    (root / SLUG / FIRST / "entries.parquet").write_bytes(b"PAR1")
    page = write_report(root / SLUG / SECOND).read_text()
    assert f"left out: {FIRST}" in page


def test_command_finds_the_newest_snapshot(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments every list is reported; the file's path is all that is printed."""
    assert main(["--root", str(root)]) == 0
    assert capsys.readouterr().out == f"{root / SLUG / 'report.html'}\n"
    assert SECOND in (root / SLUG / "report.html").read_text()


def test_command_finds_what_the_sandbox_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--sandbox` looks where sandbox runs publish; without it their data is not touched."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENRICH_OUT", raising=False)
    write_snapshot(tmp_path / "data" / "sandbox", [entry(1)], [paper(1)], mode="sandbox")
    assert main([]) == 2
    assert main(["--sandbox"]) == 0
    assert (tmp_path / "data" / "sandbox" / SLUG / "report.html").is_file()


def test_command_takes_a_snapshot_and_a_file(root: Path, tmp_path: Path) -> None:
    """A list by the beginning of its name, a snapshot by its date, a file in a new folder."""
    target = tmp_path / "new" / "r.html"
    assert main(["read", "--root", str(root), "--snapshot", "2026-01-01", "-o", str(target)]) == 0
    assert FIRST in target.read_text()
    assert SECOND not in target.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "no list 'nothing'"),
        (["--snapshot", "1999"], "1999"),
        (["-o", "."], "is a folder"),
    ],
)
def test_command_errors_are_one_sentence(
    root: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user's mistake gives exit code 2 and a sentence that names the value; no traceback."""
    assert main(["--root", str(root), *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


def test_command_without_snapshots_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty root is answered with the command that fills it."""
    assert main(["--root", str(tmp_path)]) == 2
    assert "enrich run" in capsys.readouterr().err
