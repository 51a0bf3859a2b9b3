"""Where lists come from, and what is said when nothing can be read there."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from tests.parsing.support import list_text, parse

from enrich.errors import ListError
from enrich.parsing import find_lists, parse_list, read_list
from enrich.parsing import source as source_module

PAGE = b"# List\n\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"


class Answers(BaseHTTPRequestHandler):
    """A raw-file host with every fault a list's address can have."""

    def do_GET(self) -> None:
        route = self.path.partition("?")[0]
        if route in ("/list.md", "/o/r/HEAD/README.md", "/o/r/v1.0/docs/papers.md"):
            self.answer(200, PAGE)
        elif route == "/moved":
            self.answer(302, b"", {"Location": "/list.md"})
        elif route == "/away":
            self.answer(302, b"", {"Location": "http://localhost:1/list.md"})
        elif route == "/round":
            self.answer(302, b"", {"Location": "/round"})
        elif route == "/page":
            self.answer(200, b"<!doctype html><html></html>", {"Content-Type": "text/html"})
        elif route == "/disguised.md":
            self.answer(200, b"\n<!DOCTYPE html><html><body>login</body></html>")
        elif route == "/large.md":
            self.answer(200, b"- a line of a list\n" * 5000)
        elif route == "/empty.md":
            self.answer(200, b"  \n")
        else:
            self.answer(404, b"404: Not Found")

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class GitHubHere(HTTPAdapter):
    """Sends requests for GitHub's raw files to the local host."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        assert request.url is not None
        request.url = request.url.replace("https://raw.githubusercontent.com", self.host)
        return super().send(request, *args, **kwargs)


@pytest.fixture
def github(host: str) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("https://raw.githubusercontent.com", GitHubHere(host))
        yield session


def test_a_file(tmp_path: Path) -> None:
    """A file is taken byte for byte, with its hash, a name and a slug."""
    path = tmp_path / "My List of GANs.md"
    path.write_bytes(PAGE)
    text = read_list(str(path))
    assert (text.name, text.slug) == ("My List of GANs.md", "my-list-of-gans")
    assert text.data == PAGE
    assert text.sha256 == hashlib.sha256(PAGE).hexdigest()


def test_find_lists(tmp_path: Path) -> None:
    """Lists of every format are found; notes on sources, overrides and hidden files are none."""
    for name in (
        "b.md",
        "a.rst",
        "c.bib",
        "d.csv",
        "SOURCES.md",
        "overrides.toml",
        ".x.md",
        "e.pdf",
    ):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.md").mkdir()
    assert [Path(p).name for p in find_lists(tmp_path)] == ["a.rst", "b.md", "c.bib", "d.csv"]
    with pytest.raises(ListError, match="is no folder"):
        find_lists(tmp_path / "missing")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a binary file"),
        (b"%PDF-1.4 \x00\x01", "is a binary file"),
        (b"<!DOCTYPE html>\n<html><body>x</body></html>", "is a web page"),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, data: bytes, said: str) -> None:
    """Empty, binary and HTML files are refused in one sentence that names them."""
    path = tmp_path / "list.md"
    path.write_bytes(data)
    with pytest.raises(ListError, match=said) as error:
        read_list(str(path))
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and an impossible path are refused in one sentence."""
    with pytest.raises(ListError, match="does not exist"):
        read_list(str(tmp_path / "missing.md"))
    with pytest.raises(ListError, match="is a folder"):
        read_list(str(tmp_path))
    with pytest.raises(ListError, match="cannot be read"):
        read_list(str(tmp_path / "a\x00b.md"))
    with pytest.raises(ListError, match="cannot be read"):
        read_list(str(tmp_path / ("a" * 300)))


@pytest.mark.parametrize(
    "text",
    ["Just prose, nothing else.", "# A heading\n\n## Another\n", "- [Top](#top)\n- [End](#end)\n"],
)
def test_a_list_without_entries(text: str) -> None:
    """A text that names no entry is refused, not turned into an empty table."""
    with pytest.raises(ListError, match="holds no entries"):
        parse(text)


def test_an_address(host: str) -> None:
    """A raw file is fetched; a redirect on the same host is followed; no query is kept."""
    assert read_list(f"{host}/list.md").data == PAGE
    text = read_list(f"{host}/moved?token=secret")
    assert text.data == PAGE
    assert "secret" not in text.location
    assert parse_list(read_list(f"{host}/list.md")).entries[0].ids.arxiv_id == "1706.03762"


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("/nothing.md", "answers 404"),
        ("/page", "is a web page"),
        ("/disguised.md", "is a web page"),
        ("/away", "another host"),
        ("/round", "redirects more than"),
        ("/empty.md", "is empty"),
        ("/large.md", "is larger than"),
    ],
)
def test_addresses_without_a_list(
    host: str, route: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """404, HTML, strange redirects and endless files are refused, naming the address."""
    monkeypatch.setattr(source_module, "MAX_BYTES", 50_000)
    with pytest.raises(ListError, match=said) as error:
        read_list(host + route + "?key=secret")
    assert host in str(error.value)
    assert "secret" not in str(error.value)


def test_a_host_that_is_not_there() -> None:
    """A refused connection is one sentence, not a traceback."""
    with pytest.raises(ListError, match="cannot be fetched"):
        read_list("http://127.0.0.1:9/list.md")


def test_github(github: requests.Session) -> None:
    """`github:owner/repo[@ref][:path]` is the raw file; README.md of the default branch else."""
    text = read_list("github:o/r", github)
    assert (text.name, text.slug, text.location) == ("o-r.md", "o-r", "github:o/r")
    text = read_list("github:o/r@v1.0:docs/papers.md", github)
    assert text.slug == "o-r-papers"
    with pytest.raises(ListError, match="answers 404"):
        read_list("github:o/none", github)


@pytest.mark.parametrize("rest", ["", "o", "o/r/x", "o/r@", "o/r:"])
def test_github_forms(rest: str) -> None:
    """A malformed GitHub location is refused before anything is fetched."""
    with pytest.raises(ListError, match="github:owner/repo"):
        read_list(f"github:{rest}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    """UTF-8 with and without mark and marked UTF-16 are read; line ends do not matter."""
    text = "# Liste\r\n\r\n- [Über das Lernen von Löchern](https://arxiv.org/abs/1706.03762)\r\n"
    parsed = parse_list(list_text(text.encode(encoding)))
    assert parsed.entries[0].title == "Über das Lernen von Löchern"
    assert parsed.entries[0].line_start == 3


def test_other_encodings() -> None:
    """An old encoding is recognised from enough text; a broken one is refused with its offset."""
    link = "https://arxiv.org/abs/1706.0{:04}"
    line = f"- [视频分类的深度学习方法综述与展望]({link}) 作者:张三、李四\n"
    text = "# 论文列表\n\n" + "".join(line.format(n) for n in range(1000, 1040))
    parsed = parse_list(list_text(text.encode("gb18030")))
    assert parsed.encoding.startswith("gb")
    assert parsed.entries[0].title == "视频分类的深度学习方法综述与展望"
    with pytest.raises(ListError, match="at offset 12 "):
        parse(b"- a b c d e \xff\xfe\xfa\x81\x8d [x](https://arxiv.org/abs/1706.03762)\n")


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://a..b/", "http://a:notaport/", "http://me:secret@[::1/x?key=secret"],
)
def test_addresses_that_are_none_are_refused(url: str) -> None:
    """An address that cannot be asked is one sentence, without passwords and queries."""
    with pytest.raises(ListError, match="is not a valid address") as caught:
        read_list(url)
    assert "secret" not in str(caught.value)


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    """What is no regular file would be read for ever."""
    import os

    os.mkfifo(tmp_path / "list.md")
    for path in (str(tmp_path / "list.md"), "/dev/zero"):
        with pytest.raises(ListError, match="is a pipe or a device"):
            read_list(path)


def test_names_of_lists(tmp_path: Path) -> None:
    """A README is named for its folder; a long name is cut and stays distinct."""
    folder = tmp_path / "graph-papers"
    folder.mkdir()
    names = ("README.md", "a" * 240 + ".md", "a" * 239 + "b.md")
    for name in names:
        (folder / name).write_text("- [A title](https://arxiv.org/abs/1706.03762)\n")
    slugs = [read_list(str(folder / name)).slug for name in names]
    assert slugs[0] == "graph-papers"
    assert slugs[1] != slugs[2]
    assert max(map(len, slugs)) <= 130


@pytest.mark.parametrize(
    ("location", "asked", "slug"),
    [
        ("https://github.com/owner/repo", "owner/repo/HEAD/README.md", "owner-repo"),
        ("https://github.com/owner/repo.git", "owner/repo/HEAD/README.md", "owner-repo"),
        ("https://github.com/o/r/tree/dev", "o/r/dev/README.md", "o-r"),
        ("https://github.com/o/r/tree/main/lists", "o/r/main/lists/README.md", "o-r-lists"),
        ("https://github.com/o/r/blob/main/a/b.md?plain=1#L3", "o/r/main/a/b.md", "o-r-b"),
        ("github:o/r@v1:README.md", "o/r/v1/README.md", "o-r"),
    ],
)
def test_pages_of_github_lead_to_their_file(
    location: str, asked: str, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository, a folder or a file on GitHub is read raw and named owner-repo."""
    from enrich.parsing import source

    urls: list[str] = []

    def fetched(url: str, session: object) -> bytes:
        urls.append(url)
        return b"- [A title](https://arxiv.org/abs/1706.03762)\n"

    monkeypatch.setattr(source, "_download", fetched)
    assert read_list(location).slug == slug
    assert urls == [f"https://raw.githubusercontent.com/{asked}"]
