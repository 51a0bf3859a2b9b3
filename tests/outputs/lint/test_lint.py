"""Issues as lines, what becomes of them when the list changes, and the patch."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.outputs.lists import FAULTY

from enrich.cli.lint import main
from enrich.outputs.lint import formats
from enrich.parsing import parse_list, read_list
from enrich.records import Issue

LIST = Path("faulty.md")


@pytest.fixture
def root(faulty: Path, clean: Path) -> str:
    """The root of the snapshots; the list is copied into the working folder."""
    shutil.copy(faulty.parent / "faulty.md", clean)
    return str(faulty)


def lines(root: str, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, set[int]]:
    """code -> the lines it is reported on."""
    main([str(LIST), "--root", root, *more])
    found: dict[str, set[int]] = {}
    for line in capsys.readouterr().out.splitlines():
        match = re.match(r"faulty\.md:(\d+): (?:error|warning|info) (\w+): \S", line)
        assert match, line
        found.setdefault(match[2], set()).add(int(match[1]))
    return found


def test_every_fault_is_told(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the text shows and what the run found, each at its line."""
    found = lines(root, capsys)
    for code, line in (
        ("dead_id", 6), ("id_conflict", 7), ("malformed_id", 8), ("title_differs", 9),
        ("now_published", 9), ("duplicate_entry", 11), ("now_published", 12),
        ("duplicate_entry", 20),
    ):  # fmt: skip
        assert line in found[code], (code, found)
    assert 5 not in {line for places in found.values() for line in places}


def test_lines_follow_the_list(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Entries that moved are reported at their present line; changed entries are not reported."""
    before = lines(root, capsys)
    LIST.write_text(FAULTY.replace("## Papers\n", "## Papers\n\nWords.\n\nMore words.\n"))
    moved = lines(root, capsys)
    assert {c: {n + 4 for n in at} for c, at in before.items()} == moved
    LIST.write_text(FAULTY.replace("1904.99999v2", "1904.01766"))
    main([str(LIST), "--root", root])
    said = capsys.readouterr()
    assert "dead_id" not in said.out and "changed since" in said.err


def test_marks_move_nothing(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An annotated list has the same issues at the same lines."""
    from enrich.cli.annotate import main as annotate

    before = lines(root, capsys)
    assert annotate([str(LIST), "--root", root, "--in-place"]) == 0
    capsys.readouterr()
    assert "<!-- enrich -->" in LIST.read_text()
    assert lines(root, capsys) == before


SMALL = (
    "## P\n\n- TSM: Temporal Shift Module for Video [[Paper]](https://arxiv.org/abs/1811.08383)\n"
)
WARNED = f"{SMALL}- A second paper of note [[Paper]](https://arxiv.org/abs/1712.066)\n"


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        (FAULTY, [], 1), (SMALL, [], 0), (SMALL, ["--strict"], 0), (WARNED, [], 0),
        (WARNED, ["--strict"], 1), (FAULTY, ["--fix"], 0), (FAULTY, ["--snapshot", "1999"], 2),
        (FAULTY, ["--list", "none"], 2),
    ],
)  # fmt: skip
def test_exit_codes(text: str, more: list[str], code: int, root: str) -> None:
    """1 for errors, with --strict for anything; 2 for wrong usage; a patch is no failure."""
    LIST.write_text(text)
    assert main([str(LIST), "--root", root, *more]) == code


def test_without_a_snapshot(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A list that was never run is checked by its text alone, and that is said."""
    Path("other.md").write_text(FAULTY)
    assert main(["other.md", "--root", root]) == 0
    said = capsys.readouterr()
    assert "malformed_id" in said.out and "by its text alone" in said.err
    assert main(["other.md", "--root", "nowhere"]) == 0
    assert main(["other.md", "--root", root, "--list", "faulty"]) == 1


def test_json(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One object: the file, the snapshot, counts, issues with all that is known of them."""
    assert main([str(LIST), "--root", root, "--format", "json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["file"] == "faulty.md" and re.fullmatch(r"\d{8}T\d{6}Z", value["snapshot"])
    assert sum(value["counts"].values()) == len(value["issues"])
    dead = next(issue for issue in value["issues"] if issue["code"] == "dead_id")
    assert (dead["line"], dead["severity"]) == (6, "error")
    assert dead["suggestion"] == "https://arxiv.org/abs/1904.01766"


def test_fix_is_a_patch(root: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """git takes the patch; what is certain is cured, what is not is left, and once is enough."""
    assert main([str(LIST), "--root", root, "--fix"]) == 0
    patch = capfdbinary.readouterr().out
    assert LIST.read_text() == FAULTY
    subprocess.run(["git", "apply"], input=patch, check=True)
    expected = FAULTY
    for old, new in (
        ("abs/1904.99999v2", "abs/1904.01766"),
        ("pdf/1811.08383.pdf", "pdf/1705.08168.pdf"),
        ("abs/1712.066)", "abs/1712.06651)"),
        ("Seperate Object", "Separate Object"),
        ("Unlabelled", "Unlabeled"),
        ("*arXiv 2018*", "*ECCV 2018*"),
        ("arXiv 2019 ", "ICCV 2019 "),
    ):  # fmt: skip
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    twin = next(line for line in expected.splitlines(True) if "Long-Term" in line)
    assert LIST.read_text() == expected.replace(twin + twin, twin)
    assert main([str(LIST), "--root", root, "--fix"]) == 0
    assert capfdbinary.readouterr().out == b""


def test_fix_of_other_line_ends(root: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """CRLF, a byte order mark and a missing last line end come through the patch."""
    data = b"\xef\xbb\xbf" + FAULTY.rstrip("\n").replace("\n", "\r\n").encode()
    LIST.write_bytes(data)
    assert main([str(LIST), "--root", root, "--fix"]) == 0
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn"], input=capfdbinary.readouterr().out, check=True
    )
    new = LIST.read_bytes()
    assert b"1904.01766" in new and new.startswith(b"\xef\xbb\xbf") and not new.endswith(b"\n")
    assert new.count(b"\n") == new.count(b"\r\n") == data.count(b"\r\n") - 1


DEAD = "https://arxiv.org/abs/1904.99999v2"


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        # The link stands twice: which one is meant is not certain.
        (DEAD, f"{DEAD}) [[again]]({DEAD}", "VideoBERT"),
        # Written otherwise since the run: what was found may not hold any more.
        ("- Look, Listen and Learn ", "- Look and Learn ", "1811.08383"),
        # Papers under two headings may be meant to stand there twice.
        ("", "", "AENet"),
    ],
)
def test_what_is_not_certain_is_left(
    old: str, new: str, kept: str, root: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """No line of a fault without one certain cure is in the patch."""
    LIST.write_text(FAULTY.replace(old, new) if old else FAULTY)
    assert main([str(LIST), "--root", root, "--fix"]) == 0
    changed = [x for x in capfdbinary.readouterr().out.decode().splitlines() if x[:1] in "+-"]
    assert changed and not [line for line in changed if kept in line]


def published_again(path: Path) -> None:
    """Put the checksum of a changed table into its manifest."""
    manifest = path.with_name("manifest.json")
    value = json.loads(manifest.read_text())
    value["files"][path.name]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(value))


@pytest.mark.parametrize(
    "change",
    [
        {"author_score": 0.2}, {"year_delta": 4}, {"arxiv_id": "1705.99999"}, {"title": "Listen"},
    ],
)  # fmt: skip
def test_another_paper_is_not_put_in_on_thin_evidence(
    change: dict[str, Any], root: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Other authors, another year, two papers of the title, or none: the wrong id stays."""
    assert main([str(LIST), "--root", root, "--fix"]) == 0
    assert b"+- Look, Listen" in capfdbinary.readouterr().out
    copy = shutil.copytree(root, "changed", symlinks=True)
    path = next(Path(copy).glob("*/2*/candidates.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()
    equal = [row for row in rows if row["title"] == "Look, Listen and Learn"]
    assert len(equal) > 1
    for row in equal[: 1 if "arxiv_id" in change else None]:
        row.update(change)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    published_again(path)
    assert main([str(LIST), "--root", copy, "--fix"]) == 0
    assert b"+- Look, Listen" not in capfdbinary.readouterr().out


def test_fix_keeps_every_other_entry(root: str, capfd: pytest.CaptureFixture[str]) -> None:
    """After the patch the list holds the same entries, less the twin, under the same headings."""
    before = parse_list(read_list(str(LIST))).entries
    assert main([str(LIST), "--root", root, "--fix"]) == 0
    subprocess.run(["git", "apply"], input=capfd.readouterr().out.encode(), check=True)
    after = parse_list(read_list(str(LIST))).entries
    assert len(after) == len(before) - 1
    assert [e.section for e in after] == [e.section for e in before[:6] + before[7:]]


def test_fix_refuses_other_formats(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Only Markdown in an encoding that patches carry is changed."""
    Path("x.bib").write_text("@article{a, title={A title of some words}, year={2019}}")
    assert main(["x.bib", "--root", root, "--fix"]) == 2
    assert "x.bib is bibtex" in capsys.readouterr().err
    Path("w.md").write_bytes(FAULTY.encode("utf-16"))
    assert main(["w.md", "--root", root, "--fix"]) == 2
    assert "UTF-8" in capsys.readouterr().err


ISSUE = Issue("warning", "a_code", "50% of\r\nit::error::x, y", "id", 3, "do\n::stop-commands::z")


def test_github() -> None:
    """Outside text cannot end a workflow command, add a property or begin a command of its own."""
    text = formats.as_github("a,b:c%\n.md", [ISSUE, replace(ISSUE, line=None, severity="info")])
    first, second = text.splitlines()
    assert first.startswith("::warning file=a%2Cb%3Ac%25%0A.md,title=a_code,line=3::50%25 of it::")
    assert second.startswith("::notice file=a%2Cb%3Ac%25%0A.md,title=a_code::")
    assert text.count("\n") == 2 and "\r" not in text


def test_terminal() -> None:
    """Control characters of a list do not reach the terminal."""
    text = formats.as_text("a.md", [replace(ISSUE, message="a\x1b[2Jb\u202e")])
    assert "\x1b" not in text and "\u202e" not in text and text.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "fixed"),
    [
        ("*arXiv 2018*", "arXiv preprint arXiv:1804.01665 (2018)", " ECCV 2018 ["),
        ("*arXiv 2018*", "*arXiv* 2018", " *ECCV* 2018 ["),
    ],
)
def test_a_preprint_is_replaced_whole(
    old: str, new: str, fixed: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """No word, id or year of the preprint is left beside the venue."""
    from enrich.cli.run import main as run

    LIST.write_text(FAULTY.replace(old, new))
    assert run(["--sandbox", "--quiet", "--out", "out", str(LIST)]) == 0
    assert main([str(LIST), "--root", "out", "--fix"]) == 0
    subprocess.run(["git", "apply"], input=capfdbinary.readouterr().out, check=True)
    line = next(x for x in LIST.read_text().splitlines() if "Object Sounds" in x)
    assert fixed in line
    assert "arxiv" not in line.split("[[Paper]]")[0].lower() and "CoRR" not in line


def test_git_warns_of_nothing(root: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Changed lines end without blanks; a hard line break becomes a backslash, which means it."""
    broken = (
        "- Learning to Seperate Object Sounds by Watching Unlabelled Video. *arXiv 2018*  \n  A"
    )
    text = FAULTY.replace(
        "- Learning to Seperate Object Sounds by Watching Unlabelled Video. *arXiv 2018*", broken
    )
    text = text.replace("1904.99999v2)", "1904.99999v2)  ")
    from enrich.cli.run import main as run

    LIST.write_text(text)
    assert run(["--sandbox", "--quiet", "--out", "out", str(LIST)]) == 0
    capfdbinary.readouterr()
    assert main([str(LIST), "--root", "out", "--fix"]) == 0
    patch = capfdbinary.readouterr().out
    done = subprocess.run(["git", "apply"], input=patch, check=True, capture_output=True)
    assert done.stderr == b""
    new = LIST.read_text()
    assert "1904.01766)\n" in new
    assert "*ECCV 2018*\\\n" in new


def test_git_warns_of_nothing_with_other_line_ends(root: str) -> None:
    """A patch of a list with CRLF is applied without a warning too."""
    LIST.write_bytes(FAULTY.replace("\n", "\r\n").encode())
    done = subprocess.run(
        f"{sys.executable} -m enrich lint {LIST} --root {root} --fix | git apply",
        shell=True, capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert "warning" not in done.stderr
