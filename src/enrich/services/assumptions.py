"""One tiny question per assumption that the look-up makes about the services.

Each check says what was seen and, where an assumption does not hold, what a run does instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode

from enrich.errors import BadAnswer, Rejected, ServiceError
from enrich.papers.titles import title_key
from enrich.services import Arxiv, Line, SemanticScholar, semantic_scholar
from enrich.services.arxiv_records import Page, read_page
from enrich.services.s2_records import record_of
from enrich.services.title_queries import MAX_URL

State = Literal["holds", "broken", "unasked", "advice"]

# Two papers that will stay, known to both services, with titles that no other text repeats.
KNOWN = {
    "1811.08383": "TSM: Temporal Shift Module for Efficient Video Understanding",
    "1906.03327": "HowTo100M: Learning a Text-Video Embedding by Watching Hundred Million "
    "Narrated Video Clips",
}
ONE, OTHER = KNOWN
# Well-formed, and never given out: numbers of a month that had fewer papers.
_UNKNOWN = [f"0704.{number}" for number in range(9999, 9800, -1)]


@dataclass(frozen=True, slots=True)
class Check:
    """One assumption: `name` says it, `seen` what the service did, `instead` what a run does then.

    `instead` is empty where it holds.
    """

    part: str
    name: str
    state: State
    seen: str
    instead: str = ""


def check_services(arxiv: Arxiv, s2: SemanticScholar, now: datetime) -> list[Check]:
    """Ask both services, within their limits; about fifteen requests in all."""
    of_s2 = _Doctor("semantic_scholar", s2.line, now).semantic_scholar(s2)
    return [*of_s2, *_Doctor("arxiv", arxiv.line, now).arxiv(arxiv)]


class _Doctor:
    """Collects the checks of one service."""

    def __init__(self, part: str, line: Line, now: datetime) -> None:
        self.part, self.line, self.now = part, line, now
        self.checks: list[Check] = []

    def check(self, name: str, instead: str, ask: Callable[[], str | None]) -> bool:
        """`ask` returns what speaks against the assumption, None where nothing does."""
        try:
            against = ask()
        except Rejected as error:
            against = str(error)
        except ServiceError as error:
            self.checks.append(Check(self.part, name, "unasked", str(error), "ask again later"))
            return False
        state: State = "broken" if against else "holds"
        seen = against or "as expected"
        self.checks.append(Check(self.part, name, state, seen, instead if against else ""))
        return not against

    # -- Semantic Scholar

    def semantic_scholar(self, s2: SemanticScholar) -> list[Check]:
        base = s2.base_url
        rows: list[Any] = []

        def post(ids: Sequence[str], fields: Sequence[str] = semantic_scholar.FULL) -> list[Any]:
            url = f"{base}/paper/batch?fields={quote(','.join(fields), safe=',')}"
            told = self._json("batch", "POST", url, {"ids": list(ids)})
            if not isinstance(told, list):
                raise BadAnswer("The answer to a batch is not a list.", self.part)
            return told

        def get(endpoint: str, query: str, fields: str = "title,externalIds") -> dict[str, Any]:
            url = f"{base}/paper/search/{endpoint}?" + urlencode({"query": query, "fields": fields})
            told = self._json(endpoint, "GET", url)
            if not isinstance(told, dict):
                raise BadAnswer("The answer to a search is not an object.", self.part)
            return told

        def reachable() -> str | None:
            post([f"ARXIV:{ONE}"], ("title",))
            return None

        key = "accepts the key" if s2.line.has_key else "answers without a key"
        if not self.check(f"is reachable and {key}", "pending until the next run", reachable):
            return self.checks

        def fields() -> str | None:
            rows.extend(post([f"ARXIV:{OTHER}", f"ARXIV:{ONE}"]))
            got = [row for row in rows if isinstance(row, dict)]
            missing = [
                name
                for name in ("externalIds", "title", "abstract", "authors", "year", "citationCount")
                if not any(row.get(name) for row in got)
            ]
            return f"missing or null: {', '.join(missing)}" if missing else None

        self.check(
            "gives the fields we rely on",
            "fields it refuses are left out; without identifiers arXiv is searched by title",
            fields,
        )

        strange = [record_of(row, self.now)[1] for row in rows if row and row.get("title")]
        self._nothing_new("rows hold only fields that are known here", set().union(*strange))

        def order() -> str | None:
            titles = [title_key((row or {}).get("title") or "") for row in rows]
            wanted = [title_key(KNOWN[one]) for one in (OTHER, ONE)]
            return None if titles == wanted else "the rows come in another order"

        if rows:
            self.check("keeps the order of a batch", "rows are paired by identity", order)

        def unknown() -> str | None:
            told = post([f"ARXIV:{_UNKNOWN[0]}", f"ARXIV:{ONE}"], ("title",))
            if len(told) != 2:
                return f"2 identifiers were answered with {len(told)} rows"
            return (
                None if told.count(None) == 1 else "an unknown identifier was answered with a row"
            )

        self.check(
            "answers an unknown identifier with null",
            "what is left out is asked for again; a refused batch is halved",
            unknown,
        )

        def versioned() -> str | None:
            told = post([f"ARXIV:{ONE}v1", f"ARXIV:{OTHER}"], ("title",))
            return "it finds the paper" if told[0] else None

        self.check(
            "does not know arXiv ids with a version",
            "nothing: versions are stripped before asking",
            versioned,
        )

        def many() -> str | None:
            ids = [f"ARXIV:{ONE}", *(f"CorpusId:{9_000_000_000 + n}" for n in range(499))]
            told = post(ids, ("title",))
            return None if len(told) in (1, 500) else f"500 ids were answered with {len(told)} rows"

        self.check("takes 500 identifiers at once", "batches are halved until they pass", many)

        def titles(filler: bool) -> str | None:
            asked = _packed(s2.titles_url) if filler else list(KNOWN.values())
            told = self._json("bulk", "GET", s2.titles_url(asked))
            found = {title_key(row.get("title") or "") for row in told.get("data") or []}
            lost = [t for t in KNOWN.values() if title_key(t) not in found]
            if lost:
                return f"{len(lost)} of 2 titles were not found"
            if len(found) > 50:
                return f"2 titles brought up {len(found)} papers: quotation marks are ignored"
            return None

        if self.check(
            "takes many titles in one query",
            "titles are searched one at a time",
            lambda: titles(False),
        ):
            self.check(
                f"takes as many titles as {MAX_URL} characters hold",
                "queries are halved until they pass, and the size is remembered",
                lambda: titles(True),
            )

        def hit() -> str | None:
            rows = get("match", KNOWN[ONE]).get("data") or []
            title = rows[0].get("title") or "" if rows else ""
            fits = title_key(title) == title_key(KNOWN[ONE])
            return None if fits else "it does not find a paper it has"

        if self.check("matches one title", "only the searches for many titles are used", hit):

            def miss() -> str | None:
                try:
                    rows = get("match", "qzxv wkjp vbgh ztrq").get("data")
                except Rejected as error:
                    return None if "title match not found" in str(error).lower() else str(error)
                return "a miss is an empty list" if not rows else "a nonsense title has a match"

            self.check(
                "says in words when no title matches",
                "an empty list is believed once a known title was found; every match is weighed",
                miss,
            )
        return self._last()

    # -- arXiv

    def arxiv(self, arxiv: Arxiv) -> list[Check]:
        strange: set[str] = set()

        def ids(wanted: Sequence[str]) -> tuple[Page, list[str]]:
            return self._page("ids", arxiv.ids_url(wanted))

        def reachable() -> str | None:
            page, found = ids([ONE])
            strange.update(page.leftovers)
            return None if ONE in _bare(found) else f"the paper {ONE} was not in the answer"

        if not self.check("is reachable and answers", "pending until the next run", reachable):
            return self.checks
        self._nothing_new("entries hold only elements that are known here", strange)

        def versioned() -> str | None:
            _, found = ids([f"{ONE}v1", OTHER])
            return None if f"{ONE}v1" in found else "a version asked for was not answered"

        self.check(
            "knows ids with a version", "nothing: versions are stripped before asking", versioned
        )

        def unknown() -> str | None:
            _, found = ids([ONE, _UNKNOWN[0]])
            return None if _bare(found) == [ONE] else "an unknown id changes the answer"

        self.check("leaves an unknown id out", "a refused list is halved", unknown)

        def many() -> str | None:
            _, found = ids([ONE, OTHER, *_UNKNOWN[:98]])
            return None if set(_bare(found)) == {ONE, OTHER} else "ids got lost in a list of 100"

        self.check("takes 100 ids at once", "lists are halved until they pass", many)

        def titles(filler: bool) -> str | None:
            asked = _packed(arxiv.titles_url) if filler else list(KNOWN.values())
            _, found = self._page("titles", arxiv.titles_url(asked))
            lost = set(KNOWN) - set(_bare(found))
            return f"{len(lost)} of 2 titles were not found" if lost else None

        if self.check(
            "takes many titles in one query",
            "titles are searched one at a time",
            lambda: titles(False),
        ):
            self.check(
                f"takes as many titles as {MAX_URL} characters hold",
                "queries are halved until they pass, and the size is remembered",
                lambda: titles(True),
            )
        return self._last()

    # --

    def _nothing_new(self, name: str, strange: set[str]) -> None:
        against = f"new: {', '.join(sorted(strange))}" if strange else None
        self.check(name, "they are left out and reported as new_field", lambda: against)

    def _last(self) -> list[Check]:
        tally = self.line.tally
        asked = tally.requests.total()
        against = f"{tally.throttled} of {asked} requests were refused as too fast"
        self.check(
            "bears our pace",
            "waits grow after every refusal; set a longer interval",
            lambda: against if tally.throttled else None,
        )
        return self.checks

    def _json(self, endpoint: str, method: str, url: str, body: object = None) -> Any:
        def work() -> Any:
            try:
                return json.loads(self.line.send(endpoint, method, url, body).data)
            except ValueError:
                raise BadAnswer("The answer is not whole JSON.", self.part) from None

        return self.line.run(work)

    def _page(self, endpoint: str, url: str) -> tuple[Page, list[str]]:
        def work() -> tuple[Page, list[str]]:
            body = self.line.send(endpoint, "GET", url)
            page = read_page(body.data, body.url)
            return page, list(page.ids)

        return self.line.run(work)


def _bare(ids: Sequence[str]) -> list[str]:
    return [one.rpartition("v")[0] or one for one in ids]


def _packed(url: Callable[[Sequence[str]], str]) -> list[str]:
    """The known titles among as many made-up ones as an address holds."""
    titles = list(KNOWN.values())
    number = 0
    while len(url([*titles, _made_up(number)])) <= MAX_URL:
        titles.insert(1, _made_up(number))
        number += 1
    return titles


def _made_up(number: int) -> str:
    return f"Qzxv {number} Wkjp Vbgh Ztrq of {number} Pjkl"
