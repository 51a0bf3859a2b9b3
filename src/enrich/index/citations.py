"""Bibliographies from Semantic Scholar's `citations` dump: what papers reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from enrich.index.compose import Row
from enrich.index.corpus import Corpus
from enrich.papers.references import ReferenceList
from enrich.records import Identifiers, Reference

# A row of an older part is replaced by that of a newer one with the same citation id. Rows without
# an id are all different.
_EDGES = """
    select s2_corpus_id, cited_corpus_id, part from s2_citation
    where s2_corpus_id in ({})
    qualify citation_id is null
        or row_number() over (partition by citation_id order by part desc, row desc) = 1
    order by s2_corpus_id, part, row"""


@dataclass(frozen=True, slots=True)
class Edge:
    """One paper citing another, None where the service could not resolve the other."""

    citing: int
    cited: int | None
    part: int


def edges_of(corpus: Corpus, citing: Sequence[int]) -> list[Edge]:
    """The citations of papers, given by corpus id, in the order of the dump."""
    if not corpus.parts_of("s2_citation") or not citing:
        return []
    # Constants, unlike a join, are compared with the statistics of each row group.
    edges = corpus.con.sql(_EDGES.format(", ".join(str(int(one)) for one in citing)))
    return [Edge(*row) for row in edges.fetchall()]


def reference_lists(
    edges: Iterable[Edge],
    counts: Mapping[int, int],
    works: Mapping[object, Row],
    shas: Mapping[int, str],
    days: Mapping[int, datetime],
) -> dict[int, ReferenceList]:
    """The reference lists of papers, by corpus id.

    A paper without a citation is left out, whatever its count: the dump does not say whether it has
    none or its publisher withholds them.

    Args:
        edges: The citations of the papers.
        counts: How many references a paper has, where that is known.
        works: Rows of `s2_papers` by corpus id.
        shas: The primary paper id by corpus id.
        days: The release day of each part.

    Returns:
        `complete` lists, and `failed` ones that are shorter than the count.
    """
    lists: dict[int, list[Reference]] = {}
    parts: dict[int, int] = {}
    for edge in edges:
        lists.setdefault(edge.citing, []).append(_reference(edge.cited, works, shas))
        parts[edge.citing] = edge.part
    return {
        citing: ReferenceList(
            "complete" if len(references) >= counts.get(citing, 0) else "failed",
            days[parts[citing]],
            tuple(references),
        )
        for citing, references in lists.items()
    }


def _reference(
    cited: int | None, works: Mapping[object, Row], shas: Mapping[int, str]
) -> Reference:
    row = works.get(cited)
    if cited is None or row is None:
        return Reference(None, Identifiers(s2_paper_id=shas.get(cited or 0), s2_corpus_id=cited))
    kinds = ("arxiv_id", "doi", "acl_id", "dblp_id", "pmid", "mag_id")
    return Reference(
        title=row["title"],
        ids=Identifiers(
            s2_paper_id=shas.get(cited) or row["s2_paper_id"],
            s2_corpus_id=cited,
            **{kind: row[kind] for kind in kinds},
        ),
        year=row["year"],
        venue=row["venue"],
        citation_count=row["citation_count"],
        authors=tuple(row["authors"] or ()),
    )
