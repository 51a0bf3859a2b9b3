"""The tables of a run: declared, complete, honest about what was not observed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrich.records import Author, Identifiers, Link, ListRun, Observation, Reference
from enrich.snapshot.files import write_table
from enrich.snapshot.gates import GateLimits, check
from enrich.snapshot.schema import DECLARED, JOINED, OPTIONAL, TABLES, conform, data_dictionary
from enrich.snapshot.tables import build_tables

NAME, LATER = "20261122T100000Z", "20261123T100000Z"
ROOT = Path(__file__).resolve().parents[2]


def build(run: ListRun, previous: Any = None, name: str = NAME) -> dict[str, pa.Table]:
    return build_tables(run, name, previous)


def rows(table: pa.Table, **where: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pylist()
    return [row for row in found if all(row[key] == value for key, value in where.items())]


def test_every_column_is_described() -> None:
    """Every column of every table carries its description in its own metadata."""
    for schema in TABLES.values():
        assert schema.names[:2] == ["list", "snapshot"]
        for column in schema:
            assert column.metadata[b"description"]
            assert "|" not in column.metadata[b"description"].decode()


def test_data_dictionary_is_current() -> None:
    """docs/data-dictionary.md is what `python -m enrich.snapshot.schema` prints."""
    written = (ROOT / "docs/data-dictionary.md").read_text(encoding="utf-8")
    assert written == data_dictionary(), "run `make docs`"


# The contract that everyone who loads the files relies on: (table, column) -> type.
STRINGS = "list<item: string>"
TIME = "timestamp[us, tz=UTC]"
AUTHORS = f"list<item: struct<name: string, s2_author_id: string, affiliations: {STRINGS}>>"
FIXED = {
    "entries": "entry_id string, position int32, line_start int32, line_end int32, raw string, "
    "title string, kind string, authors_text string, venue_text string, year int16, note string, "
    "list_arxiv_id string, list_arxiv_version int16, list_doi string, list_s2_id string, "
    "list_acl_id string, list_openreview_id string, status string, paper_id string, "
    "method string, score double, reason string, rule_version string",
    "papers": "paper_id string, title string, abstract string, abstract_source string, "
    "tldr string, arxiv_id string, arxiv_version int16, arxiv_primary_category string, "
    "arxiv_comment string, journal_ref string, s2_paper_id string, s2_corpus_id int64, "
    "doi string, acl_id string, dblp_id string, pmid string, mag_id string, year int16, "
    "venue string, published_on date32[day], citation_count int32, "
    "influential_citation_count int32, reference_count int32, open_access_pdf string, "
    "is_open_access bool, is_withdrawn bool, withdrawal_note string",
    "authors": "paper_id string, position int32, name string, s2_author_id string",
    "candidates": "entry_id string, source string, source_id string, arxiv_id string, "
    "s2_paper_id string, title string, year int16, first_author string, title_score double, "
    "author_score double, year_delta int16, score double, decision string, reason string",
    "observations": "paper_id string, source string, metric string, value int64, status string",
    "issues": "severity string, code string, entry_id string, line int32, message string, "
    "suggestion string",
}
NESTED = {
    "entries": {
        "section": STRINGS,
        "links": "list<item: struct<label: string, url: string, role: string>>",
    },
    "papers": {
        "arxiv_categories": STRINGS, "publication_types": STRINGS, "fields_of_study": STRINGS,
        "sources": STRINGS, "authors": AUTHORS, "arxiv_published_at": TIME,
        "arxiv_updated_at": TIME, "counts_observed_at": TIME, "fetched_at": TIME,
    },
    "authors": {"affiliations": STRINGS},
    "observations": {"observed_at": TIME},
}  # fmt: skip


@pytest.mark.parametrize("table", FIXED)
def test_names_and_types_are_the_promised_ones(table: str) -> None:
    """No promised column is renamed, removed or of another type."""
    declared = {field.name: str(field.type) for field in TABLES[table]}
    promised = dict(pair.split(" ") for pair in FIXED[table].split(", ")) | NESTED.get(table, {})
    assert promised.items() <= declared.items()


def test_schema_is_the_same_whatever_the_input(make_run: Any) -> None:
    """An empty list, a list with no paper and a service that was down give the same schema."""
    full = build(make_run())
    empty = make_run(0)
    empty = replace(empty, parsed=replace(empty.parsed, entries=()), resolutions=())
    runs = [
        empty,
        make_run(0),
        make_run(3, papers=lambda paper: None),
        make_run(3, statuses=dict.fromkeys(range(3), "pending"), traffic=make_run.down("arxiv")),
    ]
    for run in runs:
        for name, table in build(run).items():
            assert table.schema.equals(full[name].schema, check_metadata=True), name
            assert table.schema.equals(TABLES[name])
    assert [len(table) for table in build(empty).values()] == [0] * (len(DECLARED) - len(OPTIONAL))


def test_metadata_tells_what_a_file_is(make_run: Any) -> None:
    """Mode and versions stand in the metadata of every table: a single file names its origin."""
    for name, table in build(make_run()).items():
        metadata = table.schema.metadata
        assert metadata[b"enrich.table"] == name.encode()
        assert metadata[b"enrich.mode"] == b"sandbox"
        assert metadata[b"enrich.list"] == b"demo"
        assert metadata[b"enrich.snapshot"] == NAME.encode()
        assert metadata[b"enrich.rule_version"] == b"7"
        assert metadata[b"enrich.schema_version"] and metadata[b"enrich.tool_version"]


def test_every_entry_has_its_row_and_its_paper(make_run: Any) -> None:
    """`entries` and `enriched` have one row per entry, in order, each joined to its own paper."""
    tables = build(make_run(4, statuses={1: "unresolved", 2: "ambiguous"}))
    assert tables["entries"]["entry_id"].to_pylist() == [f"paper-{i}" for i in range(5)]
    enriched = tables["enriched"].to_pylist()
    assert [row["paper_title"] for row in enriched] == ["Title 0", None, None, "Title 3", None]
    assert [row["citation_count"] for row in enriched] == [100, None, None, 103, None]
    assert enriched[0]["title"] == "Title 0" and enriched[0]["section"] == [
        "Papers",
        "Video | Löwe",
    ]
    assert enriched[3]["authors"][0]["affiliations"] == ["ETH Zürich", "MIT"]
    for name, renamed in JOINED:
        assert tables["enriched"].schema.field(renamed).type == TABLES["papers"].field(name).type


def test_one_paper_of_two_entries_is_one_row(make_run: Any) -> None:
    """A paper that two entries name is one row, joined to both; the second entry is reported."""
    run = make_run(2)
    run = replace(
        run, papers=run.papers[:1], paper_of=dict.fromkeys(run.paper_of, run.papers[0].paper_id)
    )
    tables = build(run)
    assert len(tables["papers"]) == 1 and len(tables["authors"]) == 2
    assert tables["enriched"]["citation_count"].to_pylist() == [100, 100, None]
    assert rows(tables["issues"], code="duplicate_entry")[0]["entry_id"] == "paper-1"


def test_authors_are_numbered_within_their_paper(make_run: Any) -> None:
    """`authors` has a row per author, counted from 0 per paper, also beside papers without any."""
    run = make_run(3, papers=lambda p: replace(p, authors=()) if p.title == "Title 1" else p)
    found = build(run)["authors"].to_pylist()
    assert [(row["paper_id"][-1], row["position"]) for row in found] == [
        ("0", 0), ("0", 1), ("2", 0), ("2", 1),
    ]  # fmt: skip
    assert found[1]["affiliations"] is None


def test_missing_is_null(make_run: Any) -> None:
    """What no source states is null: not 0, not an empty string, not an empty list."""
    bare = make_run(
        1, papers=lambda p: type(p)(p.paper_id, p.title, Identifiers(), p.fetched_at, ())
    )
    row = build(bare)["papers"].to_pylist()[0]
    nulls = {k for k, v in row.items() if v is None}
    known = {"list", "snapshot", "paper_id", "title", "fetched_at", "references_status"}
    assert nulls == set(row) - known


def test_new_counts_are_observed_once(make_run: Any) -> None:
    """An observation is `ok` in the first snapshot that holds it, then carried forward."""
    first = build(make_run(2))
    again = build(make_run(2), first, LATER)
    assert {row["status"] for row in first["observations"].to_pylist()} == {"ok"}
    assert {row["status"] for row in again["observations"].to_pylist()} == {"carried_forward"}
    strip = [{**row, "status": 0, "snapshot": 0} for row in first["observations"].to_pylist()]
    assert [
        {**row, "status": 0, "snapshot": 0} for row in again["observations"].to_pylist()
    ] == strip
    newer = datetime(2026, 12, 1, tzinfo=UTC)
    third = build(
        make_run(2, papers=lambda p: replace(p, citation_count=500, counts_observed_at=newer)),
        again, LATER,
    )  # fmt: skip
    seen = rows(third["observations"], metric="citation_count")
    assert [(row["value"], row["observed_at"], row["status"]) for row in seen] == [
        (500, newer, "ok")
    ] * 2


def test_zero_is_a_count_and_a_failed_observation_is_none(make_run: Any) -> None:
    """0 citations is observed as 0; a failed observation has a status and no value."""
    observation = Observation(
        "arxiv:2001.00001", "semantic_scholar", "citation_count", None,
        datetime(2026, 11, 22, tzinfo=UTC), "throttled",
    )  # fmt: skip
    run = make_run(
        2,
        papers=lambda p: replace(p, citation_count=0 if p.title == "Title 0" else None),
        failed_observations=(observation,),
    )
    seen = rows(build(run)["observations"], metric="citation_count")
    assert [(row["paper_id"][-1], row["value"], row["status"]) for row in seen] == [
        ("0", 0, "ok"), ("1", None, "throttled"),
    ]  # fmt: skip


def test_outage_keeps_what_was_known(make_run: Any) -> None:
    """A service that is down takes nothing away: its columns and counts stay, with their times."""
    first = build(make_run(3))

    def by_arxiv(paper: Any) -> Any:
        return replace(
            paper, sources=("arxiv",), tldr=None, citation_count=None, reference_count=None,
            influential_citation_count=None, counts_observed_at=None, fields_of_study=(),
            ids=replace(paper.ids, s2_paper_id=None, s2_corpus_id=None), title="Newer title",
            fetched_at=paper.fetched_at + timedelta(days=1),
        )  # fmt: skip

    down = make_run.down("semantic_scholar")
    second = build(make_run(3, papers=by_arxiv, traffic=down), first, LATER)
    for before, now in zip(first["papers"].to_pylist(), second["papers"].to_pylist(), strict=True):
        assert now == {**before, "snapshot": LATER, "title": "Newer title"}
    assert {row["status"] for row in second["observations"].to_pylist()} == {"carried_forward"}
    # An answer of the service without the value replaces the earlier value.
    third = build(make_run(3, papers=by_arxiv), first, LATER)
    assert third["papers"]["citation_count"].null_count == 3


def test_pending_entry_keeps_its_last_paper(make_run: Any) -> None:
    """An entry that could not be asked for is pending, and its last paper stays within reach."""
    first = build(make_run(3))
    run = make_run(3, statuses={1: "pending"}, traffic=make_run.down("arxiv"))
    tables = {0: first}
    for _ in range(2):  # also when the outage lasts
        tables = {0: build(run, tables[0], LATER)}
        entry = rows(tables[0]["entries"], entry_id="paper-1")[0]
        assert (entry["status"], entry["paper_id"]) == ("pending", None)
        assert entry["last_paper_id"] == "arxiv:2001.00001"
        paper = rows(tables[0]["papers"], paper_id="arxiv:2001.00001")[0]
        assert (paper["citation_count"], paper["snapshot"]) == (101, LATER)
        assert len(rows(tables[0]["authors"], paper_id="arxiv:2001.00001")) == 2
        observed = rows(tables[0]["observations"], paper_id="arxiv:2001.00001")
        assert {observation["status"] for observation in observed} == {"carried_forward"}
    assert tables[0]["entries"]["last_paper_id"].null_count == 3


def test_counts_that_another_run_observed_meanwhile_are_kept(make_run: Any) -> None:
    """Of two runs at once the later one keeps counts that only the other has; older ones not."""
    other = build(make_run(2))
    run = make_run(2, papers=lambda p: replace(p, citation_count=None, counts_observed_at=None))
    assert build(run, other, LATER)["papers"]["citation_count"].to_pylist() == [None, None]
    earlier = replace(run, started=run.started - timedelta(seconds=1))
    assert build(earlier, other, LATER)["papers"]["citation_count"].to_pylist() == [100, 101]


START = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)


def work(number: int) -> Reference:
    return Reference(
        f"A cited work with the number {number}", Identifiers(s2_paper_id=f"{900 + number:040x}"),
        2015, "CVPR", 10 * number, ("Ada Löwe",),
    )  # fmt: skip


def with_references(make_run: Any, asked: bool = True, **changes: Any) -> ListRun:
    """A run of three papers that cite one work and each other; without answers if not `asked`."""
    listed = Reference("Title 1", Identifiers(arxiv_id="2001.00001", s2_paper_id=f"{1:040x}"))
    lists = {"arxiv:2001.00000": (work(1), listed), "arxiv:2001.00002": (work(1), work(2))}

    def known(paper: Any) -> Any:
        if not asked:
            return replace(paper, references_status="failed")
        found = lists.get(paper.paper_id, ())
        return replace(
            paper, references_status="complete" if found else "none_known",
            references_known=len(found), references_observed_at=START,
        )  # fmt: skip

    return make_run(3, papers=known, references=lists if asked else {}, **changes)


def test_references_and_suggestions(make_run: Any) -> None:
    """Each reference is a row in its order; works of the list are linked, the others suggested."""
    tables = build(with_references(make_run))
    found = [
        (r["paper_id"][-1], r["position"], r["title"], r["cited_paper_id"])
        for r in tables["references"].to_pylist()
    ]
    assert found == [
        ("0", 0, work(1).title, None), ("0", 1, "Title 1", "arxiv:2001.00001"),
        ("2", 0, work(1).title, None), ("2", 1, work(2).title, None),
    ]  # fmt: skip
    assert tables["references"]["observed_at"].to_pylist() == [START] * 4
    (suggestion,) = tables["suggestions"].to_pylist()
    assert (suggestion["title"], suggestion["rank"], suggestion["group"]) == (
        work(1).title, 1, "missing",
    )  # fmt: skip
    assert suggestion["cited_by"] == ["arxiv:2001.00000", "arxiv:2001.00002"]
    assert suggestion["papers_with_references"] == 2
    declined = with_references(make_run, declined=frozenset({f"s2:{901:040x}"}))
    assert len(build(declined)["suggestions"]) == 0


def test_references_of_an_outage_are_carried_forward(make_run: Any) -> None:
    """Papers that could not be asked for keep their references, and suggestions their first day."""
    first = build(with_references(make_run))
    later = START + timedelta(days=7)
    run = with_references(make_run, asked=False, started=later, finished=later)
    second = build(run, first, LATER)
    keep = [name for name in TABLES["references"].names if name != "snapshot"]
    assert second["references"].select(keep).equals(first["references"].select(keep))
    assert set(second["references"]["snapshot"].to_pylist()) == {LATER}
    assert second["papers"]["references_status"].to_pylist() == ["failed"] * 3
    assert second["papers"]["references_known"].to_pylist() == [2, 0, 2]
    (before,), (now,) = (t["suggestions"].to_pylist() for t in (first, second))
    assert (now["first_seen"], now["last_seen"]) == (before["first_seen"], later)
    gates = check(run, second, first, GateLimits())
    assert {g.verdict for g in gates} == {"passed"}
    broken = {**second, "references": second["references"].slice(1)}
    held = {g.name for g in check(run, broken, first, GateLimits()) if g.verdict == "held"}
    assert held == {"references"}


def test_a_run_without_references_has_no_such_tables(make_run: Any) -> None:
    """The optional tables are written only if they were asked for."""
    assert not OPTIONAL & set(build(make_run(2), build(with_references(make_run))))


def test_outage_is_a_failed_look(make_run: Any) -> None:
    """A paper that could not be observed has a failed row, beside the value carried forward."""
    run = make_run(
        2, statuses={1: "pending"}, traffic=make_run.down("semantic_scholar"), papers=lambda p: p
    )
    observed = rows(build(run, build(make_run(2)), LATER)["observations"], metric="citation_count")
    assert [(o["paper_id"][-1], o["value"], o["status"]) for o in observed] == [
        ("0", 100, "carried_forward"), ("1", 101, "carried_forward"), ("1", None, "error"),
    ]  # fmt: skip


def test_older_schema_is_read(make_run: Any) -> None:
    """A last snapshot that lacks a column added since is continued; the column is null there."""
    old = build(make_run(2))
    old["papers"] = conform(old["papers"].drop_columns(["openreview_id"]), "papers")
    old["entries"] = conform(old["entries"].drop_columns(["last_paper_id"]), "entries")
    run = make_run(2, statuses={0: "pending"}, traffic=make_run.down("arxiv"))
    assert len(build(run, old, LATER)["papers"]) == 2


def codes(run: ListRun, previous: Any = None) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in build(run, previous, LATER)["issues"].to_pylist()}


def test_issues_of_entries_and_papers(make_run: Any) -> None:
    """Each issue names the entry, its line and what to do; entries without issues have none."""
    assert codes(make_run(2)) == {}
    found = codes(
        make_run(
            2,
            papers=lambda p: replace(
                p, title=f"{p.title} revised", is_withdrawn=True, withdrawal_note="a wrong proof",
                ids=replace(p.ids, doi="10.1/x"),
            ) if p.title == "Title 0" else p,
            edit={0: {"ids": Identifiers(), "arxiv_ids": (), "venue_text": "arXiv 2020"}},
            statuses={1: "conflict"},
        )
    )  # fmt: skip
    assert set(found) == {
        "title_differs", "missing_arxiv_link", "withdrawn", "now_published", "id_conflict",
    }  # fmt: skip
    assert found["title_differs"]["suggestion"] == "Title 0 revised"
    assert found["missing_arxiv_link"]["suggestion"] == "https://arxiv.org/abs/2001.00000"
    assert "a wrong proof" in found["withdrawn"]["message"]
    assert found["now_published"]["suggestion"] == "CVPR, https://doi.org/10.1/x"
    assert found["id_conflict"]["severity"] == "error"
    assert (found["id_conflict"]["entry_id"], found["id_conflict"]["line"]) == ("paper-1", 3)


def test_issues_since_the_last_snapshot(make_run: Any) -> None:
    """New version, publication, merged id and changed paper are reported once."""
    preprint = make_run(1, papers=lambda p: replace(p, venue="arXiv.org"))
    before = build(preprint)
    assert codes(preprint, before) == {}
    changed = make_run(
        1, papers=lambda p: replace(p, ids=replace(p.ids, arxiv_version=2, s2_paper_id="f" * 40))
    )
    assert set(codes(changed, before)) == {"new_version", "now_published", "merged_ids"}
    other = make_run(1, papers=lambda p: replace(p, paper_id="doi:10.1/x"))
    other = replace(other, paper_of={"paper-0": "doi:10.1/x"})
    assert codes(other, before) == {}, "an id learnt later is not another paper"
    other = replace(other, papers=(replace(other.papers[0], aliases=("doi:10.1/x",)),))
    assert set(codes(other, before)) == {"identity_changed"}


text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
maybe_text = st.none() | text
int16, int32 = st.integers(-(2**15), 2**15 - 1), st.integers(0, 2**31 - 1)
times = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
author = st.builds(Author, text, maybe_text, st.lists(text, max_size=2).map(tuple))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=text,
    note=maybe_text,
    year=st.none() | int16,
    links=st.lists(st.builds(Link, text, text, st.just("code"), st.just(1)), max_size=3).map(tuple),
    authors=st.lists(author, max_size=3).map(tuple),
    count=st.none() | int32,
    corpus=st.none() | st.integers(0, 2**63 - 1),
    published_on=st.none() | st.dates(),
    time=times,
)
def test_what_goes_in_comes_out(make_run: Any, tmp_path_factory: Any, **values: Any) -> None:
    """Whatever a record holds is read from the Parquet file as it was: text, numbers, times."""
    v = values
    run = make_run(
        1,
        edit={0: {"title": v["title"], "note": v["note"], "year": v["year"], "links": v["links"]}},
        papers=lambda p: replace(
            p, authors=v["authors"], citation_count=v["count"], counts_observed_at=v["time"],
            published_on=v["published_on"], ids=Identifiers(s2_corpus_id=v["corpus"]),
        ),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("round")
    tables = build(run)
    read = {}
    for name, table in tables.items():
        write_table(table, folder / f"{name}.parquet")
        read[name] = pq.read_table(folder / f"{name}.parquet")
        assert read[name].equals(table)
    entry, paper = read["entries"].to_pylist()[0], read["papers"].to_pylist()[0]
    assert (entry["title"], entry["note"], entry["year"]) == (v["title"], v["note"], v["year"])
    assert [(x["label"], x["url"]) for x in entry["links"]] == [
        (x.label, x.url) for x in v["links"]
    ]
    written = [(a.name, a.s2_author_id, list(a.affiliations) or None) for a in v["authors"]]
    assert [
        (a["name"], a["s2_author_id"], a["affiliations"]) for a in paper["authors"] or ()
    ] == written
    assert (paper["citation_count"], paper["s2_corpus_id"]) == (v["count"], v["corpus"])
    assert (paper["counts_observed_at"], paper["published_on"]) == (v["time"], v["published_on"])
