"""Building and updating: resumable, published in one step, newer records before older ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.index.conftest import CLOCK, RecordingObserver
from tests.index.dumps import Fact, facts, json_lines, write_arxiv, write_s2

from enrich.errors import LocalIndexError, UsageError
from enrich.index import Index, build, info, update
from enrich.records import Identifiers

PAPERS = facts(60, seed=3)


def built(out: Path, sources: Mapping[str, Sequence[str]], **options: object) -> RecordingObserver:
    observer = RecordingObserver()
    build(out, sources, clock=CLOCK, observer=observer, workers=1, **options)  # type: ignore[arg-type]
    return observer


def files(root: Path) -> dict[str, int]:
    """Every file of the index and the inode it is."""
    return {str(p.relative_to(root)): p.stat().st_ino for p in root.rglob("*") if p.is_file()}


def test_an_interrupted_build_resumes(tmp_path: Path) -> None:
    """A shard that cannot be read ends the build without an index; once it is there, the shards
    that were done are not done again."""
    first = write_arxiv(tmp_path / "a.json.gz", PAPERS[::2])
    second = write_arxiv(tmp_path / "b.json.gz", PAPERS[1::2])
    whole = second.read_bytes()
    second.write_bytes(whole[:-20])
    sources = {"arxiv": [str(first), str(second)]}
    with pytest.raises(LocalIndexError, match=r"b\.json\.gz is damaged"):
        built(tmp_path / "index", sources)
    with pytest.raises(LocalIndexError, match="There is no index"):
        Index.open(tmp_path / "index")
    done = files(tmp_path / "index")
    assert sum(name.endswith("part.json") for name in done) == 1
    second.write_bytes(whole)
    built(tmp_path / "index", sources)
    after = files(tmp_path / "index")
    assert done.items() <= after.items()
    with Index.open(tmp_path / "index") as index:
        ids = [Identifiers(arxiv_id=p.arxiv) for p in PAPERS if p.arxiv]
        assert all(index.by_ids(ids))


def test_a_failing_rebuild_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    """The old index stays in use until a new one is complete; an open one keeps its own files."""
    good = write_arxiv(tmp_path / "a.json", PAPERS[:30])
    built(tmp_path / "index", {"arxiv": [str(good)]})
    before = (tmp_path / "index" / "manifest.json").read_bytes()
    bad = tmp_path / "b.json.gz"
    bad.write_bytes(gzip.compress(b"{}\n" * 9)[:-3])
    with pytest.raises(LocalIndexError):
        built(tmp_path / "index", {"arxiv": [str(bad)]})
    assert (tmp_path / "index" / "manifest.json").read_bytes() == before
    with Index.open(tmp_path / "index") as index:
        assert index.by_titles([PAPERS[1].title]) != [[]]


def test_only_files_of_the_manifest_remain(tmp_path: Path) -> None:
    """A rebuild from other dumps takes the parts of the old one away; no half-made file stays."""
    one, two = (write_arxiv(tmp_path / n, PAPERS) for n in ("a.json", "b.json"))
    built(tmp_path / "index", {"arxiv": [str(one)]})
    built(tmp_path / "index", {"arxiv": [str(two)]})
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert [p.name for p in (tmp_path / "index" / "parts").iterdir()] == [
        part["name"] for part in manifest["parts"]
    ]
    names = {path.name for path in (tmp_path / "index").rglob("*") if path.is_file()}
    assert {n for n in names if not n.startswith(("pairs-", "tokens-"))} == {
        "manifest.json", "part.json", "records.parquet", "records-ids.arrow", "texts.arrow",
        "titles.arrow", "tokens.arrow", "abstracts.arrow", "abstracts-ids.arrow",
    }  # fmt: skip


def test_the_manifest_records_what_was_read(tmp_path: Path) -> None:
    """Sources with sha256, release days, rows and refused lines are in the manifest and reported
    to the operator."""
    lines = [PAPERS[1].arxiv_line(), b"{broken", PAPERS[2].arxiv_line(id="x")]
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json_lines(lines)))
    observer = built(
        tmp_path / "index", {"arxiv": [str(tmp_path / "a.json.gz")], **write_s2(tmp_path, PAPERS)}
    )
    assert any("1 lines refused, not JSON" in w for w in observer.warnings)
    assert any("line 3: no valid arXiv id" in w for w in observer.warnings)
    held = info(tmp_path / "index")
    assert held["kinds"]["arxiv"]["refused"] == {"not JSON": 1, "no valid arXiv id": 1}
    assert held["kinds"]["arxiv"]["released"] == f"{PAPERS[1].year}-07-25"
    assert held["kinds"]["s2_papers"]["released"] == "2025-08-19"
    assert held["kinds"]["s2_papers"]["rows"] == sum(p.corpus is not None for p in PAPERS)
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert manifest["built"] == "2026-01-02T03:04:05+00:00"
    shas = [p["sha256"] for p in manifest["parts"]]
    assert len(set(shas)) == len(shas) == 7
    assert set(manifest["versions"]) == {"enrich", "duckdb", "pyarrow", "rapidfuzz"}


def test_the_newest_of_repeated_ids_counts(tmp_path: Path) -> None:
    """One id twice in a dump: the record updated last; in two dumps: the one given later."""
    paper = next(p for p in PAPERS if p.arxiv)
    older = paper.arxiv_line(title="The older title of it", update_date="2020-01-01")
    newer = paper.arxiv_line(title="The newer title of it", update_date="2021-01-01")
    (tmp_path / "a.json").write_bytes(json_lines([newer, older]))
    built(tmp_path / "one", {"arxiv": [str(tmp_path / "a.json")]})
    (tmp_path / "b.json").write_bytes(json_lines([newer]))
    (tmp_path / "c.json").write_bytes(json_lines([older]))
    two = {"arxiv": [str(tmp_path / "b.json"), str(tmp_path / "c.json")]}
    built(tmp_path / "two", two)
    for name, title in (("one", "The newer title of it"), ("two", "The older title of it")):
        with Index.open(tmp_path / name) as index:
            (record,) = index.by_ids([Identifiers(arxiv_id=paper.arxiv)])
            assert record is not None and record.title == title
            found = index.by_titles(["The newer title of it", "The older title of it"])
            assert [[r.title for r in records] for records in found] == [[title], [title]]


def test_a_diff_replaces_adds_and_deletes(tmp_path: Path) -> None:
    """A Datasets diff: upserts count before what they replace, for ids, exact and near titles;
    deletes take away; the rest stays; what is opened before sees the old state."""
    papers = [p for p in PAPERS if p.corpus and not p.arxiv and len(p.title.split()) > 4]
    kept, changed, gone = papers[:3]
    built(tmp_path / "index", write_s2(tmp_path, papers))
    fresh = Fact(999, "A wholly new manuscript about axolotls", ("Ada Byron",), 2025, corpus=77)
    diff = tmp_path / "diffs" / "2025-08-19-to-2025-08-26" / "papers"
    diff.mkdir(parents=True)
    renamed = changed.s2_line(title="Renamed treatise on platypus venom", citationcount=4242)
    (diff / "u1.gz").write_bytes(gzip.compress(json_lines([renamed, fresh.s2_line()])))
    (diff / "d1.gz").write_bytes(gzip.compress(json_lines([{"corpusid": gone.corpus}])))
    old = Index.open(tmp_path / "index")
    update(
        tmp_path / "index",
        {"s2_papers": [str(diff / "u1.gz")], "s2_deleted": [str(diff / "d1.gz")]},
        clock=CLOCK, observer=RecordingObserver(), workers=1,
    )  # fmt: skip
    asked = [Identifiers(s2_corpus_id=p.corpus) for p in (kept, changed, gone, fresh)]
    with Index.open(tmp_path / "index") as index:
        first, second, third, fourth = index.by_ids(asked)
        assert first and first.title == kept.title
        assert second and second.citation_count == 4242
        assert second.counts_observed_at and second.counts_observed_at.date() == date(2025, 8, 26)
        assert third is None
        assert fourth and fourth.title == fresh.title
        titles = [
            changed.title,
            changed.title + "s",
            gone.title,
            "Renamed treatise on platipus venom",
            "A wholly new manuscript on axolotls",
        ]
        found = [{r.ids.s2_corpus_id for r in records} for records in index.by_titles(titles)]
        assert all(changed.corpus not in ids and gone.corpus not in ids for ids in found[:3])
        assert found[3] == {changed.corpus} and found[4] == {fresh.corpus}
    with old:
        assert old.by_ids(asked)[2] is not None


def test_an_update_given_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    """Files the index has are known by address, size and time."""
    one, two = (write_arxiv(tmp_path / n, PAPERS) for n in ("a.json", "b.json"))
    built(tmp_path / "index", {"arxiv": [str(one)]})
    observer = RecordingObserver()
    for _ in range(2):
        update(tmp_path / "index", {"arxiv": [str(two)]}, clock=CLOCK, observer=observer, workers=1)
    assert observer.warnings == ["Every file given is in the index already; nothing was done."]
    assert info(tmp_path / "index")["replaced_rows"] == sum(p.arxiv is not None for p in PAPERS)


def test_dumps_in_each_others_place_are_refused(tmp_path: Path) -> None:
    """arXiv's dump given as Semantic Scholar's gives no record at all: that is no index."""
    file = write_arxiv(tmp_path / "a.json", PAPERS)
    with pytest.raises(LocalIndexError, match="No line of"):
        built(tmp_path / "index", {"s2_papers": [str(file)]})
    with pytest.raises(UsageError, match="needs records"):
        built(tmp_path / "index", {"s2_ids": [str(file)]})


def test_counts_of_no_known_day_are_not_used(tmp_path: Path) -> None:
    """A dump of unknown release day gives records without counts, with a warning; given the
    day, it gives both."""
    paper = next(p for p in PAPERS if p.corpus)
    (tmp_path / "papers_0").write_bytes(json_lines([paper.s2_line()]))
    sources = {"s2_papers": [str(tmp_path / "papers_0")]}
    asked = [Identifiers(s2_corpus_id=paper.corpus)]
    observer = built(tmp_path / "undated", sources)
    assert "counts are not used" in observer.warnings[0]
    with Index.open(tmp_path / "undated") as index:
        (record,) = index.by_ids(asked)
        assert record and (record.citation_count, record.counts_observed_at) == (None, None)
    observer = built(tmp_path / "dated", sources, released=date(2025, 8, 19))
    assert observer.warnings == []
    with Index.open(tmp_path / "dated") as index:
        (record,) = index.by_ids(asked)
        assert record and record.citation_count == paper.number
        assert record.counts_observed_at and record.counts_observed_at.date() == date(2025, 8, 19)


def test_an_index_changed_while_open_is_reported(tmp_path: Path) -> None:
    """Files that went away under an open index are said plainly, with the cure."""
    one, two = (write_arxiv(tmp_path / n, PAPERS) for n in ("a.json", "b.json"))
    built(tmp_path / "index", {"arxiv": [str(one)]})
    with Index.open(tmp_path / "index") as index:
        built(tmp_path / "index", {"arxiv": [str(two)]})
        with pytest.raises(LocalIndexError, match="open it again"):
            index.by_titles([PAPERS[1].title])


def test_a_part_of_another_format_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build over an index of an earlier format makes every part again."""
    dump = str(write_arxiv(tmp_path / "a.json", PAPERS))
    monkeypatch.setattr("enrich.index.shards.FORMAT", 1)
    built(tmp_path / "index", {"arxiv": [dump]})
    before = {path.name for path in (tmp_path / "index" / "parts").iterdir()}
    monkeypatch.undo()
    built(tmp_path / "index", {"arxiv": [dump]})
    after = {path.name for path in (tmp_path / "index" / "parts").iterdir()}
    assert len(before) == len(after) == 1 and before != after
