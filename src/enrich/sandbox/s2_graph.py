"""Citation edges of the Graph API: nested lists in papers, and their own paged endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from enrich.sandbox.answers import Answer, Call, found
from enrich.sandbox.catalogue import Catalogue, number
from enrich.sandbox.graph import Graph, Reference
from enrich.sandbox.s2_access import disclaimer
from enrich.sandbox.s2_records import (
    BASE_FIELDS,
    LISTS,
    Fields,
    Records,
    unknown_fields,
)
from enrich.sandbox.s2_requests import (
    PAPER_DEFAULT,
    S2Refusal,
    bad_fields,
    field_names,
    known_params,
    window,
)

NESTED_MOST = 9_999  # references and citations in one batch; what is over is cut off silently
LISTED_MOST = 1_000  # nested citations of one paper
# Fields of one paper citing another.
EDGE: dict[str, Any] = {
    "contexts": [],
    "intents": [],
    "contextsWithIntent": [],
    "isInfluential": False,
}
# Accepted without an effect, as the service does.
_IGNORED = {"year", "publicationDateOrYear"}


class CitationGraph:
    """Answers about who cites whom."""

    def __init__(self, catalogue: Catalogue, records: Records, graph: Graph) -> None:
        self._catalogue, self._records, self._graph = catalogue, records, graph

    def nest(self, rows: Sequence[tuple[int, dict[str, Any]] | None], fields: Fields) -> None:
        """Add the nested lists to papers' rows, given with their positions.

        Over `NESTED_MOST` members in all, rows come short or empty, and not the last ones.
        """
        names = [name for name in LISTS if name in fields]
        if not names:
            return
        budget = NESTED_MOST
        whole = [row for row in rows if row is not None]
        for position, row in sorted(whole, key=lambda r: number(str(r[1]), "budget")):
            if "openAccessPdf" not in fields:
                row["openAccessPdf"] = {"disclaimer": self._note(position)}
            for name in names:
                inner = fields.inside(name, PAPER_DEFAULT, "paperId")
                members = self._members(position, name)
                row[name] = members and [self._nested(m, inner) for m in members[:budget]]
                budget -= len(row[name] or ())

    def _members(self, position: int, name: str) -> list[Reference] | None:
        if name == "citations":
            citing = self._graph.cited_by.get(position, [])[:LISTED_MOST]
            return [Reference(i) for i in citing]
        if self._graph.is_elided(position):
            return None
        return list(self._graph.served(position))

    def _nested(self, reference: Reference, fields: Fields) -> dict[str, Any]:
        row = self._row(reference, fields)
        if "corpusId" in row and row["corpusId"] is not None:
            row["corpusId"] = str(row["corpusId"])  # a string here, an int in papers
        return row

    def _row(self, reference: Reference, fields: Fields) -> dict[str, Any]:
        if reference.position is not None:
            return self._records.paper(reference.position, fields)
        known: dict[str, Any] = {
            "title": reference.title,
            "year": reference.year,
            "venue": "",
            "authors": [],
        }
        return {name: known.get(name) for name in BASE_FIELDS if name in fields}

    def _note(self, position: int) -> str:
        elided = ["references"] if self._graph.is_elided(position) else []
        return disclaimer(self._catalogue.papers[position], elided)

    def citations(self, call: Call, position: int) -> Answer:
        """`/paper/{id}/citations`."""
        citing = [Reference(i) for i in self._graph.cited_by.get(position, [])]
        return self._page(call, citing, "citingPaper", {})

    def references(self, call: Call, position: int) -> Answer:
        """`/paper/{id}/references`; elided ones are `data: null` without an offset."""
        note = self._note(position)
        pdf = {**self._records.value(position, "openAccessPdf"), "disclaimer": note}
        info = {"openAccessPdf": pdf, "title": self._records.value(position, "title")}
        if self._graph.is_elided(position):
            self._window(call)
            return found({"data": None, "citingPaperInfo": info})
        whole = list(self._graph.references(position))
        return self._page(call, whole, "citedPaper", {"citingPaperInfo": info})

    def _window(self, call: Call) -> tuple[list[str], int, int]:
        names = [n for n in field_names(call) if not n.startswith("citedPaper.references")]
        plain = [name for name in names if name not in EDGE]
        # Names inside a list or an object are refused here, the bare names are not.
        known = [name for name in BASE_FIELDS if name != "authors"]
        bare = [name for name in plain if name != "authors"]
        if bad := unknown_fields(bare, known, LISTS):
            raise bad_fields(bad)
        known_params(call, {"fields", "offset", "limit", *_IGNORED})
        offset, limit = window(call, 1000)
        if offset + limit >= 10_000:
            raise S2Refusal(400, "offset + limit must be < 10000")
        return names, offset, limit

    def _page(self, call: Call, members: list[Reference], end: str, info: dict[str, Any]) -> Answer:
        names, offset, limit = self._window(call)
        fields = Fields([n for n in names if n not in EDGE], PAPER_DEFAULT, "paperId")
        edge = {name: value for name, value in EDGE.items() if name in names}
        body: dict[str, Any] = {"offset": offset, **info}
        if offset + limit < len(members):
            body["next"] = offset + limit
        page = members[offset : offset + limit]
        body["data"] = [{**edge, end: self._row(member, fields)} for member in page]
        return found(body)
