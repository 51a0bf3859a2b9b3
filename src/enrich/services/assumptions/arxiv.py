"""What the look-up assumes about arXiv's API, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.services.arxiv_api import Arxiv
from enrich.services.arxiv_records import Page, read_page
from enrich.services.assumptions.check import (
    KNOWN,
    ONE,
    OTHER,
    UNKNOWN,
    Assumption,
    Probe,
    throttled_share,
    unknown_names,
)
from enrich.services.fields import Faults
from enrich.services.http import Body
from enrich.services.title_queries import MAX_URL

MANY_TITLES = "takes many titles in one query"
# math/9307232: a title with an accent, and its ASCII spelling.
ACCENTED_ID = "math/9307232"
ACCENTED = "Absence of Cantor spectrum for a class of Schrödinger operators"
UNACCENTED = ACCENTED.replace("ö", "o")
UNCHANGED = "nothing: versions are stripped before asking"
# Consequences that several assumptions share.
ONE_BY_ONE = "titles are searched one at a time"


class ArxivProbe(Probe):
    """Asks arXiv and returns checked pages."""

    def __init__(self, arxiv: Arxiv) -> None:
        super().__init__(arxiv)
        self._arxiv = arxiv

    def ids(self, wanted: Sequence[str]) -> Page:
        """The page for a list of ids."""
        return self._page("ids", self._arxiv.ids_url(wanted))

    def titles(self, wanted: Sequence[str]) -> Page:
        """The page for a query of titles."""
        return self._page("titles", self._arxiv.titles_url(wanted))

    def _page(self, endpoint: str, url: str) -> Page:
        def parse(body: Body) -> Page:
            return read_page(body.data, self._arxiv.clock.now(), Faults(), body.url)

        page: Page = self.answer(endpoint, url, parse)
        return page


def assumptions(probe: ArxivProbe) -> list[Assumption[ArxivProbe]]:
    """The table for arXiv; reachability comes first."""
    return [
        Assumption(
            "is reachable and answers",
            ask=lambda arxiv: arxiv.ids([ONE]),
            judge=lambda page: (
                None if ONE in bare(page) else f"the paper {ONE} was not in the answer"
            ),
            instead="pending until the next run",
        ),
        Assumption(
            "entries hold only elements that are known here",
            ask=lambda arxiv: arxiv.ids([ONE]),
            judge=lambda page: unknown_names(page.unknown_elements),
            instead="they are left out and reported as new_field",
        ),
        Assumption(
            "knows ids with a version",
            ask=lambda arxiv: arxiv.ids([f"{ONE}v1", OTHER]),
            judge=lambda page: (
                None if f"{ONE}v1" in page.ids else "a version asked for was not answered"
            ),
            instead=UNCHANGED,
        ),
        Assumption(
            "leaves an unknown id out",
            ask=lambda arxiv: arxiv.ids([ONE, UNKNOWN[0]]),
            judge=lambda page: None if bare(page) == [ONE] else "an unknown id changes the answer",
            instead="a refused list is halved",
        ),
        Assumption(
            "takes 100 ids at once",
            ask=lambda arxiv: arxiv.ids([ONE, OTHER, *UNKNOWN[:98]]),
            judge=lambda page: (
                None if set(bare(page)) == {ONE, OTHER} else "ids got lost in a list of 100"
            ),
            instead="lists are halved until they pass",
        ),
        Assumption(
            MANY_TITLES,
            ask=lambda arxiv: arxiv.titles(list(KNOWN.values())),
            judge=lost_titles,
            instead=ONE_BY_ONE,
        ),
        Assumption(
            f"takes as many titles as {MAX_URL} characters hold",
            ask=lambda arxiv: arxiv.titles(arxiv.full_query()),
            judge=lost_titles,
            instead="queries are halved until they pass, and the size is remembered",
            needs=MANY_TITLES,
        ),
        Assumption(
            "finds a title with an accent as it is spelled",
            ask=lambda arxiv: arxiv.titles([ACCENTED]),
            judge=lambda page: (
                None if ACCENTED_ID in bare(page) else f"{ACCENTED_ID} was not found"
            ),
            instead="titles with accents are found by id or at Semantic Scholar only",
            needs=MANY_TITLES,
        ),
        Assumption(
            "does not find a title with an accent by its ASCII spelling",
            ask=lambda arxiv: arxiv.titles([UNACCENTED]),
            judge=lambda page: f"it finds {ACCENTED_ID}" if ACCENTED_ID in bare(page) else None,
            instead="nothing: the spelling of the list is asked first",
            needs=MANY_TITLES,
        ),
        Assumption(
            "accepts our pace",
            ask=lambda arxiv: arxiv.throttled(),
            judge=throttled_share,
            instead="waits grow after every refusal; set a longer interval",
        ),
    ]


def bare(page: Page) -> list[str]:
    """The ids of a page without their versions."""
    return [one.rpartition("v")[0] or one for one in page.ids]


def lost_titles(page: Page) -> str | None:
    """Object when one of the two known papers is missing."""
    lost = set(KNOWN) - set(bare(page))
    return f"{len(lost)} of 2 titles were not found" if lost else None
