"""Both services on one loopback port, with limits, faults and a log of what was asked."""

from __future__ import annotations

import contextlib
import json
import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from enrich.sandbox.answers import HTML, Answer, Call, refused
from enrich.sandbox.arxiv_answers import Arxiv
from enrich.sandbox.catalogue import Catalogue, embedded
from enrich.sandbox.deviations import Deviations
from enrich.sandbox.fault_answers import too_fast
from enrich.sandbox.faults import Fault, Faults
from enrich.sandbox.files import read_catalogue
from enrich.sandbox.http_server import Server
from enrich.sandbox.limits import Limiter, Rates
from enrich.sandbox.recent import recent_papers
from enrich.sandbox.s2_answers import BASE, SemanticScholar
from enrich.sandbox.s2_recommendations import RECOMMENDATIONS

# A key that is refused by default, to try that out.
BAD_KEYS = frozenset({"bad-key"})


@dataclass(frozen=True)
class LoggedRequest:
    """One request and how it was answered; the key itself is not kept."""

    number: int
    service: str  # 'arxiv' or 's2'
    endpoint: str
    seconds: float  # since the sandbox started, by the wall
    method: str
    ids: tuple[str, ...]
    query: str
    fields: str
    status: int  # 0: the connection was closed without an answer
    fault: str | None
    keyed: bool
    user_agent: str
    accept: str
    target: str


class Sandbox:
    """Both services on loopback, in threads of this process; a context manager.

    Args:
        port: The port; 0 takes a free one.
        scale: Divides every interval and wait (1000: tests run fast).
        faults: Fault objects or their spelling.
        deviations: Names of assumptions to break.
        catalogue: The papers served or a file of them; the embedded ones and new ones by default.
        rates: Other intervals than the services'.
        limits: Whether rate limits are enforced.
        keys: The accepted API keys; by default all but `bad-key`.
        seed: Seed of faults with a probability.
        day: How many days after today it is there.
        host: The address to listen on.

    Raises:
        ValueError: The scale, a fault, a deviation or the catalogue cannot be used.
        OSError: The port or the file cannot be opened.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        scale: float = 1.0,
        faults: Iterable[Fault | str] | str = (),
        deviations: Iterable[str] | str = (),
        catalogue: Catalogue | Path | str | None = None,
        rates: Rates | None = None,
        limits: bool = True,
        keys: Iterable[str] | None = None,
        seed: int = 0,
        day: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        if not 0 < scale < math.inf:
            raise ValueError(f"scale must be a number above 0, not {scale}")
        if isinstance(catalogue, str | Path):
            catalogue = read_catalogue(Path(catalogue))
        self._given = catalogue
        self.set_day(day)
        self._scale, self._seed = scale, seed
        self._rates = (rates or Rates()) if limits else Rates.unlimited()
        self._limiter = Limiter(self._rates, scale)
        self._keys = None if keys is None else frozenset(keys)
        self._faults = Faults(faults, seed)
        self.set_deviations(deviations)
        self._lock = threading.Lock()
        self._asked: list[LoggedRequest] = []
        self._busy = 0
        self._started = time.monotonic()
        self._closing = threading.Event()
        self._server = Server((host, port), self)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def arxiv_url(self) -> str:
        """What to set ENRICH_ARXIV_URL to."""
        return f"http://127.0.0.1:{self.port}/api/query"

    @property
    def s2_url(self) -> str:
        """What to set ENRICH_S2_URL to."""
        return f"http://127.0.0.1:{self.port}{BASE}"

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The requests so far in order of their answers, which are logged before they are sent."""
        with self._lock:
            return tuple(self._asked)

    @property
    def busy(self) -> int:
        """How many requests it is answering at this moment."""
        with self._lock:
            return self._busy

    def count(self, service: str, endpoint: str | None = None) -> int:
        """How many requests a service, or one endpoint of it, has had."""
        return sum(
            asked.service == service and endpoint in (None, asked.endpoint)
            for asked in self.requests
        )

    def reset(self) -> None:
        """Forget the log, the limits' memory and the faults' counts; faults stay in force."""
        with self._lock:
            self._asked.clear()
        self._limiter.reset()
        self._faults.reset()

    def set_faults(self, faults: Iterable[Fault | str] | str = ()) -> None:
        """Replace the faults, counting from the start; without any the services work."""
        self._faults = Faults(faults, self._seed)

    def set_day(self, day: int) -> None:
        """Move to a day, counted from today: counts have grown, other papers are new."""
        today = datetime.now(UTC).date() + timedelta(days=day)
        papers = _default_catalogue(today, day) if self._given is None else self._given
        if papers.day != day:
            papers = Catalogue(papers, day)
        self.catalogue = papers
        self._arxiv, self._s2 = Arxiv(papers), SemanticScholar(papers, today)

    def set_deviations(self, names: Iterable[str] | str = ()) -> None:
        """Replace the broken assumptions by name."""
        self._deviations = changed = Deviations.named(names)
        self._limiter.rates = Rates(
            changed.arxiv_interval or self._rates.arxiv,
            changed.s2_interval or self._rates.s2_key,
            changed.s2_interval or self._rates.s2_shared,
            self._rates.arxiv_connections,
        )

    def start(self) -> Sandbox:
        """Serve in a thread; entering the context does the same."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop, closing every connection; what still waits is dropped."""
        self._closing.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.close_connections()
        self._server.server_close()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.close()

    def wait(self, seconds: float) -> bool:
        """Wait for scaled time, or until the sandbox is closed: then it returns False."""
        return not self._closing.wait(seconds / self._scale)

    def respond(self, call: Call, target: str, headers: dict[str, str]) -> Answer | None:
        """The answer to a call with limits, faults and log; None closes the connection.

        Args:
            call: The request.
            target: Path and query as sent.
            headers: The request's headers, names in lower case.
        """
        service, endpoint = _addressed(call.path)
        arrived = time.monotonic() - self._started
        with self._lock:
            self._busy += 1
        try:
            answer, fault = self._decide(call, service, endpoint, len(target))
        finally:
            with self._lock:
                self._busy -= 1
        with self._lock:
            self._asked.append(
                LoggedRequest(
                    number=len(self._asked) + 1,
                    service=service,
                    endpoint=endpoint,
                    seconds=arrived,
                    method=call.method,
                    ids=_asked_ids(call),
                    query=call.get("search_query") or call.get("query"),
                    fields=call.get("fields"),
                    status=answer.status if answer else 0,
                    fault=fault.kind if fault else None,
                    keyed=call.key is not None,
                    user_agent=headers.get("user-agent", ""),
                    accept=headers.get("accept", ""),
                    target=target,
                )
            )
        return answer

    def _decide(
        self, call: Call, service: str, endpoint: str, length: int
    ) -> tuple[Answer | None, Fault | None]:
        deviations = self._deviations
        if length > (deviations.url_limit or length):
            page = b"<html><body><h1>414 Request-URI Too Large</h1></body></html>"
            return Answer(414, page, HTML), None
        if service not in ("arxiv", "s2"):
            return refused(404, message="Not Found"), None
        if service == "s2" and call.key is not None and not self._accepts(call.key):
            return Answer(403, b'{"message":"Forbidden"}'), None
        # Checked before faults: a client that is too fast is refused, whatever else is broken.
        if not self._limiter.admit(service, call.key):
            return too_fast(service), None
        try:
            fault = self._faults.due(service, endpoint, call)
            served = self._arxiv if service == "arxiv" else self._s2
            answer = served.answer(call, deviations)
            if fault is None:
                return answer, None
            changed = self._faults.answer(fault, service, endpoint, call, answer)
            if changed is not None:
                self.wait(changed.delay)
            return changed, fault
        finally:
            self._limiter.done(service)

    def _accepts(self, key: str) -> bool:
        if self._deviations.s2_key_refused:
            return False
        return key not in BAD_KEYS if self._keys is None else key in self._keys


@lru_cache(maxsize=4)  # its indexes take longer to build than a sandbox to start
def _default_catalogue(today: date, day: int) -> Catalogue:
    return Catalogue([*embedded(), *recent_papers(today)], day)


def _addressed(path: str) -> tuple[str, str]:
    """Service and endpoint of a path, as the log and the faults call them."""
    if path.startswith("/api/"):
        return "arxiv", "query"
    if path.startswith(RECOMMENDATIONS + "/"):
        return "s2", "recommendations"
    if not path.startswith(BASE + "/"):
        return "none", path
    parts = path.removeprefix(BASE).strip("/").split("/")
    if parts[0] != "paper":
        return "s2", parts[0]
    if parts[1:2] == ["search"]:
        return "s2", parts[2] if len(parts) > 2 else "search"
    last = parts[-1]
    return "s2", last if last in ("batch", "citations", "references") else "paper"


def _asked_ids(call: Call) -> tuple[str, ...]:
    if id_list := call.get("id_list"):
        return tuple(id_list.split(","))
    if call.body:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            return tuple(str(ident) for ident in json.loads(call.body)["ids"])
    return ()
