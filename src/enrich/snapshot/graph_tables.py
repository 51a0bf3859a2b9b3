"""Build the tables `references` and `suggestions`, and read them back as records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from enrich.graph.matching import KnownWorks, known_works
from enrich.graph.resemblance import Subject, main_categories
from enrich.graph.suggestions import Suggestion, recommended, suggest
from enrich.records import Identifiers, ListRun, Recommendation, Reference
from enrich.snapshot.carry_forward import with_rows
from enrich.snapshot.schema import TABLES, Tables

# Column of `references` -> field of Identifiers.
_CITED = {
    "cited_s2_paper_id": "s2_paper_id",
    "cited_s2_corpus_id": "s2_corpus_id",
    "cited_arxiv_id": "arxiv_id",
    "cited_doi": "doi",
}


def references_table(
    run: ListRun, snapshot: str, papers: pa.Table, known: KnownWorks, previous: Tables | None
) -> pa.Table:
    """The table `references`; lists that could not be asked for are carried forward.

    Args:
        run: The run that is published, with its references.
        snapshot: Name of the snapshot.
        papers: The snapshot's table `papers`.
        known: The works of the list.
        previous: Tables of the previous snapshot, None for the first.
    """
    answers = run.references or {}
    rows = [
        (paper_id, position, work)
        for paper_id in papers["paper_id"].to_pylist()
        for position, work in enumerate(answers.get(paper_id, ()))
    ]
    observed = {p.paper_id: p.references_observed_at for p in run.papers}
    columns: dict[str, Sequence[Any]] = {
        "list": [run.list_slug] * len(rows),
        "snapshot": [snapshot] * len(rows),
        "paper_id": [paper_id for paper_id, _, _ in rows],
        "position": [position for _, position, _ in rows],
        **{
            column: [getattr(work.ids, name) for _, _, work in rows]
            for column, name in _CITED.items()
        },
        "cited_paper_id": [known.paper_of(work.ids, work.title) for _, _, work in rows],
        "is_resolved": [work.is_resolved for _, _, work in rows],
        "observed_at": [observed.get(paper_id) for paper_id, _, _ in rows],
        **{
            name: [getattr(work, name) or None for _, _, work in rows]
            for name in ("title", "authors", "year", "venue")
        },
        "citation_count": [work.citation_count for _, _, work in rows],
    }
    schema = TABLES["references"]
    table = pa.table([pa.array(columns[f.name], f.type) for f in schema], schema=schema)
    return _with_earlier(table, snapshot, papers, previous)


def _with_earlier(
    table: pa.Table, snapshot: str, papers: pa.Table, previous: Tables | None
) -> pa.Table:
    """The table with the previous references of papers that could not be asked for now."""
    if previous is None or "references" not in previous:
        return table
    listed = papers.filter(pc.fill_null(pc.greater(papers["references_known"], 0), False))
    missing = set(listed["paper_id"].to_pylist()) - set(table["paper_id"].to_pylist())
    last = previous["references"]
    rows = last.filter(pc.is_in(last["paper_id"], pa.array(sorted(missing), pa.string())))
    return with_rows(table, rows, snapshot)


def reference_lists(references: pa.Table) -> dict[str, list[Reference]]:
    """The bibliographies of a table `references`, by paper_id."""
    lists: dict[str, list[Reference]] = {}
    for row in references.to_pylist():
        work = Reference(
            title=row["title"],
            ids=Identifiers(**{name: row[column] for column, name in _CITED.items()}),
            year=row["year"],
            venue=row["venue"],
            citation_count=row["citation_count"],
            authors=tuple(row["authors"] or ()),
        )
        lists.setdefault(row["paper_id"], []).append(work)
    return lists


def works_of(papers: pa.Table, entries: pa.Table) -> KnownWorks:
    """The works of a list, from its tables."""
    return known_works(
        papers.select(["paper_id", "title", "aliases"]).to_pylist(),
        entries.select(["title", "paper_id"]).to_pylist(),
    )


def subject_of(tables: Tables) -> Subject:
    """What a list is about, from its tables `entries` and `papers`."""
    columns = ["title", "abstract", "arxiv_primary_category"]
    papers = [row for row in tables["papers"].select(columns).to_pylist() if row["title"]]
    return Subject(
        main_categories(row["arxiv_primary_category"] for row in papers),
        tuple(row["title"] for row in papers),
        tuple(f"{row['title']} {row['abstract'] or ''}" for row in papers),
        works_of(tables["papers"], tables["entries"]),
    )


def suggestions_of(
    tables: Tables, declined: Collection[str], recommendations: Iterable[Recommendation] = ()
) -> list[Suggestion]:
    """What a list is missing, from its tables `entries`, `papers` and `references`.

    Args:
        tables: Tables of one snapshot.
        declined: Keys of works that the owner does not want.
        recommendations: What Semantic Scholar recommended, best first.
    """
    sections: dict[str, str] = {}
    entries = tables["entries"].select(["paper_id", "section"]).to_pylist()
    for row in entries:
        if row["paper_id"] and row["section"]:
            sections.setdefault(row["paper_id"], " / ".join(row["section"]))
    known = works_of(tables["papers"], tables["entries"])
    lists = reference_lists(tables["references"])
    cited = suggest(
        lists,
        known,
        papers=len(tables["papers"]),
        sections=sections,
        declined=declined,
    )
    return [*cited, *recommended(recommendations, known, declined, len(lists))]


def suggestions_table(
    suggestions: Iterable[Suggestion],
    keys: tuple[str, str],
    now: datetime,
    previous: Tables | None,
) -> pa.Table:
    """The table `suggestions`.

    Args:
        suggestions: In order; each group is ranked by itself.
        keys: Names of the list and of the snapshot.
        now: Time of the run.
        previous: Tables of the previous snapshot, for when a work was first suggested.
    """
    found = list(suggestions)
    # A work keeps the day on which it was first suggested.
    first = _first_seen(previous)
    ranks: dict[str, int] = {}
    rows: list[Mapping[str, Any]] = []
    for s in found:
        ranks[s.group] = ranks.get(s.group, 0) + 1
        rows.append(
            {
                "list": keys[0],
                "snapshot": keys[1],
                "rank": ranks[s.group],
                "group": s.group,
                "s2_paper_id": s.work.ids.s2_paper_id,
                "arxiv_id": s.work.ids.arxiv_id,
                "doi": s.work.ids.doi,
                "title": s.work.title,
                "authors": s.work.authors or None,
                "year": s.work.year,
                "venue": s.work.venue,
                "citation_count": s.work.citation_count,
                "cited_by": s.cited_by or None,
                "cited_by_count": len(s.cited_by),
                "papers_with_references": s.known,
                "section": s.section,
                "score": s.score,
                "reason": s.reason,
                "first_seen": s.seen[0]
                if s.seen
                else min(first.get(s.work.ids.s2_paper_id, now), now),
                "last_seen": s.seen[1] if s.seen else now,
            }
        )
    return pa.Table.from_pylist(rows, TABLES["suggestions"])


def _first_seen(previous: Tables | None) -> dict[str | None, datetime]:
    if previous is None or "suggestions" not in previous:
        return {}
    last = previous["suggestions"].select(["s2_paper_id", "first_seen"]).to_pydict()
    return dict(zip(last["s2_paper_id"], last["first_seen"], strict=True))
