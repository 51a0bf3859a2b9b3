"""Which error an HTTP response of a service means, if any; see `enrich.errors`.

Pure, and the only place where this is decided. Status, content type and the first bytes decide
before anything is parsed; the wording of a refusal decides what it means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from enrich.errors import (
    BadAnswer,
    Forbidden,
    Refusal,
    Rejected,
    ServerError,
    ServiceError,
    Throttled,
    Unavailable,
)
from enrich.io.bounded_http import Response
from enrich.records import Service

# What the content type of a right answer contains.
_CONTENT: Mapping[Service, str] = {"arxiv": "xml", "semantic_scholar": "json"}
# arXiv throttles with 406 at times (arxiv-mcp-server#277, 2026-09).
_THROTTLED: Mapping[Service, tuple[int, ...]] = {"arxiv": (429, 406), "semantic_scholar": (429,)}
# Statuses that say that the request itself is wrong: it is not sent again as it is.
_REFUSED = (400, 404, 405, 410, 413, 414, 422, 431)
# The services' own words, from recorded answers and arXiv's source.
_REFUSALS: tuple[tuple[Refusal, str], ...] = (
    ("not_found", r"no valid paper ids given|title match not found|(paper|author) with id .* not "),
    ("bad_id", r"incorrect id format for "),
    ("bad_fields", r"unsupported fields?:? \["),
    ("bad_query", r"invalid query string|unacceptable query params"),
    ("too_large", r"exceed maximum size|too (large|long|many)"),
)
# Characters of a refusal that a message repeats.
_MAX_REASON = 200


def error_of(service: Service, response: Response, now: datetime) -> ServiceError | None:
    """The error that a response means.

    Args:
        service: Who answered.
        response: The whole answer.
        now: The time, for a Retry-After that names a date.

    Returns:
        None for an answer that may be parsed; else the error to raise, whose message is the end
        of a sentence that begins with the service's name.
    """
    status, data = response.status, response.data
    if status in _THROTTLED[service]:
        return _later(Throttled(f"is rate limiting requests (HTTP {status})."), response, now)
    if status in (401, 403):
        return Forbidden(f"refuses access (HTTP {status}): {reason(data)}.")
    if status in _REFUSED:
        return _refused(status, reason(data))
    if status >= 500:
        return _later(ServerError(f"failed on the request (HTTP {status})."), response, now)
    if status in (408, 425):
        return _later(Unavailable(f"was not ready (HTTP {status})."), response, now)
    if status != 200:
        return BadAnswer(f"answered with HTTP {status}, which is not understood.")
    start = data[:200].lstrip().lower()
    content_type = response.headers.get("content-type", "").lower()
    if start.startswith(b"rate exceeded"):
        return Throttled("is rate limiting requests ('Rate exceeded.' with HTTP 200).")
    if start.startswith((b"<!doctype html", b"<html")) or "html" in content_type:
        return BadAnswer("answered with a web page.")
    if not start and not data.strip():
        return BadAnswer("answered with nothing.")
    if _CONTENT[service] not in content_type:
        found = content_type or "no content type"
        return BadAnswer(f"answered with {found}, not {_CONTENT[service]}.")
    return None


def refusal_of(status: int, words: str) -> Refusal:
    """What a refusal with this status and these words means."""
    if status in (413, 414, 431):
        return "too_large"
    low = words.lower()
    return next((name for name, pattern in _REFUSALS if re.search(pattern, low)), "unknown")


def reason(data: bytes) -> str:
    """The service's own words for an error, as one printable line.

    Semantic Scholar says `error` here and `message` there; arXiv has them in the summary.
    """
    text = ""
    try:
        # A refusal is short: what is longer is no message of the service.
        body = json.loads(data[:20_000])
        if isinstance(body, dict):
            text = str(body.get("error") or body.get("message") or "")
    except (ValueError, RecursionError):
        summary = re.search(rb"<summary[^>]*>(.*?)</summary>", data[:20_000], re.DOTALL)
        text = (summary[1] if summary else data[:80]).decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:_MAX_REASON].rstrip(".") or "no reason given"


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that the service asks us to wait, 0 where it says nothing that makes sense."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        # More digits than these are no time anybody waits.
        return float(given[:6])
    try:
        return max(0.0, (parsedate_to_datetime(given) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _refused(status: int, words: str) -> Rejected:
    error = Rejected(f"refused the request (HTTP {status}): {words}.")
    error.refusal = refusal_of(status, words)
    return error


def _later(error: Unavailable, response: Response, now: datetime) -> Unavailable:
    error.retry_after = retry_after(response.headers, now)
    return error
