"""The sandbox's catalogues: the embedded one, files and synthetic papers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from enrich.sandbox import Catalogue, Paper, Sandbox, embedded, list_of, read_catalogue, synthetic
from enrich.sandbox.graph import Graph

LIST = Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"


def test_every_arxiv_id_of_the_list_is_there() -> None:
    """All 17 arXiv ids that the list writes are papers of the catalogue."""
    written = set(re.findall(r"(?:arxiv\.org/\w+/|arXiv:)(\d{4}\.\d{5})", LIST.read_text("utf-8")))
    assert len(written) == 17
    assert written <= set(embedded().by_arxiv)


def test_ids_are_unique() -> None:
    """No two papers share an arXiv id, a paperId or a CorpusId."""
    catalogue = embedded()
    assert len(catalogue.by_arxiv) == sum(p.arxiv is not None for p in catalogue)
    assert (
        len({p.sha for p in catalogue}) == len({p.corpus_id for p in catalogue}) == len(catalogue)
    )
    assert all(re.fullmatch("[0-9a-f]{40}", p.sha) for p in catalogue)


def test_dates_go_with_ids() -> None:
    """A first version is of the month in its id, later ones come later."""
    for paper in embedded():
        if paper.arxiv and "/" not in paper.arxiv and paper.arxiv != "1601.00001":
            # That one is real: announced in January, submitted in December.
            assert paper.versions[0][2:4] + paper.versions[0][5:7] == paper.arxiv[:4]
        assert list(paper.versions) == sorted(paper.versions)


def test_names_are_text_not_markup() -> None:
    """Facts were cleaned: no entity is left in a title or a name."""
    for paper in embedded():
        assert not re.search(r"&#?\w+;", " ".join((paper.title, *paper.authors)))


def test_every_lookalike_tells_why() -> None:
    """What is here to mislead says how."""
    file = Path(__file__).resolve().parents[2] / "src/enrich/sandbox/lookalikes.json"
    assert all(row["why"] for row in json.loads(file.read_text("utf-8")))


def test_parquet(tmp_path: Path) -> None:
    """Parquet as arXiv's dumps come: names joined or listed, dates perhaps missing."""
    path = tmp_path / "papers.parquet"
    table = {
        "arxiv_id": ["math/9201239", "0704.0002"],
        "title": ["A note on\n  canonical functions", "Sparsity"],
        "authors": ["Thomas Jech, Saharon Shelah", "Ileana Streinu"],
        "categories": ["math.LO", "math.CO cs.CG"],
        "created": [None, "2007-03-30"],
        "updated": [None, "2008-12-13"],
        "doi": [None, "10.1/x"],
        "license": ["", ""],
    }
    pq.write_table(pa.table(table), path)
    first, second = read_catalogue(path)
    assert first.title == "A note on canonical functions"
    assert first.authors == ("Thomas Jech", "Saharon Shelah")
    assert first.versions == ("1992-01-15T12:00:00Z",)
    assert second.categories == ("math.CO", "cs.CG")
    assert [v[:10] for v in second.versions] == ["2007-03-30", "2008-12-13"]
    with Sandbox(limits=False, catalogue=path) as box:
        assert len(box.catalogue) == 2


def test_jsonl(tmp_path: Path) -> None:
    """JSON lines in the catalogue's own field names."""
    path = tmp_path / "papers.jsonl"
    path.write_text('{"title": "X", "arxiv": "2001.00001", "authors": ["A B"]}\n\n', "utf-8")
    assert list(read_catalogue(path)) == [Paper("X", ("A B",), "2001.00001")]
    path.write_text('{"title": "X", "shoe_size": 44}\n', "utf-8")
    with pytest.raises(ValueError, match="shoe_size"):
        read_catalogue(path)


def test_files_that_are_no_catalogue(tmp_path: Path) -> None:
    """Another kind of file, or one without titles, is named with what is wanted."""
    with pytest.raises(ValueError, match=r"x\.csv is neither \.parquet nor \.jsonl"):
        read_catalogue(tmp_path / "x.csv")
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(ValueError, match="no column `title`"):
        read_catalogue(path)


def test_synthetic() -> None:
    """As many papers as asked for, all different, the same ones for a seed."""
    one, same, other = synthetic(3000, 1), synthetic(3000, 1), synthetic(3000, 2)
    assert len(one) == 3000 + len(embedded())
    assert list(one) == list(same) != list(other)
    made = [p for p in one if p.invented == ("all",) and not p.why]
    assert len({p.title for p in made}) == len({p.arxiv for p in made}) == 3000
    assert len(synthetic(10, with_embedded=False)) == 10


def test_list_of_made_up_papers() -> None:
    """A list has its share of links, titles alone and papers that nobody has, all different."""
    catalogue = synthetic(2000, 1)
    text = list_of(catalogue, 1000, seed=3)
    entries = [line for line in text.splitlines() if line.startswith("- ")]
    linked = [line for line in entries if "arxiv.org/abs/" in line]
    titles = {paper.title for paper in catalogue}
    alone = [line[2:] for line in entries if line not in linked]
    assert len(set(entries)) == 1000
    assert 450 < len(linked) < 550
    assert 10 < sum(title not in titles for title in alone) < 45
    assert text == list_of(catalogue, 1000, seed=3)
    with pytest.raises(ValueError, match="the catalogue has 2000"):
        list_of(catalogue, 2001)


def test_references_never_come_from_the_future() -> None:
    """A paper cites earlier papers only, and never itself."""
    catalogue = Catalogue(embedded())
    graph = Graph(catalogue)
    for i, paper in enumerate(catalogue):
        for reference in graph.references(i):
            if reference.position is not None:
                assert catalogue.papers[reference.position].published <= paper.published
                assert reference.position != i
