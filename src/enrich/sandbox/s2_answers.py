"""Semantic Scholar's Graph API v1: routes, papers, batches, searches and authors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

from enrich.sandbox.answers import Answer, Call, found, refused
from enrich.sandbox.catalogue import Catalogue, author_id
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.graph import Graph, paper_year
from enrich.sandbox.s2_bulk import BulkQuery
from enrich.sandbox.s2_graph import CitationGraph
from enrich.sandbox.s2_ids import position_of
from enrich.sandbox.s2_recommendations import RECOMMENDATIONS, Recommendations
from enrich.sandbox.s2_records import LISTS, PAPER_FIELDS, Records
from enrich.sandbox.s2_requests import (
    S2Refusal,
    asked_ids,
    author_fields,
    by_sort,
    paged,
    paper_fields,
    token_for,
    token_start,
    wanted,
    window,
)
from enrich.sandbox.s2_search import MATCH_SHARE, SEARCH_SHARE, ranked
from enrich.sandbox.words import words

BASE = "/graph/v1"
# The service's documented bounds; the last in bytes.
BATCH_MOST, AUTHOR_BATCH_MOST, BULK_PAGE, ANSWER_MOST = 500, 1000, 1000, 10_000_000
# Filters that the search endpoints have in common.
_FILTERS = {
    "publicationTypes", "openAccessPdf", "minCitationCount", "publicationDateOrYear", "year",
    "venue", "fieldsOfStudy",
}  # fmt: skip

Handler = Callable[[Call, str, Deviations], Answer]


class SemanticScholar:
    """Answers under `/graph/v1` and `/recommendations/v1` over a catalogue on one day."""

    def __init__(self, catalogue: Catalogue, today: date | None = None) -> None:
        self._catalogue = catalogue
        today = today or datetime.now(UTC).date()
        graph = Graph(catalogue)
        self._records = Records(catalogue, graph)
        self._edges = CitationGraph(catalogue, self._records, graph)
        self._recommendations = Recommendations(catalogue, self._records, graph, today)
        self._authors: dict[str, str] | None = None

    def answer(self, call: Call, deviations: Deviations) -> Answer:
        """The answer to one call."""
        path = call.path.removeprefix(BASE).strip("/")
        handler, ident = self._route(path, call.method)
        try:
            if call.path.startswith(RECOMMENDATIONS + "/"):
                answer = self._recommendations.answer(call, deviations)
            elif handler is None:
                return (
                    refused(404, error="Not Found") if ident else refused(404, message="Not Found")
                )
            else:
                answer = handler(call, unquote(ident), deviations)
        except S2Refusal as refusal:
            return refusal.answer
        if len(answer.body) > ANSWER_MOST:
            return refused(400, error="Response would exceed maximum size....")
        return answer

    def _route(self, path: str, method: str) -> tuple[Handler | None, str]:
        """Who answers, and the id in the path; ids of papers may hold slashes."""
        exact: dict[tuple[str, str], Handler] = {
            ("GET", "paper/search"): self._search,
            ("GET", "paper/search/match"): self._match,
            ("GET", "paper/search/bulk"): self._bulk,
            ("POST", "paper/batch"): self._batch,
            ("POST", "author/batch"): self._author_batch,
            ("GET", "author/search"): self._author_search,
        }
        if handler := exact.get((method, path)):
            return handler, ""
        kind, _, ident = path.partition("/")
        if method != "GET" or not ident:
            return None, ""
        head, _, tail = ident.rpartition("/")
        inside: dict[tuple[str, str], Handler] = {
            ("paper", "citations"): self._citations,
            ("paper", "references"): self._references,
            ("paper", "authors"): self._paper_authors,
            ("author", "papers"): self._author_papers,
        }
        if head and (handler := inside.get((kind, tail))):
            return handler, head
        return {"paper": self._paper, "author": self._author}.get(kind), ident

    # papers

    def _paper(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        position = self._found(ident, deviations)
        fields = paper_fields(call, deviations, {"fields"})
        row = self._records.paper(position, fields)
        self._edges.nest([(position, row)], fields)
        return found(_in_order(row))

    def _batch(self, call: Call, _: str, deviations: Deviations) -> Answer:
        ids = asked_ids(call, deviations.s2_batch_max or BATCH_MOST)
        fields = paper_fields(call, deviations, {"fields"})
        if any(ident.endswith(":") for ident in ids):
            raise S2Refusal(400, "No valid paper ids given")
        positions = [position_of(self._catalogue, ident, deviations) for ident in ids]
        if all(position is None for position in positions):
            raise S2Refusal(400, "No valid paper ids given")
        if deviations.s2_unknown_fails and None in positions:
            raise S2Refusal(400, f"Paper with id {ids[positions.index(None)]} not found")
        given = [None if p is None else (p, self._records.paper(p, fields)) for p in positions]
        self._edges.nest(given, fields)
        rows = [None if row is None else _in_order(row[1]) for row in given]
        if deviations.s2_unknown_dropped:
            rows = [row for row in rows if row is not None]
        if deviations.s2_batch_shuffled:
            rows = [*rows[1:], *rows[:1]]
        return found(rows)

    def _search(self, call: Call, _: str, deviations: Deviations) -> Answer:
        query = wanted(call, "query")
        fields = paper_fields(call, deviations, {"query", "offset", "limit", *_FILTERS}, LISTS)
        offset, limit = window(call, 100)
        if offset + limit >= 1000:
            raise S2Refusal(
                400,
                "Relevance search offset + limit must be < 1000. "
                "Consider '/paper/search/bulk' instead.",
            )
        # The service finds nothing for hyphenated words.
        hyphens = re.search(r"\w-\w", query)
        hits = [] if hyphens else ranked(query, self._catalogue.s2_titles, SEARCH_SHARE)
        rows = self._filtered(call, [i for _, i in hits])
        if not rows:
            return found({"total": 0, "offset": offset})
        page = rows[offset : offset + limit]
        if not page:
            raise S2Refusal(400, "Requested data for this limit and/or offset is not available")
        body: dict[str, Any] = {"total": len(rows), "offset": offset}
        if offset + limit < len(rows):
            body["next"] = offset + limit
        return found({**body, "data": [self._records.paper(i, fields) for i in page]})

    def _match(self, call: Call, _: str, deviations: Deviations) -> Answer:
        if deviations.s2_match_gone:
            raise S2Refusal(404, "Not Found")
        query = wanted(call, "query")
        fields = paper_fields(call, deviations, {"query", "offset", "limit", *_FILTERS}, LISTS)
        hits = ranked(query, self._catalogue.s2_titles, MATCH_SHARE)
        kept = set(self._filtered(call, [i for _, i in hits]))
        best = next(((score, i) for score, i in hits if i in kept), None)
        if best is None:
            if deviations.s2_match_empty:
                return found({"data": []})
            raise S2Refusal(404, "Title match not found")
        row = self._records.paper(best[1], fields)
        return found({"data": [{**row, "matchScore": round(best[0], 5)}]})

    def _bulk(self, call: Call, _: str, deviations: Deviations) -> Answer:
        known = {"query", "token", "sort", "offset", "limit", *_FILTERS}
        closed = (*LISTS, "tldr", "embedding")
        fields = paper_fields(call, deviations, known, closed)
        query = BulkQuery(call.get("query"), loose=deviations.s2_bulk_phrase_loose)
        if deviations.s2_bulk_or_refused and query.has_or:
            raise S2Refusal(400, f"Unacceptable query params: [query={call.get('query')}]")
        if deviations.s2_bulk_max_terms and query.terms > deviations.s2_bulk_max_terms:
            raise S2Refusal(400, f"Unacceptable query params: [query={call.get('query')}]")
        if deviations.s2_bulk_or_empty and query.has_or:
            return found({"total": 0, "token": None, "data": []})
        positions = query.positions(self._catalogue.s2_titles, self._catalogue.abstracts)
        rows = self._filtered(call, by_sort(self._catalogue, positions, call.get("sort")))
        # The token holds the position: the sandbox keeps no state between pages.
        start = token_start(call.get("token"))
        page, end = rows[start : start + BULK_PAGE], start + BULK_PAGE
        token = token_for(end) if end < len(rows) else None
        data = [self._records.paper(i, fields) for i in page]
        return found({"total": len(rows), "token": token, "data": data})

    def _citations(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        return self._edges.citations(call, self._found(ident, deviations))

    def _references(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        return self._edges.references(call, self._found(ident, deviations))

    def _paper_authors(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        position = self._found(ident, deviations)
        fields = author_fields(call, {"fields", "offset", "limit"})
        paper = self._catalogue.papers[position]
        names = paper.s2_authors or paper.authors
        return paged(call, [self._records.author(name, fields) for name in names], total=False)

    # authors

    def _author(self, call: Call, ident: str, _: Deviations) -> Answer:
        name = self._name(ident)
        return found(self._records.author(name, author_fields(call, {"fields"})))

    def _author_papers(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        self._name(ident)
        fields = paper_fields(call, deviations, {"fields", "offset", "limit"})
        positions = self._catalogue.by_author[ident]
        return paged(call, [self._records.paper(i, fields) for i in positions], total=False)

    def _author_batch(self, call: Call, _: str, __: Deviations) -> Answer:
        ids = asked_ids(call, AUTHOR_BATCH_MOST)
        fields = author_fields(call, {"fields"})
        names = self._names()
        rows = [self._records.author(names[i], fields) if i in names else None for i in ids]
        if not any(rows):
            raise S2Refusal(400, "No valid author ids given")
        return found(rows)

    def _author_search(self, call: Call, _: str, __: Deviations) -> Answer:
        asked = set(words(wanted(call, "query")))
        fields = author_fields(call, {"fields", "query", "offset", "limit"})
        names = [name for name in self._names().values() if asked <= set(words(name))]
        return paged(call, [self._records.author(name, fields) for name in names], total=True)

    def _names(self) -> dict[str, str]:
        if self._authors is None:
            people = (n for p in self._catalogue if p.s2 for n in p.s2_authors or p.authors)
            self._authors = {author_id(name): name for name in people}
        return self._authors

    def _name(self, ident: str) -> str:
        name = self._names().get(ident)
        if name is None:
            raise S2Refusal(404, f"Author with id {ident} not found")
        return name

    # ids

    def _found(self, ident: str, deviations: Deviations) -> int:
        position = position_of(self._catalogue, ident, deviations)
        if position is None:
            raise S2Refusal(404, f"Paper with id {ident} not found")
        return position

    def _filtered(self, call: Call, positions: Sequence[int]) -> list[int]:
        """Of these, what Semantic Scholar has and the request's filters let through."""
        papers = self._catalogue.papers
        rows = [i for i in positions if papers[i].s2]
        if years := call.get("year"):
            first, dash, last = years.partition("-")
            low = int(first) if first.isdecimal() else 0
            high = int(last) if last.isdecimal() else (9999 if dash else low)
            rows = [i for i in rows if low <= paper_year(papers[i]) <= high]
        if least := call.get("minCitationCount"):
            if not least.isdecimal():
                raise S2Refusal(400, f"Unacceptable query params: [minCitationCount={least}]")
            rows = [i for i in rows if self._catalogue.count(papers[i]) >= int(least)]
        if venues := call.get("venue"):
            named = {venue.strip().lower() for venue in venues.split(",")}
            rows = [i for i in rows if (papers[i].venue or "arxiv.org").lower() in named]
        return rows


def _in_order(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its fields in the service's order."""
    order = {name: k for k, name in enumerate(PAPER_FIELDS)}
    return dict(sorted(row.items(), key=lambda item: order.get(item[0], len(order))))
