"""Works that a list's owner does not want suggested: read from and added to the overrides files.

[[decline]]
work = "doi:10.1145/3292500"     # an id, or the work's title
reason = "Out of scope."
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from enrich.errors import OverrideError
from enrich.io.atomic_files import replace_file
from enrich.papers.identifiers import parse_key
from enrich.papers.titles import title_key
from enrich.resolve.overrides import files_of, tables_of, with_table


def load_declined(folder: Path, list_slug: str) -> frozenset[str]:
    """The keys of all works declined for every list or for this one: `doi:…`, `title:…`.

    Raises:
        OverrideError: A file breaks the rules; the message names the file and the key.
    """
    paths = files_of(folder, list_slug)
    return frozenset(k for path in paths for k in parse_declines(path.read_bytes(), str(path)))


def parse_declines(data: bytes, name: str) -> frozenset[str]:
    """The keys declined in one file's bytes; `name` is used in errors."""
    tables = tables_of(data, name, "decline")
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
    table = {"work": work, **({"reason": reason} if reason else {})}
    replace_file(path, with_table(old, "decline", table))
