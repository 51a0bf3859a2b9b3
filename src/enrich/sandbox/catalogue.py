"""The papers of the sandbox, as both services describe them.

Facts (ids, titles, authors, categories, dates, venues, counts) come from the data files beside this
module or from a user's file. Abstracts are placeholders that say so. What a record does not state
is derived from its key, so two sandboxes always agree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from enrich.sandbox.words import WordIndex

MERGED_CORPUS = 5_000_000_000  # added to the CorpusId of a merged record


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, or one of two records of the same paper; see `papers.json` for examples.

    `arxiv` is a version-less id or None; `versions` the times of its versions, the first first;
    `s2` says whether Semantic Scholar has it, `s2_title` and `s2_authors` what it calls it there,
    `merged` the keys of records that were merged into this one; `why` is a note for the reader.
    """

    title: str
    authors: tuple[str, ...] = ()
    arxiv: str | None = None
    versions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    comment: str | None = None
    journal_ref: str | None = None
    affiliations: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_doi: bool = False  # the author gave arXiv the publisher's DOI
    venue: str = ""
    year: int | None = None
    citations: int | None = None
    abstract: str | None = None
    s2: bool = True
    s2_title: str | None = None
    s2_authors: tuple[str, ...] = ()
    s2_abstract: bool = True
    s2_arxiv: bool = True  # Semantic Scholar knows of the arXiv id
    paper_id: str | None = None
    corpus: int | None = None
    merged: tuple[str, ...] = ()
    elided: bool = False  # the publisher withholds the references
    invented: tuple[str, ...] = ()
    why: str = ""

    @property
    def key(self) -> str:
        """What the derived ids are made from: stable and unique within a catalogue."""
        return f"{self.arxiv or ''}|{self.doi or ''}|{self.title}|{','.join(self.authors)}"

    @property
    def sha(self) -> str:
        """Semantic Scholar's paperId: the real one where it is known, else derived."""
        return self.paper_id or derived_sha(self.key)

    @property
    def corpus_id(self) -> int:
        """Semantic Scholar's CorpusId: the real one where it is known, else derived."""
        return self.corpus or derived_corpus_id(self.sha)

    @property
    def published(self) -> str:
        """The first version's time, ISO 8601 with a Z."""
        if self.versions:
            return self.versions[0]
        return f"{self.year or 2000}-06-15T00:00:00Z"

    @property
    def text(self) -> str:
        """The abstract, or the sentence that stands where one would."""
        return self.abstract or (
            f"Sandbox text, not the paper's abstract: a placeholder for “{self.title}”."
        )

    @property
    def count(self) -> int:
        """Times cited; derived from the key where it is unknown."""
        if self.citations is not None:
            return self.citations
        return number(self.key, "citations") % 300


def number(key: str, salt: str) -> int:
    """A stable number for a key: what is invented is invented the same everywhere."""
    digest = hashlib.sha1(f"{salt}:{key}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:6], "big")


def derived_sha(key: str) -> str:
    """A 40-hex paperId for a key."""
    return hashlib.sha1(f"enrich-sandbox:{key}".encode(), usedforsecurity=False).hexdigest()


def merged_sha(sha: str) -> str:
    """The paperId a record has once it is merged into another (fault `merged`); its own inverse."""
    return sha[::-1]


def derived_corpus_id(sha: str) -> int:
    """A CorpusId for a paperId, above the range the real service had reached."""
    return 900_000_000 + int(sha[:8], 16) % 99_999_999


def merged_corpus_id(corpus_id: int) -> int:
    """The CorpusId a record has once it is merged into another."""
    return corpus_id + MERGED_CORPUS


def medical_ids(paper: Paper) -> dict[str, str]:
    """PubMed and PubMed Central ids of one in twelve papers with a DOI, as made-up numbers."""
    if not paper.doi or paper.paper_id or number(paper.key, "medical") % 12:
        return {}
    pmid = number(paper.key, "pmid") % 10_000_000
    return {"PubMed": str(90_000_000 + pmid), "PubMedCentral": str(80_000_000 + pmid)}


def day_of(arxiv: str) -> str:
    """A day in the month encoded in an arXiv id."""
    digits = arxiv.rpartition("/")[2][:4]
    century = "19" if digits[:2] > "90" else "20"
    return f"{century}{digits[:2]}-{digits[2:]}-15"


def paper_from(row: Mapping[str, Any]) -> Paper:
    """A Paper from a row of a data file; lists become tuples, unknown names are refused."""
    known = {field.name for field in fields(Paper)}
    if unknown := set(row) - known:
        raise ValueError(f"unknown field(s) {sorted(unknown)} in the sandbox's paper {row!r:.120}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Paper(**values)


class Catalogue:
    """Papers on one day, and the indexes for looking them up, each built when first used."""

    def __init__(self, papers: Iterable[Paper], day: int = 0) -> None:
        self.papers: tuple[Paper, ...] = tuple(papers)
        self.day = day

    def __len__(self) -> int:
        return len(self.papers)

    def __iter__(self) -> Iterator[Paper]:
        return iter(self.papers)

    def count(self, paper: Paper) -> int:
        """How often a paper is cited on the catalogue's day: a thousandth more each day."""
        return paper.count + int(self.day * max(0.1, paper.count / 1000))

    @cached_property
    def by_arxiv(self) -> dict[str, int]:
        """Position of each paper that arXiv has, by version-less id."""
        return {p.arxiv: i for i, p in enumerate(self.papers) if p.arxiv is not None}

    @cached_property
    def by_s2_id(self) -> dict[str, int]:
        """Position of each paper that Semantic Scholar has, by every id it answers to.

        Keys are lower-case and prefixed, merged ids included: `sha:…`, `corpusid:…`, `arxiv:…`,
        `doi:…`.
        """
        index: dict[str, int] = {}
        for i, paper in enumerate(self.papers):
            if not paper.s2:
                continue
            index[f"sha:{paper.sha}"] = i
            index[f"corpusid:{paper.corpus_id}"] = i
            for sha in map(derived_sha, paper.merged):
                index[f"sha:{sha}"] = i
                index[f"corpusid:{derived_corpus_id(sha)}"] = i
            if paper.doi:
                index.setdefault(f"doi:{paper.doi.lower()}", i)
            for kind, ident in medical_ids(paper).items():
                prefix = {"PubMed": "pmid", "PubMedCentral": "pmcid"}[kind]
                index[f"{prefix}:{ident}"] = i
            if paper.arxiv and paper.s2_arxiv:
                index[f"arxiv:{paper.arxiv.lower()}"] = i
                index[f"doi:10.48550/arxiv.{paper.arxiv.lower()}"] = i
        return index

    @cached_property
    def titles(self) -> WordIndex:
        """Words of the titles as arXiv has them."""
        return WordIndex(p.title for p in self.papers)

    @cached_property
    def s2_titles(self) -> WordIndex:
        """Words of the titles as Semantic Scholar has them."""
        if not any(p.s2_title for p in self.papers):
            return self.titles
        return WordIndex(p.s2_title or p.title for p in self.papers)

    @cached_property
    def abstracts(self) -> WordIndex:
        """Words of the abstracts that the catalogue states; placeholders are not searched."""
        return WordIndex(p.abstract or "" for p in self.papers)

    @cached_property
    def by_author(self) -> dict[str, list[int]]:
        """Positions of an author's papers, by author id."""
        index: dict[str, list[int]] = {}
        for i, paper in enumerate(self.papers):
            if paper.s2:
                for name in paper.s2_authors or paper.authors:
                    index.setdefault(author_id(name), []).append(i)
        return index


def author_id(name: str) -> str:
    """Semantic Scholar's authorId: one per name here."""
    return str(2_000_000_000 + number(name, "author") % 400_000_000)


@lru_cache(maxsize=1)
def embedded() -> Catalogue:
    """The catalogue of the package: the real list's papers, look-alikes, and works to cite."""
    folder = Path(__file__).parent
    rows: list[dict[str, Any]] = []
    for name in ("papers.json", "lookalikes.json", "works.json"):
        rows += json.loads((folder / name).read_text(encoding="utf-8"))
    return Catalogue(map(paper_from, rows))
