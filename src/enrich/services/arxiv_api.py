"""arXiv: a hundred identifiers in one request, many titles in one request.

Addresses are made by the `arxiv` package; its own client neither checks nor bounds what comes back,
so requests and answers go through `Connection` and `arxiv_records`.
https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import arxiv  # type: ignore[import-untyped]  # ships no types

from enrich.clock import Clock
from enrich.errors import BadAnswer, Rejected, Unproven
from enrich.papers.identifiers import normalise_arxiv_id
from enrich.records import Record
from enrich.services.arxiv_records import Page, read_page
from enrich.services.client import ServiceClient
from enrich.services.connection import Connection
from enrich.services.control import ControlPaper
from enrich.services.fields import Faults
from enrich.services.http import Body
from enrich.services.title_queries import (
    EMPTY_TRIES,
    TitleQuery,
    in_arxiv_title,
    names,
    reads_whole_query,
    shares_words,
    terms_of,
)
from enrich.store import Store

SERVICE = "arxiv"
# 600-700 ids in a GET are answered with 414; the `arxiv` package's page is 100 too. One of them is
# the control paper's.
BATCH = 99
# A page of a title query; titles that share it get at least this many entries each on average.
PAGE = 200
# New papers are read in pages of this many, so many at most: some 2 MB and 3 seconds each.
NEW_PAGE, NEW_PAGES = 500, 4
# `submittedDate` is in whole minutes, and the hours in which arXiv counts a day are its own.
_DATE_SLACK = timedelta(days=1)
# arXiv's words for an id that it cannot read.
_WRONG_ID = re.compile(r"incorrect id format for (\S+?)\.?$")


class Arxiv(ServiceClient):
    """One run's questions to arXiv."""

    def __init__(self, url: str, connection: Connection, store: Store, clock: Clock) -> None:
        super().__init__(connection, store, clock)
        # Its own paging and retries are not used: they repeat refused requests and trust empty
        # pages.
        self._urls = arxiv.Client(page_size=PAGE, delay_seconds=0, num_retries=0)
        self._urls.query_url_format = url + "?{}"

    def ask_control(self, endpoint: str, control: ControlPaper) -> bool:
        """Ask one endpoint for a control paper; whether it was in the answer."""
        if endpoint == "titles":
            page = self._page(endpoint, self.titles_url([control.title]), PAGE)
            return names(control.title, page.records)
        self._ids([control.key.removeprefix("arxiv:")])
        return True

    # -- identifiers

    def fetch(self, keys: Sequence[str]) -> frozenset[str]:
        """Ask for identity keys of arXiv, at most `BATCH`, with a control paper, and store them.

        A paper is missing when the page lacks it, or when the service refuses the list and names
        its id, and the page that holds for the others has the control paper, which stands last.

        Returns:
            The keys that the answer says nothing about.

        Raises:
            ServiceError: There is no answer.
        """
        wanted = [key.removeprefix("arxiv:") for key in keys]
        control = self.control(keys).key.removeprefix("arxiv:")
        wrong: list[str] = []
        while True:
            try:
                page = self._ids([*wanted, control])
                break
            except Rejected as error:
                named = _WRONG_ID.search(str(error))
                if named is None or named[1] not in wanted:
                    raise
                # The service names the one id that it cannot read: the others go again.
                wanted.remove(named[1])
                wrong.append(named[1])
        found = {f"arxiv:{r.source_id}": r for r in page.records if r.source_id in wanted}
        named_ids = [normalise_arxiv_id(one) for one in page.ids]
        unusable = {one[0] for one in named_ids if one} - {r.source_id for r in page.records}
        if None in named_ids:  # an entry without an id may be any of them
            unusable.update(one for one in wanted if f"arxiv:{one}" not in found)
        absent = [one for one in wanted if f"arxiv:{one}" not in found and one not in unusable]
        self.answers.prove("ids")
        self.answers.keep("ids", found, misses=[f"arxiv:{one}" for one in (*absent, *wrong)])
        return frozenset(f"arxiv:{one}" for one in wanted if one in unusable)

    def _ids(self, asked: Sequence[str]) -> Page:
        """The page of some ids, the last of which arXiv must have."""

        def check(page: Page) -> None:
            if asked[-1] not in {found[0] for i in page.ids if (found := normalise_arxiv_id(i))}:
                raise BadAnswer(
                    f"arXiv's page for {len(asked)} identifiers lacks a paper it must have.",
                    SERVICE,
                )
            unrequested = {r.source_id for r in page.records} - set(asked)
            if unrequested:
                raise BadAnswer(
                    f"arXiv answered with {len(unrequested)} entries for identifiers that were "
                    "not asked for.",
                    SERVICE,
                )

        return self._page("ids", self.ids_url(asked), len(asked), check)

    def ids_url(self, ids: Sequence[str]) -> str:
        """The address that asks for identifiers."""
        search = arxiv.Search(id_list=list(ids), max_results=len(ids))
        return str(self._urls._format_url(search, 0, len(ids)))

    # -- titles

    def titles_url(self, titles: Iterable[str]) -> str:
        """The address that asks for many titles at once."""
        return self.query_url(terms_of(map(in_arxiv_title, titles)))

    def query_url(self, terms: Iterable[str]) -> str:
        """The address that asks for whatever any of the terms finds."""
        search = arxiv.Search(query=" OR ".join(terms), max_results=PAGE)
        return str(self._urls._format_url(search, 0, PAGE))

    def search_titles(
        self, queries: Mapping[str, TitleQuery], control: str | None, way: str = "titles"
    ) -> frozenset[str]:
        """Ask for many titles at once and store what is answered.

        Args:
            queries: What to ask for by title key.
            control: A title that the service is known to hold, sent along.
            way: The name of this way of asking in the store.

        Returns:
            The keys that stay open because the answer was too long to hold them all.

        Raises:
            Unproven: The control title does not come up: this way of asking does not work.
            ServiceError: There is no answer.
        """
        terms = terms_of(queries.values(), in_arxiv_title(control) if control else None)
        wanted = list(queries.values())
        asked = [query.title for query in wanted] + ([control] if control else [])
        failed_checks = 0

        def check(page: Page) -> None:
            nonlocal failed_checks
            records = page.records
            # Whatever a phrase finds has its words; an author's papers need not have them.
            hits = [shares_words(r.title, asked) for r in records]
            if records and not (all(hits) if way == "titles" else any(hits)):
                raise BadAnswer("arXiv answered a title query with other papers.", SERVICE)
            cut = page.total > len(page.ids)
            is_whole = cut or reads_whole_query(records, wanted, control)
            silent = not records or bool(control and not is_whole)
            if silent and (failed_checks := failed_checks + 1) < EMPTY_TRIES:
                raise BadAnswer("arXiv's page lacks what a title query must find.", SERVICE)

        page = self._page("titles", self.query_url(terms), PAGE, check)
        cut = page.total > len(page.ids)
        if reads_whole_query(page.records, wanted, control):
            self.answers.prove("titles")
        elif control and not cut:
            raise Unproven("arXiv's title search does not find a paper it holds.", SERVICE)
        return self.keep_searches("titles", way, queries, (page.records, cut))

    # -- new papers

    def announced(
        self, categories: Sequence[str], since: datetime, until: datetime
    ) -> tuple[list[Record], int]:
        """The papers first submitted to some categories in a span of time, the newest first.

        A control title is sent along: a page that holds neither it nor a new paper is no answer.

        Args:
            categories: Primary or secondary ones.
            since: The beginning of the span.
            until: Its end.

        Returns:
            At most 2,000 records, and how many there are.

        Raises:
            ServiceError: A page was not answered.
        """
        control = self.control().title
        found: dict[str, Record] = {}
        total, start = 1, 0
        while start < min(total, NEW_PAGE * NEW_PAGES):
            url = self._announced_url(categories, since, until, control, start)
            # A control title that other papers have too leaves more out than one.
            expected = NEW_PAGE if not start else total - start

            def check(page: Page) -> None:
                if not page.records:
                    raise BadAnswer("arXiv's page of new papers is empty.", SERVICE)
                unexpected = [
                    r
                    for r in page.records
                    if not _is_announced(r, categories, since, until)
                    and not shares_words(r.title, [control])
                ]
                if unexpected:
                    raise BadAnswer("arXiv answered with papers of other categories.", SERVICE)

            page = self._page("new", url, min(NEW_PAGE, expected), check, start)
            found |= {
                r.source_id: r for r in page.records if _is_announced(r, categories, since, until)
            }
            total, start = page.total, start + NEW_PAGE
        is_whole = total <= NEW_PAGE * NEW_PAGES
        return list(found.values()), len(found) if is_whole else total - 1

    def _announced_url(
        self,
        categories: Sequence[str],
        since: datetime,
        until: datetime,
        control: str,
        start: int,
    ) -> str:
        within = " OR ".join(f"cat:{category}" for category in categories)
        span = f"submittedDate:[{since:%Y%m%d%H%M} TO {until:%Y%m%d%H%M}]"
        terms = (*terms_of([in_arxiv_title(control)]), f"(({within}) AND {span})")
        search = arxiv.Search(
            query=" OR ".join(terms),
            max_results=NEW_PAGE * NEW_PAGES,
            sort_by=arxiv.SortCriterion.SubmittedDate,
        )
        return str(self._urls._format_url(search, start, NEW_PAGE))

    # --

    def _page(
        self,
        endpoint: str,
        url: str,
        size: int,
        check: Callable[[Page], None] = lambda page: None,
        start: int = 0,
    ) -> Page:
        def parse(body: Body, faults: Faults) -> Page:
            page = read_page(body.data, self.clock.now(), faults, body.url)
            announced, sent = min(page.total - start, size), len(set(page.ids))
            if sent < announced:
                raise BadAnswer(f"arXiv announced {announced} entries and sent {sent}.", SERVICE)
            check(page)
            return page

        page = self.request(endpoint, url, parse)
        self.answers.unknown_fields |= page.unknown_elements
        return page


def _is_announced(
    record: Record, categories: Sequence[str], since: datetime, until: datetime
) -> bool:
    """Whether a paper is of one of the categories and of the span of time."""
    first = record.arxiv_published_at
    return (
        first is not None
        and since - _DATE_SLACK <= first <= until + _DATE_SLACK
        and not set(categories).isdisjoint(record.arxiv_categories)
    )
