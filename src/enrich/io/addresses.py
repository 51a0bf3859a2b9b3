"""Addresses as they may be shown and compared: without credentials, whatever their form."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

# A packed query is thousands of characters long.
_MAX_SHOWN = 300
_PORTS = {"http": 80, "https": 443}


def without_credentials(url: str, *, query: bool = True) -> str:
    """`url` without user name, password and fragment; without its query too unless `query`."""
    try:
        parts = urlsplit(url)
    except ValueError:  # http://[::1
        scheme, separator, rest = url.partition("://")
        rest = rest.rpartition("@")[2].partition("#")[0]
        return scheme + separator + (rest if query else rest.partition("?")[0])
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query if query else "", ""))


def shown(url: str) -> str:
    """`url` for a message: without credentials, cut to a length that can be read."""
    return without_credentials(url)[:_MAX_SHOWN]


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port.

    Raises ValueError when `url` is no http or https address with a host and a possible port.
    """
    parts = urlsplit(url)
    scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    if scheme not in _PORTS:
        raise ValueError("must begin with http:// or https://")
    if not host or any(not label for label in host.rstrip(".").split(".")):
        raise ValueError("names no host")
    return scheme, host, _PORTS[scheme] if port is None else port


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine."""
    try:
        host = origin(url)[1]
    except ValueError:
        return False
    return host in ("localhost", "::1") or host.startswith("127.")


def redirect_target(url: str, location: str) -> str:
    """Where `location` of an answer from `url` leads.

    Raises ValueError when it leads nowhere, to another host, or from https to http.
    """
    target = urljoin(url, location)
    old, new = origin(url), origin(target)
    upgrade = old[:2] == ("http", new[1]) and new[0] == "https"
    if old != new and not upgrade:
        raise ValueError(f"leads to another host ({new[1]})")
    return target
