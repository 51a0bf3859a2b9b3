"""Facts that the addresses of open proceedings spell out: author, title words, venue, year."""

from __future__ import annotations

import re

from enrich.papers.identifiers.addresses import Address, of_host, split_address

_CVF = re.compile(
    r"/(?P<author>[^/_]+)_(?P<title>[^/]+?)_(?:(?P<venue>[A-Z]{3,6}W?)_(?P<year>(?:19|20)\d\d)|"
    r"(?P<year2>(?:19|20)\d\d)_(?P<venue2>[A-Z]{3,6}W?))_(?:paper|supplemental)\.(?:pdf|html|php)$"
)
_ECVA = re.compile(r"/eccv_(?P<year>20\d\d)/papers_ECCV/(?:papers|html|papers_\w+)/(?P<number>\d+)")
_NIPS_HASH = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?:hash|file)/(?P<hash>[0-9a-f]{32})")
_NIPS_NUMBER = re.compile(r"/paper/(?P<number>\d{1,5})-(?P<slug>[a-z0-9\-]+?)(?:\.pdf|\.html|/|$)")
_PMLR = re.compile(
    r"/(?:proceedings/papers/)?v(?P<volume>\d{1,3})/"
    r"(?P<key>(?P<author>[a-z\-]+)(?P<year>\d\d)[a-z]*)"
)
# Volumes of the Proceedings of Machine Learning Research that are ICML's.
_ICML = {
    28: 2013, 32: 2014, 37: 2015, 48: 2016, 70: 2017, 80: 2018, 97: 2019, 119: 2020,
    139: 2021, 162: 2022, 202: 2023, 235: 2024, 267: 2025,
}  # fmt: skip


def link_hints(url: str) -> tuple[tuple[str, str], ...]:
    """Facts that a proceedings address spells out, as (key, value) pairs.

    Keys: `title` (words only, may be cut short at its end), `first_author`, `venue`, `year`.
    """
    address = split_address(url)
    if address is None:
        return ()
    found = _read(address)
    if found is None:
        return ()
    series, match = found
    if series is _CVF:
        return _hints(
            title=match["title"].replace("_", " "),
            first_author=match["author"],
            venue=match["venue"] or match["venue2"],
            year=match["year"] or match["year2"],
        )
    if series is _ECVA:
        return _hints(venue="ECCV", year=match["year"])
    if series is _NIPS_HASH:
        return _hints(venue="NeurIPS", year=match["year"])
    if series is _NIPS_NUMBER:
        return _hints(title=match["slug"].replace("-", " "), venue="NeurIPS")
    icml = _ICML.get(int(match["volume"]))
    century = "20" if match["year"] < "70" else "19"
    return _hints(
        first_author=match["author"],
        venue="ICML" if icml else "PMLR",
        year=str(icml) if icml else century + match["year"],
    )


def proceedings_key(address: Address) -> str | None:
    """One name for all addresses of a paper in open proceedings; None if it is in none."""
    found = _read(address)
    if found is None:
        return None
    series, match = found
    if series is _CVF:
        return f"cvf:{address.path.rsplit('/', 1)[1].rsplit('_', 1)[0]}".lower()
    if series is _ECVA:
        return f"ecva:{match['year']}/{int(match['number'])}"
    if series is _NIPS_HASH:
        return f"neurips:{match['hash']}"
    if series is _NIPS_NUMBER:
        return f"neurips:{match['number']}"
    return f"pmlr:v{match['volume']}/{match['key']}"


_SERIES = {
    "thecvf.com": (_CVF,), "cv-foundation.org": (_CVF,), "ecva.net": (_ECVA,),
    "nips.cc": (_NIPS_HASH, _NIPS_NUMBER), "neurips.cc": (_NIPS_HASH, _NIPS_NUMBER),
    "mlr.press": (_PMLR,), "jmlr.org": (_PMLR,),
}  # fmt: skip


def _read(address: Address) -> tuple[re.Pattern[str], re.Match[str]] | None:
    for pattern in of_host(address.host, _SERIES) or ():
        match = pattern.search(address.path)
        if match:
            return pattern, match
    return None


def _hints(**facts: str) -> tuple[tuple[str, str], ...]:
    return tuple(facts.items())
