"""Where the text of a list comes from: a file, an address, a GitHub repository."""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from enrich.errors import ListError
from enrich.io.addresses import without_credentials
from enrich.parsing.download import MAX_BYTES, WEB_PAGE, Downloads, format_of
from enrich.parsing.formats import SUFFIXES

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


def read_list(location: str, downloads: Downloads = Downloads()) -> ListText:  # noqa: B008
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
        return _from_github(location, match, downloads)
    if re.match(r"https?://", location, re.IGNORECASE):
        public = without_credentials(location, query=False)
        page = _GITHUB_PAGE.fullmatch(location)
        if page:
            return _from_github(public, page, downloads)
        _, data = downloads.first([location])
        raw = _GITHUB_RAW.match(location)
        name = (
            _github_name(raw["owner"], raw["repo"], raw["path"])
            if raw
            else Path(urlsplit(location).path).name or urlsplit(location).hostname or "list"
        )
        return _list_text(name, public, data)
    path = Path(location)
    name = path.name
    if _README.fullmatch(name) and (folder := path.absolute().parent.name):
        name = folder + path.suffix  # a README is named for its folder
    return _list_text(name, location, _read_file(path))


def _from_github(location: str, match: re.Match[str], downloads: Downloads) -> ListText:
    """The file that is named, else the README of the repository or folder."""
    owner, repo, path = match["owner"], match["repo"], (match["path"] or "").strip("/")
    base = f"{downloads.github}/{owner}/{repo}/{match['ref'] or 'HEAD'}/"
    paths = [path]
    if not path or not Path(path).suffix:
        paths = [f"{path}/{readme}".lstrip("/") for readme in _READMES]
    place, data = downloads.first([base + wanted for wanted in paths])
    return _list_text(_github_name(owner, repo, paths[place]), location, data)


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
    if head.startswith((b"<!doctype html", b"<html")) and format_of(name) != "html":
        raise ListError(WEB_PAGE.format(location))
    if b"\x00" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ListError(
            f"{location} is a binary file; a list is text (Markdown, rst, BibTeX, CSV)."
        )
    slug = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-") or "list"
    if len(slug) > _LONGEST_SLUG:
        slug = f"{slug[:_LONGEST_SLUG]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return ListText(name, slug, location, data, hashlib.sha256(data).hexdigest())


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ListError(
                f"{path} is a folder; name its lists, for instance {path / '*.md'}. Without a name "
                "every list in data/raw is run."
            )
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
