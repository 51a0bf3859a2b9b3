"""The figures: what is counted, over what, and what is never made up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from tests.outputs.report.tables import FIRST, SECOND, THIRD, entry, paper, write_snapshot

from enrich.outputs.escape import one_line, safe_url
from enrich.outputs.report import Report, assemble, read_input
from enrich.outputs.report.charts import charts, section_groups
from enrich.outputs.report.headline import CHANGES, change_sentence, figures, open_reasons
from enrich.outputs.report.inputs import thinned
from enrich.snapshot.compare import What


def report_of(folder: Path) -> Report:
    return assemble(read_input(folder))


def headline(folder: Path) -> dict[str, tuple[str, str]]:
    return {f.label: (f.value, f.detail) for f in figures(report_of(folder))}


def test_headline_counts_each_paper_once_and_tells_when(tmp_path: Path) -> None:
    """Two entries of one paper count it once; the date of the counts is told beside them."""
    entries = [entry(1), entry(2, paper_id="p1"), entry(3), entry(4, status="not_a_paper")]
    told = headline(write_snapshot(tmp_path, entries, [paper(1), paper(3)]))
    assert told["Citations"] == ("40", "of 2 papers, counted on 1 January 2026")
    assert told["Resolved"][0] == "100 %"
    assert told["Median paper"][0] == "20"


def test_unknown_counts_are_never_zero(tmp_path: Path) -> None:
    """A paper whose citations are unknown is left out of sums, and all unknown is 'unknown'."""
    told = headline(write_snapshot(tmp_path, [entry(1)], [paper(1, citation_count=None)]))
    assert told["Citations"][0] == "unknown"
    assert told["Median paper"][0] == "unknown"


@pytest.mark.parametrize(("missing", "value"), [(1, "> 99 %"), (0, "100 %"), (400, "< 1 %")])
def test_shares_never_claim_all_or_nothing(tmp_path: Path, missing: int, value: str) -> None:
    """One entry short of all is not 100 %, one of many is not 0 %."""
    entries = [entry(n, status="unresolved" if n < missing else "resolved") for n in range(401)]
    assert headline(write_snapshot(tmp_path, entries, [paper(400)]))["Resolved"][0] == value


def test_first_snapshot_has_no_changes(tmp_path: Path) -> None:
    """With nothing to compare there are no changes and no growth chart, rather than zeros."""
    report = report_of(write_snapshot(tmp_path, [entry(1)], [paper(1)]))
    assert report.changes is None
    assert "growth" not in {chart.name for chart in charts(report)}


def test_changes_compare_with_the_snapshot_before(tmp_path: Path) -> None:
    """Added, removed, settled and lost entries, and gains only of papers counted both times."""
    write_snapshot(tmp_path, [entry(9)], [paper(9)], name=FIRST)
    write_snapshot(
        tmp_path,
        [entry(1), entry(2), entry(3, status="pending"), entry(4), entry(5)],
        [paper(1, citation_count=5), paper(2), paper(4, citation_count=None), paper(5)],
        name=SECOND,
    )
    newest = write_snapshot(
        tmp_path,
        [entry(1), entry(3), entry(4), entry(5, status="ambiguous"), entry(6)],
        [paper(1, citation_count=9), paper(3), paper(4), paper(6)],
        name=THIRD,
    )
    changes = report_of(newest).changes
    assert changes is not None
    assert changes.since_at == datetime(2026, 2, 1, tzinfo=UTC)
    assert {group.what: group.lines for group in changes.groups} == {
        "new": ("Paper number 6",),
        "gone": ("Paper number 2",),
        "resolved": ("Paper number 3",),
        "no longer resolved": ("Paper number 5: ambiguous",),
    }
    assert (changes.gained, changes.compared) == (4, 1)
    assert [(gain.before, gain.after) for gain in changes.top] == [(5, 9)]


def test_change_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Only what has changed is counted; no change is said, not shown as a row of zeros."""
    write_snapshot(tmp_path, [entry(1)], [paper(1)], name=FIRST)
    same = report_of(write_snapshot(tmp_path, [entry(1)], [paper(1)], name=SECOND)).changes
    fewer = [paper(1, citation_count=4, is_withdrawn=True), paper(2)]
    less = report_of(write_snapshot(tmp_path, [entry(1), entry(2)], fewer, name=THIRD)).changes
    assert same is not None
    assert less is not None
    assert change_sentence(same) == (
        "The entries and papers are the same. Citations of 1 paper counted both times: the same."
    )
    assert change_sentence(less) == (
        "1 added, 1 withdrawn. 6 citations fewer, over 1 paper counted both times."
    )


def test_every_sort_of_change_has_words() -> None:
    """A sort of change that `enrich.changes` may find has its words in the report."""
    assert {*CHANGES, "citations"} == set(get_args(What))


def test_growth_keeps_added_papers_apart_from_new_citations(tmp_path: Path) -> None:
    """The line over the same papers does not move when only papers are added."""
    write_snapshot(tmp_path, [entry(1)], [paper(1)], name=FIRST)
    newest = write_snapshot(tmp_path, [entry(1), entry(2)], [paper(1), paper(2)], name=SECOND)
    growth = report_of(newest).growth
    assert [(p.entries, p.citations, p.same_papers) for p in growth] == [(1, 10, 10), (2, 30, 10)]


def test_later_snapshots_do_not_leak_into_an_earlier_report(tmp_path: Path) -> None:
    """The report of an old snapshot knows nothing of those published after it."""
    old = write_snapshot(tmp_path, [entry(1)], [paper(1)], name=FIRST)
    write_snapshot(tmp_path, [entry(1)], [paper(1)], name=SECOND)
    assert [point.snapshot for point in report_of(old).growth] == [FIRST]


def test_charts_count_a_paper_once_in_a_section(tmp_path: Path) -> None:
    """A paper listed twice in a section counts once there; sections of one name stay apart."""
    entries = [
        entry(1, section=["A", "Data"]),
        entry(2, section=["A", "Data"], paper_id="p1"),
        entry(3, section=["B", "Data"]),
    ]
    report = report_of(write_snapshot(tmp_path, entries, [paper(1), paper(3)]))
    section = next(chart for chart in charts(report) if chart.name == "section")
    assert section.rows == (("B › Data", 1, 30, 30), ("A › Data", 1, 10, 10))


def test_sections_are_told_apart_below_a_common_heading(tmp_path: Path) -> None:
    """Where all entries stand under one heading, charts group by the next one."""
    entries = [entry(1, section=["All", "A"]), entry(2, section=["All", "B"])]
    report = report_of(write_snapshot(tmp_path, entries, [paper(1), paper(2)]))
    assert set(section_groups(report.entries).values()) == {("All", "A"), ("All", "B")}


def test_reasons_that_differ_in_what_they_quote_are_one(tmp_path: Path) -> None:
    """Open entries are grouped by their reason without the titles, ids and scores in it."""
    entries = [
        entry(n, status="unresolved", reason=f"Nearest is “Title {n}” (arxiv, 201{n}), at 0.{n}.")
        for n in range(1, 4)
    ]
    grouped = open_reasons(report_of(write_snapshot(tmp_path, entries, [])))
    assert [(why.entries, why.reason) for why in grouped] == [(3, "Nearest is “…”, at ….")]


def test_candidates_are_told_for_open_entries_only(tmp_path: Path) -> None:
    """An open entry shows the best papers weighed for it; a resolved one needs none."""
    weighed = [
        {"entry_id": f"e{n}", "source": "arxiv", "source_id": str(i), "title": f"Other {i}",
         "arxiv_id": "2001.00001", "score": i / 10, "decision": "rejected",
         "reason": "Other title."}
        for n in (1, 2) for i in range(5)
    ]  # fmt: skip
    entries = [entry(1), entry(2, status="ambiguous")]
    report = report_of(write_snapshot(tmp_path, entries, [paper(1)], candidates=weighed))
    assert report.entries[0].candidates == ()
    assert [c.title for c in report.entries[1].candidates] == ["Other 4", "Other 3", "Other 2"]


def test_links_are_called_what_they_are(tmp_path: Path) -> None:
    """A link whose text is the entry's title, or a sentence, is called by its role."""
    links = [
        {"label": "Paper number 1", "url": "https://a.org/1", "role": "paper"},
        {"label": "PyTorch", "url": "https://a.org/2", "role": "code"},
        {"label": "see " * 20, "url": "https://a.org/3", "role": "other"},
    ]
    report = report_of(write_snapshot(tmp_path, [entry(1, links=links)], [paper(1)]))
    assert [link.label for link in report.entries[0].links] == ["paper", "PyTorch", "link"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", " https://a.org", "data:text/html,x",
        "//a.org", "https://", "https://a\u202e.org", "https://[", "file:///etc/passwd", "", None,
    ],
)  # fmt: skip
def test_links_other_than_web_addresses_are_dropped(url: str | None) -> None:
    """Only http and https addresses with a host, without spaces or invisible characters."""
    assert safe_url(url) is None


def test_text_has_no_control_characters() -> None:
    """Terminal escapes and direction overrides are taken out of what is shown."""
    assert one_line("a\x1b[31m\u202eb\n") == "a [31mb"
    assert one_line("\x00") == ""


def test_long_histories_are_thinned_evenly() -> None:
    """Of a thousand snapshots a hundred are read, with the first and the last among them."""
    names = [str(n) for n in range(1000)]
    kept = thinned(names, 100)
    assert (len(kept), kept[0], kept[-1]) == (100, "0", "999")
    assert thinned(names[:50], 100) == names[:50]


def test_times_are_told_in_utc(tmp_path: Path) -> None:
    """The snapshot's time is read with its zone."""
    report = report_of(write_snapshot(tmp_path, [entry(1)], [paper(1)]))
    assert report.finished == datetime(2026, 1, 1, tzinfo=UTC)
