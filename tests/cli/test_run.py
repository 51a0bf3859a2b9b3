"""`python -m enrich.run`: the whole job by hand, its exit codes and what it says to a mistake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.paths import REAL_LIST

from enrich.cli.run import main
from enrich.sandbox import Sandbox
from enrich.services.control import DEFAULTS


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of one command."""
    code = main(list(argv))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_main_job(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """The real list goes in, a snapshot with a row for each of its 48 entries comes out."""
    code, out, _ = run(capsys, "--sandbox", "--out", "box", "--json", str(REAL_LIST))
    assert code == 0
    result = json.loads(out)
    assert result["entries"] == 48
    assert sum(result["by_status"].values()) == sum(result["by_kind"].values()) == 48
    assert result["incomplete"] is False
    assert 0 < result["requests"]["arxiv"] <= 4
    assert 0 < result["requests"]["semantic_scholar"] <= 5
    entries = pq.read_table(Path(result["path"]) / "entries.parquet")
    assert entries.num_rows == 48
    ids = {i for i in entries["list_arxiv_id"].to_pylist() if i}
    assert len(ids) == 17 and {"1906.03327", "1901.09107"} <= ids


def test_a_run_ends_with_a_report(
    capsys: pytest.CaptureFixture[str], clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is written beside the snapshots, where nothing published is touched."""
    monkeypatch.setenv("ENRICH_REPORT", "true")
    result = json.loads(run(capsys, "--sandbox", "--out", "box", "--json", str(REAL_LIST))[1])
    assert Path(result["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Path(result["path"]) not in Path(result["report"]).resolve().parents


def test_a_second_run_asks_nothing(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """Within freshness a re-run makes no request and finds the same."""
    first = json.loads(run(capsys, "--sandbox", "--out", "box", "--json", str(REAL_LIST))[1])
    code, out, _ = run(capsys, "--sandbox", "--out", "box", "--json", str(REAL_LIST))
    again = json.loads(out)
    assert code == 0
    assert set(again["requests"].values()) == {0}
    assert again["by_status"] == first["by_status"]
    assert again["snapshot"] != first["snapshot"]


def test_the_default_is_every_list_in_data_raw(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """Without an argument every list in data/raw/ is run."""
    raw = clean / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "one.md").write_text(
        "# One\n\n- [Look, Listen and Learn](https://arxiv.org/abs/1705.08168)\n"
    )
    (raw / "two.md").write_text(
        "# Two\n\n- [Objects that Sound](https://arxiv.org/abs/1712.06651)\n"
    )
    code, out, _ = run(capsys, "--sandbox", "--json")
    result = json.loads(out)
    assert code == 0
    assert [one["list"] for one in result["lists"]] == ["one", "two"]
    assert (clean / "data" / "sandbox" / "one" / "latest" / "manifest.json").exists()


def test_dry_run_asks_and_writes_nothing(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """--dry-run says how many requests a run would make; it makes none and publishes nothing."""
    code, out, _ = run(capsys, "--sandbox", "--out", "box", "--dry-run", "--json", str(REAL_LIST))
    result = json.loads(out)
    assert code == 0
    assert result["lists"][0]["requests"]["arxiv"] >= 1
    assert result["seconds"] > 0
    assert not list((clean / "box").glob("*/latest"))


def test_offline_without_a_store_is_incomplete(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """Offline with nothing fetched, papers are pending and the exit code says incomplete."""
    code, out, _ = run(capsys, "--offline", "--out", "box", "--json", str(REAL_LIST))
    result = json.loads(out)
    assert code == 3
    assert result["incomplete"] is True
    assert result["by_status"]["pending"] > 0
    assert "unresolved" not in result["by_status"]


def test_a_paper_without_counts_says_so(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """A paper that Semantic Scholar does not have: no count, and a `not_found` observation."""
    result = json.loads(run(capsys, "--sandbox", "--out", "box", "--json", str(REAL_LIST))[1])
    papers = pq.read_table(Path(result["path"]) / "papers.parquet").to_pylist()
    without = {paper["paper_id"] for paper in papers if paper["s2_paper_id"] is None}
    looks = pq.read_table(Path(result["path"]) / "observations.parquet").to_pylist()
    nothing = {look["paper_id"] for look in looks if look["status"] == "not_found"}
    assert without and nothing == without
    assert all((look["value"] is None) == (look["status"] == "not_found") for look in looks)


def test_only_asks_for_what_fits(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """--only asks for matching entries; every entry keeps its row.

    The control paper that is sent along with each batch stands in this list: the answer serves
    its entry too.
    """
    with Sandbox(limits=False) as box:
        code, out, _ = run_against(box, capsys, "--only", "look, listen", str(REAL_LIST))
        assert all("1812.05038" not in str(request) for request in box.requests)
    result = json.loads(out)
    assert code == 0
    assert result["entries"] == 48
    entries = pq.read_table(Path(result["path"]) / "entries.parquet").to_pylist()
    resolved = {entry["list_arxiv_id"] for entry in entries if entry["status"] == "resolved"}
    assert resolved - {paper.key.removeprefix("arxiv:") for paper in DEFAULTS} == {"1705.08168"}


def test_an_outage_is_incomplete_and_never_a_zero(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """Semantic Scholar down: what arXiv knows is published, exit 3, counts are null."""
    with Sandbox(limits=False, faults=("s2:403",)) as box:
        code, out, _ = run_against(box, capsys, str(REAL_LIST))
    result = json.loads(out)
    assert code == 3 and result["incomplete"] is True
    papers = pq.read_table(Path(result["path"]) / "papers.parquet").to_pylist()
    assert papers and all(paper["citation_count"] is None for paper in papers)
    looks = pq.read_table(Path(result["path"]) / "observations.parquet").to_pylist()
    assert looks and all(look["value"] is None and look["status"] == "error" for look in looks)
    with Sandbox(limits=False) as box:
        code, out, _ = run_against(box, capsys, str(REAL_LIST))
    again = json.loads(out)
    assert code == 0 and again["incomplete"] is False
    assert again["by_status"]["resolved"] == 28
    assert all(
        paper["citation_count"] is not None or paper["s2_paper_id"] is None
        for paper in pq.read_table(Path(again["path"]) / "papers.parquet").to_pylist()
    )


def run_against(
    box: Sandbox, capsys: pytest.CaptureFixture[str], *argv: str
) -> tuple[int, str, str]:
    """Run against a stand-in that is already there, at its pace."""
    os.environ.update(
        ENRICH_ARXIV_URL=box.arxiv_url,
        ENRICH_S2_URL=box.s2_url,
        ENRICH_ARXIV_INTERVAL="0",
        ENRICH_S2_INTERVAL="0",
    )
    try:
        return run(capsys, "--json", *argv)
    finally:
        for name in ("ARXIV_URL", "S2_URL", "ARXIV_INTERVAL", "S2_INTERVAL"):
            del os.environ[f"ENRICH_{name}"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.md", None, "missing.md"),
        ("empty.md", b"", "empty"),
        ("binary.md", bytes(range(256)) * 40, "binary"),
        ("prose.md", b"# A list\n\nNothing here but words.\n", "entr"),
    ],
)
def test_a_list_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], clean: Path, name: str, content: bytes | None, said: str
) -> None:
    """A missing, empty, binary or entry-less list: exit 2, one sentence, no traceback."""
    if content is not None:
        (clean / name).write_bytes(content)
    code, out, err = run(capsys, "--sandbox", "-q", name)
    assert code == 2
    assert said in err and err.count("\n") == 1
    assert "Traceback" not in err and out == ""


def test_pipes_devices_and_long_names(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """A pipe or a device ends at once with exit 2; a file name of 250 characters is a success."""
    os.mkfifo(clean / "pipe.md")
    for name in ("pipe.md", "/dev/zero"):
        code, _, err = run(capsys, "--sandbox", "-q", name)
        assert code == 2
        assert "is a pipe or a device" in err and err.count("\n") == 1
    long = clean / ("a" * 247 + ".md")
    long.write_text("- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n")
    code, out, err = run(capsys, "--sandbox", "--out", "box", "--json", str(long))
    assert code == 0, err
    assert json.loads(out)["entries"] == 1
    code, _, err = run(capsys, "--sandbox", "-q", str(clean / ("a" * 300 + ".md")))
    assert code == 2
    assert "cannot be read" in err and err.count("\n") == 1


def test_overrides_nested_too_deeply(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """An overrides file nested 3,000 deep: exit 2, one sentence, no traceback."""
    (clean / "one.md").write_text("- [A title](https://arxiv.org/abs/1706.03762)\n")
    (clean / "overrides.toml").write_text("override = " + "[" * 3_000 + "]" * 3_000)
    code, _, err = run(capsys, "--sandbox", "-q", "one.md")
    assert code == 2
    assert "overrides.toml nests its values too deeply" in err and err.count("\n") == 1


def test_a_readme_in_the_folder_is_a_list(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """README.md is a list like any other, named for its folder; SOURCES.md is none: exit 2."""
    raw = clean / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "SOURCES.md").write_text("- [Where](https://arxiv.org/abs/1706.03762)\n")
    code, _, err = run(capsys, "--sandbox")
    assert code == 2
    assert "data/raw" in err
    (raw / "README.md").write_text(
        "- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
    )
    code, out, err = run(capsys, "--sandbox", "--out", "box", "--json")
    assert code == 0, err
    assert json.loads(out)["entries"] == 1
    assert (clean / "box" / "raw").is_dir()


def test_a_folder_without_lists(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """No list named and none in data/raw/: exit 2, and the sentence names the folder."""
    code, _, err = run(capsys, "--sandbox")
    assert code == 2
    assert "data/raw" in err


def test_a_nonsense_environment_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong value in the environment: exit 2, the variable is named."""
    monkeypatch.setenv("ENRICH_ARXIV_INTERVAL", "soon")
    code, _, err = run(capsys, "--sandbox", str(REAL_LIST))
    assert code == 2
    assert "ENRICH_ARXIV_INTERVAL" in err


def test_a_nonsense_option(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown option: exit 2."""
    assert run(capsys, "--no-such-thing")[0] == 2


def test_an_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """An output folder that is a file: one sentence and no traceback."""
    (clean / "taken").write_text("a file")
    code, _, err = run(capsys, "--sandbox", "--out", "taken", str(REAL_LIST))
    assert code == 2
    assert "taken" in err and "Traceback" not in err


def test_sandbox_and_live_do_not_mix(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """A root with sandbox snapshots refuses live ones."""
    assert run(capsys, "--sandbox", "--out", "box", str(REAL_LIST))[0] == 0
    code, _, err = run(capsys, "--offline", "--out", "box", str(REAL_LIST))
    assert code == 2
    assert "sandbox" in err


def test_an_interrupted_run_publishes_nothing(clean: Path) -> None:
    """SIGINT mid-run: exit 130, nothing published, what was fetched is kept for the next run."""
    with Sandbox(limits=False, faults=("slow=30",)) as box:
        env = {
            **os.environ,
            "ENRICH_ARXIV_URL": box.arxiv_url,
            "ENRICH_S2_URL": box.s2_url,
        }
        command = [sys.executable, "-m", "enrich.run", "-v", "--out", "box", str(REAL_LIST)]
        process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        for line in process.stderr:
            if "ids" in line or "batch" in line:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not list((clean / "box").glob("*/latest"))


BULLET = "- [Objects that Sound](https://arxiv.org/abs/1712.06651)\n"


def test_a_bad_list_does_not_stop_the_good_ones(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """The good lists are published, every bad one is named, and the exit code is 2."""
    (clean / "good.md").write_text(f"# Good\n\n{BULLET}")
    (clean / "binary.md").write_bytes(bytes(range(256)) * 40)
    lists = ("missing.md", "good.md", "binary.md")
    code, out, err = run(capsys, "--sandbox", "--out", "box", "--json", *lists)
    result = json.loads(out)
    assert code == 2
    assert "missing.md" in err and "binary.md" in err and "Traceback" not in err
    assert [one["list"] for one in result["lists"]] == ["good"]
    assert [one["list"] for one in result["unreadable"]] == ["missing.md", "binary.md"]
    assert (clean / "box" / "good" / "latest" / "manifest.json").exists()


def test_only_bad_lists_are_all_named(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """Nothing can be run: exit 2, each list's reason on a line, no request and no output."""
    code, out, err = run(capsys, "--sandbox", "-q", "one.md", "two.md")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "enrich: one.md does not exist; check the path of the list.",
        "two.md does not exist; check the path of the list.",
    ]


def test_an_empty_folder_of_lists_is_usage(capsys: pytest.CaptureFixture[str], clean: Path) -> None:
    """data/raw without a list: exit 2 and a sentence, never a silent success."""
    (clean / "data" / "raw").mkdir(parents=True)
    code, _, err = run(capsys, "--sandbox")
    assert code == 2
    assert "data/raw" in err


def test_a_name_makes_two_lists_of_two_readmes(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """--name says under which name a list is published; two under one name are run by none."""
    for folder in ("a", "b"):
        (clean / folder).mkdir()
        (clean / folder / "list.md").write_text(f"# {folder}\n\n{BULLET}")
    first = run(capsys, "--sandbox", "--json", "--name", "Sound of A!", "a/list.md")
    assert json.loads(first[1])["list"] == "sound-of-a"
    code, _, err = run(capsys, "--sandbox", "a/list.md", "b/list.md")
    assert code == 2
    assert "a/list.md and b/list.md" in err and "--name" in err
    assert run(capsys, "--sandbox", "--name", "x", "a/list.md", "b/list.md")[0] == 2
    assert run(capsys, "--sandbox", "--name", "…", "a/list.md")[0] == 2


def test_dry_run_counts_what_only_would_ask(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """--dry-run with --only plans for matching entries alone."""
    plan = ("--sandbox", "--dry-run", "--json", str(REAL_LIST))
    whole = json.loads(run(capsys, *plan)[1])["lists"][0]
    part = json.loads(run(capsys, *plan, "--only", "objects that sound")[1])["lists"][0]
    assert sum(part["requests"].values()) + part["requests_at_most"] < (
        sum(whole["requests"].values()) + whole["requests_at_most"]
    )
    assert part["requests"]["arxiv"] == 1


@pytest.mark.parametrize("further", [(), ("--dry-run",)])
def test_a_pattern_that_fits_nothing_is_usage(
    capsys: pytest.CaptureFixture[str], clean: Path, further: tuple[str, ...]
) -> None:
    """--only with a typing error publishes nothing: exit 2, and the pattern is named."""
    code, out, err = run(capsys, "--sandbox", *further, "--only", "obejcts", str(REAL_LIST))
    assert (code, out) == (2, "")
    assert "'obejcts' fits no entry" in err
    assert not (clean / "data").exists()


def test_a_store_of_the_other_realm_is_usage(
    capsys: pytest.CaptureFixture[str], clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store with sandbox data named for a live run is a mistake of usage, not a defect."""
    (clean / "list.md").write_text(BULLET)
    monkeypatch.setenv("ENRICH_STORE", str(clean / "store.sqlite"))
    assert run(capsys, "--sandbox", "list.md")[0] == 0
    code, _, err = run(capsys, "--offline", "list.md")
    assert code == 2
    assert "holds sandbox data" in err and "unexpected" not in err


def published(name: str) -> dict[str, str]:
    """The entry ids of the newest snapshot in `box`, by the first address of each entry."""
    table = pq.read_table(Path("box") / name / "latest" / "entries.parquet")
    rows = table.select(["entry_id", "list_arxiv_id"]).to_pylist()
    return {row["list_arxiv_id"]: row["entry_id"] for row in rows}


def test_published_ids_stay_with_their_entries(
    capsys: pytest.CaptureFixture[str], clean: Path
) -> None:
    """An entry of the same title, added above, never gets the published one's id."""
    first = "- [Objects that Sound](https://arxiv.org/abs/1712.06651)\n"
    twin = "- [Objects that Sound](https://arxiv.org/abs/1705.08168)\n"
    third = "- [Objects That Sound!](https://arxiv.org/abs/1804.03160)\n"
    path = clean / "list.md"
    seen: dict[str, str] = {}
    for lines in ([first], [twin, first], [third, twin, first]):
        path.write_text("# List\n\n" + "".join(lines), encoding="utf-8")
        code, _, err = run(capsys, "--sandbox", "--out", "box", "--json", str(path))
        assert code == 0, err
        now = published("list")
        assert len(set(now.values())) == len(lines)
        for paper, entry_id in now.items():
            others = {one for other, one in seen.items() if other != paper}
            assert entry_id not in others
            assert seen.setdefault(paper, entry_id) == entry_id
