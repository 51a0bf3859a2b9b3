"""One HTTP exchange, bounded in time and size as a whole, whatever the other side does.

`requests` bounds the wait for each piece of an answer, not their sum: a byte a second, endless
`100 Continue` or a slow name server would hold a run for ever. Here the exchange runs in a thread
of its own; when its time is over its socket is closed and the caller continues.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError

Fault = Literal[
    "bad_address", "unreachable", "certificate", "too_slow", "too_large", "broken", "stopped"
]
# Seconds for name resolution, TCP and TLS together.
CONNECT_SECONDS = 10.0
_POLL_SECONDS = 0.1
# Bytes read at a time, between two looks at the bound.
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class ExchangeFailed(Exception):
    """No whole answer came. `fault` says how; the message is the end of a sentence."""

    def __init__(self, fault: Fault, message: str, received: int = 0) -> None:
        super().__init__(fault, message, received)
        self.fault: Fault = fault
        self.message, self.received = message, received

    def __str__(self) -> str:
        return self.message


class BoundedSession:
    """Keeps a connection open between exchanges; one exchange at a time."""

    def __init__(self, headers: Mapping[str, str], max_bytes: int) -> None:
        self._headers, self._max_bytes = dict(headers), max_bytes
        self._sockets = _Sockets()
        self._session = self._new_session()

    def exchange(
        self,
        method: str,
        url: str,
        *,
        json: object | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Response:
        """Send one request and read its whole answer; redirects are not followed.

        Args:
            method: GET or POST.
            url: The address; it need not be well-formed.
            json: The body, sent as JSON.
            headers: Headers of this request only.
            seconds: Real seconds for everything from name resolution to the last byte.
            stopped: Asked ten times a second; True ends the exchange.

        Returns:
            The answer, whatever its status.

        Raises:
            ExchangeFailed: No whole answer came within the bounds.
        """
        answers: queue.SimpleQueue[Response | BaseException] = queue.SimpleQueue()
        counted = _Counted()

        def perform() -> None:
            try:
                answers.put(self._perform(method, url, json, headers or {}, counted))
            except BaseException as error:  # handed over to the caller's thread
                answers.put(error)

        self._sockets.connected.clear()
        began = time.monotonic()
        threading.Thread(target=perform, name="http exchange", daemon=True).start()
        while True:
            left = began + seconds - time.monotonic()
            try:
                answer = answers.get(timeout=max(0.0, min(_POLL_SECONDS, left)))
            except queue.Empty:
                if stopped():
                    raise self._abandon("stopped", "was stopped", counted) from None
                if left <= 0:
                    text = f"did not answer within {seconds:.0f} s"
                    raise self._abandon("too_slow", text, counted) from None
                connecting = not self._sockets.connected.is_set()
                if connecting and time.monotonic() - began > CONNECT_SECONDS:
                    text = f"accepts no connection within {CONNECT_SECONDS:.0f} s"
                    raise self._abandon("unreachable", text, counted) from None
                continue
            if isinstance(answer, Response):
                return answer
            raise _translated(answer, counted.size) from None

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _perform(
        self,
        method: str,
        url: str,
        json: object | None,
        headers: Mapping[str, str],
        counted: _Counted,
    ) -> Response:
        parts: list[bytes] = []
        with self._session.request(
            method, url, json=json, headers=dict(headers), allow_redirects=False, stream=True,
            timeout=(CONNECT_SECONDS, None),
        ) as answer:  # fmt: skip
            # Counted after decompression: a small compressed answer can be huge.
            for part in answer.iter_content(_PIECE):
                counted.size += len(part)
                parts.append(part)
                if counted.size > self._max_bytes:
                    text = f"sent more than {self._max_bytes >> 20} MB"
                    raise ExchangeFailed("too_large", text, counted.size)
            names = {name.lower(): value for name, value in answer.headers.items()}
            return Response(answer.status_code, names, b"".join(parts))

    def _abandon(self, fault: Fault, message: str, counted: _Counted) -> ExchangeFailed:
        self._sockets.close_all()
        self._sockets = _Sockets()
        self._session = self._new_session()
        return ExchangeFailed(fault, message, counted.size)

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        # A .netrc must not add credentials of its own; proxies of the environment stay in force.
        session.auth = lambda prepared: prepared
        session.headers.update(self._headers)
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter(self._sockets))
        return session


class _Counted:
    """How many bytes of the body have come, readable while they come."""

    def __init__(self) -> None:
        self.size = 0


class _Sockets:
    """The sockets of one session, so that another thread can close them."""

    def __init__(self) -> None:
        self.connected = threading.Event()
        self._open: list[socket.socket] = []

    def opened(self, sock: Any) -> None:
        self._open = [one for one in self._open if one.fileno() >= 0]
        self._open.append(sock)
        self.connected.set()

    def close_all(self) -> None:
        for sock in self._open:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already


class _Adapter(HTTPAdapter):
    """An adapter whose connections report their sockets."""

    def __init__(self, sockets: _Sockets) -> None:
        self._pools = _pools(sockets)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(sockets: _Sockets) -> dict[str, type[HTTPConnectionPool]]:
    class Reporting:
        """What connections of both kinds do besides their own work."""

        sock: Any

        def connect(self) -> None:
            super().connect()  # type: ignore[misc]  # of the connection class beside this one
            sockets.opened(self.sock)

        def getresponse(self) -> Any:
            sockets.connected.set()  # a connection kept from before connects no more
            return super().getresponse()  # type: ignore[misc]

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = type("Plain", (Reporting, HTTPConnection), {})

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = type("Secure", (Reporting, HTTPSConnection), {})

    return {"http": PlainPool, "https": SecurePool}


def _translated(error: BaseException, received: int) -> ExchangeFailed:
    """`requests`' many exceptions as one; their texts can hold headers and are not shown."""
    if isinstance(error, ExchangeFailed):
        return error
    text = f"{error!r}"
    if isinstance(error, requests.exceptions.SSLError):
        return ExchangeFailed("certificate", "has a certificate that cannot be verified", received)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        reason = f"accepts no connection within {CONNECT_SECONDS:.0f} s"
        return ExchangeFailed("unreachable", reason, received)
    broken = (
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
    )
    if isinstance(error, broken):
        return ExchangeFailed("broken", "ended its answer before it was complete", received)
    if isinstance(error, requests.ConnectionError):
        if NameResolutionError.__name__ in text:
            return ExchangeFailed("unreachable", "has a name that cannot be resolved", received)
        if "NewConnectionError" in text or "ProxyError" in text:
            return ExchangeFailed("unreachable", "refuses the connection", received)
        return ExchangeFailed("broken", "closed the connection without an answer", received)
    if isinstance(error, requests.exceptions.Timeout):
        return ExchangeFailed("too_slow", "did not answer in time", received)
    if isinstance(error, requests.RequestException | HTTPError | OSError):
        # urllib3 raises some of its own unwrapped; whatever they are, no answer came.
        address = isinstance(error, ValueError)  # InvalidURL, MissingSchema, InvalidHeader, …
        reason = "is no address that can be asked" if address else "gave no whole answer"
        return ExchangeFailed("bad_address" if address else "broken", reason, received)
    if isinstance(error, ValueError):  # UnicodeError of IDNA among them
        return ExchangeFailed("bad_address", "is no address that can be asked", received)
    raise error
