"""Lists at addresses: every download ends within its bounds, and every failure is one sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.parsing.hostile_host import PAGE, HostileHost, hostile_host

from enrich.errors import ListError
from enrich.parsing import parse_list, read_list
from enrich.parsing.download import MAX_REDIRECTS, Downloads


@pytest.fixture
def host() -> Iterator[HostileHost]:
    with hostile_host() as server:
        yield server


@pytest.fixture
def downloads(host: HostileHost) -> Downloads:
    """GitHub is the local host; half a second and 50,000 bytes are all there is."""
    return Downloads(github=host.address, seconds=0.5, max_bytes=50_000)


def refused(location: str, downloads: Downloads) -> str:
    """The message for a location, which is one sentence that shows no secret."""
    with pytest.raises(ListError) as caught:
        read_list(location, downloads)
    message = str(caught.value)
    assert "\n" not in message
    assert "secret" not in message
    return message


def test_a_raw_file(host: HostileHost, downloads: Downloads) -> None:
    """A raw file is read; a redirect on its host is followed; no query is kept."""
    host.moved["/moved"] = "/list.md"
    assert read_list(f"{host.address}/list.md", downloads).data == PAGE
    text = read_list(f"{host.address}/moved?token=secret", downloads)
    assert text.data == PAGE
    assert "secret" not in text.location
    assert parse_list(text).entries[0].ids.arxiv_id == "1706.03762"


@pytest.mark.parametrize(
    "path",
    [
        "/slow-headers.md",
        "/slow-body.md",
        "/continue.md",
        "/silent.md",
    ],
)
def test_a_host_that_never_ends_is_given_up(
    host: HostileHost, downloads: Downloads, path: str
) -> None:
    """The time limit is for the whole, whichever part of an answer goes on for ever."""
    message = refused(f"{host.address}{path}?key=secret", downloads)
    assert message == f"{host.address}{path} takes longer than 0.5 s; try again later."


@pytest.mark.parametrize("path", ["/endless.md", "/endless-chunks.md"])
def test_an_endless_file_is_given_up(host: HostileHost, downloads: Downloads, path: str) -> None:
    """No more than the size limit is kept, with or without a stated length."""
    message = refused(host.address + path, Downloads(seconds=30, max_bytes=50_000))
    assert message == f"{host.address}{path} is larger than 0.0477 MB, more than any list."
    host.files["/exact.md"] = PAGE.ljust(50_000)
    host.files["/above.md"] = PAGE.ljust(50_001)
    roomy = Downloads(seconds=30, max_bytes=50_000)
    assert len(read_list(f"{host.address}/exact.md", roomy).data) == 50_000
    assert "is larger than" in refused(f"{host.address}/above.md", roomy)


@pytest.mark.parametrize(
    "path",
    [
        "/cut.md",
        "/no-http.md",
        "/nothing.md",
        "/bad-chunk.md",
        "/bad-gzip.md",
        "/endless-header.md",
    ],
)
def test_broken_answers(host: HostileHost, path: str) -> None:
    """An answer that breaks HTTP is refused; half a list is never read as a list."""
    message = refused(f"{host.address}{path}?key=secret", Downloads(seconds=30))
    assert message.startswith(f"{host.address}{path} cannot be fetched: it ")


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/round", f"redirects more than {MAX_REDIRECTS} times"),
        ("http://localhost:1/list.md", "another host (localhost)"),
        ("//example.org/list.md", "another host (example.org)"),
        ("http://[::1", "redirects to, an address that is not valid"),
        ("http://[::1/x?key=secret", "redirects to, an address that is not valid"),
        ("http://a:notaport/", "Port could not be cast"),
        ("http://a..b/", "names no host"),
        ("file:///etc/passwd", "must begin with http"),
        ("javascript:alert(1)", "must begin with http"),
        ("", "redirects without an address"),
    ],
)
def test_redirects_that_are_not_followed(
    host: HostileHost, downloads: Downloads, location: str, said: str
) -> None:
    """Loops, other hosts, other schemes and targets that are no addresses end in one sentence."""
    host.moved["/round"] = location
    assert said in refused(f"{host.address}/round", downloads)
    assert len(host.asked) == (MAX_REDIRECTS + 1 if location == "/round" else 1)


def test_early_hints_are_no_answer(host: HostileHost, downloads: Downloads) -> None:
    """Of the 1xx answers only 100 is skipped; any other ends the download."""
    assert "answers 103" in refused(f"{host.address}/early-hints.md", downloads)


def test_as_many_redirects_as_allowed(host: HostileHost, downloads: Downloads) -> None:
    """MAX_REDIRECTS redirects are followed, one more is not."""
    for step in range(MAX_REDIRECTS + 1):
        host.moved[f"/step{step}"] = f"/step{step + 1}"
    host.moved[f"/step{MAX_REDIRECTS}"] = "/list.md"
    assert read_list(f"{host.address}/step1", downloads).data == PAGE
    assert "redirects more than" in refused(f"{host.address}/step0", downloads)


def test_web_pages(host: HostileHost, downloads: Downloads) -> None:
    """HTML is a list only where the address ends so, by its type and by its first bytes."""
    html = b"<!doctype html><ul><li><a href='https://arxiv.org/abs/1706.03762'>T</a></li></ul>"
    host.files |= {"/page": html, "/disguised.md": html, "/page.html": html}
    for path in ("/page", "/disguised.md"):
        assert "is a web page, not a list" in refused(host.address + path, downloads)
    assert len(parse_list(read_list(f"{host.address}/page.html", downloads)).entries) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"  \n", "is empty"), (b"\x89PNG\r\n\x1a\n\x00\x00", "is a binary file")],
)
def test_files_that_are_no_list(
    host: HostileHost, downloads: Downloads, data: bytes, said: str
) -> None:
    """Empty and binary files are refused whatever type the host states."""
    host.files["/x.md"] = data
    assert said in refused(f"{host.address}/x.md", downloads)


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "http://a..b/",
        "http://a:notaport/",
        "http://a:99999/",
        "http:///list.md",
        "http://me:secret@[::1/x?key=secret",
        "http://me:sec#secret@[::1/x",
    ],
)
def test_addresses_that_cannot_be_asked(url: str, downloads: Downloads) -> None:
    """An address that is none is refused before anything is sent, without its password."""
    assert "is not a valid address" in refused(url, downloads)


def test_a_host_that_is_not_there() -> None:
    """A refused connection is one sentence, not a traceback."""
    message = refused("http://127.0.0.1:9/list.md", Downloads())
    assert "cannot be fetched: it refuses the connection" in message


@pytest.mark.parametrize(
    ("location", "file", "slug"),
    [
        ("github:o/r", "/o/r/HEAD/README.md", "o-r"),
        ("github:o/r@v1:README.md", "/o/r/v1/README.md", "o-r"),
        ("github:o/r@v1.0:docs/papers.md", "/o/r/v1.0/docs/papers.md", "o-r-papers"),
        ("https://github.com/owner/repo", "/owner/repo/HEAD/README.md", "owner-repo"),
        ("https://github.com/owner/repo.git", "/owner/repo/HEAD/README.md", "owner-repo"),
        ("https://github.com/o/r/tree/dev", "/o/r/dev/README.md", "o-r"),
        ("https://github.com/o/r/tree/main/lists", "/o/r/main/lists/README.md", "o-r-lists"),
        ("https://github.com/o/r/blob/main/a/b.md?plain=1#L3", "/o/r/main/a/b.md", "o-r-b"),
    ],
)
def test_github(
    host: HostileHost, downloads: Downloads, location: str, file: str, slug: str
) -> None:
    """A repository, a folder or a file on GitHub is read raw and named owner-repo."""
    host.files[file] = PAGE
    text = read_list(location, downloads)
    assert (text.slug, text.data, host.asked) == (slug, PAGE, [file])


@pytest.mark.parametrize(
    ("readme", "asked"),
    [("readme.md", 2), ("README.rst", 3), ("README.org", 4), ("README.adoc", 5), ("Readme.md", 6)],
)
def test_github_readmes_of_other_names(
    host: HostileHost, downloads: Downloads, readme: str, asked: int
) -> None:
    """A README of another format or spelling is found, in a fixed order, and named as usual."""
    host.files[f"/o/r/HEAD/{readme}"] = PAGE
    text = read_list("github:o/r", downloads)
    assert (text.slug, text.name) == ("o-r", "o-r." + readme.partition(".")[2])
    assert len(host.asked) == asked


def test_github_without_a_readme(host: HostileHost, downloads: Downloads) -> None:
    """A repository without a README is one sentence; a file that is named is asked for once."""
    message = refused("github:o/none", downloads)
    assert "/o/none/HEAD/README.md answers 404" in message
    assert "5 other names" in message
    host.asked.clear()
    assert "answers 404" in refused("github:o/none:papers.md", downloads)
    assert host.asked == ["/o/none/HEAD/papers.md"]


def test_only_a_404_leads_to_the_next_name(host: HostileHost, downloads: Downloads) -> None:
    """A failure is no proof that the README has another name."""
    host.raw["/o/r/HEAD/README.md"] = lambda: iter((b"HTTP/1.1 503 Busy\r\n\r\n",))
    host.files["/o/r/HEAD/readme.md"] = PAGE
    assert "answers 503" in refused("github:o/r", downloads)
    assert len(host.asked) == 1


def test_the_time_limit_is_for_all_names_together(host: HostileHost) -> None:
    """Slow 404s of six names take no longer than one download may."""

    def slow_404() -> Iterator[bytes]:
        host.gone.wait(0.2)
        yield b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    for readme in ("README.md", "readme.md", "README.rst", "README.org", "README.adoc"):
        host.raw[f"/o/r/HEAD/{readme}"] = slow_404
    message = refused("github:o/r", Downloads(github=host.address, seconds=0.5))
    assert "takes longer than 0.5 s" in message
    assert len(host.asked) <= 3
