"""Years and venues that headings state for the entries below them: `## 2021`, `### CVPR 2020`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from enrich.parsing.headings import is_admin
from enrich.parsing.inline import squeeze, without_emoji, words
from enrich.parsing.layout.features import read_date
from enrich.parsing.venues import VENUE, YEAR, is_short_venue, is_venue, year_in

_LEAST = 3  # headings of one depth that name venues
_MOST = 0.3  # of the headings of that depth
_LONGEST = 6  # words: a longer heading is a subject that mentions a year or a venue
_JOURNAL = re.compile(
    r"(?:(?:IEEE|ACM|AAAI|International)\b.*\b(?:Transactions|Journal|Conference|Symposium|Letters)|"
    r"Journal of|Transactions on|Proceedings of|Annals of)\b|"
    r"(?:[^\W\d][\w&]*\s)*[A-Z][a-z]{1,8}\.\s+[A-Z&]"  # `Knowl. Inf. Syst`
)
_AROUND = " \t:：.,-–—|()[]【】（）年"
_PAPERS = re.compile(
    r"\b(?:papers?|publications?|proceedings|accepted|main|conference|track|oral|spotlight|poster)\b|"
    r"论文",
    re.IGNORECASE,
)


class Sections:
    """What the headings of a list say of the entries below them."""

    def __init__(self, sections: Iterable[tuple[str, ...]]) -> None:
        # A year or a venue among other words counts where headings beside it have others.
        self._years: dict[int, set[int]] = {}
        self._venues: dict[int, set[str]] = {}
        headings: dict[int, set[str]] = {}
        for section in set(sections):
            for depth, heading in enumerate(section):
                if (year := _loose_year(heading)) is not None:
                    self._years.setdefault(depth, set()).add(year)
                headings.setdefault(depth, set()).add(heading)
                if (venue := _venue(heading)) is not None:
                    self._venues.setdefault(depth, set()).add(venue)
        # Where most headings of a depth are known venues, the others name venues too.
        self._all = {
            depth
            for depth, venues in self._venues.items()
            if len(venues) >= max(_LEAST, _MOST * len(headings[depth]))
        }

    def year(self, section: tuple[str, ...]) -> int | None:
        """The year of the innermost heading that states one."""
        for depth in range(len(section) - 1, -1, -1):
            sure = _sure_year(section[depth])
            if sure is not None:
                return sure
            loose = _loose_year(section[depth])
            if loose is not None and len(self._years.get(depth, ())) >= 2:
                return loose
        return None

    def venue(self, section: tuple[str, ...]) -> str | None:
        """The venue of the innermost heading that states one."""
        for depth in range(len(section) - 1, -1, -1):
            venue = _venue(section[depth])
            if venue is None and depth in self._all and not is_admin(section[depth]):
                venue = _without_year(section[depth])
            dated = venue is not None and year_in(section[depth]) is not None
            if venue is not None and (dated or len(self._venues.get(depth, ())) >= 2):
                return venue
        return None


@lru_cache(maxsize=4096)
def _bare(heading: str) -> str:
    return squeeze(_PAPERS.sub(" ", without_emoji(heading))).strip(_AROUND)


@lru_cache(maxsize=4096)
def _sure_year(heading: str) -> int | None:
    """The year of a heading that is a date, or a venue and a year, and nothing else."""
    text = _bare(heading)
    year = read_date(text)
    if year is None and is_short_venue(text):
        year = year_in(text)
    return year


@lru_cache(maxsize=4096)
def _loose_year(heading: str) -> int | None:
    """The only year in a short heading."""
    found = YEAR.findall(heading)
    if len(found) == 1 and len(words(heading)) <= _LONGEST:
        return int(found[0])
    return _sure_year(heading)


@lru_cache(maxsize=4096)
def _venue(heading: str) -> str | None:
    """The venue of a heading, without its year."""
    text = _bare(heading)
    if not text or len(words(text)) > _LONGEST or read_date(text) is not None:
        return None
    named = is_venue(text) or is_short_venue(text) or _JOURNAL.match(text)
    match = VENUE.match(text)
    if not named and not (match and year_in(text) is not None):
        return None
    return _without_year(text)


def _without_year(text: str) -> str | None:
    bare = squeeze(re.sub(r"['’`‘]\s?\d\d\b", " ", YEAR.sub(" ", text))).strip(_AROUND)
    return bare or None
