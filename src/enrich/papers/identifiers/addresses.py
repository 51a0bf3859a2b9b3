"""Addresses in parts, and tables of what is known of their hosts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

T = TypeVar("T")
REMEMBERED = 1 << 15  # addresses whose reading is kept: a list is read several times
# No server takes a longer request line by default (Apache 8,190 bytes, nginx 8 KB), and the
# patterns of paths need not be fast on longer ones.
LONGEST = 8_000


class Address(NamedTuple):
    """An address in parts: the host in lower case without `www.`, the path without escapes."""

    host: str
    path: str
    query: str


@lru_cache(maxsize=REMEMBERED)
def split_address(url: str) -> Address | None:
    """The parts of a web address; None for anything else."""
    if len(url) > LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return Address(host.removeprefix("www."), unquote(parts.path), parts.query)


def of_host(host: str, table: Mapping[str, T]) -> T | None:
    """What a table says of a host or of the nearest domain above it.

    `proceedings.mlr.press` finds `proceedings.mlr.press`, else `mlr.press`.
    """
    while host:
        if host in table:
            return table[host]
        _, _, host = host.partition(".")
    return None
