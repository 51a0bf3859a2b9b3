"""HTTP/1.1 in threads: what comes in becomes a Call, an Answer goes out as it says."""

from __future__ import annotations

import contextlib
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from enrich.sandbox.answers import Answer, Call

BODY_MOST = 20_000_000  # bytes of a request that are read at all


class Responder(Protocol):
    """What answers the requests."""

    def respond(self, call: Call, target: str, headers: dict[str, str]) -> Answer | None:
        """The answer to a call; None closes the connection.

        Args:
            call: The request.
            target: Path and query as sent, for the bound on their length.
            headers: The request's headers, names in lower case.
        """
        ...

    def wait(self, seconds: float) -> bool:
        """Wait between the pieces of an answer; False once the server is closing."""
        ...


class Server(ThreadingHTTPServer):
    """Knows its connections and can close them; keep-alive clients would keep it from ending."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], responder: Responder) -> None:
        self._connections: set[socket.socket] = set()
        self.responder = responder
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection and serve it in a thread."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close the connection and forget it."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close every connection, whatever it waits for."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect; report anything else."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    # The names of these two are http.server's.
    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, BODY_MOST))
        self._serve(body)

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        posted = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        form = body.decode("utf-8", "replace") if posted else ""
        params = parse_qsl("&".join(p for p in (parts.query, form) if p), keep_blank_values=True)
        key = self.headers.get("x-api-key")
        call = Call(self.command, parts.path, tuple(params), body, key)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.responder.respond(call, self.path, headers)
        if answer is None:
            self.close_connection = True
            return
        if answer.manner == "raw":
            self.wfile.write(answer.body)
        elif answer.manner == "continue":
            while self._paused(b"HTTP/1.1 100 Continue\r\n\r\n", answer.pause):
                pass
        else:
            self._send(answer)
        self.wfile.flush()
        if answer.manner != "whole" or answer.cut is not None:
            self.close_connection = True

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if answer.manner == "endless":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.manner == "drip-headers":
            self._drip_headers(answer.pause)
        self.end_headers()
        if answer.manner == "endless":
            self.wfile.write(b"7fffffff\r\n")
            while self._paused(b" ", answer.pause):
                pass
        elif answer.manner == "drip":
            self._drip(answer.body, answer.pause)
        else:
            self._send_pieces(answer)

    def _drip_headers(self, pause: float) -> None:
        # http.server keeps the header lines in this list until they are flushed.
        lines: list[bytes] = self._headers_buffer  # type: ignore[attr-defined]
        self._drip(b"".join(lines), pause)
        lines.clear()

    def _send_pieces(self, answer: Answer) -> None:
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        step = max(1, -(-len(body) // 20)) if answer.lasting else max(1, len(body))
        for start in range(0, len(body), step):
            self._paused(body[start : start + step], answer.lasting / 20)

    def _drip(self, data: bytes, pause: float) -> None:
        for at in range(len(data)):
            if not self._paused(data[at : at + 1], pause):
                return

    def _paused(self, piece: bytes, pause: float) -> bool:
        """Send a piece and wait; False once the server is closing."""
        self.wfile.write(piece)
        self.wfile.flush()
        return self.server.responder.wait(pause)

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log lines: the sandbox keeps its own log."""
