"""The figures: what is counted, over what, and what is never made up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from tests.outputs.report.tables import FIRST, SECOND, THIRD, entry, paper, write_snapshot

from enrich.outputs.escape import one_line, safe_url
from enrich.outputs.report import Report, assemble, build, read_input
from enrich.outputs.report.charts import (
    MIN_FOR_MEDIAN,
    by_section,
    by_venue,
    papers_by_year,
    resolved_papers,
)
from enrich.outputs.report.headline import CHANGES, change_sentence, figures, open_reasons
from enrich.outputs.report.inputs import thinned
from enrich.outputs.report.rankings import frequent_authors, most_cited
from enrich.outputs.report.time_charts import citations_a_year, growth
from enrich.snapshot.compare import What


def report_of(folder: Path) -> Report:
    return assemble(read_input(folder))


def headline(folder: Path) -> dict[str, tuple[str, str]]:
    return {f.label: (f.value, f.detail) for f in figures(report_of(folder))}


def test_headline_counts_each_paper_once_and_tells_when(tmp_path: Path) -> None:
    """Two entries of one paper count it once; the date of the counts is shown beside them."""
    entries = [entry(1), entry(2, paper_id="p1"), entry(3), entry(4, status="not_a_paper")]
    shown = headline(write_snapshot(tmp_path, entries, [paper(1), paper(3)]))
    assert shown["Citations"] == ("40", "of 2 papers, counted on 1 January 2026")
    assert shown["Resolved"][0] == "100 %"
    assert shown["Median paper"][0] == "20"


def test_unknown_counts_are_never_zero(tmp_path: Path) -> None:
    """A paper whose citations are unknown is left out of sums, and all unknown is 'unknown'."""
    shown = headline(write_snapshot(tmp_path, [entry(1)], [paper(1, citation_count=None)]))
    assert shown["Citations"][0] == "unknown"
    assert shown["Median paper"][0] == "unknown"


@pytest.mark.parametrize(("missing", "value"), [(1, "> 99 %"), (0, "100 %"), (400, "< 1 %")])
def test_shares_never_claim_all_or_nothing(tmp_path: Path, missing: int, value: str) -> None:
    """One entry short of all is not 100 %, one of many is not 0 %."""
    entries = [entry(n, status="unresolved" if n < missing else "resolved") for n in range(401)]
    assert headline(write_snapshot(tmp_path, entries, [paper(400)]))["Resolved"][0] == value


def test_first_snapshot_has_no_changes(tmp_path: Path) -> None:
    """With nothing to compare there are no changes and no growth chart, rather than zeros."""
    report = report_of(write_snapshot(tmp_path, [entry(1)], [paper(1)]))
    assert report.changes is None
    assert growth(report.growth) is None


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
    assert {group.what: tuple(x.text for x in group.lines) for group in changes.groups} == {
        "new": ("Paper number 6",),
        "gone": ("Paper number 2",),
        "resolved": ("Paper number 3",),
        "no longer resolved": ("Paper number 5: ambiguous",),
    }
    assert (changes.gained, changes.compared) == (4, 1)
    assert [(gain.before, gain.after, gain.entry_id) for gain in changes.top] == [(5, 9, "e1")]
    links = {line.text: line.entry_id for group in changes.groups for line in group.lines}
    assert (links["Paper number 6"], links["Paper number 2"]) == ("e6", None)


def test_change_is_shown_in_a_sentence(tmp_path: Path) -> None:
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


def test_every_kind_of_change_has_words() -> None:
    """A kind of change that `snapshot.compare` may find has its words in the report."""
    assert {*CHANGES, "citations"} == set(get_args(What))


def test_growth_keeps_added_papers_apart_from_new_citations(tmp_path: Path) -> None:
    """The line over the same papers does not move when only papers are added."""
    write_snapshot(tmp_path, [entry(1)], [paper(1)], name=FIRST)
    newest = write_snapshot(tmp_path, [entry(1), entry(2)], [paper(1), paper(2)], name=SECOND)
    points = report_of(newest).growth
    assert [(p.entries, p.citations, p.same_papers) for p in points] == [(1, 10, 10), (2, 30, 10)]


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
    chart = by_section(report.entries, report.papers)
    assert chart is not None
    assert chart.rows == (("B › Data", 1, 30, 30), ("A › Data", 1, 10, 10))


def test_sections_are_named_by_their_deepest_telling_heading(tmp_path: Path) -> None:
    """Generic headings (“more”, years) are no sections of their own; the path is in the tooltip."""
    sections = [["Models", "Graphs", "more"], ["Models", "Graphs"], ["Models", "Trees", "2019"]]
    entries = [entry(n, section=section) for n, section in enumerate(sections)]
    report = report_of(write_snapshot(tmp_path, entries, [paper(n) for n in range(3)]))
    chart = by_section(report.entries, report.papers)
    assert chart is not None
    assert [row[0] for row in chart.rows] == ["Trees", "Graphs"]
    values = chart.spec["data"]["values"]
    assert [value["whole"] for value in values] == ["Models › Trees", "Models › Graphs"]


@pytest.mark.parametrize("papers", [MIN_FOR_MEDIAN - 1, MIN_FOR_MEDIAN])
def test_the_highest_median_rests_on_several_papers(tmp_path: Path, papers: int) -> None:
    """A section with fewer papers is not named for its median, however high it is."""
    entries = [entry(n, section=["Many"]) for n in range(10)]
    entries += [entry(100 + n, section=["Few"]) for n in range(papers)]
    known = [paper(n) for n in range(10)] + [paper(100 + n) for n in range(papers)]
    report = report_of(write_snapshot(tmp_path, entries, known))
    chart = by_section(report.entries, report.papers)
    assert chart is not None
    assert ("“Few”" in chart.summary) == (papers >= MIN_FOR_MEDIAN)


def test_venues_are_acronyms_and_preprint_servers_are_none(tmp_path: Path) -> None:
    """Long names are shown by their acronym, with the name in the tooltip; arXiv is no venue."""
    long = "Computer Vision and Pattern Recognition"
    venues = [long, long, "arXiv.org", None, "Journal of Unknown Things"]
    papers = [paper(n, venue=venue) for n, venue in enumerate(venues)]
    report = report_of(write_snapshot(tmp_path, [entry(n) for n in range(5)], papers))
    chart = by_venue(resolved_papers(report))
    assert chart is not None
    assert chart.rows == (("CVPR", 2), ("Journal of Unknown Things", 1))
    assert chart.spec["data"]["values"][0]["name"] == long
    assert "2 of 5 papers are preprints or of unknown venue" in chart.summary


def test_papers_by_year_leaves_no_year_out(tmp_path: Path) -> None:
    """Years without papers are shown as such between the first and the last."""
    papers = [paper(1, year=2015), paper(2, year=2018), paper(3, year=2018)]
    report = report_of(write_snapshot(tmp_path, [entry(n) for n in (1, 2, 3)], papers))
    chart = papers_by_year(resolved_papers(report))
    assert chart is not None
    assert [(v["year"], v["papers"]) for v in chart.spec["data"]["values"]] == [
        (2015, 1), (2016, 0), (2017, 0), (2018, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "last"), [(2015, 2015), (2013, 2015), (1950, 2025)])
def test_every_year_is_labelled_at_most_once(tmp_path: Path, first: int, last: int) -> None:
    """The labels below citations per year of age are whole years, few and all different."""
    papers = [paper(n, year=year) for n, year in enumerate([first, first, last])]
    report = report_of(write_snapshot(tmp_path, [entry(n) for n in range(3)], papers))
    chart = citations_a_year(resolved_papers(report))
    assert chart is not None
    years = chart.spec["encoding"]["x"]["axis"]["values"]
    assert years == sorted(set(years)) and years[0] == first and len(years) <= 11


def test_labels_of_the_growth_chart_are_all_different(tmp_path: Path) -> None:
    """Snapshots of one day are shown apart by their time, those of one minute by the second."""
    names = [f"2026010{day}T{time}Z" for day, time in ((1, "060000"), (1, "180000"), (2, "060000"))]
    for name in names:
        folder = write_snapshot(tmp_path / "days", [entry(1)], [paper(1)], name=name)
    chart = growth(report_of(folder).growth)
    assert chart is not None
    axis = chart.spec["encoding"]["x"]["axis"]
    assert axis["format"] == "%d %b %H:%M" and len(axis["values"]) == 3
    for name in ("20260101T060000Z", "20260101T060030Z"):
        folder = write_snapshot(tmp_path / "seconds", [entry(1)], [paper(1)], name=name)
    chart = growth(report_of(folder).growth)
    assert chart is not None
    assert chart.spec["encoding"]["x"]["axis"]["format"] == "%H:%M:%S"


def test_papers_keep_the_history_of_their_counts(tmp_path: Path) -> None:
    """A count per snapshot, None where the paper was not counted; one snapshot has no history."""
    first = write_snapshot(tmp_path, [entry(1)], [paper(1, citation_count=5)], name=FIRST)
    assert report_of(first).papers["p1"].history == ()
    write_snapshot(tmp_path, [entry(1)], [paper(1, citation_count=None)], name=SECOND)
    papers = [paper(1, citation_count=9), paper(2)]
    report = report_of(write_snapshot(tmp_path, [entry(1), entry(2)], papers, name=THIRD))
    assert report.papers["p1"].history == (5, None, 9)
    assert report.papers["p2"].history == (None, None, 20)
    ranked = {one.paper.paper_id: one for one in most_cited(report, resolved_papers(report))}
    assert ranked["p1"].trend == "5 to 9 citations since 2026-01-01"
    assert ranked["p1"].line is not None and ranked["p2"].line is None


def test_rates_count_the_year_of_publication(tmp_path: Path) -> None:
    """Citations per year of age: a paper of the snapshot's own year is one year old."""
    papers = [paper(1, year=2026), paper(2, year=2017, citation_count=100), paper(3, year=None)]
    report = report_of(write_snapshot(tmp_path, [entry(n) for n in (1, 2, 3)], papers))
    assert [report.papers[f"p{n}"].rate for n in (1, 2, 3)] == [10.0, 10.0, None]


def test_frequent_authors_have_several_papers(tmp_path: Path) -> None:
    """Authors of one paper are not ranked; the others by papers, then by citations."""

    def by(*names: str) -> list[dict[str, object]]:
        return [{"name": name, "s2_author_id": None, "affiliations": []} for name in names]

    papers = [paper(1, authors=by("A", "B")), paper(2, authors=by("B", "C")),
              paper(3, authors=by("C", "D"))]  # fmt: skip
    report = report_of(write_snapshot(tmp_path, [entry(n) for n in (1, 2, 3)], papers))
    ranked = frequent_authors(resolved_papers(report))
    assert [(a.name, a.papers, a.citations) for a in ranked] == [("C", 2, 50), ("B", 2, 30)]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/home/someone/lists/readings.md", "readings.md"),
        ("lists/readings.md", "readings.md"),
        ("C:\\lists\\readings.md", "readings.md"),
        ("https://example.org/readings.md", "https://example.org/readings.md"),
        ("github:owner/repo:docs/list.md", "github:owner/repo:docs/list.md"),
    ],
)
def test_no_path_of_the_machine_is_shown(tmp_path: Path, location: str, expected: str) -> None:
    """A list is named by its address or its file's name, never by where it is on the disk."""
    about = {"name": "readings", "title": "Good Readings", "location": location}
    folder = write_snapshot(tmp_path, [entry(1)], [paper(1)], list=about)
    assert report_of(folder).location == expected
    assert expected == location or location not in build(report_of(folder))


def test_reasons_that_differ_in_what_they_quote_are_one(tmp_path: Path) -> None:
    """Open entries are grouped by their reason without the titles, ids and scores in it."""
    entries = [
        entry(n, status="unresolved", reason=f"Nearest is “Title {n}” (arxiv, 201{n}), at 0.{n}.")
        for n in range(1, 4)
    ]
    grouped = open_reasons(report_of(write_snapshot(tmp_path, entries, [])))
    assert [(why.entries, why.reason) for why in grouped] == [(3, "Nearest is “…”, at ….")]


def test_candidates_are_shown_for_open_entries_only(tmp_path: Path) -> None:
    """An open entry shows the best papers considered for it; a resolved one needs none."""
    considered = [
        {"entry_id": f"e{n}", "source": "arxiv", "source_id": str(i), "title": f"Other {i}",
         "arxiv_id": "2001.00001", "score": i / 10, "decision": "rejected",
         "reason": "Other title."}
        for n in (1, 2) for i in range(5)
    ]  # fmt: skip
    entries = [entry(1), entry(2, status="ambiguous")]
    report = report_of(write_snapshot(tmp_path, entries, [paper(1)], candidates=considered))
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


def test_times_are_shown_in_utc(tmp_path: Path) -> None:
    """The snapshot's time is read with its zone."""
    report = report_of(write_snapshot(tmp_path, [entry(1)], [paper(1)]))
    assert report.finished == datetime(2026, 1, 1, tzinfo=UTC)
