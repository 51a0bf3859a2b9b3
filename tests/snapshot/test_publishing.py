"""Publishing: a snapshot is there whole or not at all, and never touches another."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from publisher import Faults, finish, start

from enrich.errors import SnapshotError, UsageError
from enrich.snapshot import layout
from enrich.snapshot.publishing import claim_root, publish
from enrich.snapshot.schema import DECLARED, OPTIONAL

ALWAYS = [name for name in DECLARED if name not in OPTIONAL]


def whole(folder: Path) -> list[str]:
    """Asserts that every visible snapshot is whole and `latest` is the newest; their names."""
    names = layout.snapshots(folder)
    visible = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    assert visible == sorted([*names, *(["latest"] if names else [])])
    for name in names:
        manifest = json.loads((folder / name / "manifest.json").read_bytes())
        assert set(manifest["files"]) == {f"{table}.parquet" for table in ALWAYS}
        assert {p.name for p in (folder / name).iterdir()} == {*manifest["files"], "manifest.json"}
        for file, facts in manifest["files"].items():
            data = (folder / name / file).read_bytes()
            assert hashlib.sha256(data).hexdigest() == facts["sha256"], (name, file)
            assert len(data) == facts["bytes"]
    return names


def newest(folder: Path) -> str:
    return str((folder / "latest").readlink())


def test_a_snapshot_is_what_the_manifest_says(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Name, files, row counts and sums are as promised; `latest` is a relative link to it."""
    done = publish(make_run(3), tmp_path, clock=clock)
    assert (done.snapshot, done.previous, done.list) == ("20261122T100000Z", None, "demo")
    assert done.path == tmp_path / "demo" / done.snapshot
    assert whole(tmp_path / "demo") == [done.snapshot]
    assert newest(tmp_path / "demo") == done.snapshot
    manifest = json.loads((done.path / "manifest.json").read_text())
    for name in ALWAYS:
        read = pq.ParquetFile(done.path / f"{name}.parquet")
        assert read.metadata.num_rows == manifest["files"][f"{name}.parquet"]["rows"]
        assert read.metadata.num_rows == done.rows[name]
        if read.metadata.num_rows:
            assert read.metadata.row_group(0).column(0).compression == "ZSTD"


def test_manifest_tells_how_it_came_to_be(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """The manifest holds what the data model lists, and no secret."""
    run = make_run(2, statuses={1: "pending"}, traffic=make_run.down("arxiv"))
    done = publish(run, tmp_path, clock=clock, manifest_extra={"note": "x"})
    text = (done.path / "manifest.json").read_text()
    manifest = json.loads(text)
    assert "hidden" not in text and "user" not in text
    assert manifest["list"]["location"] == "https://lists.org/raw/demo.md"
    assert manifest["list"]["entries"] == 3
    assert manifest["list"]["stray_links"] == {"badge": 1}
    assert (manifest["mode"], manifest["rule_version"], manifest["note"]) == ("sandbox", "7", "x")
    assert manifest["schema_version"] and manifest["tool_version"]
    assert manifest["by_status"] == {"not_a_paper": 1, "pending": 1, "resolved": 1}
    assert manifest["by_kind"] == {"paper": 2, "tutorial": 1}
    assert (manifest["started"], manifest["incomplete"]) == ("2026-11-22T10:00:00.123456Z", True)
    arxiv = manifest["sources"]["arxiv"]
    assert (arxiv["health"], arxiv["requests_by_endpoint"], arxiv["retries"]) == (
        "down", {"query": 5}, 4,
    )  # fmt: skip
    assert arxiv["base_url"] == "https://down.org"
    assert {"throttled", "bytes_received", "records_from_cache", "records_fetched"} <= set(arxiv)
    assert {gate["name"]: gate["verdict"] for gate in manifest["gates"]}["services"] == "marked"
    assert manifest["previous_snapshot"] is None


def test_names_never_collide_nor_go_back(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Two in one second, and a clock that was set back: each next snapshot is the newest."""
    names = []
    for step in (0, 0, -7200, 1, 7200):
        clock.sleep(step)
        names.append(publish(make_run(1), tmp_path, clock=clock).snapshot)
        assert newest(tmp_path / "demo") == names[-1]
    first = "20261122T100000Z"
    assert names == [first, f"{first}-2", f"{first}-3", f"{first}-4", "20261122T100001Z"]
    assert layout.snapshots(tmp_path / "demo") == names
    assert layout.next_name(clock.now(), f"{first}-10") > first
    assert layout.sort_key(f"{first}-10") > layout.sort_key(f"{first}-9")


def test_a_published_file_cannot_be_written(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Files of a snapshot are read-only: nothing changes inside it, not by accident either."""
    done = publish(make_run(1), tmp_path, clock=clock)
    assert {p.stat().st_mode & 0o222 for p in done.path.iterdir()} == {0}


def test_same_run_gives_the_same_bytes(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Publishing is deterministic: one run gives the same files under any root."""
    one = publish(make_run(3), tmp_path / "one", clock=clock)
    two = publish(make_run(3), tmp_path / "two", clock=clock)
    for file in one.path.iterdir():
        assert file.read_bytes() == (two.path / file.name).read_bytes()


@pytest.mark.slow
def test_killed_at_any_moment(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """SIGKILL before any change to the disk keeps earlier snapshots whole; the next run works."""
    folder = tmp_path / "demo"
    publish(make_run(1), tmp_path, clock=clock)
    for moment in range(100):
        before = layout.snapshots(folder)
        clock.sleep(1)
        code = finish(start(make_run(2), tmp_path, clock.now(), Faults(dies_before_change=moment)))
        assert set(before) <= set(whole_even_if_latest_lags(folder))
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert moment > 15, "each file, each rename and the link is a moment"
    assert whole(folder)[-1] == newest(folder)
    assert not (folder / ".tmp").exists()


def whole_even_if_latest_lags(folder: Path) -> list[str]:
    latest = newest(folder)
    names = layout.snapshots(folder)
    assert latest in names
    assert names.index(latest) >= len(names) - 2
    for name in names:
        manifest = json.loads((folder / name / "manifest.json").read_bytes())
        for file, facts in manifest["files"].items():
            assert (
                hashlib.sha256((folder / name / file).read_bytes()).hexdigest() == facts["sha256"]
            )
    return names


def test_killed_between_rename_and_latest(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """A snapshot that was renamed into place counts: the next publisher continues it."""
    one = publish(make_run(1), tmp_path, clock=clock)
    two = publish(make_run(1), tmp_path, clock=clock)
    (tmp_path / "demo" / "latest").unlink()
    (tmp_path / "demo" / "latest").symlink_to(one.snapshot)
    three = publish(make_run(1), tmp_path, clock=clock)
    assert three.previous == two.snapshot
    assert whole(tmp_path / "demo") == [one.snapshot, two.snapshot, three.snapshot]


@pytest.mark.slow
def test_concurrent_publishes(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Publishers of one list at the same time all end whole, one after the other, none lost."""
    children = [start(make_run(2), tmp_path, clock.now(), Faults(times=3)) for _ in range(4)]
    assert [finish(child) for child in children] == [0] * 4
    names = whole(tmp_path / "demo")
    assert len(names) == 12
    assert newest(tmp_path / "demo") == names[-1]
    chain = [
        json.loads((tmp_path / "demo" / name / "manifest.json").read_bytes())["previous_snapshot"]
        for name in names
    ]
    assert chain == [None, *names[:-1]]


def test_a_waiting_publisher_is_not_cleared_away(
    make_run: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what a dead process left is cleared: while one publishes, another waits for it."""
    from enrich.snapshot import publishing

    other = []
    write = publishing.write_tables

    def write_while_another_starts(tables: Any, folder: Path) -> dict[str, dict[str, object]]:
        other.append(start(make_run(1), tmp_path, clock.now(), Faults()))
        return write(tables, folder)

    monkeypatch.setattr(publishing, "write_tables", write_while_another_starts)
    mine = publish(make_run(1), tmp_path, clock=clock)
    assert finish(other[0]) == 0
    names = whole(tmp_path / "demo")
    assert (names[0], len(names)) == (mine.snapshot, 2)


def test_disk_full(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """A disk that takes no more: one clear error, and the last snapshot stays whole."""
    before = publish(make_run(2), tmp_path, clock=clock).snapshot
    said = finish(start(make_run(1000), tmp_path, clock.now(), Faults(largest_file=30_000)))
    assert isinstance(said, str) and said.startswith("Nothing was published")
    assert "Free some space" in said
    assert whole(tmp_path / "demo") == [before]
    assert not (tmp_path / "demo" / ".tmp").exists()


def test_folder_that_cannot_be_written(make_run: Any, clock: Any) -> None:
    """A read-only folder, or a file in its place: one clear error that names it and the cure."""
    with tempfile.TemporaryDirectory() as made:
        parent = Path(made)
        parent.chmod(0o755)
        root = parent / "out"
        before = publish(make_run(1), root, clock=clock).snapshot
        for folder in (root / "demo", root):
            folder.chmod(0o555)
        for out in (root, root / "new"):
            said = finish(start(make_run(1), out, clock.now(), Faults(other_user=True)))
            assert isinstance(said, str) and "cannot be written (Permission denied)" in said
            assert "choose another" in said
        for folder in (root, root / "demo"):
            folder.chmod(0o755)
        assert whole(root / "demo") == [before]
        (parent / "file").write_text("x")
        with pytest.raises(UsageError, match=r"cannot be written \((Not a directory|File exists)"):
            publish(make_run(1), parent / "file", clock=clock)


@pytest.mark.parametrize("damage", ["a row less", "garbage", "a flipped bit"])
def test_what_is_read_back_must_be_what_was_written(
    make_run: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """A file that is not as written after writing publishes nothing."""
    from enrich.snapshot import files

    before = publish(make_run(2), tmp_path, clock=clock).snapshot
    write = pq.write_table

    def damaged(table: Any, file: Any, **options: Any) -> None:
        write(table.slice(1) if damage == "a row less" else table, file, **options)
        file.flush()
        if damage == "garbage":
            file.seek(0)
            file.truncate(7)
        if damage == "a flipped bit":
            page = pq.ParquetFile(file.name).metadata.row_group(0).column(5).data_page_offset
            with Path(file.name).open("r+b") as raw:
                raw.seek(page + 60)
                byte = raw.read(1)[0]
                raw.seek(page + 60)
                raw.write(bytes([byte ^ 1]))

    monkeypatch.setattr(files.pq, "write_table", damaged)
    with pytest.raises(SnapshotError, match=r"read back.*nothing was published"):
        publish(make_run(2), tmp_path, clock=clock)
    assert whole(tmp_path / "demo") == [before]


def test_damaged_last_snapshot_is_named(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """A last snapshot that cannot be read stops publishing with the cure; the cure works."""
    first = publish(make_run(1), tmp_path, clock=clock)
    second = publish(make_run(1), tmp_path, clock=clock)
    damaged = second.path / "papers.parquet"
    damaged.chmod(0o644)
    damaged.write_bytes(b"PAR1")
    with pytest.raises(SnapshotError, match=f"papers.parquet.*move .*{second.snapshot} away"):
        publish(make_run(1), tmp_path, clock=clock)
    second.path.rename(tmp_path / "moved")
    assert publish(make_run(1), tmp_path, clock=clock).previous == first.snapshot


def test_realms_are_never_mixed(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """A root of live snapshots refuses sandbox ones and the reverse, also without its marker."""
    live = replace(make_run(1), mode="live")
    publish(live, tmp_path / "live", clock=clock)
    publish(replace(live, mode="offline"), tmp_path / "live", clock=clock)
    publish(make_run(1), tmp_path / "sandbox", clock=clock)
    for root, run in ((tmp_path / "live", make_run(1)), (tmp_path / "sandbox", live)):
        for marker in (True, False):
            if not marker:
                for file in root.glob(".realm-*"):
                    file.unlink()
            with pytest.raises(UsageError, match="never mixed") as caught:
                publish(run, root, clock=clock)
            assert caught.value.exit_code == 2
            with pytest.raises(UsageError, match="choose another folder"):
                claim_root(root, run.mode)


def test_without_symbolic_links(
    make_run: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where links cannot be made, `latest` is a text file with the name, read the same way."""

    def refused(self: Path, target: str) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)
    publish(make_run(1), tmp_path, clock=clock)
    clock.sleep(60)
    second = publish(make_run(1), tmp_path, clock=clock)
    assert (tmp_path / "demo" / "latest").read_text() == f"{second.snapshot}\n"
    assert layout.latest(tmp_path / "demo") == second.snapshot


def test_interrupted(
    make_run: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while publishing removes the temporary files."""
    from enrich.snapshot import publishing

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(make_run(1), tmp_path, clock=clock)
    assert whole(tmp_path / "demo") == []
    assert not (tmp_path / "demo" / ".tmp").exists()


def test_a_broken_value_does_not_cost_the_snapshot(
    make_run: Any, clock: Any, tmp_path: Path
) -> None:
    """A year out of range is null and half a character is replaced; the others are kept."""
    run = make_run(
        2,
        papers=lambda p: replace(p, year=202_020, citation_count=2**40, venue="C\ud83dVPR"),
        edit={0: {"raw": "- \udcff"}},
    )
    row = pq.read_table(publish(run, tmp_path, clock=clock).path / "papers.parquet").to_pylist()[0]
    assert (row["year"], row["citation_count"], row["venue"]) == (None, None, "C\ufffdVPR")
    assert row["title"] == "Title 0"


def test_importing_enrich_is_light() -> None:
    """`import enrich` brings in nothing heavy; `enrich.load` does when it is asked for."""
    code = (
        "import sys, enrich; assert enrich.__version__;"
        "heavy = {'pandas', 'pyarrow', 'numpy', 'requests', 'pydantic', 'prefect'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        "assert 'load' in dir(enrich); enrich.load; assert 'pyarrow' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_later_snapshot_keeps_failed_observations_apart(
    make_run: Any, clock: Any, tmp_path: Path
) -> None:
    """`incomplete` in the manifest is true when a service could not be asked."""
    clock.time += timedelta(days=1)
    done = publish(make_run(1), tmp_path, clock=clock)
    assert json.loads((done.path / "manifest.json").read_bytes())["incomplete"] is False
