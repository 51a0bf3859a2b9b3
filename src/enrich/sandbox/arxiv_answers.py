"""arXiv's API: validation in the service's order, id_list, search, sorting, paging."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from enrich.sandbox import feeds
from enrich.sandbox.answers import ATOM, HTML, Answer, Call
from enrich.sandbox.arxiv_query import (
    Pair,
    Query,
    QuerySyntaxError,
    Term,
    has_or,
    parse,
    spelled,
    terms,
)
from enrich.sandbox.catalogue import Catalogue, number
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.english import phrase_positions
from enrich.sandbox.feeds import Page, Version
from enrich.sandbox.words import words

SORT_BY = ("relevance", "lastUpdatedDate", "submittedDate")
SORT_ORDER = ("ascending", "descending")
MANUAL = "https://arxiv.org/help/api/user-manual#sort"
MOST = 10_000  # the service answers 500 to a larger page and to a window past it
# A query of more terms is answered with 500.
MOST_TERMS = 400

# Validation only looks for something like an id, so much passes that matches nothing.
_LIKE_AN_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")
# `1811.08383v2`; version 0 does not exist.
_VERSIONED = re.compile(r"(?P<id>.+?)v(?P<version>[1-9]\d*)")


class ArxivRefusal(Exception):
    """A request the service does not serve; carries the answer."""

    def __init__(self, status: int, summary: str, anchor: str = "") -> None:
        super().__init__(summary)
        self.answer = Answer(status, feeds.error(summary, anchor), ATOM)


# As recorded.
INTERNAL_ERROR = (
    "The server encountered an internal error and was unable to complete your request. Either "
    "the server is overloaded or there is an error in the application."
)


class Arxiv:
    """Answers of `/api/query` over a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def answer(self, call: Call, deviations: Deviations) -> Answer:
        """The answer to one call."""
        if call.path.rstrip("/") != "/api/query":
            return Answer(404, b"<html><body><h1>404 Not Found</h1></body></html>", HTML)
        try:
            page, versions = self._page(call, deviations)
        except ArxivRefusal as refusal:
            return refusal.answer
        write = feeds.classic_feed if deviations.arxiv_classic else feeds.feed
        body = write(page, versions)
        if deviations.arxiv_element_added:
            body = body.replace(
                b"  </entry>", b"    <arxiv:unheard_of>x</arxiv:unheard_of>\n  </entry>"
            )
        return Answer(200, body, ATOM)

    def _page(self, call: Call, deviations: Deviations) -> tuple[Page, list[Version]]:
        id_list = call.get("id_list")
        ids = id_list.split(",") if id_list else []
        for given in ids:
            if not _LIKE_AN_ID.search(given):
                raise _malformed(given)
        size = _integer(call, "max_results", 10)
        start = _integer(call, "start", 0)
        sort_by, sort_order = call.get("sortBy", SORT_BY[0]), call.get("sortOrder", "descending")
        if sort_by not in SORT_BY:
            raise ArxivRefusal(400, f"sortBy must be in: {', '.join(SORT_BY)}", MANUAL)
        if sort_order not in SORT_ORDER:
            raise ArxivRefusal(400, f"sortOrder must be in: {', '.join(SORT_ORDER)}", MANUAL)
        query = _query(call.get("search_query").strip())
        if query is None and not ids:
            raise ArxivRefusal(
                400, "Either a search_query or id_list must be specified for the classic API."
            )
        if not 0 < size <= MOST or start + size > MOST:
            raise ArxivRefusal(500, INTERNAL_ERROR)
        _check_deviations(ids, query, self._catalogue, deviations)

        found = self._listed(ids) if ids else None
        if query is not None:
            found = self._matching(query, found, deviations)
        # Sorted before the page is cut, so that pages follow each other.
        ordered = _ordered(found or [], sort_by, sort_order, query)
        asked = spelled(query) if query is not None else ""
        page = Page(asked, id_list, start, size, len(ordered))
        return page, ordered[start : start + size]

    def _listed(self, ids: Iterable[str]) -> list[Version]:
        """The papers of an id_list: exact and case-sensitive; what is unknown is dropped."""
        versions: dict[str, Version] = {}
        for given in ids:
            match = _VERSIONED.fullmatch(given)
            position = self._catalogue.by_arxiv.get(match["id"] if match else given)
            if position is None:
                continue
            paper = self._catalogue.papers[position]
            latest = max(1, len(paper.versions))
            number_asked = int(match["version"]) if match else latest
            if number_asked <= latest:
                version = Version(paper, number_asked)
                versions[version.id] = version
        return list(versions.values())

    def _matching(
        self, query: Query, among: list[Version] | None, deviations: Deviations
    ) -> list[Version]:
        if deviations.arxiv_or_empty and has_or(query):
            return []
        positions = self._positions(query)
        papers = self._catalogue.papers
        if among is None:
            return [
                Version(papers[i], max(1, len(papers[i].versions)))
                for i in positions
                if papers[i].arxiv
            ]
        wanted = {papers[i].arxiv for i in positions}
        return [version for version in among if version.paper.arxiv in wanted]

    def _positions(self, query: Query) -> set[int]:
        if isinstance(query, Pair):
            right = self._positions(query.right)
            if (
                query.operator == "AND"
                and isinstance(query.left, Term)
                and query.left.field == "au"
            ):
                # A few papers instead of the whole catalogue are searched for the name.
                papers, name = self._catalogue.papers, query.left.value
                return {i for i in right if papers[i].arxiv and _names(papers[i].authors, name)}
            left = self._positions(query.left)
            combine: dict[str, Callable[[set[int]], set[int]]] = {
                "AND": left.intersection,
                "OR": left.union,
                "ANDNOT": left.difference,
            }
            return combine[query.operator](right)
        return self._having(query)

    def _having(self, term: Term) -> set[int]:
        value, catalogue = term.value, self._catalogue
        if term.field in ("ti", "abs", "all"):
            found: set[int] = set()
            if term.field != "abs":
                found |= phrase_positions(catalogue.titles, value)
            if term.field != "ti":
                found |= phrase_positions(catalogue.abstracts, value)
            if term.field == "all":
                found |= self._scan(lambda p: _names(p.authors, value))
            return found
        if term.field == "au":
            return self._scan(lambda p: _names(p.authors, value))
        if term.field == "id":
            return {catalogue.by_arxiv[value]} if value in catalogue.by_arxiv else set()
        if term.field == "cat":
            return self._scan(lambda p: value in p.categories)
        if term.field == "doi":
            return self._scan(lambda p: bool(p.arxiv_doi and p.doi == value))
        if term.field == "submittedDate":
            first, last = _days(value)
            return self._scan(lambda p: first <= re.sub(r"\D", "", p.published)[:12] <= last)
        if term.field in ("co", "jr"):
            wanted = words(value)
            field = "comment" if term.field == "co" else "journal_ref"
            return self._scan(lambda p: _contains(words(getattr(p, field) or ""), wanted))
        return set()

    def _scan(self, holds: Callable[..., bool]) -> set[int]:
        return {i for i, paper in enumerate(self._catalogue.papers) if paper.arxiv and holds(paper)}


def _malformed(given: str) -> ArxivRefusal:
    summary = f"incorrect id format for {given}"
    return ArxivRefusal(400, summary, "#" + summary.replace(" ", "_"))


def _integer(call: Call, name: str, default: int) -> int:
    text = call.get(name)
    if text == "":
        return default
    try:
        value = int(text)
    except ValueError:
        summary = f"{name} must be an integer"
    else:
        if value >= 0:
            return value
        summary = f"{name} must be non-negative"
    raise ArxivRefusal(400, summary, "#" + summary.replace(" ", "_"))


def _query(text: str) -> Query | None:
    if not text:
        return None
    try:
        query = parse(text)
    except (QuerySyntaxError, RecursionError):
        raise ArxivRefusal(400, f"Invalid query string: '{text}'") from None
    if len(terms(query)) > MOST_TERMS:
        raise ArxivRefusal(500, INTERNAL_ERROR)
    return query


def _check_deviations(
    ids: list[str], query: Query | None, catalogue: Catalogue, deviations: Deviations
) -> None:
    for given in ids:
        if deviations.arxiv_versions_refused and _VERSIONED.fullmatch(given):
            raise _malformed(given)
        if deviations.arxiv_unknown_fails and not _known(given, catalogue):
            raise _malformed(given)
    if deviations.arxiv_ids_max and len(ids) > deviations.arxiv_ids_max:
        raise ArxivRefusal(400, f"id_list must have at most {deviations.arxiv_ids_max} ids")
    if query is None:
        return
    text = spelled(query)
    too_many = deviations.arxiv_or_max and len(terms(query)) > deviations.arxiv_or_max
    if too_many or (deviations.arxiv_or_refused and has_or(query)):
        raise ArxivRefusal(400, f"Invalid query string: '{text}'")


def _known(given: str, catalogue: Catalogue) -> bool:
    match = _VERSIONED.fullmatch(given)
    return (match["id"] if match else given) in catalogue.by_arxiv


def _ordered(
    found: list[Version], sort_by: str, sort_order: str, query: Query | None
) -> list[Version]:
    """Sorted as asked; relevance without a query is some order, not the request's."""

    def relevance(version: Version) -> tuple[float, int]:
        if query is None:
            return 0.0, number(version.id, "order")
        title = set(words(version.paper.title))
        hits = max(len(title.intersection(words(t.value))) / (1 + len(title)) for t in terms(query))
        return hits, number(version.id, "order")

    keys: dict[str, Callable[[Version], tuple[float, int] | str]] = {
        "relevance": relevance,
        "lastUpdatedDate": lambda version: version.updated,
        "submittedDate": lambda version: version.paper.published,
    }
    return sorted(found, key=keys[sort_by], reverse=sort_order == "descending")


def _names(authors: tuple[str, ...], value: str) -> bool:
    wanted = words(value)
    return any(_contains(words(name), wanted) for name in authors)


def _contains(text: list[str], phrase: list[str]) -> bool:
    """Whether the words of the phrase follow each other in the text."""
    return bool(phrase) and f" {' '.join(phrase)} " in f" {' '.join(text)} "


def _days(text: str) -> tuple[str, str]:
    """`[YYYYMMDDHHMM TO …]` as two 12-digit bounds; * is open."""
    bounds = [re.sub(r"\D", "", part) for part in text.strip("[]").split(" TO ")]
    if len(bounds) != 2:
        raise ArxivRefusal(400, f"Invalid query string: 'submittedDate:{text}'")
    return bounds[0].ljust(12, "0"), bounds[1].ljust(12, "9")
