"""What an index answers, by identifiers and by titles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.index.dumps import Fact

from enrich.errors import LocalIndexError
from enrich.index import Index
from enrich.records import Identifiers


def both(papers: list[Fact]) -> list[Fact]:
    return [p for p in papers if p.arxiv and p.corpus]


def test_each_identifier_finds_its_paper(index: Index, papers: list[Fact]) -> None:
    """arXiv id, corpus id, primary and other shas and DOIs all lead to the same record, and the
    answers keep the order of the questions, None where there is no answer."""
    paper = next(p for p in both(papers) if p.doi)
    asked = [
        Identifiers(arxiv_id=paper.arxiv),
        Identifiers(arxiv_id="9912.99999"),
        Identifiers(s2_corpus_id=paper.corpus),
        Identifiers(s2_paper_id=paper.sha),
        Identifiers(s2_paper_id=f"f{paper.number:039x}"),
        Identifiers(doi=paper.doi),
        Identifiers(),
    ]
    found = index.by_ids(asked)
    assert [r.source_id if r else None for r in found] == [
        f"arxiv:{paper.arxiv}" if place not in (1, 6) else None for place in range(7)
    ]
    assert len({r for r in found if r}) == 1


def test_a_record_has_the_facts_of_both_services(index: Index, papers: list[Fact]) -> None:
    """arXiv's metadata and abstract, Semantic Scholar's ids and counts, and of which day."""
    paper = both(papers)[0]
    (record,) = index.by_ids([Identifiers(arxiv_id=paper.arxiv)])
    assert record is not None
    assert record.source == "index"
    assert record.title == paper.title
    assert [a.name for a in record.authors] == list(paper.authors)
    assert record.ids == Identifiers(
        arxiv_id=paper.arxiv, arxiv_version=2, doi=paper.doi, s2_paper_id=paper.sha,
        s2_corpus_id=paper.corpus, mag_id="609515471",
    )  # fmt: skip
    assert record.abstract == f"What paper {paper.number} says."
    assert record.arxiv_categories == ("cs.CV", "cs.LG")
    assert record.arxiv_published_at == datetime(paper.year, 4, 2, 19, 18, 42, tzinfo=UTC)
    assert record.citation_count == paper.number
    assert record.counts_observed_at == datetime(2025, 8, 19, tzinfo=UTC)
    assert record.fetched_at <= record.counts_observed_at
    assert record.fields_of_study == ("Physics",)
    assert record.open_access_pdf == "https://example.org/a.pdf"


def test_a_service_that_lacks_the_paper_leaves_its_fields_empty(
    index: Index, papers: list[Fact]
) -> None:
    """An unknown count is None, never 0; the abstract comes from either service."""
    only_arxiv = next(p for p in papers if p.arxiv and not p.corpus)
    only_s2 = next(p for p in papers if p.corpus and not p.arxiv)
    of_arxiv, of_s2 = index.by_ids(
        [Identifiers(arxiv_id=only_arxiv.arxiv), Identifiers(s2_corpus_id=only_s2.corpus)]
    )
    assert of_arxiv and of_s2
    assert of_arxiv.citation_count is None and of_arxiv.counts_observed_at is None
    assert of_s2.abstract == f"What S2 says of {only_s2.number}."
    assert of_s2.arxiv_published_at is None
    assert [a.s2_author_id for a in of_s2.authors] == [
        str(1000 + k) for k in range(len(only_s2.authors))
    ]


def test_exact_titles_bring_all_papers_that_have_them(index: Index, papers: list[Fact]) -> None:
    """However it is set, a title finds every paper of that title, each once."""
    by_title: dict[str, list[Fact]] = {}
    for paper in papers:
        by_title.setdefault(paper.title.lower(), []).append(paper)
    asked = sorted(by_title)
    found = index.by_titles([title.upper().replace(" ", " - ") for title in asked])
    for title, records in zip(asked, found, strict=True):
        expected = {
            f"arxiv:{p.arxiv}" if p.arxiv else f"corpus:{p.corpus}" for p in by_title[title]
        }
        assert {r.source_id for r in records} == expected


def test_a_slip_of_the_pen_still_brings_the_paper(index: Index, papers: list[Fact]) -> None:
    """A misspelt word in a title of several words: the paper is the first candidate."""
    longer = [p for p in papers if len(p.title.split()) >= 6][:40]
    asked = [p.title[:3] + "q" + p.title[3:] for p in longer]
    found = index.by_titles(asked)
    for paper, records in zip(longer, found, strict=True):
        assert records and records[0].title.lower() == paper.title.lower()


def test_a_title_within_a_reference_brings_the_paper(index: Index, papers: list[Fact]) -> None:
    """A whole reference as title: the paper whose title it contains is among the candidates."""
    paper = next(p for p in papers if len(p.title.split()) >= 8)
    (records,) = index.by_titles([f"{paper.authors[0]} et al. {paper.title}. Proc. of Tests, 2019"])
    assert paper.title in [r.title for r in records]


@pytest.mark.parametrize(
    "title", ["", "   ", "???", "\0", "'; drop table token; --", "🙂", "a" * 5000, "𝔘𝔫𝔦", "\ud800"]
)
def test_odd_titles_are_answered_with_nothing(index: Index, title: str) -> None:
    """Hostile or empty titles are no error and find nothing."""
    assert index.by_titles([title]) == [[]]


@pytest.mark.parametrize(
    "ids",
    [
        Identifiers(arxiv_id="' or 1=1 --"),
        Identifiers(doi="10.1/\0"),
        Identifiers(s2_paper_id="x" * 9999),
        Identifiers(s2_corpus_id=-1),
        Identifiers(s2_corpus_id=2**63 - 1),
    ],
)
def test_odd_identifiers_are_answered_with_nothing(index: Index, ids: Identifiers) -> None:
    """Hostile identifiers are values, never SQL."""
    assert index.by_ids([ids]) == [None]


def test_nothing_asked_nothing_answered(index: Index) -> None:
    """Empty questions have empty answers."""
    assert index.by_ids([]) == []
    assert index.by_titles([]) == []


def test_no_index_is_told_with_the_cure(tmp_path: Path) -> None:
    """A folder without an index, a broken manifest and other rules are each said plainly."""
    with pytest.raises(LocalIndexError, match="enrich index build"):
        Index.open(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(LocalIndexError, match="cannot be read"):
        Index.open(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 0, "rules": "x"}')
    with pytest.raises(LocalIndexError, match="other rules"):
        Index.open(tmp_path)


def test_a_record_is_a_value(index: Index, papers: list[Fact]) -> None:
    """The same question has the same answer: records compare equal."""
    ids = [Identifiers(arxiv_id=p.arxiv) for p in both(papers)[:5]]
    assert index.by_ids(ids) == index.by_ids(ids)
    first = index.by_ids(ids)[0]
    assert first is not None and replace(first, year=None) != first
