"""Download the text of a list within one time limit and one size limit, whatever the host does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enrich.errors import ListError
from enrich.io.addresses import origin, redirect_target, without_credentials
from enrich.parsing.formats import SUFFIXES

if TYPE_CHECKING:
    from enrich.io.bounded_http import ExchangeFailed

MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
WEB_PAGE = "{} is a web page, not a list; give the address of the raw file."
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Downloads:
    """Where GitHub's raw files are, and the bounds of a download.

    `seconds` and `max_bytes` bound the whole: redirects, and all names tried for one list.
    """

    github: str = "https://raw.githubusercontent.com"
    seconds: float = 120.0
    max_bytes: int = MAX_BYTES

    def first(self, urls: Sequence[str]) -> tuple[int, bytes]:
        """The first of some addresses that does not answer 404.

        Returns:
            Its place in `urls`, and what it holds.

        Raises:
            ListError: None can be downloaded; one sentence without passwords and queries.
        """
        for url in urls:
            _check(url)
        until = time.monotonic() + self.seconds
        for place, url in enumerate(urls):
            data = self._body(url, until)
            if data is not None:
                return place, data
        tried = "" if len(urls) == 1 else f" So do {len(urls) - 1} other names of a README."
        raise ListError(f"{_public(urls[0])} answers 404; check the address.{tried}")

    def _body(self, url: str, until: float) -> bytes | None:
        """What an address holds, through its redirects; None for 404."""
        # Slow to import, and files need none of it.
        from enrich.io.bounded_http import BoundedSession, ExchangeFailed

        for _ in range(MAX_REDIRECTS + 1):
            # A connection of its own for each request: a host may close one without saying so.
            session = BoundedSession({"User-Agent": "enrich", "Accept": "*/*"}, self.max_bytes)
            try:
                answer = session.exchange("GET", url, seconds=max(0.0, until - time.monotonic()))
            except ExchangeFailed as error:
                raise self._failed(url, error) from None
            finally:
                session.close()
            if answer.status in _MOVED:
                url = _redirected(url, answer.headers.get("location", ""))
                continue
            if answer.status == 404:
                return None
            if answer.status != 200:
                raise ListError(f"{_public(url)} answers {answer.status}; check the address.")
            is_page = "html" in answer.headers.get("content-type", "").lower()
            if is_page and format_of(urlsplit(url).path) != "html":
                raise ListError(WEB_PAGE.format(_public(url)))
            return answer.data
        raise ListError(f"{_public(url)} redirects more than {MAX_REDIRECTS} times; give its goal.")

    def _failed(self, url: str, error: ExchangeFailed) -> ListError:
        if error.fault == "too_slow":
            reason = f"takes longer than {self.seconds:g} s; try again later"
        elif error.fault == "too_large":
            reason = f"is larger than {self.max_bytes / 2**20:.3g} MB, more than any list"
        elif error.fault == "bad_address":
            reason = "is, or redirects to, an address that is not valid"
        else:
            reason = f"cannot be fetched: it {error}; check the address, or try again later"
        return ListError(f"{_public(url)} {reason}.")


def format_of(name: str) -> str | None:
    """The format that a file's name states, if it does."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def _check(url: str) -> None:
    try:
        origin(url)
    except ValueError as error:  # `http://[::1`, `http://a..b/`, `http://a:notaport/`
        raise ListError(f"{_public(url)!r} is not a valid address: {error}.") from None


def _redirected(url: str, location: str) -> str:
    if not location:
        raise ListError(f"{_public(url)} redirects without an address; give the raw file's.")
    try:
        return redirect_target(url, location)
    except ValueError as error:
        raise ListError(
            f"{_public(url)} redirects to an address that is not followed: {error}; give the "
            "address of the raw file."
        ) from None


def _public(url: str) -> str:
    return without_credentials(url, query=False)
