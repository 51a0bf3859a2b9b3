"""Where the text of a list comes from: a file, an address, a GitHub repository."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from enrich.errors import ListError

if TYPE_CHECKING:
    import requests

MAX_BYTES = 64 * 1024 * 1024
_TIMEOUT = (10.0, 60.0)
_REDIRECTS = 5
_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".rst", ".bib", ".csv", ".tsv", ".txt"})
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
        and path.suffix.lower() in _SUFFIXES
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
            raise ListError(f"{location!r} is not of the form github:owner/repo[@ref][:path].")
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
        parts = urlsplit(location)
        data = _download(location, session)
        public = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        return _list_text(Path(parts.path).name or parts.netloc, public, data)
    return _list_text(Path(location).name, location, _read_file(Path(location)))


def _list_text(name: str, location: str, data: bytes) -> ListText:
    if not data.strip():
        raise ListError(f"{location} is empty; a list needs at least one entry.")
    if b"\x00" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ListError(
            f"{location} is a binary file; a list is text (Markdown, rst, BibTeX, CSV)."
        )
    slug = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-") or "list"
    return ListText(name, slug, location, data, hashlib.sha256(data).hexdigest())


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


def _download(url: str, session: requests.Session | None) -> bytes:
    import requests

    own = session or requests.Session()
    try:
        for _ in range(_REDIRECTS):
            with own.get(url, timeout=_TIMEOUT, stream=True, allow_redirects=False) as answer:
                if answer.is_redirect:
                    url = _redirect(url, answer.headers.get("Location", ""))
                    continue
                if answer.status_code != 200:
                    raise ListError(f"{url} answers {answer.status_code}; check the address.")
                if "html" in answer.headers.get("Content-Type", "").lower():
                    raise ListError(
                        f"{url} is a web page, not a raw file; use the file's 'Raw' address."
                    )
                return _body(url, answer)
        raise ListError(f"{url} redirects more than {_REDIRECTS} times; use the final address.")
    except requests.RequestException as error:
        raise ListError(f"{url} cannot be fetched: {type(error).__name__}.") from None
    finally:
        if session is None:
            own.close()


def _redirect(url: str, target: str) -> str:
    goal = urljoin(url, target)
    old, new = urlsplit(url), urlsplit(goal)
    if new.hostname != old.hostname or (old.scheme == "https" and new.scheme != "https"):
        raise ListError(f"{url} redirects to another host ({new.hostname}); use that address.")
    return goal


def _body(url: str, answer: requests.Response) -> bytes:
    data = bytearray()
    for chunk in answer.iter_content(65536):
        data += chunk
        if len(data) > MAX_BYTES:
            raise ListError(f"{url} is larger than {MAX_BYTES >> 20} MB, more than any list.")
    return bytes(data)
