"""Gates: what must hold before a snapshot is published, and what an outage may do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.snapshot.conftest import START

from enrich.errors import HeldBack
from enrich.records import Observation, Reference
from enrich.settings import Settings
from enrich.snapshot import layout
from enrich.snapshot.gates import GateLimits, check
from enrich.snapshot.publishing import publish
from enrich.snapshot.tables import build_tables


def verdicts(run: Any, previous: Any = None, limits: GateLimits | None = None) -> dict[str, str]:
    tables = build_tables(run, "20261122T100000Z", previous)
    return {g.name: g.verdict for g in check(run, tables, previous, limits or GateLimits())}


def held(run: Any, previous: Any = None, limits: GateLimits | None = None) -> set[str]:
    return {name for name, verdict in verdicts(run, previous, limits).items() if verdict == "held"}


@pytest.fixture
def before(make_run: Any) -> Any:
    return build_tables(make_run(20), "20261121T100000Z", None)


def test_a_good_run_passes_every_gate(make_run: Any, before: Any) -> None:
    """Nothing is held back or marked without a cause, with and without an earlier snapshot."""
    assert set(verdicts(make_run(20)).values()) == {"passed"}
    assert set(verdicts(make_run(20), before).values()) == {"passed"}
    assert set(verdicts(make_run(0), before).values()) == {"passed"}


def test_rows_equal_entries(make_run: Any) -> None:
    """A table with fewer rows than the list has entries is held back."""
    run = make_run(3)
    tables = build_tables(run, "20261122T100000Z", None)
    tables["enriched"] = tables["enriched"].slice(1)
    found = {g.name: g for g in check(run, tables, None, GateLimits())}
    assert found["rows"].verdict == "held"
    assert found["rows"].message == "`enriched` has 3 rows and the list has 4 entries."


@pytest.mark.parametrize("column", ["arxiv_id", "s2_paper_id", "s2_corpus_id"])
def test_no_id_twice(make_run: Any, column: str) -> None:
    """Two papers with one identifier are one paper seen as two: held back."""
    same = {column: 5 if column == "s2_corpus_id" else "same"}
    run = make_run(2, papers=lambda p: replace(p, ids=replace(p.ids, **same)))
    assert held(run) == {"ids"}
    none = {column: None}
    assert held(make_run(2, papers=lambda p: replace(p, ids=replace(p.ids, **none)))) == set()


def test_no_entry_id_twice(make_run: Any) -> None:
    """Two entries with one id could not be distinguished in the next snapshot: held back."""
    run = make_run(2, edit={1: {"entry_id": "paper-0"}})
    assert "ids" in held(run)


def test_references_hold(make_run: Any) -> None:
    """An entry that names a paper which has no row is held back."""
    run = make_run(2)
    assert held(replace(run, papers=run.papers[:1])) == {"references"}


def test_coverage_must_not_collapse(make_run: Any, before: Any) -> None:
    """Entries that were resolved and, asked again, no longer are: a few may be, many hold."""
    few = make_run(20, statuses=dict.fromkeys(range(2), "unresolved"))
    many = make_run(20, statuses=dict.fromkeys(range(3), "unresolved"))
    assert held(few, before) == set()
    assert held(many, before) == {"coverage"}
    assert held(many, before, GateLimits(lost_share=0.2)) == set()
    tiny = build_tables(make_run(2), "20261121T100000Z", None)
    assert held(make_run(2, statuses={0: "unresolved", 1: "ambiguous"}), tiny) == {"coverage"}
    assert held(make_run(2, statuses={0: "unresolved"}), tiny) == set()


def test_new_entries_do_not_count_against_coverage(make_run: Any) -> None:
    """A list that grows by entries that no service knows is not held back for it."""
    small = build_tables(make_run(5), "20261121T100000Z", None)
    grown = make_run(40, statuses=dict.fromkeys(range(5, 40), "unresolved"))
    assert held(grown, small) == set()


def test_an_outage_is_marked_not_held(make_run: Any, before: Any) -> None:
    """A service that was down makes the snapshot incomplete; it is marked and published."""
    down = make_run.down("semantic_scholar")
    down_run = make_run(20, statuses=dict.fromkeys(range(20), "pending"), traffic=down)
    uncounted = make_run(
        20, traffic=down,
        papers=lambda p: replace(p, citation_count=None, sources=("arxiv",)),
    )  # fmt: skip
    for run in (down_run, uncounted):
        for previous in (None, before):
            found = verdicts(run, previous)
            assert "held" not in found.values()
            assert found["services"] == "marked"


def test_counts_must_not_fall_in_mass(make_run: Any, before: Any) -> None:
    """Counts of many papers falling, or their sum, is a broken source: held back. One is not."""

    def fall(papers: set[str], factor: float) -> Any:
        return make_run(
            20,
            papers=lambda p: (
                replace(p, citation_count=int(p.citation_count * factor))
                if p.title in papers
                else p
            ),
        )

    everyone = {f"Title {i}" for i in range(20)}
    assert held(fall(everyone, 0.5), before) == {"counts"}
    assert held(fall(everyone, 0.95), before) == set()
    assert held(fall({"Title 1", "Title 2", "Title 3"}, 0.1), before) == {"counts"}
    assert held(fall({"Title 1"}, 0.1), before) == set()
    assert held(fall(everyone, 0.5), before, GateLimits(count_drop=1)) == set()


def test_counts_must_not_vanish_while_the_service_answers(make_run: Any, before: Any) -> None:
    """Counts missing in mass although the service answered is a broken answer: held back."""
    run = make_run(20, papers=lambda p: replace(p, citation_count=None))
    assert held(run, before) == {"missing counts"}


def test_held_back_is_kept_and_says_why(make_run: Any, clock: Any, tmp_path: Path) -> None:
    """Nothing is published, the tables can be inspected, the error names gate, place and cure."""
    first = publish(make_run(20), tmp_path, clock=clock)
    bad = make_run(20, statuses=dict.fromkeys(range(10), "unresolved"))
    for _ in range(5):
        clock.sleep(60)
        with pytest.raises(HeldBack) as caught:
            publish(bad, tmp_path, clock=clock)
    error = caught.value
    assert error.exit_code == 4
    assert "10 of the 20 entries resolved in the last snapshot no longer are" in str(error)
    assert "ENRICH_GATE_LOST_SHARE" in str(error)
    assert error.failures and str(error).count(error.failures[0]) == 1
    kept = Path(error.kept_at)
    manifest = json.loads((kept / "manifest.json").read_text())
    assert {g["name"]: g["verdict"] for g in manifest["gates"]}["coverage"] == "held"
    assert (kept / "entries.parquet").is_file()
    assert layout.snapshots(tmp_path / "demo") == [first.snapshot]
    assert layout.latest(tmp_path / "demo") == first.snapshot
    assert len(list(kept.parent.iterdir())) == 3, "the last three are kept, not all for ever"
    assert publish(bad, tmp_path, clock=clock, limits=GateLimits(lost_share=1.0)).previous


def test_limits_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that the gates' sentences name are the ones that change the limits."""
    assert GateLimits.of(Settings()) == GateLimits()
    for name in ("LOST_SHARE", "COUNT_DROP", "FALLEN_SHARE"):
        monkeypatch.setenv(f"ENRICH_GATE_{name}", "0.5")
    monkeypatch.setenv("ENRICH_GATE_SAME_LIST", "0")
    assert GateLimits.of(Settings()) == GateLimits(0.5, 0.5, 0.5, same_list=False)


def other_list(make_run: Any, n: int, **changes: Any) -> Any:
    """A run of `n` papers and a tutorial of which `make_run(20)` has none."""
    edit = {
        i: {"entry_id": f"other-{i}", "title": f"Other title {i}", **changes} for i in range(n + 1)
    }
    run = make_run(
        n, edit=edit,
        papers=lambda p: replace(p, paper_id=f"other:{p.paper_id}"),
    )  # fmt: skip
    tutorial = replace(run.parsed.entries[-1], entry_id="other-tutorial", title="Another tutorial")
    entries = (*run.parsed.entries[:-1], tutorial)
    last = replace(run.resolutions[-1], entry_id="other-tutorial")
    return replace(
        run,
        parsed=replace(run.parsed, entries=entries),
        resolutions=(*run.resolutions[:-1], last),
    )


def test_another_list_of_the_same_name_is_held_back(make_run: Any, before: Any) -> None:
    """A snapshot that shares no entry, paper or title with the last one is another list."""
    assert held(other_list(make_run, 20), before) == {"same list"}
    assert held(other_list(make_run, 20), before, GateLimits(same_list=False)) == set()


def test_one_shared_entry_paper_or_title_makes_it_the_same_list(make_run: Any, before: Any) -> None:
    """A list that was rewritten keeps something: an id, a paper, or a title written otherwise."""
    run = other_list(make_run, 20)

    def with_first(**changes: Any) -> Any:
        entries = (replace(run.parsed.entries[0], **changes), *run.parsed.entries[1:])
        return replace(run, parsed=replace(run.parsed, entries=entries))

    assert held(with_first(title="TITLE 7."), before) == set()
    same_paper = run.paper_of | {"other-0": "arxiv:2001.00003"}
    papers = (replace(run.papers[0], paper_id="arxiv:2001.00003"), *run.papers[1:])
    assert held(replace(run, paper_of=same_paper, papers=papers), before) == set()


def test_the_only_entry_of_a_list_may_be_replaced(make_run: Any) -> None:
    """A list of one entry proves nothing; one that grew from nothing has nothing to share."""
    run = other_list(make_run, 0)
    last = build_tables(make_run(0), "20261121T100000Z", None)
    assert held(run, last) == set()
    empty = {name: table.slice(0, 0) for name, table in last.items()}
    assert held(other_list(make_run, 20), empty) == set()
    assert held(other_list(make_run, 1), last) == {"same list"}


@pytest.mark.parametrize(
    ("lost", "known", "verdict"), [(2, 12, set()), (3, 12, {"coverage"}), (3, 30, set())]
)
def test_the_grace_and_the_share_are_exact(
    make_run: Any, lost: int, known: int, verdict: set[str]
) -> None:
    """Two lost entries never hold back; three do when they are more than a tenth, not exactly."""
    last = build_tables(make_run(known), "20261121T100000Z", None)
    run = make_run(known, statuses=dict.fromkeys(range(lost), "unresolved"))
    assert held(run, last) == verdict


@pytest.mark.parametrize(
    ("papers", "factor", "verdict"),
    [(2, 0.5, set()), (3, 0.5, {"counts"}), (3, 0.9, set()), (3, 0.89, {"counts"})],
)
def test_the_limits_of_falling_counts_are_exact(
    make_run: Any, papers: int, factor: float, verdict: set[str]
) -> None:
    """A count may fall by a tenth exactly; more than two of twenty papers may not fall further."""
    big = make_run(20, papers=lambda p: replace(p, citation_count=1000))
    last = build_tables(big, "20261121T100000Z", None)
    fallen = {f"Title {i}" for i in range(papers)}
    run = make_run(
        20,
        papers=lambda p: replace(
            p, citation_count=round(1000 * factor) if p.title in fallen else 1000
        ),
    )
    assert held(run, last) == verdict


@pytest.mark.parametrize(("papers", "verdict"), [(2, set()), (3, {"counts"})])
def test_the_sum_of_few_counts_may_fall(make_run: Any, papers: int, verdict: set[str]) -> None:
    """The sum of the counts holds back only when it is that of more than two papers."""
    last = build_tables(
        make_run(papers, papers=lambda p: replace(p, citation_count=1000)), "20261121T100000Z", None
    )
    one = make_run(
        papers,
        papers=lambda p: replace(p, citation_count=100 if p.title == "Title 0" else 1000),
    )
    assert held(one, last) == verdict


@pytest.mark.parametrize(("lost", "verdict"), [(2, set()), (3, {"missing counts"})])
def test_the_limit_of_missing_counts_is_exact(make_run: Any, lost: int, verdict: set[str]) -> None:
    """Two of twenty papers may lose their count although the service answers, three may not."""
    last = build_tables(make_run(20), "20261121T100000Z", None)
    gone = {f"Title {i}" for i in range(lost)}
    run = make_run(20, papers=lambda p: replace(p, citation_count=None) if p.title in gone else p)
    assert held(run, last) == verdict


NAMES = (
    "rows",
    "ids",
    "references",
    "same list",
    "coverage",
    "counts",
    "missing counts",
    "services",
)
NONE_EARLIER = "There is no earlier snapshot to compare with."


def sentences(run: Any, previous: Any = None, **changed: Any) -> dict[str, tuple[str, str]]:
    """Verdict and sentence of each gate; `changed` replaces tables."""
    tables = build_tables(run, "20261122T100000Z", previous) | changed
    gates = check(run, tables, previous, GateLimits())
    assert tuple(gate.name for gate in gates) == NAMES
    return {gate.name: (gate.verdict, gate.message) for gate in gates}


def test_each_gate_says_what_it_compared(make_run: Any, before: Any) -> None:
    """The manifest has one sentence for each gate, with the numbers that it looked at."""
    same = {
        "rows": ("passed", "21 rows for 21 entries."),
        "ids": ("passed", "Every id is unique."),
        "references": ("passed", "Every row that is referred to is there."),
        "services": ("passed", "Every service that was needed answered."),
    }
    assert sentences(make_run(20)) == same | dict.fromkeys(
        ("same list", "coverage", "counts", "missing counts"), ("passed", NONE_EARLIER)
    )
    assert sentences(make_run(20), before) == same | {
        "same list": ("passed", "It continues the last snapshot."),
        "coverage": (
            "passed", "0 of the 20 entries resolved in the last snapshot no longer are."
        ),
        "counts": (
            "passed",
            "Citation counts of 0 of 20 papers fell by more than 10%, their sum went from 2190 to "
            "2190.",
        ),
        "missing counts": ("passed", "0 of 20 papers that had a citation count have none now."),
    }  # fmt: skip


def test_what_holds_back_names_the_cure(make_run: Any, before: Any) -> None:
    """Each gate that may be wrong says how many rows it is about and which setting passes them."""
    lost = make_run(20, statuses=dict.fromkeys(range(3), "unresolved"))
    assert sentences(lost, before)["coverage"] == (
        "held",
        "3 of the 20 entries resolved in the last snapshot no longer are; 10% may (if that is "
        "right, run again with ENRICH_GATE_LOST_SHARE=1).",
    )
    fallen = make_run(20, papers=lambda p: replace(p, citation_count=1))
    assert sentences(fallen, before)["counts"] == (
        "held",
        "Citation counts of 20 of 20 papers fell by more than 10%, their sum went from 2190 to 20 "
        "(if that is right, run again with ENRICH_GATE_COUNT_DROP=1).",
    )
    gone = make_run(20, papers=lambda p: replace(p, citation_count=None))
    assert sentences(gone, before)["missing counts"] == (
        "held",
        "20 of 20 papers that had a citation count have none now (if that is right, run again with "
        "ENRICH_GATE_FALLEN_SHARE=1).",
    )
    assert sentences(other_list(make_run, 2), before)["same list"] == (
        "held",
        "None of its 3 entries shares an id, a paper or a title with the 21 entries of the last "
        "snapshot of this name (if it is another list, run again with --name; if it is this one, "
        "run again with ENRICH_GATE_SAME_LIST=0).",
    )


def test_an_incomplete_run_says_what_is_missing(make_run: Any, before: Any) -> None:
    """The sentence of a marked gate counts pending entries and stale counts, and names services."""
    run = make_run(
        20,
        statuses=dict.fromkeys(range(4), "pending"),
        traffic=make_run.down("semantic_scholar"),
        papers=lambda p: replace(p, citation_count=None, counts_observed_at=None),
        failed_observations=tuple(
            Observation(f"arxiv:2001.{i:05d}", "semantic_scholar", "citation_count", None, START, s)
            for i, s in ((7, "throttled"), (8, "error"), (9, "not_found"))
        ),
    )
    assert sentences(run)["services"] == (
        "marked",
        "Incomplete: 4 entries are pending and 2 papers' counts are not fresh; not answering: "
        "Semantic Scholar.",
    )
    # Values are carried forward: what is missing then is what the last snapshot lacked too.
    uncounted = build_tables(make_run(20), "20261121T100000Z", None)
    tables = build_tables(run, "20261122T100000Z", None)
    gates = {g.name: g for g in check(run, tables, uncounted, GateLimits())}
    assert (gates["missing counts"].verdict, gates["missing counts"].message) == (
        "marked", "16 of 16 papers that had a citation count have none now."
    )  # fmt: skip
    refused = replace(run, traffic=make_run.down("arxiv"), unasked=frozenset({"paper-0"}))
    assert sentences(refused)["services"][1].endswith("not answering: arXiv.")
    late = make_run(1, unasked=frozenset({"paper-0"}))
    assert sentences(late)["services"] == (
        "marked",
        "Incomplete: 0 entries are pending and 0 papers' counts are not fresh; not answering: "
        "no service.",
    )


def test_ids_that_occur_twice_are_named(make_run: Any) -> None:
    """The sentence counts the ids and shows the first three; an id may not be missing either."""
    run = make_run(8, papers=lambda p: replace(p, ids=replace(p.ids, arxiv_id=p.title[:5])))
    assert sentences(run)["ids"] == (
        "held", "1 ids occur twice in `papers.arxiv_id`, such as Title."
    )  # fmt: skip
    pairs = make_run(
        8, papers=lambda p: replace(p, ids=replace(p.ids, s2_corpus_id=p.ids.s2_corpus_id // 2))
    )
    shown = ", ".join(str(5_000_000_000 + i) for i in range(3))
    assert sentences(pairs)["ids"] == (
        "held", f"4 ids occur twice in `papers.s2_corpus_id`, such as {shown}."
    )  # fmt: skip
    tables = build_tables(make_run(1), "20261122T100000Z", None)
    nameless = with_column(tables["papers"], "paper_id", [None])
    assert sentences(make_run(1), papers=nameless)["ids"] == (
        "held", "`papers.paper_id` is missing in a row."
    )  # fmt: skip


def with_column(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    """The table with other values in one column."""
    place = table.schema.get_field_index(name)
    return table.set_column(
        place, table.schema.field(name), pa.array(values, table.field(name).type)
    )


def test_every_pointer_leads_to_a_row(make_run: Any) -> None:
    """What names a paper or an entry that has no row is counted, table by table."""
    tables = build_tables(make_run(2), "20261122T100000Z", None)
    for table, column in (("authors", "paper_id"), ("candidates", "entry_id")):
        lost = with_column(tables[table], column, ["gone"] * len(tables[table]))
        assert sentences(make_run(2), **{table: lost})["references"] == (
            "held", f"{len(lost)} rows of `{table}` name a {column} that no row has."
        )  # fmt: skip
    unresolved = with_column(tables["entries"], "status", ["resolved", "unresolved", "not_a_paper"])
    assert sentences(make_run(2), entries=unresolved)["references"] == (
        "held", "An entry is resolved without a paper, or has one without being resolved."
    )  # fmt: skip


def test_references_are_counted_and_lead_to_papers(make_run: Any) -> None:
    """Each paper has as many rows of `references` as it says, and they name papers of the list."""

    def run(known: int) -> Any:
        made = make_run(2, papers=lambda p: replace(p, references_known=known or None))
        works = {
            paper.paper_id: tuple(Reference(f"A work of some length {n}") for n in range(2))
            for paper in made.papers
        }
        return replace(made, references=works)

    passed = "Every row that is referred to is there."
    assert sentences(run(2))["references"] == ("passed", passed)
    counted = "2 papers have another number of references than rows."
    assert sentences(run(3))["references"] == ("held", counted)
    assert sentences(run(0))["references"] == ("held", counted)
    none = replace(run(0), references={})
    assert sentences(none)["references"] == ("passed", passed)
    table = build_tables(run(2), "20261122T100000Z", None)["references"]
    foreign = with_column(table, "cited_paper_id", ["gone", None, None, None])
    assert sentences(run(2), references=foreign)["references"] == (
        "held", "1 rows of `references` name a cited_paper_id that no row has."
    )  # fmt: skip
    authors = build_tables(run(2), "20261122T100000Z", None)["authors"]
    lost = with_column(authors, "paper_id", ["gone"] * len(authors))
    assert sentences(run(2), authors=lost)["references"] == (
        "held", f"{len(authors)} rows of `authors` name a paper_id that no row has."
    )  # fmt: skip
    stray = with_column(table, "paper_id", ["gone", *table["paper_id"].to_pylist()[1:]])
    assert sentences(run(2), references=stray)["references"] == (
        "held",
        "1 papers have another number of references than rows. 1 rows of `references` name a "
        "paper_id that no row has.",
    )


def test_a_list_of_one_paper_may_lose_it(make_run: Any) -> None:
    """All of two entries may not be lost at once, the only one may."""
    last = build_tables(make_run(1), "20261121T100000Z", None)
    assert held(make_run(1, statuses={0: "unresolved"}), last) == set()
