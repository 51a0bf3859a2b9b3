from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from tests.resolve.build import WHEN, arxiv, by, entry, s2, searched

from enrich.cli import explain, review
from enrich.clock import SystemClock
from enrich.errors import UsageError
from enrich.papers.merge import merge
from enrich.records import Entry, ListRun, ParsedList
from enrich.resolve import RULE_VERSION, decide
from enrich.resolve.entry_history import EntryHistory, find_entry
from enrich.resolve.overrides import load_overrides
from enrich.snapshot.publishing import publish

EVIL = "\x1b[2J\x1b]0;owned\x07"


def entries() -> list[Entry]:
    """One of each: clear, ambiguous, conflicting and unknown."""
    return [
        entry("Learning to See in the Dark", entry_id="aa11", authors="Chen Chen"),
        entry("Objects that Sound", entry_id="aa22", authors="R. Arandjelović"),
        entry(f"Look Far{EVIL} and Wide at Night", entry_id="bb33"),
        entry("Nobody Knows This One", entry_id="cc44"),
    ]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A published snapshot of a list of four."""
    dark = arxiv("Learning to See in the Dark", "1805.01934", "Chen Chen", year=2018)
    sound = (
        arxiv("Objects that Sound", "1712.06651", "Someone Else", year=2017),
        s2(f"Objects that{EVIL} Sound", "sound", "Another One", year=2019),
    )
    wrong = arxiv("Spectral Theory of Graphs", "1601.00001", "Ann Able", year=2016)
    found = [searched(dark), searched(*sound), by("id:arxiv", wrong), []]
    listed = entries()
    resolutions = tuple(decide(e, c) for e, c in zip(listed, found, strict=True))
    assert [r.status for r in resolutions] == ["resolved", "ambiguous", "conflict", "unresolved"]
    paper = merge("arxiv:1805.01934", ("arxiv:1805.01934",), [dark])
    run = ListRun(
        list_slug="night", list_title="Night", location="night.md", sha256="0" * 64,
        mode="sandbox", rule_version=RULE_VERSION, started=WHEN,
        finished=WHEN + timedelta(seconds=1),
        parsed=ParsedList("Night", "markdown", "utf-8", tuple(listed)), resolutions=resolutions,
        papers=(paper,), paper_of={"aa11": "arxiv:1805.01934"}, issues=(), traffic=(),
    )  # fmt: skip
    publish(run, tmp_path / "out", clock=SystemClock())
    return tmp_path / "out"


def test_explain_shows_all_of_an_entry(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the list says, what was found, why, and where it stands: in one screen."""
    assert explain.main(["see in the", "--root", str(out)]) == 0
    shown = capsys.readouterr().out
    for fact in ("aa11", "resolved", "arxiv:1805.01934", "title:arxiv", RULE_VERSION, "accepted"):
        assert fact in shown


@pytest.mark.parametrize(
    ("wanted", "code", "said"),
    [
        ("aa11", 0, "Learning to See"),
        ("bb", 0, "Spectral Theory"),
        ("aa", 2, "2 entries fit"),
        ("no such thing", 2, "'no such thing'"),
    ],
)
def test_an_entry_is_found_by_id_prefix_or_title(
    out: Path, capsys: pytest.CaptureFixture[str], wanted: str, code: int, said: str
) -> None:
    """One fitting entry is shown; none or several is a question back."""
    assert explain.main([wanted, "--list", "night", "--root", str(out)]) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


def test_an_exact_id_beats_a_title_that_holds_it() -> None:
    """An entry can always be named by its id."""
    histories = histories_of(("ab", "x"), ("abc", "y"), ("zz", "ab initio"))
    assert find_entry("ab", histories).entry["title"] == "x"
    assert find_entry("INITIO", histories).entry["entry_id"] == "zz"
    with pytest.raises(UsageError):
        find_entry("q", histories)


def test_a_whole_title_beats_longer_ones_that_contain_it() -> None:
    """An entry can be named by its whole title, in any case and spacing."""
    histories = histories_of(
        ("a1", "Graph Attention Networks"), ("a2", "How Attentive are Graph Attention Networks?")
    )
    assert find_entry("graph  attention networks", histories).entry["entry_id"] == "a1"
    with pytest.raises(UsageError, match=r"a1.*line 1.*a2"):
        find_entry("attention networks", histories)


def histories_of(*rows: tuple[str, str]) -> list[EntryHistory]:
    """Entries with these ids and titles."""
    return EntryHistory.all_of(
        [
            {"list": "l", "entry_id": i, "title": t, "paper_id": None, "line_start": 1,
             "line_end": 1, "section": []}
            for i, t in rows
        ], [], [], [],
    )  # fmt: skip


def test_escapes_in_outside_text_do_not_reach_the_terminal(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A title cannot clear the screen or rename the window."""
    monkeypatch.setattr("sys.stdin", io.StringIO("s\ns\n"))
    assert explain.main(["aa22", "--root", str(out)]) == 0
    assert explain.main(["bb33", "--root", str(out)]) == 0
    assert review.main(["night", "--root", str(out), "--raw", str(out.parent)]) == 0
    shown = capsys.readouterr().out
    assert "Look Far" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def review_entries(
    out: Path, monkeypatch: pytest.MonkeyPatch, *answers: str
) -> tuple[int, dict[str, object]]:
    """Run the review with these answers; the exit code and the overrides that stand then."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    code = review.main(["--root", str(out), "--raw", str(out.parent / "raw")])
    return code, {o.entry: o for o in load_overrides(out.parent / "raw", "night")}


def test_review_writes_what_was_chosen(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number pins that candidate, `a` says that none exists; both with their reasons."""
    code, written = review_entries(out, monkeypatch, "9", "x", "1", "seen it", "a", "")
    assert code == 0
    one, two = (o for _, o in sorted(written.items()))
    assert (getattr(one, "entry", ""), getattr(one, "reason", "")) == ("aa22", "seen it")
    assert str(getattr(one, "pin", "")).partition(":")[0] in ("arxiv", "s2")
    assert getattr(two, "absent", False) is True
    assert getattr(two, "reason", "")


def test_review_does_not_ask_again_what_was_decided(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until the next run applies them, written decisions stand."""
    review_entries(out, monkeypatch, "n", "no", "q")
    capsys.readouterr()
    code, written = review_entries(out, monkeypatch, "s")
    assert code == 0
    assert list(written) == ["aa22"]
    assert len(getattr(written["aa22"], "reject", ())) == 2
    assert "1/1" in capsys.readouterr().out


@pytest.mark.parametrize("answers", [("q",), ("s", "s"), ()])
def test_ending_a_review_writes_nothing(
    out: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    """Quitting, skipping and the end of the input decide nothing."""
    assert review_entries(out, monkeypatch, *answers) == (0, {})
