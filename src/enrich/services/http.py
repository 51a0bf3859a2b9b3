"""The HTTP client of one service: bounded, judged, its key sent to one host and never shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from enrich.clock import Clock
from enrich.errors import BadAnswer, ServiceError, Unavailable, Unreachable
from enrich.io.addresses import is_loopback, origin, redirect_target, shown
from enrich.io.bounded_http import BoundedSession, ExchangeFailed, Response
from enrich.records import SERVICE_NAMES, Service
from enrich.services.response_errors import error_of

# Semantic Scholar bounds its answers at 10 MB; a full arXiv page of 2,000 entries is about 6 MB.
MAX_BYTES = 24 * 2**20
# arXiv answers a 429 or a 503 after as much as 183 s (recorded).
EXCHANGE_SECONDS = 240.0
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 3
_ACCEPT = {"arxiv": "application/atom+xml, */*;q=0.5", "semantic_scholar": "application/json"}


@dataclass(frozen=True, slots=True)
class Body:
    """An answer with status 200 and a content type and size that may be believed."""

    data: bytes
    url: str


class HttpClient:
    """Sends requests to one service's host.

    `key` is sent as `x-api-key`, to that host only and never over plain http to another machine.
    """

    def __init__(
        self,
        service: Service,
        base_url: str,
        clock: Clock,
        *,
        contact: str | None = None,
        key: str | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.service, self.base_url = service, base_url
        self.bytes_received = 0
        self._clock, self._stopped = clock, stopped
        self._secrets = tuple(dict.fromkeys([key, quote(key, safe="")])) if key else ()
        self._key = key if key and _may_carry_key(base_url) else None
        headers = {"User-Agent": user_agent(contact), "Accept": _ACCEPT[service]}
        self._session = BoundedSession(headers, MAX_BYTES)

    @property
    def has_key(self) -> bool:
        """Whether a key is sent."""
        return self._key is not None

    @property
    def name(self) -> str:
        """The service and its address, as messages name it."""
        return f"{SERVICE_NAMES[self.service]} ({self._masked(shown(self.base_url))})"

    def drop_key(self) -> None:
        """Send no key any more."""
        self._key = None

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        json: object | None = None,
        *,
        seconds: float = EXCHANGE_SECONDS,
    ) -> Body:
        """Send one request, following redirects on the same host only.

        Args:
            method: GET or POST.
            url: The address.
            json: The body, sent as JSON.
            seconds: Real seconds for the whole exchange.

        Returns:
            The answer, ready to be parsed.

        Raises:
            ServiceError: Unavailable and its kinds for what a retry may cure, Rejected and
                Forbidden for what it would not.
        """
        for _ in range(_MAX_REDIRECTS):
            response = self._exchange(method, url, json, seconds)
            if response.status in _REDIRECTS and "location" in response.headers:
                url = self._redirected(url, response)
                continue
            error = error_of(self.service, response, self._clock.now())
            if error is not None:
                raise self._named(error, url, response.status)
            return Body(response.data, self._masked(shown(url)))
        raise self._named(BadAnswer("answers with a redirect loop."), url, 302)

    def _exchange(self, method: str, url: str, json: object | None, seconds: float) -> Response:
        headers = {"x-api-key": self._key} if self._key else {}
        try:
            response = self._session.exchange(
                method, url, json=json, headers=headers, seconds=seconds, stopped=self._stopped
            )
        except ExchangeFailed as failure:
            self.bytes_received += failure.received
            kinds = {"unreachable": Unreachable, "certificate": Unreachable}
            kind = kinds.get(failure.fault, Unavailable)
            if failure.fault in ("broken", "too_large", "too_slow", "bad_address"):
                kind = BadAnswer
            raise self._named(kind(f"{failure}."), url, None) from None
        self.bytes_received += len(response.data)
        return response

    def _redirected(self, url: str, response: Response) -> str:
        location = response.headers["location"]
        try:
            return redirect_target(url, location)
        except ValueError:
            text = f"redirects to {location[:200]!r}, which is not on the same host; not followed."
            raise self._named(BadAnswer(text), url, response.status) from None

    def _named(self, error: ServiceError, url: str, status: int | None) -> ServiceError:
        """The same error with the service's name, the address and no secret."""
        named = type(error)(
            self._masked(f"{self.name} {error}"), self.service, self._masked(shown(url)), status
        )
        vars(named).update({k: v for k, v in vars(error).items() if k not in vars(named)})
        return named

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def user_agent(contact: str | None) -> str:
    """As both services ask for it: name, version, and how to reach the person who runs it."""
    try:
        number = version("enrich")
    except PackageNotFoundError:
        number = "0"
    return f"enrich/{number} (+{contact or 'no contact given'})"


def _may_carry_key(url: str) -> bool:
    try:
        return origin(url)[0] == "https" or is_loopback(url)
    except ValueError:
        return False
