"""Semantic Scholar's citation graph: references of many papers, and recommendations.

https://api.semanticscholar.org/api-docs/graph and /recommendations. Limits of the batch endpoint,
of pages and of recommendations as documented there on 2026-11-27.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from enrich.clock import Clock
from enrich.errors import BadAnswer
from enrich.papers.identifiers import wire_id
from enrich.papers.references import ReferenceList
from enrich.records import Reference
from enrich.services.connection import Connection
from enrich.services.control import ControlPaper
from enrich.services.fields import Faults, FieldReader
from enrich.services.http import Body
from enrich.services.s2_graph_rows import Bibliography, bibliography_of, is_elided, reference_of
from enrich.services.s2_requests import SERVICE, S2Requests, parsed, rows_of
from enrich.store import Store
from enrich.store.references import keep_references

# The service's bound on one page is 1,000, and offset + limit must stay below 10,000.
PAGE, WINDOW = 1_000, 9_999
# No maximum is documented for positive ids; nobody shows more than a few dozen.
MOST_SEEDS = 100
# The service's bound on one answer.
RECOMMENDED = 500
_WORK = (
    "paperId", "corpusId", "externalIds", "title", "year", "venue", "citationCount", "authors",
)  # fmt: skip
_NESTED = ("corpusId", "referenceCount", *(f"references.{name}" for name in _WORK))


class S2Graph(S2Requests):
    """One run's questions about references and recommendations."""

    def __init__(self, base_url: str, connection: Connection, store: Store, clock: Clock) -> None:
        super().__init__(base_url, connection, store, clock)
        self._recommendations = recommendations_url(base_url)

    def ask_control(self, endpoint: str, control: ControlPaper) -> bool:
        """Ask one endpoint about a control paper; whether it was in the answer."""
        ident = wire_id(control.key)
        if endpoint == "pages":
            self.ask(endpoint, lambda: self._page_url(ident, 0, 1), lambda body, _: _page(body))
            return True
        if endpoint == "recommendations":
            self.recommend([ident], 1)
            return True
        return self.finds_by_id(endpoint, control)

    # -- references

    def fetch_references(self, paper_ids: Sequence[str]) -> frozenset[str]:
        """Ask for the references of papers, at most 500, and store those that came whole.

        Returns:
            The papers that have to be asked for alone: the answer cut their references short, or
            has no row for them.

        Raises:
            ServiceError: There is no answer.
        """

        def parse(body: Body, faults: Faults) -> dict[str, Bibliography]:
            now = self.clock.now()
            rows = [bibliography_of(row, now, faults) if row else None for row in rows_of(body)]
            found = _pair(paper_ids, rows)
            if not found and rows != [None] * len(paper_ids):
                raise BadAnswer(
                    f"Semantic Scholar answered {len(paper_ids)} papers with no row for any.",
                    SERVICE,
                )
            return found

        found = self.batch("references", _NESTED, list(paper_ids), parse)
        if found:
            self.answers.prove("references")
        whole = {paper_id: row for paper_id, row in found.items() if row.is_whole}
        self._keep({paper_id: self._list_of(row) for paper_id, row in whole.items()})
        return frozenset(paper_ids) - set(whole)

    def fetch_reference_pages(self, paper_id: str, expected: int | None) -> None:
        """Ask for the references of one paper, page by page, and store them.

        Args:
            paper_id: Semantic Scholar's paper id.
            expected: How many references the service counts; fewer are stored as `failed`.

        Raises:
            ServiceError: A page was not answered; nothing is stored.
        """
        references: list[Reference] = []
        offset: int | None = 0
        withheld = False
        while offset is not None and offset < WINDOW:
            url = partial(self._page_url, paper_id, offset, min(PAGE, WINDOW - offset))
            rows, following, withheld = self.ask("pages", url, self._parse_page)
            references += rows
            if following is not None and following <= offset:
                raise BadAnswer("Semantic Scholar's pages of references do not advance.", SERVICE)
            offset = following
        if expected and not references and not withheld:
            raise BadAnswer(
                f"Semantic Scholar counts {expected} references of {paper_id} and shows none.",
                SERVICE,
            )
        self.answers.prove("pages")
        if withheld:
            answer = ReferenceList("elided", self.clock.now())
        else:
            row = Bibliography(paper_id, None, expected or 0, tuple(references), False)
            answer = self._list_of(row)
        self._keep({paper_id: answer})

    def _list_of(self, row: Bibliography) -> ReferenceList:
        now = self.clock.now()
        if row.is_elided:
            return ReferenceList("elided", now)
        if not row.is_whole:
            return ReferenceList("failed", now, row.works)
        return ReferenceList("complete" if row.works else "none_known", now, row.works)

    def _keep(self, lists: Mapping[str, ReferenceList]) -> None:
        keep_references(self.store, lists)
        self.connection.stats.records_fetched += len(lists)

    def _page_url(self, paper_id: str, offset: int, limit: int) -> str:
        query = {"fields": ",".join(_WORK), "offset": offset, "limit": limit}
        ident = quote(paper_id, safe="")
        return f"{self.base_url}/paper/{ident}/references?" + urlencode(query, safe=",")

    def _parse_page(self, body: Body, faults: Faults) -> tuple[list[Reference], int | None, bool]:
        """The works of one page, the offset of the next one, and whether they are withheld."""
        now, page = self.clock.now(), _page(body)
        reader = FieldReader(page, faults)
        notice = reader.row("citingPaperInfo").row("openAccessPdf").text("disclaimer")
        if page.get("data") is None:
            if not is_elided(notice):
                raise BadAnswer("Semantic Scholar's page of references has no data.", SERVICE)
            return [], None, True
        rows = [reference_of(edge.row("citedPaper"), now) for edge in reader.rows("data")]
        return rows, reader.number("next"), False

    # -- recommendations

    def recommend(
        self, paper_ids: Sequence[str], limit: int = RECOMMENDED
    ) -> tuple[Reference, ...]:
        """Recent papers that resemble all of some papers, best first.

        Args:
            paper_ids: At most 100 paper ids that the Graph API has answered: one unknown id fails
                the whole call.
            limit: How many are wanted, at most 500; fewer are normal.

        Raises:
            ServiceError: There is no answer.
        """

        def parse(body: Body, faults: Faults) -> tuple[Reference, ...]:
            answer = parsed(body)
            rows = answer.get("recommendedPapers") if isinstance(answer, dict) else None
            if not isinstance(rows, list):
                raise BadAnswer("Semantic Scholar's answer has no recommended papers.", SERVICE)
            reader, now = FieldReader(answer, faults), self.clock.now()
            return tuple(reference_of(row, now) for row in reader.rows("recommendedPapers"))

        query = urlencode({"fields": ",".join(_WORK), "limit": limit}, safe=",")
        found = self.request(
            "recommendations",
            f"{self._recommendations}/papers/?{query}",
            parse,
            method="POST",
            body={"positivePaperIds": list(paper_ids), "negativePaperIds": []},
        )
        works = tuple(work for work in found if work.is_resolved and work.title)
        if works:
            self.answers.prove("recommendations")
        return works


def recommendations_url(graph_url: str) -> str:
    """The address of the recommendations that belongs to one of the Graph API."""
    root, _, version = graph_url.rpartition("/graph/")
    return f"{root}/recommendations/{version}" if root else f"{graph_url}/recommendations/v1"


def _page(body: Body) -> dict[str, object]:
    page = parsed(body)
    if not isinstance(page, dict) or "data" not in page:
        raise BadAnswer("Semantic Scholar's answer is not a page of references.", SERVICE)
    if not isinstance(page["data"], list | None):
        raise BadAnswer("Semantic Scholar's page of references is not a list.", SERVICE)
    return page


def _pair(paper_ids: Sequence[str], rows: Sequence[Bibliography | None]) -> dict[str, Bibliography]:
    """Rows by the id asked: by what they say of themselves, merged papers by their position."""
    by_id = {row.paper_id: row for row in rows if row is not None and row.paper_id}
    found = {paper_id: by_id[paper_id] for paper_id in paper_ids if paper_id in by_id}
    if len(rows) == len(paper_ids) and _in_place(paper_ids, rows):
        for paper_id, row in zip(paper_ids, rows, strict=True):
            if row is not None and row.paper_id and row.paper_id not in found:
                found.setdefault(paper_id, row)
    return found


def _in_place(paper_ids: Iterable[str], rows: Iterable[Bibliography | None]) -> bool:
    """Whether every row that names a paper asked for has that paper's position."""
    asked = set(paper_ids)
    return all(
        row is None or row.paper_id not in asked or row.paper_id == paper_id
        for paper_id, row in zip(paper_ids, rows, strict=True)
    )
