"""Where the text of a list comes from: a file, an address, a GitHub repository."""

from __future__ import annotations

import hashlib
import re
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from enrich.errors import ListError
from enrich.parsing.formats import SUFFIXES

if TYPE_CHECKING:
    import requests

MAX_BYTES = 64 * 1024 * 1024
_TIMEOUT = (10.0, 60.0)  # seconds to connect, and between two pieces of the answer
# Seconds for a whole list, redirects included: a host that sends a byte a minute ends then.
_WHOLE = 120.0
_REDIRECTS = 5
_LIST_SUFFIXES = frozenset({*SUFFIXES, ".txt"})
_NOT_LISTS = frozenset({"sources.md"})
_LONGEST_SLUG = 120  # file systems take 255 bytes, and names of temporary files are longer
_README = re.compile(r"readme(?:\.\w+)?", re.IGNORECASE)
_READMES = ("README.md", "readme.md", "README.rst", "README.org", "README.adoc", "Readme.md")
_GITHUB = re.compile(
    r"github:(?P<owner>[\w.\-]+)/(?P<repo>[\w.\-]+)(?:@(?P<ref>[\w.\-/]+))?(?::(?P<path>[^\s]+))?"
)
# A repository, a folder or a file as its pages on GitHub are addressed.
_GITHUB_PAGE = re.compile(
    r"https?://(?:www\.)?github\.com/(?P<owner>[\w.\-]+)/(?P<repo>[\w.\-]+?)(?:\.git)?"
    r"(?:/(?:blob|tree|raw|blame)/(?P<ref>[^/?#]+)(?:/(?P<path>[^?#]+))?)?/?(?:[?#].*)?",
    re.IGNORECASE,
)
_GITHUB_RAW = re.compile(
    r"https?://raw\.githubusercontent\.com/(?P<owner>[^/]+)/(?P<repo>[^/]+)/(?:refs/heads/)?"
    r"[^/]+/(?P<path>[^?#]+)"
)


class _NotThere(ListError):
    """The address of a list answers 404."""


@dataclass(frozen=True, slots=True)
class ListText:
    """A list as it was fetched. `location` is as given, without user names, passwords, queries."""

    name: str
    slug: str
    location: str
    data: bytes
    sha256: str


def find_lists(folder: Path) -> tuple[str, ...]:
    """The lists in a folder, sorted by name; notes on sources and overrides are none."""
    if not folder.is_dir():
        raise ListError(f"{folder} is no folder; lists are looked for in data/raw by default.")
    return tuple(
        str(path)
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.suffix.lower() in _LIST_SUFFIXES
        and path.name.lower() not in _NOT_LISTS
        and not path.name.startswith(".")
    )


def read_list(location: str, session: requests.Session | None = None) -> ListText:
    """Fetch a list from a path, the address of a raw file or `github:owner/repo[@ref][:path]`.

    Raises ListError, in one sentence, when there is nothing to read or it cannot be a list.
    """
    location = location.strip()
    if location.startswith("github:"):
        match = _GITHUB.fullmatch(location)
        if not match:
            raise ListError(
                f"{location!r} is not of the form github:owner/repo[@ref][:path], "
                "for instance github:owner/repo@main:README.md."
            )
        return _from_github(location, match, session)
    if re.match(r"https?://", location, re.IGNORECASE):
        page = _GITHUB_PAGE.fullmatch(location)
        if page:
            return _from_github(_public(location), page, session)
        data = _download(location, session)
        raw = _GITHUB_RAW.match(location)
        name = (
            _github_name(raw["owner"], raw["repo"], raw["path"])
            if raw
            else Path(urlsplit(location).path).name or urlsplit(location).hostname or "list"
        )
        return _list_text(name, _public(location), data)
    path = Path(location)
    name = path.name
    if _README.fullmatch(name) and (folder := path.absolute().parent.name):
        name = folder + path.suffix  # a README is named for its folder
    return _list_text(name, location, _read_file(path))


def _from_github(location: str, match: re.Match[str], session: requests.Session | None) -> ListText:
    """The file that is named, else the README of the repository or folder."""
    owner, repo, path = match["owner"], match["repo"], (match["path"] or "").strip("/")
    base = f"https://raw.githubusercontent.com/{owner}/{repo}/{match['ref'] or 'HEAD'}/"
    paths = [path]
    if not path or not Path(path).suffix:
        paths = [f"{path}/{readme}".lstrip("/") for readme in _READMES]
    for place, wanted in enumerate(paths):
        try:
            data = _download(base + wanted, session)
        except _NotThere:
            if place == len(paths) - 1:
                raise
        else:
            return _list_text(_github_name(owner, repo, wanted), location, data)
    raise AssertionError("a path is tried at least")


def _github_name(owner: str, repo: str, path: str) -> str:
    """`owner-repo`, with the file's name where it is no README at the top."""
    stem, name = f"{owner}-{repo}", Path(path).name
    if not _README.fullmatch(name):
        return f"{stem}-{name}"
    folders = path.split("/")[:-1]
    return "-".join([stem, *folders]) + Path(path).suffix


def _list_text(name: str, location: str, data: bytes) -> ListText:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head and not data.strip():
        raise ListError(f"{location} is empty; a list needs at least one entry.")
    if head.startswith((b"<!doctype html", b"<html")) and not _is_page(name):
        raise _web_page(location)
    if b"\x00" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ListError(
            f"{location} is a binary file; a list is text (Markdown, rst, BibTeX, CSV)."
        )
    slug = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-") or "list"
    if len(slug) > _LONGEST_SLUG:
        slug = f"{slug[:_LONGEST_SLUG]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return ListText(name, slug, location, data, hashlib.sha256(data).hexdigest())


def _is_page(name: str) -> bool:
    return SUFFIXES.get(Path(name).suffix.lower()) == "html"


def _web_page(location: str) -> ListError:
    return ListError(f"{location} is a web page, not a list; give the address of the raw file.")


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ListError(f"{path} is a folder; give one of its files, or none to run them all.")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ListError(f"{path} is a pipe or a device, not a file; save the list to a file.")
        if status.st_size > MAX_BYTES:
            raise ListError(f"{path} is larger than {MAX_BYTES >> 20} MB, more than any list.")
        return path.read_bytes()
    except FileNotFoundError:
        raise ListError(f"{path} does not exist; check the path of the list.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListError(f"{path} cannot be read: {reason}.") from None


def _public(url: str) -> str:
    """An address without user name, password and query: they may hold secrets."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ListError(f"{_masked(url)!r} is not a valid address: {error}.") from None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _masked(url: str) -> str:
    """An address that cannot be taken apart, without what may be a password or a query."""
    return re.sub(r"//[^/]*@", "//", url.partition("?")[0])


def _download(url: str, session: requests.Session | None) -> bytes:
    """The body at an address, within `_WHOLE` seconds whatever the host does."""
    found: list[bytes | BaseException] = []

    def fetch() -> None:
        try:
            found.append(_fetch(url, session))
        except BaseException as error:
            found.append(error)

    # Time limits of sockets count from byte to byte; only another thread can end the whole.
    thread = threading.Thread(target=fetch, name="list", daemon=True)
    thread.start()
    thread.join(_WHOLE)
    if not found:
        raise ListError(f"{_public(url)} takes longer than {_WHOLE:.0f} s; try again later.")
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _fetch(url: str, session: requests.Session | None) -> bytes:
    import requests  # only a list from afar needs it; reading a file should start at once

    own = session or requests.Session()
    try:
        for _ in range(_REDIRECTS):
            with own.get(url, timeout=_TIMEOUT, stream=True, allow_redirects=False) as answer:
                if answer.is_redirect:
                    url = _redirect(url, answer.headers.get("Location", ""))
                    continue
                if answer.status_code != 200:
                    error = _NotThere if answer.status_code == 404 else ListError
                    raise error(f"{_public(url)} answers {answer.status_code}; check the address.")
                page = "html" in answer.headers.get("Content-Type", "").lower()
                if page and not _is_page(urlsplit(url).path):
                    raise _web_page(_public(url))
                return _body(url, answer)
        raise ListError(f"{_public(url)} redirects more than {_REDIRECTS} times; give its target.")
    except ValueError as error:  # `http://[::1`, `http://a..b/`, `http://a:notaport/`
        raise ListError(f"{_masked(url)!r} is not a valid address: {error}.") from None
    except requests.RequestException as error:
        reason = type(error).__name__
        raise ListError(f"{_public(url)} cannot be fetched ({reason}); try again later.") from None
    finally:
        if session is None:
            own.close()


def _redirect(url: str, target: str) -> str:
    goal = urljoin(url, target)
    old, new = urlsplit(url), urlsplit(goal)
    if new.hostname != old.hostname or (old.scheme == "https" and new.scheme != "https"):
        raise ListError(f"{_public(url)} redirects to another host ({new.hostname}); give that.")
    return goal


def _body(url: str, answer: requests.Response) -> bytes:
    data = bytearray()
    started = time.monotonic()
    for chunk in answer.iter_content(65536):
        data += chunk
        if len(data) > MAX_BYTES:
            raise ListError(f"{_public(url)} is larger than {MAX_BYTES >> 20} MB, no list is.")
        if time.monotonic() - started > _WHOLE:
            raise ListError(f"{_public(url)} takes longer than {_WHOLE:.0f} s; try again later.")
    return bytes(data)
