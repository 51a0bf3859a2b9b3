"""Works that a list's owner does not want suggested: read from and added to the overrides files.

[[decline]]
work = "doi:10.1145/3292500"     # an id, or the work's title
reason = "Out of scope."
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomlkit

from enrich.errors import OverrideError
from enrich.io.atomic_files import replace_file
from enrich.papers.identifiers import parse_key
from enrich.papers.titles import title_key
from enrich.resolve.overrides import FILE


def load_declined(folder: Path, list_slug: str) -> frozenset[str]:
    """The keys of all works declined for every list or for this one: `doi:…`, `title:…`.

    Raises:
        OverrideError: A file breaks the rules; the message names the file and the key.
    """
    found: set[str] = set()
    for path in (folder / FILE, folder / f"{list_slug}.{FILE}"):
        if path.is_file():
            found |= parse_declines(path.read_bytes(), str(path))
    return frozenset(found)


def parse_declines(data: bytes, name: str) -> frozenset[str]:
    """The keys declined in one file's bytes; `name` is used in errors."""
    try:
        tables = tomllib.loads(data.decode("utf-8-sig")).get("decline", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OverrideError(f"{name} is not TOML in UTF-8: {error}.") from None
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise OverrideError(f"{name}: 'decline' must be tables, each headed [[decline]].")
    return frozenset(_key(table, f"{name}, decline {n}") for n, table in enumerate(tables, 1))


def _key(table: dict[str, Any], where: str) -> str:
    if extra := sorted(set(table) - {"work", "reason"}):
        raise OverrideError(f"{where}: {extra[0]!r} is not known; use work and reason.")
    work = table.get("work")
    if not isinstance(work, str) or not (key := declined_key(work)):
        raise OverrideError(f"{where}: 'work' is missing; write an id or a title as text.")
    if not isinstance(table.get("reason", ""), str):
        raise OverrideError(f"{where}: 'reason' must be text.")
    return key


def declined_key(work: str) -> str | None:
    """The key of a work given by an id or its title; None for text that is neither."""
    plain = title_key(work)
    return parse_key(work.strip()) or (f"title:{plain}" if plain else None)


def write_decline(path: Path, work: str, reason: str) -> None:
    """Add a declined work to an overrides file; the rest of the file stays as it is.

    Raises:
        OverrideError: `work` is neither an id nor a title, or the file breaks the rules.
    """
    old = path.read_bytes() if path.exists() else b""
    key = declined_key(work)
    if key is None:
        raise OverrideError(f"{work!r} is neither an id nor a title.")
    if key in parse_declines(old, str(path)):
        return
    gap = b"" if not old else b"\n" if old.endswith(b"\n") else b"\n\n"
    text = tomlkit.dumps({"work": work, **({"reason": reason} if reason else {})})
    replace_file(path, old + gap + f"[[decline]]\n{text}".encode())
