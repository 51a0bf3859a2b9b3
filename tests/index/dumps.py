"""Dumps for the tests: invented papers, written as the services publish theirs."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

WORDS = [
    "neural",
    "sparse",
    "graph",
    "video",
    "temporal",
    "shift",
    "attention",
    "learning",
    "deep",
    "network",
    "motion",
    "optical",
    "flow",
    "action",
    "recognition",
    "detection",
    "segmentation",
    "transformer",
    "latent",
    "variational",
    "quantum",
    "lattice",
    "gauge",
    "boson",
    "spectral",
    "kernel",
    "convex",
    "manifold",
    "stochastic",
    "gradient",
    "bandit",
    "policy",
    "reward",
    "language",
    "speech",
    "retrieval",
    "caption",
    "summary",
    "dataset",
    "benchmark",
    "robust",
    "adversarial",
    "federated",
    "galaxy",
    "cluster",
    "halo",
    "plasma",
    "neutrino",
    "detector",
    "entropy",
    "channel",
    "coding",
    "relay",
    "antenna",
    "beam",
]
NAMES = [
    "Ada",
    "Grace",
    "Alan",
    "Emmy",
    "Kurt",
    "Sofia",
    "Paul",
    "Marie",
    "Niels",
    "Lise",
    "Ivan",
    "Noor",
    "Wei",
    "Yuki",
    "Aisha",
    "Omar",
]
FAMILIES = [
    "Byron",
    "Hopper",
    "Turing",
    "Noether",
    "Goedel",
    "Erdos",
    "Curie",
    "Bohr",
    "Meitner",
    "Petrov",
    "Zhang",
    "Sato",
    "Khan",
]


@dataclass(frozen=True)
class Fact:
    """One invented paper."""

    number: int
    title: str
    authors: tuple[str, ...]
    year: int
    arxiv: str | None = None
    corpus: int | None = None
    doi: str | None = None

    def arxiv_line(self, **other: Any) -> dict[str, Any]:
        """As arXiv's snapshot has it."""
        return {
            "id": self.arxiv,
            "submitter": self.authors[0],
            "authors": ", ".join(self.authors),
            "title": self.title.replace(" ", "\n  ", 1),
            "comments": "12 pages",
            "journal-ref": None,
            "doi": self.doi,
            "report-no": None,
            "categories": "cs.CV cs.LG",
            "license": None,
            "abstract": f"  What paper {self.number} says.\n",
            "versions": [
                {"version": "v1", "created": f"Mon, 2 Apr {self.year} 19:18:42 GMT"},
                {"version": "v2", "created": f"Tue, 24 Jul {self.year} 20:10:27 GMT"},
            ],
            "update_date": f"{self.year}-07-25",
            "authors_parsed": [[a.split()[-1], " ".join(a.split()[:-1]), ""] for a in self.authors],
        } | other

    def s2_line(self, **other: Any) -> dict[str, Any]:
        """As Semantic Scholar's `papers` has it."""
        return {
            "corpusid": self.corpus,
            "externalids": {
                "ACL": None, "DBLP": None, "ArXiv": self.arxiv, "MAG": "609515471",
                "CorpusId": str(self.corpus), "PubMed": None, "DOI": self.doi,
            },
            "url": f"https://www.semanticscholar.org/paper/{self.sha}",
            "title": self.title,
            "authors": [
                {"authorId": str(1000 + k), "name": a} for k, a in enumerate(self.authors)
            ],
            "venue": "Journal of Tests",
            "year": self.year,
            "referencecount": 7,
            "citationcount": self.number,
            "influentialcitationcount": 1,
            "isopenaccess": True,
            "s2fieldsofstudy": [
                {"category": "Physics", "source": "external"},
                {"category": "Physics", "source": "s2-fos-model"},
            ],
            "publicationtypes": ["JournalArticle"],
            "publicationdate": f"{self.year}-05-01",
            "journal": None,
        } | other  # fmt: skip

    @property
    def sha(self) -> str:
        return f"{self.number:040x}"


def facts(count: int, *, seed: int = 7) -> list[Fact]:
    """`count` papers: most at both services, some at one; some share a title, some are short."""
    draw = random.Random(seed)
    made: list[Fact] = []
    titles: list[str] = []
    for number in range(count):
        words = draw.sample(WORDS, draw.choice((2, 3, 4, 5, 6, 7, 8, 11)))
        title = " ".join(words).capitalize()
        if number % 17 == 0:
            title = title.replace(" ", ": ", 1)
        if titles and number % 23 == 0:
            title = draw.choice(titles)
        titles.append(title)
        authors = tuple(
            f"{draw.choice(NAMES)} {draw.choice(FAMILIES)}" for _ in range(draw.randint(1, 4))
        )
        year = draw.randint(2015, 2024)
        where = number % 5
        made.append(
            Fact(
                number,
                title,
                authors,
                year,
                arxiv=f"{year % 100:02d}{draw.randint(1, 12):02d}.{number + 1:05d}"
                if where
                else None,
                corpus=5000 + number if where != 1 else None,
                doi=f"10.1234/test.{number}" if number % 3 == 0 else None,
            )
        )
    return made


def json_lines(lines: Iterable[object]) -> bytes:
    """JSON lines; bytes go in as they are."""
    return b"".join(
        line + b"\n" if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"
        for line in lines
    )


def write_arxiv(path: Path, papers: Sequence[Fact]) -> Path:
    """The arXiv snapshot of those papers that are there: plain, .gz or .zst by the name."""
    data = json_lines(p.arxiv_line() for p in papers if p.arxiv)
    if path.suffix == ".gz":
        data = gzip.compress(data)
    elif path.suffix == ".zst":
        data = pa.compress(data, "zstd", asbytes=True)
    path.write_bytes(data)
    return path


def write_s2(folder: Path, papers: Sequence[Fact], *, shards: int = 2) -> dict[str, list[str]]:
    """Semantic Scholar's `papers`, `abstracts` and `paper-ids`, gzip shards without extension."""
    mine = [p for p in papers if p.corpus]
    release = folder / "2025-08-19"
    for name in ("papers", "abstracts", "paper-ids"):
        (release / name).mkdir(parents=True)
    for shard in range(shards):
        part = mine[shard::shards]
        files = {
            "papers": [p.s2_line() for p in part],
            "abstracts": [
                {"corpusid": p.corpus, "openaccessinfo": {"url": "https://example.org/a.pdf"},
                 "abstract": f"What S2 says of {p.number}."}
                for p in part
            ],
            "paper-ids": [
                {"sha": sha, "corpusid": p.corpus, "primary": primary}
                for p in part
                for sha, primary in ((p.sha, True), (f"f{p.number:039x}", False))
            ],
        }  # fmt: skip
        for name, lines in files.items():
            file = release / name / f"20250822_{shard}"
            file.write_bytes(gzip.compress(json_lines(lines)))
    return {
        "s2_papers": [str(release / "papers" / "*")],
        "s2_abstracts": [str(release / "abstracts" / "*")],
        "s2_ids": [str(release / "paper-ids" / "*")],
    }
