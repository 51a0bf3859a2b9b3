"""One HTTP exchange with one host: bounded, checked, and never a word of the key.

What comes back is either a `Body` that may be parsed or an error of `enrich.errors`; requests'
own exceptions are translated here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests

from enrich.clock import Clock
from enrich.errors import BadAnswer, Forbidden, Rejected, ServiceError, Throttled, Unavailable
from enrich.records import Service

# Semantic Scholar bounds its answers at 10 MB; a full arXiv page of 2,000 entries is about 6 MB.
MAX_BYTES = 24 * 2**20
CONNECT_SECONDS = 10.0
# arXiv answers a 429 or a 503 after as much as 183 s; its own advice is to wait at least a minute.
READ_SECONDS = 75.0
# For the whole answer, so that a byte a minute cannot hold a run for good.
TOTAL_SECONDS = 240.0
_REDIRECTS = (301, 302, 303, 307, 308)
_THROTTLED = {"arxiv": (429, 406), "semantic_scholar": (429,)}


@dataclass(frozen=True, slots=True)
class Body:
    """An answer with status 200 and a content type and size that may be believed."""

    data: bytes
    url: str


class Exchange:
    """A session for one service's host.

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
        accept: str,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.service, self.base_url = service, base_url
        self.bytes_received = 0
        self._host = _origin(base_url)
        self._clock, self._stopped, self._accept = clock, stopped, accept
        self._key = key if key and _may_carry_key(base_url) else None
        self._session = requests.Session()
        # A .netrc must not add credentials of its own; proxies of the environment stay in force.
        self._session.auth = lambda prepared: prepared
        self._session.headers.update({"User-Agent": user_agent(contact), "Accept": accept})

    @property
    def has_key(self) -> bool:
        """Whether a key is sent."""
        return self._key is not None

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def send(self, method: str, url: str, json: object | None = None) -> Body:
        """Ask once, following redirects on the same host only.

        Raises Throttled, BadAnswer or Unavailable for what asking again may heal, Rejected and
        Forbidden for what it would not.
        """
        for _ in range(3):
            answer = self._send_once(method, url, json)
            if isinstance(answer, Body):
                return answer
            if _origin(answer) != self._host and not _is_upgrade(url, answer):
                raise BadAnswer(
                    f"{self._who()} sent us on to another host ({shown(answer)}); not followed.",
                    self.service,
                    shown(url),
                )
            url = answer
        raise BadAnswer(f"{self._who()} sends us in a circle.", self.service, shown(url))

    def _send_once(self, method: str, url: str, json: object | None) -> Body | str:
        headers = {"x-api-key": self._key} if self._key else {}
        try:
            with self._session.request(
                method,
                url,
                json=json,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    return urljoin(url, response.headers["location"])
                data = self._read(response, url)
                return self._judge(response, data, url)
        except requests.RequestException as error:
            raise self._translated(error, url) from None

    def _read(self, response: requests.Response, url: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        began = self._clock.now()
        for part in response.iter_content(64 * 1024):
            size += len(part)
            self.bytes_received += len(part)
            parts.append(part)
            if size > MAX_BYTES:
                raise BadAnswer(
                    f"The answer of {self._who()} is larger than {MAX_BYTES >> 20} MB; given up.",
                    self.service,
                    shown(url),
                    response.status_code,
                )
            if (self._clock.now() - began).total_seconds() > TOTAL_SECONDS:
                raise BadAnswer(
                    f"The answer of {self._who()} took over {TOTAL_SECONDS:.0f} s; given up.",
                    self.service,
                    shown(url),
                    response.status_code,
                )
            if self._stopped():
                raise Unavailable("The run was stopped.", self.service, shown(url))
        return b"".join(parts)

    def _judge(self, response: requests.Response, data: bytes, url: str) -> Body:
        fault = verdict(
            self.service, response.status_code, response.headers.get("content-type", ""), data
        )
        if fault is None:
            return Body(data, shown(url))
        error, said = fault
        where = shown(url)
        text = f"{self._who()} {said}"
        if issubclass(error, Unavailable):
            wait = retry_after(response.headers, self._clock)
            raise _with_wait(error(text, self.service, where, response.status_code), wait)
        raise error(text, self.service, where, response.status_code)

    def _translated(self, error: requests.RequestException, url: str) -> ServiceError:
        # The text of requests' exceptions can hold headers of a proxy or the whole URL: not shown.
        where = shown(url)
        if isinstance(error, requests.exceptions.SSLError):
            return Unavailable(
                f"The certificate of {self._who()} cannot be verified.", self.service, where
            )
        if isinstance(error, requests.exceptions.Timeout):
            return Unavailable(f"{self._who()} did not answer in time.", self.service, where)
        if isinstance(
            error,
            requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError,
        ):
            return BadAnswer(f"The answer of {self._who()} broke off.", self.service, where)
        if isinstance(error, requests.ConnectionError):
            return Unavailable(f"{self._who()} cannot be reached.", self.service, where)
        kind = type(error).__name__
        return Unavailable(f"Asking {self._who()} failed ({kind}).", self.service, where)

    def _who(self) -> str:
        name = "arXiv" if self.service == "arxiv" else "Semantic Scholar"
        return f"{name} ({urlsplit(self.base_url).hostname})"


def verdict(
    service: str, status: int, content_type: str, data: bytes
) -> tuple[type[ServiceError], str] | None:
    """What is wrong with an answer, as an error type and the end of a sentence; None for nothing.

    Pure: status, content type and the first bytes decide, before anything is parsed.
    """
    start = data[:200].lstrip().lower()
    said = _message(data)
    if status in _THROTTLED.get(service, (429,)):
        return Throttled, f"asks to be left alone for a while (status {status})."
    if status in (401, 403):
        return Forbidden, f"refused us (status {status}): {said}."
    if status in (400, 404, 405, 410, 413, 414, 422, 431):
        return Rejected, f"refused the question (status {status}): {said}."
    if status >= 500 or status in (408, 425):
        return Unavailable, f"is in trouble (status {status})."
    if status != 200:
        return BadAnswer, f"answered with status {status}, which is not understood."
    if start.startswith(b"rate exceeded"):
        return Throttled, "said 'Rate exceeded.' with status 200."
    if start.startswith((b"<!doctype html", b"<html")) or "html" in content_type.lower():
        return BadAnswer, "answered with a web page."
    if not data.strip():
        return BadAnswer, "answered with nothing."
    wanted = "xml" if service == "arxiv" else "json"
    if wanted not in content_type.lower():
        return BadAnswer, f"answered with {content_type or 'no content type'}, not {wanted}."
    return None


def _message(data: bytes) -> str:
    import json
    import re

    try:
        told = json.loads(data)
        text = str(told.get("error") or told.get("message") or "")
    except (ValueError, AttributeError):
        summary = re.search(rb"<summary[^>]*>(.*?)</summary>", data[:20_000], re.DOTALL)
        text = (summary[1] if summary else data[:80]).decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:200].rstrip(".") or "no reason given"


def retry_after(headers: Mapping[str, str], clock: Clock) -> float:
    """Seconds that the service asks us to wait, 0 where it says nothing that makes sense."""
    given = headers.get("retry-after", "").strip()
    if given.isdigit():
        return float(given[:6])
    try:
        return max(0.0, (parsedate_to_datetime(given) - clock.now()).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def user_agent(contact: str | None) -> str:
    """As both services ask for it: name, version, and how to reach the person who runs it."""
    try:
        number = version("enrich")
    except PackageNotFoundError:
        number = "0"
    return f"enrich/{number} (+{contact or 'no contact given'})"


def shown(url: str) -> str:
    """The address without credentials, for messages."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))[:300]


def _with_wait(error: Unavailable, seconds: float) -> Unavailable:
    error.retry_after = seconds
    return error


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port


def _is_upgrade(url: str, target: str) -> bool:
    one, other = _origin(url), _origin(target)
    return one[0] == "http" and other[0] == "https" and one[1] == other[1]


def _may_carry_key(url: str) -> bool:
    scheme, host, _ = _origin(url)
    loopback = host in ("localhost", "::1") or host.startswith("127.")
    return scheme == "https" or loopback
