"""Semantic Scholar's Graph API v1: papers, batches, searches, citations and authors."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from enrich.sandbox.answers import Answer, Call, found, refused
from enrich.sandbox.catalogue import Catalogue, number
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.s2_bulk import BulkQuery
from enrich.sandbox.s2_records import (
    AUTHOR_FIELDS,
    EDGE_FIELDS,
    LISTS,
    PAPER_FIELDS,
    Fields,
    Records,
    unknown_fields,
)
from enrich.sandbox.s2_search import MATCH_SHARE, SEARCH_SHARE, ranked
from enrich.sandbox.words import words

BASE = "/graph/v1"
BATCH_MOST, AUTHOR_BATCH_MOST, BULK_PAGE, BODY_MOST = 500, 1000, 1000, 10_000_000
PAPER_DEFAULT, AUTHOR_DEFAULT = ("paperId", "title"), ("authorId", "name")
_FILTERS = {
    "publicationTypes", "openAccessPdf", "minCitationCount", "publicationDateOrYear", "year",
    "venue", "fieldsOfStudy",
}  # fmt: skip
_HOSTS = r"(?:www\.)?(?:semanticscholar|arxiv|aclweb|acm|biorxiv)\.org"


class S2Refusal(Exception):
    """A request the service does not serve; carries the answer."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.answer = refused(status, error=error)


class SemanticScholar:
    """Answers under `/graph/v1` over a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._records = Records(catalogue)
        self._authors: dict[str, str] | None = None

    def answer(self, call: Call, deviations: Deviations) -> Answer:
        """The answer to one call."""
        path = call.path.removeprefix(BASE).strip("/")
        handler, ident = self._route(path, call.method)
        if handler is None:
            return refused(404, error="Not Found") if ident else refused(404, message="Not Found")
        try:
            return handler(call, unquote(ident), deviations)
        except S2Refusal as refusal:
            return refusal.answer

    def _route(
        self, path: str, method: str
    ) -> tuple[Callable[[Call, str, Deviations], Answer] | None, str]:
        exact: dict[tuple[str, str], Callable[[Call, str, Deviations], Answer]] = {
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
        if kind == "paper":
            inner = {"citations": self._edges, "references": self._edges,
                     "authors": self._paper_authors}  # fmt: skip
            return (inner[tail], ident) if tail in inner and head else (self._paper, ident)
        if kind == "author":
            return (self._author_papers, head) if tail == "papers" and head else (
                self._author, ident)  # fmt: skip
        return None, ident

    # papers

    def _paper(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        position = self._found(ident, deviations)
        fields = _paper_fields(call, deviations, {"fields"})
        return found(self._records.paper(position, fields))

    def _batch(self, call: Call, _: str, deviations: Deviations) -> Answer:
        ids = _ids(call, deviations.s2_batch_max or BATCH_MOST)
        fields = _paper_fields(call, deviations, {"fields"})
        if any(ident.endswith(":") for ident in ids):
            raise S2Refusal(400, "No valid paper ids given")
        positions = [self._position(ident, deviations) for ident in ids]
        if all(position is None for position in positions):
            raise S2Refusal(400, "No valid paper ids given")
        if deviations.s2_unknown_fails and None in positions:
            raise S2Refusal(400, f"Paper with id {ids[positions.index(None)]} not found")
        rows = [None if p is None else self._records.paper(p, fields) for p in positions]
        if deviations.s2_unknown_dropped:
            rows = [row for row in rows if row is not None]
        if deviations.s2_batch_shuffled:
            rows.sort(key=lambda row: number(json.dumps(row), "shuffle"))
        return found(rows)

    def _search(self, call: Call, _: str, deviations: Deviations) -> Answer:
        query = _wanted(call, "query")
        fields = _paper_fields(call, deviations, {"query", "offset", "limit", *_FILTERS}, LISTS)
        offset, limit = _window(call, 100)
        if offset + limit >= 1000 and offset:
            raise S2Refusal(
                400,
                "Relevance search offset + limit must be < 1000. "
                "Consider '/paper/search/bulk' instead.",
            )
        if "-" in query:  # the service finds nothing for hyphenated words
            query = re.sub(r"\w+-[\w-]+", "\x00", query)
        hits = ranked(query, self._catalogue.s2_titles, SEARCH_SHARE) if "\x00" not in query else []
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
        query = _wanted(call, "query")
        fields = _paper_fields(call, deviations, {"query", "offset", "limit", *_FILTERS}, LISTS)
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
        fields = _paper_fields(call, deviations, known, closed)
        query = BulkQuery(call.get("query"), loose=deviations.s2_bulk_phrase_loose)
        if deviations.s2_bulk_or_refused and query.has_or:
            raise S2Refusal(400, f"Unacceptable query params: [query={call.get('query')}]")
        if deviations.s2_bulk_max_terms and query.terms > deviations.s2_bulk_max_terms:
            raise S2Refusal(400, f"Unacceptable query params: [query={call.get('query')}]")
        if deviations.s2_bulk_or_empty and query.has_or:
            return found({"total": 0, "token": None, "data": []})
        positions = query.positions(self._catalogue.s2_titles, self._catalogue.abstracts)
        rows = self._filtered(call, _sorted(self._catalogue, positions, call.get("sort")))
        start = _token_start(call.get("token"))
        page, end = rows[start : start + BULK_PAGE], start + BULK_PAGE
        token = _token(end) if end < len(rows) else None
        data = [self._records.paper(i, fields) for i in page]
        return found({"total": len(rows), "token": token, "data": data})

    def _edges(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        ident, _, kind = ident.rpartition("/")
        position = self._found(ident, deviations)
        names = _field_names(call)
        plain = [name for name in names if name not in EDGE_FIELDS]
        if bad := unknown_fields(plain, PAPER_FIELDS, LISTS):
            raise _bad_fields(bad)
        _known_params(call, {"fields", "offset", "limit"})
        offset, limit = _window(call, 1000)
        if offset + limit >= 10_000:
            raise S2Refusal(400, "offset + limit must be < 10000")
        related = self._records.related(position, kind)
        if related is None:
            return found({"data": None, "citingPaperInfo": {"openAccessPdf": {"disclaimer": (
                "The references are withheld by the publisher (sandbox text).")}}})  # fmt: skip
        fields = Fields(plain, PAPER_DEFAULT, "paperId")
        page, name = related[offset : offset + limit], (
            "citingPaper" if kind == "citations" else "citedPaper")  # fmt: skip
        edge: dict[str, Any] = {"contexts": [], "intents": [], "contextsWithIntent": [],
                                "isInfluential": False}  # fmt: skip
        shown = {key: edge[key] for key in EDGE_FIELDS if key in names}
        body: dict[str, Any] = {"offset": offset}
        if offset + limit < len(related):
            body["next"] = offset + limit
        body["data"] = [{**shown, name: self._records.paper(i, fields)} for i in page]
        return found(body)

    def _paper_authors(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        position = self._found(ident.rpartition("/")[0], deviations)
        fields = _author_fields(call, {"fields", "offset", "limit"})
        paper = self._catalogue.papers[position]
        names = paper.s2_authors or paper.authors
        return _paged(call, [self._records.author(name, fields) for name in names], total=False)

    # authors

    def _author(self, call: Call, ident: str, _: Deviations) -> Answer:
        name = self._name(ident)
        return found(self._records.author(name, _author_fields(call, {"fields"})))

    def _author_papers(self, call: Call, ident: str, deviations: Deviations) -> Answer:
        self._name(ident)
        fields = _paper_fields(call, deviations, {"fields", "offset", "limit"})
        positions = self._catalogue.by_author[ident]
        return _paged(call, [self._records.paper(i, fields) for i in positions], total=False)

    def _author_batch(self, call: Call, _: str, __: Deviations) -> Answer:
        ids = _ids(call, AUTHOR_BATCH_MOST)
        fields = _author_fields(call, {"fields"})
        names = self._names()
        rows = [self._records.author(names[i], fields) if i in names else None for i in ids]
        if not any(rows):
            raise S2Refusal(400, "No valid author ids given")
        return found(rows)

    def _author_search(self, call: Call, _: str, __: Deviations) -> Answer:
        asked = set(words(_wanted(call, "query")))
        fields = _author_fields(call, {"fields", "query", "offset", "limit"})
        names = [name for name in self._names().values() if asked <= set(words(name))]
        return _paged(call, [self._records.author(name, fields) for name in names], total=True)

    def _names(self) -> dict[str, str]:
        if self._authors is None:
            from enrich.sandbox.catalogue import author_id

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
        position = self._position(ident, deviations)
        if position is None:
            raise S2Refusal(404, f"Paper with id {ident} not found")
        return position

    def _position(self, ident: str, deviations: Deviations) -> int | None:
        index = self._catalogue.by_s2_id
        if re.fullmatch(r"[0-9a-fA-F]{40}", ident):
            return index.get(f"sha:{ident.lower()}")
        if ident.startswith("10."):
            return index.get(f"doi:{ident.lower()}")
        prefix, _, rest = ident.partition(":")
        prefix, rest = prefix.lower(), rest.lower()
        if prefix == "url":
            return self._from_url(rest, deviations)
        if prefix == "arxiv" and deviations.s2_versions_resolved:
            rest = re.sub(r"v\d+$", "", rest)
        return index.get(f"{prefix}:{rest}")

    def _from_url(self, url: str, deviations: Deviations) -> int | None:
        match = re.fullmatch(rf"https?://{_HOSTS}/(.+)", url)
        if match is None:
            return None
        if sha := re.search(r"[0-9a-f]{40}", match[1]):
            return self._catalogue.by_s2_id.get(f"sha:{sha[0]}")
        rest = re.sub(r"^(?:abs|pdf|html)/|\.pdf$", "", match[1])
        return self._position(f"arxiv:{rest}", deviations)

    def _filtered(self, call: Call, positions: Sequence[int]) -> list[int]:
        """Of these, what Semantic Scholar has and the request's filters let through."""
        papers = self._catalogue.papers
        rows = [i for i in positions if papers[i].s2]
        if years := call.get("year"):
            first, dash, last = years.partition("-")
            low = int(first) if first.isdigit() else 0
            high = int(last) if last.isdigit() else (9999 if dash else low)
            rows = [
                i for i in rows if low <= (papers[i].year or int(papers[i].published[:4])) <= high
            ]
        if least := call.get("minCitationCount"):
            rows = [i for i in rows if papers[i].count >= int(least)]
        if venues := call.get("venue"):
            named = {venue.strip().lower() for venue in venues.split(",")}
            rows = [i for i in rows if (papers[i].venue or "arxiv.org").lower() in named]
        return rows


def _known_params(call: Call, known: set[str]) -> None:
    bad = [f"{name}={value}" for name, value in call.params if name not in known]
    if bad:
        raise S2Refusal(400, f"Unacceptable query params: [{', '.join(bad)}]")


def _field_names(call: Call) -> list[str]:
    return [name.strip() for name in call.get("fields").split(",") if name.strip()]


def _bad_fields(bad: list[str]) -> S2Refusal:
    return S2Refusal(400, f"Unrecognized or unsupported fields: [{', '.join(bad)}]")


def _paper_fields(
    call: Call, deviations: Deviations, params: set[str], closed: Sequence[str] = ()
) -> Fields:
    names = _field_names(call)
    known = set(PAPER_FIELDS)
    if deviations.s2_fields_refused:
        known -= {"externalIds"}
    if bad := unknown_fields(names, known, closed):
        raise _bad_fields(bad)
    _known_params(call, {"fields", *params})
    if deviations.s2_fields_missing:
        gone = {"externalIds", "abstract", "citationCount"}
        names = [name for name in names if name not in gone]
    return Fields(names, PAPER_DEFAULT, "paperId")


def _author_fields(call: Call, params: set[str]) -> Fields:
    names = _field_names(call)
    if bad := unknown_fields(names, AUTHOR_FIELDS, ()):
        raise _bad_fields(bad)
    _known_params(call, params)
    return Fields(names, AUTHOR_DEFAULT, "authorId")


def _wanted(call: Call, name: str) -> str:
    value = call.get(name)
    if not value.strip():
        raise S2Refusal(400, f"Missing required parameter: '{name}'")
    return value


def _ids(call: Call, most: int) -> list[str]:
    try:
        ids = json.loads(call.body)["ids"]
        assert isinstance(ids, list) and all(isinstance(i, str) for i in ids)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise S2Refusal(400, 'Invalid request body, expected {"ids": [...]}') from None
    if len(ids) > most or len(call.body) > BODY_MOST:
        raise S2Refusal(400, f"Too many ids: at most {most} are allowed")
    return ids


def _window(call: Call, most: int) -> tuple[int, int]:
    values = []
    for name, default in (("offset", 0), ("limit", 100)):
        text = call.get(name) or str(default)
        if not text.isdigit() or (name == "limit" and not 0 < int(text) <= most):
            raise S2Refusal(400, f"Unacceptable query params: [{name}={text}]")
        values.append(int(text))
    return values[0], values[1]


def _paged(call: Call, rows: list[Any], total: bool) -> Answer:
    offset, limit = _window(call, 1000)
    body: dict[str, Any] = {"total": len(rows)} if total else {}
    body["offset"] = offset
    if offset + limit < len(rows):
        body["next"] = offset + limit
    return found({**body, "data": rows[offset : offset + limit]})


def _sorted(catalogue: Catalogue, positions: set[int], sort: str) -> list[int]:
    name, _, order = (sort or "paperId:asc").partition(":")
    keys: dict[str, Callable[[int], Any]] = {
        "paperId": lambda i: catalogue.papers[i].sha,
        "citationCount": lambda i: (catalogue.papers[i].count, catalogue.papers[i].sha),
        "publicationDate": lambda i: (catalogue.papers[i].published, catalogue.papers[i].sha),
    }
    if name not in keys or order not in ("", "asc", "desc"):
        raise S2Refusal(400, f"Unacceptable query params: [sort={sort}]")
    return sorted(positions, key=keys[name], reverse=order == "desc")


def _token(start: int) -> str:
    return base64.b32encode(f"sandbox:{start}".encode()).decode().rstrip("=")


def _token_start(token: str) -> int:
    if not token:
        return 0
    try:
        text = base64.b32decode(token + "=" * (-len(token) % 8)).decode()
        return int(text.removeprefix("sandbox:"))
    except ValueError:
        raise S2Refusal(400, f"Unacceptable query params: [token={token}]") from None
