"""Sentences that people read, word for word: errors of overrides, questions back, evidence."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from tests.resolve.build import arxiv, by, entry, searched
from tests.resolve.test_review_explain import histories_of

from enrich.errors import OverrideError, UsageError
from enrich.papers.identifiers import ASKABLE
from enrich.records import Kind
from enrich.resolve import decide
from enrich.resolve.entry_history import candidate_url, find_entry, override_id
from enrich.resolve.explanations import METHOD_NAMES
from enrich.resolve.overrides import load_overrides, parse_overrides

LONG = "Temporal Shift Module for Efficient Video Understanding"
HEAD = '[[override]]\nentry = "e"\nreason = "r"\n'
IDS = " or ".join(kind.example for kind in ASKABLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("other = 1", "f: 'other' is not known; write [[override]] or [[decline]]."),
        ("override = 1", "f: 'override' must be tables, each headed [[override]]."),
        ("override = [1]", "f: 'override' must be tables, each headed [[override]]."),
        (HEAD + "absent = true\n" + HEAD + "absent = true",
         "f: 'e' is overridden twice; keep one."),
        (HEAD + "why = 1", "f, override 1: 'why' is not known; use absent, entry, kind, pin,"
         " reason, reject."),
        ('[[override]]\nreason = "r"',
         "f, override 1: 'entry' is missing; every override needs it as text."),
        ('[[override]]\nentry = "e"\nreason = " "',
         "f, override 1: 'reason' is missing; every override needs it as text."),
        ('[[override]]\nentry = 7\nreason = "r"',
         "f, override 1: 'entry' is missing; every override needs it as text."),
        (HEAD, "f, override 1: needs exactly one of pin, reject, absent, kind; has 0."),
        (HEAD + "absent = true\nkind = 'code'",
         "f, override 1: needs exactly one of pin, reject, absent, kind; has 2."),
        (HEAD + "absent = true\n[[override]]\nentry = 'f'\nreason = 'r'\npin = 'x'",
         f"f, override 2, 'pin': 'x' is not an id; write {IDS}."),
        (HEAD + "pin = 7", f"f, override 1, 'pin': 7 is not an id; write {IDS}."),
        (HEAD + "reject = []", "f, override 1: 'reject' names no id."),
        (HEAD + "reject = ['arxiv:1811.08383', 'y']",
         f"f, override 1, 'reject': 'y' is not an id; write {IDS}."),
        (HEAD + "absent = false", "f, override 1: 'absent' is False, it can only be true."),
        (HEAD + "kind = 'x'",
         f"f, override 1: 'kind' is 'x', it must be one of {', '.join(get_args(Kind))}."),
    ],
)  # fmt: skip
def test_a_wrong_overrides_file_is_told_by_place_value_and_rule(text: str, message: str) -> None:
    """Which override, what is wrong with it and what to write instead."""
    with pytest.raises(OverrideError) as error:
        parse_overrides(text.encode(), "f")
    assert str(error.value) == message


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    """Of the two files of a list, the one that is wrong."""
    (tmp_path / "mine.overrides.toml").write_text("other = 1")
    with pytest.raises(OverrideError) as error:
        load_overrides(tmp_path, "mine")
    assert str(error.value).startswith(f"{tmp_path / 'mine.overrides.toml'}: 'other' is not known")


def test_what_is_no_toml_is_told_so() -> None:
    """Bytes, syntax and depth, each in one sentence that names the file."""
    for data, begin in (
        (b"\xff\xfe", "f is not TOML in UTF-8: "),
        (b"a = ", "f is not TOML in UTF-8: "),
        (b"a = " + b"[" * 100_000, "f "),
    ):
        with pytest.raises(OverrideError) as error:
            parse_overrides(data, "f")
        assert str(error.value).startswith(begin)
        assert str(error.value).endswith(".")


def test_a_good_override_is_read_as_it_is_meant() -> None:
    """Ids in the form of records, texts without spaces around them, `decline` left to others."""
    text = HEAD.replace('"e"', '" e "').replace('"r"', '" r "') + (
        "reject = ['ARXIV:1811.08383v2', 'arxiv:1811.08383', 'doi:10.1038/X']\n"
        "[[decline]]\nwork='w'"
    )
    (found,) = parse_overrides(b"\xef\xbb\xbf" + text.encode(), "f")
    assert (found.entry, found.reason) == ("e", "r")
    assert found.reject == ("arxiv:1811.08383", "doi:10.1038/x")
    (single,) = parse_overrides((HEAD + "reject = 'doi:10.1038/x'").encode(), "f")
    assert single.reject == ("doi:10.1038/x",)


def test_several_fitting_entries_are_named_up_to_eight() -> None:
    """Id, title and place of each, how many more there are, and the cure."""
    nine = histories_of(*((f"a{n}", f"Title {n}") for n in range(9)))
    with pytest.raises(UsageError) as error:
        find_entry("a", nine)
    named = "; ".join(f"a{n} (Title {n}, line 1, no section)" for n in range(8))
    assert str(error.value) == (
        f"9 entries fit 'a': {named} and 1 more. Give an entry_id or the whole title."
    )
    with pytest.raises(UsageError) as error:
        find_entry("title", nine[:8])
    assert str(error.value).startswith("8 entries fit 'title': a0 (")
    assert " more" not in str(error.value)
    for wanted in ("  ", "no such"):
        with pytest.raises(UsageError) as error:
            find_entry(wanted, nine)
        assert str(error.value) == f"No entry of the snapshot has {wanted!r} in its id or title."


def test_an_entry_is_named_by_id_then_title_then_parts_of_them() -> None:
    """The first step at which anything fits decides."""
    histories = histories_of(("ab", "cd"), ("cd", "x"), ("abc", "ab"), ("q1", "about cd"))
    assert find_entry("cd", histories).entry["title"] == "x"
    assert find_entry("AB", histories).entry["entry_id"] == "abc"
    assert find_entry("q", histories).entry["entry_id"] == "q1"
    assert find_entry("out", histories).entry["entry_id"] == "q1"


def test_a_candidate_is_pinned_and_shown_by_arxiv_id_before_s2_id() -> None:
    """What neither service knows has no id and no page."""
    both = {"arxiv_id": "1811.08383", "s2_paper_id": "ab" * 20}
    assert override_id(both) == "arxiv:1811.08383"
    assert candidate_url(both) == "https://arxiv.org/abs/1811.08383"
    s2_only = {**both, "arxiv_id": None}
    assert override_id(s2_only) == f"s2:{'ab' * 20}"
    page = f"https://www.semanticscholar.org/paper/{'ab' * 20}"
    assert candidate_url(s2_only).partition("?")[0] == page
    nothing = {"arxiv_id": None, "s2_paper_id": None}
    assert override_id(nothing) == candidate_url(nothing) == ""


@pytest.mark.parametrize(
    ("listed", "found", "authors", "reason"),
    [
        (LONG, LONG, "Ji Lin", "the titles are the same, the authors agree."),
        ("[3] " + LONG, LONG, None, "the titles are the same but for venue or label."),
        ("TSM: " + LONG, LONG, None, "the title is the same but for a name before it."),
        ("Shifts: " + LONG, LONG, "Ji Lin",
         "the title is the same after a label, the authors agree."),
        (LONG, "Shifts: " + LONG, "Ji Lin",
         "the title is the same but for the record's label, the authors agree."),
        (LONG.replace("Video", "Vidio"), LONG, None, "the titles are the same but for a slip."),
        (LONG, LONG + ": The Story", "Ji Lin", "the list omits the subtitle, the authors agree."),
        (LONG, LONG + " Nets", "Ji Lin", "one title ends early, the authors agree."),
        (LONG, LONG, "Ji Lin, Bo Berg, Cy Cole",
         "the titles are the same, the authors partly agree."),
    ],
)  # fmt: skip
def test_an_accepted_paper_says_what_was_found(
    listed: str, found: str, authors: str | None, reason: str
) -> None:
    """How it was found, and each piece of evidence in its words."""
    record = arxiv(found, "1811.08383", "Ji Lin", "Song Han")
    said = decide(entry(listed, authors), searched(record)).reason
    assert said == f"Found by a title search at arXiv; {reason}"


@pytest.mark.parametrize(
    ("listed", "found", "authors", "year", "reason"),
    [
        ("Mask RCNN", "Mask R-CNN", None, None,
         "a title this short needs an author, the year or a second source that agrees"),
        (LONG, LONG, "Maria Lopez", None, "its authors are others than the list's"),
        ("Mask RCNN", "Mask R-CNN", None, 2010, "its year is 2018, the list's is 2010"),
        (LONG, LONG + ": The Story", None, None,
         "the list omits the subtitle and nothing else settles it"),
        (LONG, LONG.replace("Video", "Image"), "Ji Lin", None,
         "the titles are 95% alike, the authors agree and nothing else settles it"),
    ],
)  # fmt: skip
def test_what_is_left_open_says_what_is_lacking(
    listed: str, found: str, authors: str | None, year: int | None, reason: str
) -> None:
    """The nearest record as a person recognises it, and what would settle it."""
    record = arxiv(found, "1811.08383", "Ji Lin", "Song Han", year=2018)
    said = decide(entry(listed, authors, year), searched(record))
    assert said.status == "ambiguous"
    assert said.reason == f"“{found}” (arxiv, Ji Lin, 2018) is near, but {reason}."


def test_other_outcomes_in_their_words() -> None:
    """Conflicts show both titles and the objection; what nobody has names the nearest."""
    record = arxiv(LONG + " 2", "1811.08383", "Ji Lin", year=2018)
    assert decide(entry(LONG), by("id:arxiv", record)).reason == (
        f"The arXiv id in the list names “{LONG} 2”, but the list says “{LONG}” "
        "(the numbers differ (2))."
    )
    plain = arxiv("Spectral Theory of Graphs", "1601.00001")
    assert decide(entry(LONG), by("id:doi", plain)).reason == (
        f"The DOI in the list names “{plain.title}”, but the list says “{LONG}”."
    )
    assert decide(entry(LONG), []).reason == "No source knows a paper of this title."
    assert decide(entry(LONG), searched(plain)).reason == (
        f"No source knows a paper of this title; the nearest is “{plain.title}” (arxiv)."
    )
    assert decide(entry(LONG), [], searched_alone=False).reason == (
        "No paper of this title was found, not yet searched on its own."
    )
    early = arxiv(LONG, "1811.08383", "Ji Lin", year=2018)
    late = decide(entry(LONG, year=2010), searched(early))
    assert late.weighed[0].reason == "the titles are the same, the years are 8 apart."
    code = entry("TSM Shift Module", kind="code", authors="Ji Lin")
    near = arxiv("TSM Shift Modules", "1811.08383", "Ji Lin")
    assert decide(code, searched(near)).reason == (
        "“TSM Shift Modules” (arxiv, Ji Lin) is near, but the entry is code and the titles are not "
        "the same."
    )
    short = arxiv(LONG, "1811.08383", "Ji Lin", abstract="We call it TSM here.")
    assert decide(entry("TSM"), by("id:arxiv", short)).reason.endswith(
        "the list calls it by its short name."
    )
    assert len(set(METHOD_NAMES.values())) == len(METHOD_NAMES)
