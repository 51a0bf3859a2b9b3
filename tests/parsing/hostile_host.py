"""A raw-file host on this machine that answers in every wrong way that HTTP allows."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PAGE = b"# List\n\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
# What a slow answer would take is minutes; the host gives up when the client has gone.
_PAUSE = 0.02
_PIECES = 100_000


class HostileHost(socketserver.ThreadingTCPServer):
    """Serves `files`; `asked` are the paths requested, `raw` answers written as they are."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {"/list.md": PAGE}
        self.raw: dict[str, Callable[[], Iterator[bytes]]] = {
            "/slow-headers.md": lambda: _slow(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
            "/slow-body.md": lambda: _slow(_head("Content-Length: 900000"), b"- a"),
            "/continue.md": lambda: _slow(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            "/early-hints.md": lambda: _slow(b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
            "/silent.md": lambda: _slow(b"", b""),
            "/endless.md": lambda: _endless(_head("Connection: close"), b"- an entry\n" * 500),
            "/endless-chunks.md": lambda: _endless(
                _head("Transfer-Encoding: chunked"), b"1000\r\n" + b"a" * 4096 + b"\r\n"
            ),
            "/endless-header.md": lambda: _endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 4096),
            "/cut.md": lambda: iter((_head("Content-Length: 900000"), PAGE)),
            "/no-http.md": lambda: iter((b"SSH-2.0-OpenSSH_9.6\r\n",)),
            "/nothing.md": lambda: iter(()),
            "/bad-chunk.md": lambda: iter((_head("Transfer-Encoding: chunked"), b"zz\r\n")),
            "/bad-gzip.md": lambda: iter(
                (_head("Content-Encoding: gzip\r\nContent-Length: 3"), b"abc")
            ),
        }  # fmt: skip
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []
        self.gone = threading.Event()

    @property
    def address(self) -> str:
        """The address of the host, without a path."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, path: str) -> Iterator[bytes]:
        """The pieces of the answer for a path."""
        self.asked.append(path)
        path = path.partition("?")[0]
        if path in self.raw:
            return self.raw[path]()
        if path in self.moved:
            location = f"Location: {self.moved[path]}\r\n".encode("latin-1", "replace")
            return iter((b"HTTP/1.1 302 Found\r\n" + location + b"Content-Length: 0\r\n\r\n",))
        if path not in self.files:
            return iter((b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",))
        data = self.files[path]
        kind = "text/html" if path.startswith("/page") else "text/plain"
        return iter((_head(f"Content-Type: {kind}\r\nContent-Length: {len(data)}"), data))


class _Handler(socketserver.StreamRequestHandler):
    server: HostileHost

    def handle(self) -> None:
        request = self.rfile.readline().decode("latin-1").split(" ")
        while self.rfile.readline().strip():
            pass
        try:
            for piece in self.server.answer(request[1]):
                if self.server.gone.is_set():
                    return
                self.wfile.write(piece)
        except OSError:
            return  # the client has closed the connection


def _head(headers: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n".encode()


def _slow(first: bytes, piece: bytes) -> Iterator[bytes]:
    yield first
    pause = threading.Event()
    for _ in range(_PIECES):
        pause.wait(_PAUSE)
        yield piece


def _endless(first: bytes, piece: bytes) -> Iterator[bytes]:
    yield first
    for _ in range(_PIECES):
        yield piece


@contextmanager
def hostile_host() -> Iterator[HostileHost]:
    """The host, running; its connections end with it."""
    with HostileHost() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.gone.set()
            server.shutdown()
            thread.join()
