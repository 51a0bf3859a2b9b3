"""Where the text of a list comes from: a file, an address, a GitHub repository."""

from __future__ import annotations

import hashlib
import re
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
_WHOLE = 300.0  # seconds for a whole list: a host that drips must not hold a run for ever
_REDIRECTS = 5
_LIST_SUFFIXES = frozenset({*SUFFIXES, ".txt"})
_NOT_LISTS = frozenset({"sources.md", "readme.md"})
_GITHUB = re.compile(
    r"github:(?P<owner>[\w.\-]+)/(?P<repo>[\w.\-]+)(?:@(?P<ref>[\w.\-/]+))?(?::(?P<path>[^\s]+))?"
)


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
        path = match["path"] or "README.md"
        url = (
            f"https://raw.githubusercontent.com/{match['owner']}/{match['repo']}/"
            f"{match['ref'] or 'HEAD'}/{path.lstrip('/')}"
        )
        data = _download(url, session)
        stem = f"{match['owner']}-{match['repo']}"
        name = f"{stem}-{Path(path).name}" if match["path"] else f"{stem}.md"
        return _list_text(name, location, data)
    if re.match(r"https?://", location, re.IGNORECASE):
        data = _download(location, session)
        name = Path(urlsplit(location).path).name or urlsplit(location).hostname or "list"
        return _list_text(name, _public(location), data)
    return _list_text(Path(location).name, location, _read_file(Path(location)))


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
    return ListText(name, slug, location, data, hashlib.sha256(data).hexdigest())


def _is_page(name: str) -> bool:
    return SUFFIXES.get(Path(name).suffix.lower()) == "html"


def _web_page(location: str) -> ListError:
    return ListError(f"{location} is a web page, not a list; give the address of the raw file.")


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ListError(f"{path} is a folder; give one of its files, or none to run them all.")
        if path.stat().st_size > MAX_BYTES:
            raise ListError(f"{path} is larger than {MAX_BYTES >> 20} MB, more than any list.")
        return path.read_bytes()
    except FileNotFoundError:
        raise ListError(f"{path} does not exist; check the path of the list.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListError(f"{path} cannot be read: {reason}.") from None


def _public(url: str) -> str:
    """An address without user name, password and query: they may hold secrets."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _download(url: str, session: requests.Session | None) -> bytes:
    import requests  # only a list from afar needs it; reading a file should start at once

    own = session or requests.Session()
    try:
        for _ in range(_REDIRECTS):
            with own.get(url, timeout=_TIMEOUT, stream=True, allow_redirects=False) as answer:
                if answer.is_redirect:
                    url = _redirect(url, answer.headers.get("Location", ""))
                    continue
                if answer.status_code != 200:
                    said = answer.status_code
                    raise ListError(f"{_public(url)} answers {said}; check the address.")
                page = "html" in answer.headers.get("Content-Type", "").lower()
                if page and not _is_page(urlsplit(url).path):
                    raise _web_page(_public(url))
                return _body(url, answer)
        raise ListError(f"{_public(url)} redirects more than {_REDIRECTS} times; give its target.")
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
