"""Semantic Scholar's records: the fields that exist, which were asked for, and a paper's values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from enrich.sandbox.catalogue import Catalogue, Paper, author_id, medical_ids, number
from enrich.sandbox.graph import Graph, paper_year
from enrich.sandbox.s2_access import access

# In the order in which the service writes them.
PAPER_FIELDS = (
    "paperId", "externalIds", "corpusId", "publicationVenue", "url", "title", "abstract", "venue",
    "year", "referenceCount", "citationCount", "influentialCitationCount", "isOpenAccess",
    "openAccessPdf", "fieldsOfStudy", "s2FieldsOfStudy", "publicationTypes", "publicationDate",
    "journal", "citationStyles", "authors", "citations", "references", "embedding", "tldr",
)  # fmt: skip
AUTHOR_FIELDS = (
    "authorId", "externalIds", "url", "name", "aliases", "affiliations", "homepage", "paperCount",
    "citationCount", "hIndex", "papers",
)  # fmt: skip
LISTS = ("citations", "references")
# Of a paper inside a list; the service has no second nesting there.
BASE_FIELDS = tuple(n for n in PAPER_FIELDS if n not in (*LISTS, "embedding", "tldr"))
NESTED = {"authors": AUTHOR_FIELDS[:-1], "citations": BASE_FIELDS, "references": BASE_FIELDS}
# arXiv archives as Semantic Scholar's fields of study.
STUDIES = {"math": "Mathematics", "stat": "Mathematics", "eess": "Engineering", "econ": "Economics"}
# Beginnings of the archives that are all physics.
PHYSICS = ("physics", "astro-ph", "quant-ph", "gr-qc", "hep", "nucl", "cond-mat", "nlin")


class Fields:
    """The fields of one request: top-level names and, per list, the names inside.

    `null` and `added` spoil the rows: see the deviations of the same names.
    """

    null = False
    added = False

    def __init__(self, names: Iterable[str], default: tuple[str, ...], always: str) -> None:
        self.nested: dict[str, list[str]] = {}
        top = {always}
        for name in [n for n in names if n] or default:
            head, _, tail = name.partition(".")
            top.add(head)
            self.nested.setdefault(head, [])
            if tail:
                self.nested[head].append(tail)
        self.top = frozenset(top)

    def __contains__(self, name: str) -> bool:
        return name in self.top

    def inside(self, name: str, default: tuple[str, ...], always: str) -> Fields:
        """The fields asked of the members of a list.

        Args:
            name: The list's field.
            default: Fields of a member where none was named.
            always: The field that a member always has.

        Returns:
            The fields of one member.
        """
        return Fields(self.nested.get(name, []), default, always)


def unknown_fields(names: Iterable[str], known: Iterable[str], closed: Iterable[str]) -> list[str]:
    """Names that an endpoint refuses.

    Args:
        names: The names asked for; a dot leads into a list.
        known: The names that exist.
        closed: Those of them that the endpoint does not serve.

    Returns:
        The refused names in the order in which they were asked for.
    """
    known, closed = set(known), set(closed)
    bad = []
    for name in names:
        head, _, tail = name.partition(".")
        inner = NESTED.get(head, PAPER_FIELDS if head == "papers" else ())
        if (
            head in closed
            or head not in known
            or (
                tail
                and not (
                    tail.split(".")[0] in inner
                    or (head == "embedding" and tail.startswith("specter"))
                )
            )
        ):
            bad.append(name)
    return bad


class Records:
    """Papers and authors as the service would write them."""

    def __init__(self, catalogue: Catalogue, graph: Graph) -> None:
        self._catalogue, self.graph = catalogue, graph

    def paper(self, position: int, fields: Fields) -> dict[str, Any]:
        """The asked fields of one paper, in the service's order."""
        paper = self._catalogue.papers[position]
        row = {
            name: self._value(position, paper, name, fields)
            for name in PAPER_FIELDS
            if name in fields and name not in LISTS
        }
        if fields.null:
            row = {name: row[name] if name in ("paperId", "title") else None for name in row}
        return {**row, "unheardOf": {"sandbox": True}} if fields.added else row

    def _value(self, position: int, paper: Paper, name: str, fields: Fields) -> Any:
        if name == "authors":
            inner = fields.inside(name, ("authorId", "name"), "authorId")
            return [self.author(a, inner) for a in paper.s2_authors or paper.authors]
        if name == "citationCount":
            return self._catalogue.count(paper)
        if name == "influentialCitationCount":
            return self._catalogue.count(paper) // 12
        if name == "referenceCount":
            return len(self.graph.references(position))
        return _VALUES[name](paper)

    def value(self, position: int, name: str) -> Any:
        """One field of a paper."""
        return self.paper(position, Fields([name], (), name))[name]

    def author(self, name: str, fields: Fields) -> dict[str, Any]:
        """The asked fields of one author."""
        positions = self._catalogue.by_author.get(author_id(name), []) if _counts(fields) else []
        papers = [self._catalogue.papers[i] for i in positions]
        cited = sorted(map(self._catalogue.count, papers), reverse=True)
        values: dict[str, Any] = {
            "authorId": author_id(name),
            "externalIds": {},
            "url": f"https://www.semanticscholar.org/author/{author_id(name)}",
            "name": name,
            "aliases": None,
            "affiliations": [],
            "homepage": None,
            "paperCount": len(positions),
            "citationCount": sum(cited),
            "hIndex": sum(count >= rank for rank, count in enumerate(cited, 1)),
        }
        record = {key: values[key] for key in AUTHOR_FIELDS[:-1] if key in fields}
        if "papers" in fields:
            inner = fields.inside("papers", ("paperId", "title"), "paperId")
            record["papers"] = [self.paper(i, inner) for i in positions]
        return record


def _counts(fields: Fields) -> bool:
    return any(name in fields for name in ("papers", "paperCount", "citationCount", "hIndex"))


def title_of(paper: Paper) -> str:
    """The title as Semantic Scholar has it."""
    return paper.s2_title or paper.title


def _external_ids(paper: Paper) -> dict[str, str | int]:
    ids: dict[str, str | int] = {}
    arxiv = paper.arxiv if paper.s2_arxiv else None
    if arxiv:
        ids["ArXiv"] = arxiv
        if "/" not in arxiv:
            ids["DBLP"] = f"journals/corr/abs-{arxiv.replace('.', '-')}"
    if paper.doi or arxiv:
        ids["DOI"] = paper.doi or f"10.48550/arXiv.{arxiv}"
    ids.update(medical_ids(paper))
    ids["CorpusId"] = paper.corpus_id
    return ids


def _venue(paper: Paper) -> str:
    return paper.venue or ("arXiv.org" if paper.arxiv and paper.s2_arxiv else "")


def _date(paper: Paper) -> str | None:
    """The arXiv day even for a published paper, as the service often has it."""
    return paper.published[:10] if paper.arxiv else None


def _journal(paper: Paper) -> dict[str, str] | None:
    if paper.venue:
        volume, first = number(paper.key, "volume") % 60 + 1, number(paper.key, "pages") % 9000 + 1
        # Of the recorded journals half have pages, a tenth neither pages nor a volume.
        return [
            {"name": paper.venue},
            {"name": paper.venue, "volume": str(volume)},
            {"name": paper.venue, "pages": f"{first}-{first + 11}", "volume": str(volume)},
        ][min(2, number(paper.key, "journal") % 5)]
    if paper.arxiv:
        return {"name": "ArXiv", "volume": f"abs/{paper.arxiv}"}
    return None


def _publication_venue(paper: Paper) -> dict[str, Any] | None:
    if not paper.venue:
        return None
    mark = f"{number(paper.venue, 'venue'):012x}"
    return {
        "id": f"00000000-0000-4000-8000-{mark}",
        "name": paper.venue,
        "type": "conference",
        "alternate_names": [],
        "url": None,
    }


def _studies(paper: Paper) -> list[str]:
    archives = [c.split(".")[0] for c in paper.categories] or ["cs"]
    studies = [
        "Physics" if archive.startswith(PHYSICS) else STUDIES.get(archive, "Computer Science")
        for archive in archives
    ]
    return list(dict.fromkeys(studies))


def _bibtex(paper: Paper) -> dict[str, str]:
    names = paper.s2_authors or paper.authors
    last = "".join(c for c in names[0].split()[-1] if c.isalpha()) if names else "Anonymous"
    initials = "".join(word[0].upper() for word in title_of(paper).split()[:3] if word[0].isalnum())
    lines = [
        f"@Article{{{last}{paper_year(paper)}{initials},",
        f" author = {{{' and '.join(names)}}},",
        f" booktitle = {{{_venue(paper)}}},",
        f" title = {{{title_of(paper)}}},",
        f" year = {{{paper_year(paper)}}}",
    ]
    return {"bibtex": "\n".join(lines) + "\n}\n"}


_VALUES: dict[str, Callable[[Paper], Any]] = {
    "paperId": lambda p: p.sha,
    "externalIds": _external_ids,
    "corpusId": lambda p: p.corpus_id,
    "publicationVenue": _publication_venue,
    "url": lambda p: f"https://www.semanticscholar.org/paper/{p.sha}",
    "title": title_of,
    "abstract": lambda p: p.text if p.s2_abstract else None,
    "venue": _venue,
    "year": paper_year,
    "isOpenAccess": lambda p: bool(access(p)["url"]),
    "openAccessPdf": access,
    "fieldsOfStudy": _studies,
    "s2FieldsOfStudy": lambda p: [{"category": c, "source": "s2-fos-model"} for c in _studies(p)],
    "publicationTypes": lambda p: ["JournalArticle", "Conference"] if p.venue else None,
    "publicationDate": _date,
    "journal": _journal,
    "citationStyles": _bibtex,
    "embedding": lambda p: {"model": "sandbox", "vector": [number(p.key, "x") % 1000 / 1000] * 8},
    "tldr": lambda p: {"model": "sandbox", "text": f"Sandbox text: {title_of(p)}."},
}
