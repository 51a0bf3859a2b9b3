"""A whole real list, resolved from an index that holds its papers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.index.conftest import CLOCK, RecordingObserver
from tests.index.dumps import json_lines

from enrich.cli.run import main
from enrich.index import build
from enrich.sandbox.catalogue import Paper, embedded

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
    }


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """An index over dumps of papers the sandbox has and of others."""
    papers = [*embedded(), *MORE]
    (tmp_path / "arxiv.json").write_bytes(json_lines(arxiv_line(p) for p in papers if p.arxiv))
    (tmp_path / "2025-08-19").mkdir()
    s2 = tmp_path / "2025-08-19" / "papers_0"
    s2.write_bytes(json_lines(s2_line(p) for p in papers if p.s2))
    sources = {"arxiv": [str(tmp_path / "arxiv.json")], "s2_papers": [str(s2)]}
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
