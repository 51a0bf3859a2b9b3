"""Semantic Scholar's recommendations API: recent papers that resemble given ones.

The pool is the catalogue's newest papers; `all-cs` is all of computer science. Papers of the same
community come first, then those with many title words in common.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from enrich.sandbox.answers import Answer, Call, found
from enrich.sandbox.catalogue import Catalogue, number
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.graph import Graph
from enrich.sandbox.s2_ids import position_of
from enrich.sandbox.s2_records import BASE_FIELDS, LISTS, Fields, Records, unknown_fields
from enrich.sandbox.s2_requests import (
    PAPER_DEFAULT,
    S2Refusal,
    bad_fields,
    field_names,
    known_params,
)
from enrich.sandbox.words import words

RECOMMENDATIONS = "/recommendations/v1"
POOL_DAYS, LIMIT_MOST = 60, 500
NEWEST = 30  # papers of the pool where the catalogue has none of the last 60 days
# The documented pools; the first is the default.
_FROM = ("recent", "all-cs")


class Recommendations:
    """Answers under `/recommendations/v1` over a catalogue."""

    def __init__(self, catalogue: Catalogue, records: Records, graph: Graph, today: date) -> None:
        self._catalogue, self._records, self._graph = catalogue, records, graph
        self._today = today

    def answer(self, call: Call, deviations: Deviations) -> Answer:
        """The answer to one call; raises S2Refusal."""
        path = call.path.removeprefix(RECOMMENDATIONS).strip("/")
        if path == "papers" and call.method == "POST":
            return self._for_papers(call, deviations)
        if path.startswith("papers/forpaper/") and call.method == "GET":
            ident = unquote(path.removeprefix("papers/forpaper/"))
            return self._for_paper(call, ident, deviations)
        raise S2Refusal(404, "Not Found")

    def _for_papers(self, call: Call, deviations: Deviations) -> Answer:
        try:
            body = json.loads(call.body)
            positive, negative = body["positivePaperIds"], body.get("negativePaperIds") or []
            assert all(isinstance(ident, str) for ident in [*positive, *negative])
        except (ValueError, KeyError, TypeError, AttributeError, AssertionError):
            raise S2Refusal(400, "Invalid request body") from None
        if not positive:
            raise S2Refusal(400, "No positive paper examples given")
        positions = [position_of(self._catalogue, ident, deviations) for ident in positive]
        others = [position_of(self._catalogue, ident, deviations) for ident in negative]
        if None in positions or None in others:
            raise S2Refusal(404, "Input papers not found")
        seeds = [position for position in positions if position is not None]
        unlike = [position for position in others if position is not None]
        return self._ranked(call, seeds, unlike, self._recent(), {"fields", "limit"})

    def _for_paper(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        position = position_of(self._catalogue, ident, deviations)
        if position is None:
            raise S2Refusal(404, f"Paper with id {ident} not found")
        source = call.get("from") or "recent"
        if source not in _FROM:
            raise S2Refusal(
                400, f"Unrecognized value '{source}' for `from`. Restrict to: `{list(_FROM)}`"
            )
        pool = self._recent()
        if source == "all-cs":
            papers = enumerate(self._catalogue.papers)
            pool = [i for i, p in papers if p.s2 and (p.categories or ("cs",))[0][:2] == "cs"]
        return self._ranked(call, [position], [], pool, {"fields", "limit", "from"})

    def _recent(self) -> list[int]:
        papers = self._catalogue.papers
        first = (self._today - timedelta(days=POOL_DAYS)).isoformat()
        last = f"{self._today.isoformat()}T99"
        recent = [i for i, p in enumerate(papers) if p.s2 and first <= p.published <= last]
        if recent:
            return recent
        newest = sorted((p.published, i) for i, p in enumerate(papers) if p.s2 and p.arxiv)
        return [i for _, i in newest[-NEWEST:]]

    def _ranked(
        self, call: Call, seeds: list[int], unlike: list[int], pool: list[int], params: set[str]
    ) -> Answer:
        names = field_names(call)
        if bad := unknown_fields(names, BASE_FIELDS, LISTS):
            raise bad_fields(bad)
        known_params(call, params)
        limit = call.get("limit") or "100"
        if not re.fullmatch(r"\d+", limit) or not 0 < int(limit) <= LIMIT_MOST:
            raise S2Refusal(400, f"Unacceptable query params: [limit={limit}]")
        near = {self._graph.community(i) for i in seeds}
        far = {self._graph.community(i) for i in unlike} - near
        vocabulary = {word for i in seeds for word in words(self._catalogue.papers[i].title)}

        def rank(i: int) -> tuple[float, int]:
            community = self._graph.community(i)
            shared = len(vocabulary.intersection(words(self._catalogue.papers[i].title)))
            score = 3.0 * (community in near) - 3.0 * (community in far) + shared
            return -score, number(self._catalogue.papers[i].key, "recommended")

        # Seeds are not taken out: the service has been seen to recommend them.
        best = sorted(pool, key=rank)[: int(limit)]
        fields = Fields(names, PAPER_DEFAULT, "paperId")
        rows: list[dict[str, Any]] = [self._records.paper(i, fields) for i in best]
        return found({"recommendedPapers": rows})
