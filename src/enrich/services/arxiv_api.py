"""arXiv: a hundred identifiers in one request, many titles in one request.

Built on the `arxiv` package, with a session of ours mounted: it paces, retries and checks each
answer before the package parses it. https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import arxiv  # type: ignore[import-untyped]  # ships no types
import requests

from enrich.clock import Clock
from enrich.errors import BadAnswer, Rejected, Unproven
from enrich.papers.identifiers import normalise_arxiv_id, normalise_doi
from enrich.records import Author, Identifiers, Record
from enrich.services.arxiv_records import Page, read_page
from enrich.services.rate_limit import Line
from enrich.services.title_queries import EMPTY_TRIES, names, resembling, shares_words
from enrich.store import Store

SERVICE = "arxiv"
# 600-700 ids in a GET are answered with 414; the `arxiv` package's page is 100 too.
BATCH = 100
# A page of a title query; titles that share it get at least this many entries each on average.
PAGE = 200
# Asked along where nothing else is known to be there; a paper that will stay.
WITNESS = "1811.08383"
WITNESS_TITLE = "TSM: Temporal Shift Module for Efficient Video Understanding"
_WRONG_ID = re.compile(r"incorrect id format for (\S+?)\.?$")


class Arxiv:
    """One run's questions to arXiv. `leftovers` are elements of entries that we do not know."""

    def __init__(self, url: str, line: Line, store: Store, clock: Clock) -> None:
        self.line = line
        self.leftovers: set[str] = set()
        self._store, self._clock = store, clock
        self._session = _Mounted(line)
        # Pace and retries are the line's; the package's own would come on top.
        self._client = arxiv.Client(page_size=PAGE, delay_seconds=0, num_retries=0)
        self._client.query_url_format = url + "?{}"
        self._client._session = self._session

    def by_ids(
        self,
        missing: Callable[[], Sequence[str]],
        witness: str,
        denied: Callable[[Sequence[str]], bool],
    ) -> None:
        """Ask for the bare ids that `missing` names when the turn has come, at most 100.

        Answers and misses are kept. An empty page is believed only when `witness`, an id that
        arXiv holds, came up when asked along, or when asked twice while another source has
        `denied` all the ids. Raises Rejected when the list is refused as a whole.
        """
        alone = False

        def work() -> None:
            nonlocal alone
            wanted = list(missing())[:BATCH]
            while wanted:
                asked = [*wanted]
                if witness not in wanted and (alone or len(wanted) == 1):
                    asked.append(witness)
                try:
                    records, _ = self._search("ids", arxiv.Search(id_list=asked), len(asked))
                except Rejected as error:
                    wrong = _WRONG_ID.search(str(error))
                    if wrong is None or wrong[1] not in wanted:
                        raise
                    # The service names the one id that it cannot read: the others go again.
                    wanted.remove(wrong[1])
                    self._store.keep(SERVICE, {f"arxiv:{wrong[1]}": None}, self._clock.now())
                    continue
                if not records and not (alone and denied(wanted)):
                    alone = True
                    raise BadAnswer(f"arXiv's page for {len(asked)} identifiers is empty.", SERVICE)
                found = {r.ids.arxiv_id: r for r in records}
                if strangers := found.keys() - set(asked):
                    raise BadAnswer(
                        f"arXiv answered with {len(strangers)} entries for identifiers that were "
                        "not asked for.",
                        SERVICE,
                    )
                answers = {f"arxiv:{one}": found.get(one) for one in wanted}
                self._store.keep(SERVICE, answers, self._clock.now())
                self.line.tally.fetched += sum(r is not None for r in answers.values())
                return

        self.line.run(work)

    def ids_url(self, ids: Sequence[str]) -> str:
        """The address that asks for identifiers."""
        return str(self._client._format_url(arxiv.Search(id_list=list(ids)), 0, BATCH))

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address that asks for many titles at once."""
        search = arxiv.Search(query=_any_of(titles), max_results=PAGE)
        return str(self._client._format_url(search, 0, PAGE))

    def by_titles(
        self, missing: Callable[[], Mapping[str, str]], witness: str | None
    ) -> frozenset[str]:
        """Ask for many titles at once, given as title by title_key when the turn has come.

        Returns the keys that stay open because the answer was too long to hold them all. Raises
        Rejected when the query is refused, and Unproven when `witness`, a title that arXiv is
        known to hold, does not come up: then this way of asking does not work.
        """
        doubts = 0

        def work() -> frozenset[str]:
            nonlocal doubts
            titles = dict(missing())
            if not titles:
                return frozenset()
            asked = list(dict.fromkeys([*titles.values(), *([witness] if witness else [])]))
            tries = EMPTY_TRIES if witness else 2
            search = arxiv.Search(query=_any_of(asked), max_results=PAGE)
            records, total = self._search("titles", search, PAGE)
            cut = total > len(records)
            if records and not any(shares_words(r.title, asked) for r in records):
                raise BadAnswer("arXiv answered a title query with other papers.", SERVICE)
            silent = not records or bool(witness and not cut and not names(witness, records))
            if silent and (doubts := doubts + 1) < tries:
                raise BadAnswer("arXiv's page lacks what a title query must find.", SERVICE)
            if silent and witness:
                raise Unproven("arXiv's title search does not find a paper it holds.", SERVICE)
            found = {key: resembling(title, records) for key, title in titles.items()}
            open_keys = frozenset(k for k, rows in found.items() if cut and not rows)
            self._store.keep(
                SERVICE,
                {},
                self._clock.now(),
                sightings=list({r.source_id: r for rs in found.values() for r in rs}.values()),
                searches={
                    (key, "titles"): [r.source_id for r in rows]
                    for key, rows in found.items()
                    if key not in open_keys
                },
            )
            self.line.tally.fetched += sum(map(len, found.values()))
            return open_keys

        return self.line.run(work)

    def _search(self, endpoint: str, search: arxiv.Search, size: int) -> tuple[list[Record], int]:
        """The records of one page and how many results there are in all."""
        self._session.endpoint = endpoint
        self._client.page_size = search.max_results = size
        try:
            results = list(self._client.results(search))
        except (arxiv.ArxivError, ValueError) as error:
            raise BadAnswer(f"arXiv's answer cannot be read ({error}).", SERVICE) from error
        page = self._session.page
        if len(results) != len(page.ids) or len(results) < min(page.total, size):
            raise BadAnswer(
                f"arXiv announced {min(page.total, size)} entries and sent {len(results)}.", SERVICE
            )
        self.leftovers |= page.leftovers
        now = self._clock.now()
        return [record_of(result, now) for result in results], page.total


class _Mounted(requests.Session):
    """The session under the `arxiv` package: each answer comes over our line and is checked."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.endpoint = "ids"
        self.page = Page(0, (), frozenset())
        self._line = line

    def get(self, url: str | bytes, **_: Any) -> requests.Response:
        """The answer, when it is a whole feed; an error of `enrich.errors` otherwise."""
        body = self._line.send(self.endpoint, "GET", str(url))
        self.page = read_page(body.data, body.url)
        response = requests.Response()
        response.status_code = 200
        response._content = body.data
        return response


def record_of(result: arxiv.Result, now: Any) -> Record:
    """The record of one entry; raises BadAnswer when its id is not an arXiv id."""
    found = normalise_arxiv_id(result.get_short_id())
    if found is None:
        raise BadAnswer(f"arXiv sent an entry with the id {result.entry_id[:80]!r}.", SERVICE)
    arxiv_id, version = found
    doi = normalise_doi(result.doi or "")
    return Record(
        source="arxiv",
        source_id=arxiv_id,
        title=" ".join(result.title.split()),
        ids=Identifiers(
            arxiv_id=arxiv_id,
            arxiv_version=version,
            doi=None if doi and doi.startswith("10.48550/arxiv.") else doi,
        ),
        fetched_at=now,
        abstract=" ".join(result.summary.split()) or None,
        authors=tuple(
            Author(
                " ".join(a.name.split()), None, tuple(" ".join(f.split()) for f in a.affiliation)
            )
            for a in result.authors
            if a.name.strip()
        ),
        year=result.published.year,
        arxiv_primary_category=result.primary_category or None,
        arxiv_categories=tuple(result.categories),
        arxiv_comment=" ".join((result.comment or "").split()) or None,
        journal_ref=" ".join((result.journal_ref or "").split()) or None,
        arxiv_published_at=result.published,
        arxiv_updated_at=result.updated,
    )


def _any_of(titles: Iterable[str]) -> str:
    return " OR ".join(f'ti:"{_quoted(title)}"' for title in titles)


def _quoted(title: str) -> str:
    # An inner quotation mark breaks the query, escaped or not; the other marks are harmless.
    return " ".join(title.replace('"', " ").replace("\\", " ").split())
