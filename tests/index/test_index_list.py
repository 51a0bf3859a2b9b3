"""A whole real list, resolved from an index that holds its papers."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.index.conftest import CLOCK, RecordingObserver
from tests.index.dumps import json_lines

import enrich
from enrich.cli.run import main
from enrich.index import Index, build, update
from enrich.sandbox.catalogue import Paper, embedded
from enrich.sandbox.graph import Graph

LIST = Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"
# Papers of the list that neither service has: an index may hold them all the same.
MORE = (
    Paper(
        title="Web-scale Multimedia Search for Internet Video Content",
        authors=("Lu Jiang",),
        year=2016,
    ),
    Paper(
        title="Multimodal Representation of Advertisements Using Segment-level Autoencoders",
        year=2018,
    ),
)


def arxiv_line(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.arxiv,
        "title": paper.title,
        "authors": ", ".join(paper.authors),
        "categories": " ".join(paper.categories),
        "comments": paper.comment,
        "abstract": None,
        "created": paper.published[:10],
        "update_date": paper.published[:10],
    }


def s2_line(paper: Paper) -> dict[str, Any]:
    return {
        "corpusid": paper.corpus_id,
        "externalids": {"ArXiv": paper.arxiv, "DOI": paper.doi},
        "url": f"https://www.semanticscholar.org/paper/{paper.sha}",
        "title": paper.s2_title or paper.title,
        "authors": [{"authorId": None, "name": name} for name in paper.authors],
        "venue": paper.venue,
        "year": paper.year or int(paper.published[:4]),
        "citationcount": paper.count,
        "referencecount": len(GRAPH.references(embedded().papers.index(paper)))
        if paper in embedded().papers
        else None,
    }


GRAPH = Graph(embedded())
# Of these many of a paper's references the dump lacks the last one.
CUT = 5


def citation_lines() -> list[dict[str, Any]]:
    """The sandbox's citations as the dump has them, those of some papers cut short."""
    papers = embedded().papers
    edges = [
        (paper.corpus_id, None if r.position is None else papers[r.position].corpus_id)
        for place, paper in enumerate(papers)
        if paper.s2 and not GRAPH.is_elided(place)
        for r in GRAPH.references(place)[: -1 if place % CUT == 0 else None]
    ]
    return [
        {"citationid": n, "citingcorpusid": citing, "citedcorpusid": cited}
        for n, (citing, cited) in enumerate(edges, 1)
    ]


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """An index over dumps of papers the sandbox has and of others."""
    papers = [*embedded(), *MORE]
    (tmp_path / "arxiv.json").write_bytes(json_lines(arxiv_line(p) for p in papers if p.arxiv))
    (tmp_path / "2025-08-19").mkdir()
    s2 = tmp_path / "2025-08-19" / "papers_0"
    s2.write_bytes(json_lines(s2_line(p) for p in papers if p.s2))
    citations = tmp_path / "2025-08-19" / "citations_0"
    citations.write_bytes(json_lines(citation_lines()))
    sources = {
        "arxiv": [str(tmp_path / "arxiv.json")],
        "s2_papers": [str(s2)],
        "s2_citations": [str(citations)],
    }
    build(tmp_path / "index", sources, clock=CLOCK, observer=RecordingObserver(), workers=1)
    return tmp_path / "index"


def test_the_real_list_is_resolved_without_a_request(
    held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every paper of the list is found in the index, by id or by title, and no request is made."""
    for name in [n for n in os.environ if n.startswith("ENRICH_") or n == "S2_API_KEY"]:
        monkeypatch.delenv(name)
    main(
        ["--sandbox", "--offline", "--json", "--index", str(held), "--out", str(tmp_path / "o"),
         str(LIST)]
    )  # fmt: skip
    printed = json.loads(capsys.readouterr().out)
    assert sum(printed["requests"].values()) == 0
    rows = pq.read_table(Path(printed["path"]) / "enriched.parquet").to_pylist()
    papers = [row for row in rows if row["kind"] == "paper"]
    assert len(papers) > 25
    assert {row["title"]: row["status"] for row in papers if row["status"] != "resolved"} == {}
    assert {"title:index"} < {row["method"] for row in papers}
    counted = [row for row in papers if row["citation_count"] is not None]
    assert counted and all(row["counts_observed_at"] is not None for row in counted)


def test_references_come_from_the_index_without_a_request(
    held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline the dump gives every bibliography that it has; one shorter than counted is failed."""
    for name in [n for n in os.environ if n.startswith("ENRICH_") or n == "S2_API_KEY"]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    enrich.run(LIST, sandbox=True, offline=True, index=held, references=True, report=False)
    snapshot = enrich.open_snapshot(root="data/sandbox")
    papers, references = snapshot.papers, snapshot.references
    place = {paper.sha: n for n, paper in enumerate(embedded().papers) if paper.s2}
    true = {sha: len(GRAPH.references(n)) for sha, n in place.items()}
    seen = set()
    for row in papers[papers["s2_paper_id"].isin(list(place))].itertuples():
        n = place[row.s2_paper_id]
        if GRAPH.is_elided(n) or not true[row.s2_paper_id]:
            assert row.references_status == "not_asked"
        elif n % CUT == 0:
            assert row.references_status == "failed"
            assert row.references_known == true[row.s2_paper_id] - 1
        else:
            assert row.references_status == "complete"
            assert row.references_known == true[row.s2_paper_id]
            known = references[references["paper_id"] == row.paper_id]
            assert list(known["cited_s2_paper_id"].dropna()) == [
                embedded().papers[r.position].sha
                for r in GRAPH.references(n)
                if r.position is not None
            ]
        seen.add(row.references_status)
    assert seen == {"complete", "failed", "not_asked"}
    assert set(references["cited_paper_id"].dropna()) <= set(papers["paper_id"])
    assert len(snapshot.suggestions)


def test_the_papers_of_an_index_without_citations_are_asked_for(index: Index) -> None:
    """An index without the dump knows nothing of references."""
    assert index.references([5000, 5001]) == {}
    assert index.references([]) == {}


def test_a_newer_dump_replaces_citations_of_the_same_id(tmp_path: Path) -> None:
    """An update adds citations and replaces those it repeats; rows without an id all count."""
    papers = [
        {"corpusid": n, "title": f"Paper number {n}", "referencecount": 3} for n in (1, 2, 3, 4)
    ]
    (tmp_path / "2025-08-19").mkdir()
    (tmp_path / "2025-09-02").mkdir()

    def dump(release: str, name: str, *rows: dict[str, Any]) -> list[str]:
        path = tmp_path / release / name
        path.write_bytes(json_lines(rows))
        return [str(path)]

    def edge(number: int | None, cited: int | None) -> dict[str, Any]:
        return {"citationid": number, "citingcorpusid": 1, "citedcorpusid": cited}

    old = dump("2025-08-19", "citations_0", edge(7, 2), edge(8, None), edge(None, 9))
    sources = {"s2_papers": dump("2025-08-19", "papers_0", *papers), "s2_citations": old}
    build(tmp_path / "i", sources, clock=CLOCK, observer=RecordingObserver(), workers=1)
    new = {"s2_citations": dump("2025-09-02", "citations_0", edge(7, 3), edge(None, 9))}
    update(tmp_path / "i", new, clock=CLOCK, observer=RecordingObserver(), workers=1)
    with Index.open(tmp_path / "i") as opened:
        found = opened.references([1, 2])
    assert list(found) == [1]
    cited = [(r.ids.s2_corpus_id, r.title) for r in found[1].references]
    assert cited == [(None, None), (9, None), (3, "Paper number 3"), (9, None)]
    assert (found[1].status, found[1].observed_at) == (
        "complete", datetime(2025, 9, 2, tzinfo=UTC),
    )  # fmt: skip
