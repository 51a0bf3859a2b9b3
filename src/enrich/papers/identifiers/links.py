"""Read the address of a link: identifiers, one key per paper, facts in its file name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from enrich.papers.identifiers.grammar import (
    ARXIV,
    arxiv_from_match,
    normalise_acl_id,
    normalise_doi,
    normalise_openreview_id,
    parse_arxiv_id,
)
from enrich.records import Identifiers

NOTHING = Identifiers()
_ARXIV = re.compile(ARXIV, re.IGNORECASE | re.ASCII)
# Any site may name an arXiv paper in its path: /arxiv/1906.03327, /papers/arxiv:1906.03327
_ARXIV_NAMED = re.compile(r"arxiv(?:\.org)?[/:.]+(?:abs/|pdf/)?" + ARXIV, re.IGNORECASE | re.ASCII)
_ARXIV_HOSTS = re.compile(
    r"(?:^|\.)(?:arxiv\.org|xxx\.lanl\.gov|128\.84\.\d+\.\d+|alphaxiv\.org|ar5iv\.org|arxiv-vanity\.com|"
    r"arxiv\.[a-z0-9\-]+\.[a-z]+)$"
)
_HUGGING_FACE = frozenset({"huggingface.co", "hf.co", "www.huggingface.co"})
_ARXIV_PLACES = re.compile(r"/(?:abs|pdf|html|format|ps|src|e-print|overview|forum|papers|ftp)/")
_DOI_IN_URL = re.compile(r"(?:/|=|doi:|doi/)(10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"<>?#&]{1,300})")
# What publishers append to a DOI in an address.
_DOI_TAIL = re.compile(
    r"(?:v\d{1,2})?(?:\.(?:full|abstract|short))?(?:[.+](?:full-text|pdf|html|xml|full))+$"
    r"|/(?:full|abstract|pdf|epdf|html|meta|fulltext|references|summary|xml)(?:/.*)?$|/+$"
)
_BIORXIV_VERSION = re.compile(r"^(10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,9})v\d{1,2}$")
_ACL_LETTERS = "PNDK"
_ACL_VOLUMES = re.compile(
    r"20\d\d\.(?:acl|emnlp|naacl|eacl|aacl|findings|conll)-(?:main|long|short|demos?|srw|industry|"
    r"tutorials?|acl|emnlp|naacl|eacl|aacl)\."
)

_REMEMBERED = 1 << 15  # addresses; a list is gone through several times


@lru_cache(maxsize=_REMEMBERED)
def link_identity(url: str) -> Identifiers:
    """The identifiers that an address spells out; empty when it names no paper.

    A DOI is given where the address contains it or where the publisher derives it from the address
    (Nature, ACL Anthology since 2016). arXiv's own DOI becomes an arXiv identifier.
    """
    parts = _split(url)
    if parts is None:
        return NOTHING
    host, path = parts.host, parts.path
    arxiv = _arxiv(host, path)
    if arxiv:
        return Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])
    for belongs, read in _READERS:
        if belongs in host:
            ids = read(parts, path)
            if ids is not None:
                return ids
    return _doi(parts, path)


def normalise_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """(bare identifier, version or None) of one arXiv identifier, however it is written.

    Takes what `parse_arxiv_id` takes, and addresses that lead to a paper of arXiv.
    """
    if "://" not in text:
        return parse_arxiv_id(text)
    ids = link_identity(text)
    return (ids.arxiv_id, ids.arxiv_version) if ids.arxiv_id else None


class Address(NamedTuple):
    """An address in parts: the host in lower case, the path without escapes."""

    host: str
    path: str
    query: str


@lru_cache(maxsize=_REMEMBERED)
def _split(url: str) -> Address | None:
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return Address(host, unquote(parts.path), parts.query)


def _arxiv(host: str, path: str) -> tuple[str, int | None] | None:
    own = _ARXIV_HOSTS.search(host) and not path.startswith(("/a/", "/list/", "/archive/"))
    if own or (host in _HUGGING_FACE and "/papers/" in path):
        match = _ARXIV.search(path)
    else:
        match = _ARXIV_NAMED.search(path) if "arxiv" in path.lower() else None
    return arxiv_from_match(match) if match else None


def _acl(parts: Address, path: str) -> Identifiers | None:
    for piece in reversed(path.strip("/").split("/")):
        piece = re.sub(r"(?:v\d)?\.(?:pdf|bib|xml)$", "", piece)
        acl = normalise_acl_id(piece)
        if acl:
            return Identifiers(acl_id=acl, doi=_acl_doi(acl))
    return None


def _acl_doi(acl: str) -> str | None:
    # The ACL registers 10.18653/v1/<id> for its own meetings since 2016, not for guests (LREC).
    old = acl[0] in _ACL_LETTERS and 16 <= int(acl[1:3]) <= 19 if acl[1:3].isdigit() else False
    if (acl[0].isalpha() and old) or _ACL_VOLUMES.match(acl):
        return f"10.18653/v1/{acl.lower()}"
    return None


def _openreview(parts: Address, path: str) -> Identifiers | None:
    if path.startswith(("/forum", "/pdf", "/attachment")):
        for value in parse_qs(parts.query).get("id", []):
            found = normalise_openreview_id(value)
            if found:
                return Identifiers(openreview_id=found)
    return None


def _semantic_scholar(parts: Address, path: str) -> Identifiers | None:
    match = re.search(r"corpusid:?\s*(\d{1,12})", path, re.IGNORECASE)
    if match:
        return Identifiers(s2_corpus_id=int(match[1]))
    match = re.search(r"/([0-9a-f]{40})(?:/|$)", path, re.IGNORECASE)
    return Identifiers(s2_paper_id=match[1].lower()) if match else None


def _pubmed(parts: Address, path: str) -> Identifiers | None:
    match = re.search(r"^(?:/pubmed)?/(\d{1,9})/?$", path)
    return Identifiers(pmid=match[1]) if match else None


def _dblp(parts: Address, path: str) -> Identifiers | None:
    match = re.search(r"/rec/(?:html/|bib/)?((?:conf|journals|books|phd|series)/[\w\-/]+)", path)
    return Identifiers(dblp_id=match[1]) if match else None


def _nature(parts: Address, path: str) -> Identifiers | None:
    match = re.search(r"/articles/([a-z0-9\-.]+?)(?:\.pdf|\.epdf)?/?$", path, re.IGNORECASE)
    if match and re.match(r"(?:s\d|nature|nmeth|srep|ncomms|n[a-z]{3,8}\.?\d)", match[1]):
        return Identifiers(doi=f"10.1038/{match[1].lower()}")
    return None


_READERS = (
    ("aclanthology", _acl),
    ("aclweb.org", _acl),
    ("openreview.net", _openreview),
    ("semanticscholar.org", _semantic_scholar),
    ("ncbi.nlm.nih.gov", _pubmed),
    ("dblp.", _dblp),
    ("nature.com", _nature),
)


def _doi(parts: Address, path: str) -> Identifiers:
    if "10." not in path and "10." not in parts.query:
        return NOTHING
    target = path if "10." in path else unquote(parts.query)
    match = _DOI_IN_URL.search(target)
    if not match:
        return NOTHING
    doi = match[1]
    if "doi.org" not in parts.host:
        doi = _DOI_TAIL.sub("", doi)
    version = _BIORXIV_VERSION.match(doi)
    if version:
        doi = version[1]
    found = normalise_doi(doi)
    return Identifiers(doi=found) if found else NOTHING


# Registrants whose DOIs name data: Dataverse, Zenodo, figshare, Dryad, UCI, IEEE DataPort.
_DATA_DOI = ("10.7910/", "10.5281/", "10.6084/", "10.5061/", "10.24432/", "10.21227/")


def names_paper(url: str) -> bool:
    """Whether an address by itself shows that it leads to a paper (not to data with a DOI)."""
    key = link_key(url)
    return key is not None and not key.startswith(tuple(f"doi:{prefix}" for prefix in _DATA_DOI))


def malformed_link(url: str) -> str | None:
    """What is wrong with an address that means a paper but names none, in a few words."""
    parts = _split(url)
    if parts is None or link_identity(url) != NOTHING:
        return None
    host, path = parts.host, parts.path
    if _ARXIV_HOSTS.search(host) and _ARXIV_PLACES.search(path + "/"):
        return f"{path.strip('/')!r} is no arXiv identifier"
    if host.endswith("doi.org") and path.strip("/"):
        return f"{path.strip('/')!r} is no DOI"
    return None


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
    parts = _split(url)
    if parts is None:
        return ()
    host, path = parts.host, parts.path
    if "thecvf.com" in host or "cv-foundation.org" in host:
        match = _CVF.search(path)
        if match:
            return _hints(
                title=match["title"].replace("_", " "),
                first_author=match["author"],
                venue=match["venue"] or match["venue2"],
                year=match["year"] or match["year2"],
            )
    elif "ecva.net" in host:
        match = _ECVA.search(path)
        if match:
            return _hints(venue="ECCV", year=match["year"])
    elif "nips.cc" in host or "neurips.cc" in host:
        match = _NIPS_HASH.search(path)
        if match:
            return _hints(venue="NeurIPS", year=match["year"])
        match = _NIPS_NUMBER.search(path)
        if match:
            return _hints(title=match["slug"].replace("-", " "), venue="NeurIPS")
    elif "mlr.press" in host or "jmlr.org" in host:
        match = _PMLR.search(path)
        if match:
            icml = _ICML.get(int(match["volume"]))
            century = "20" if match["year"] < "70" else "19"
            return _hints(
                first_author=match["author"],
                venue="ICML" if icml else "PMLR",
                year=str(icml) if icml else century + match["year"],
            )
    return ()


def _hints(**facts: str) -> tuple[tuple[str, str], ...]:
    return tuple(facts.items())


@lru_cache(maxsize=_REMEMBERED)
def link_key(url: str) -> str | None:
    """One name for all addresses of the same paper (`arxiv:…`, `doi:…`, `cvf:…`); None if unknown.

    Two links with the same key are the same paper; two with different keys may be all the same.
    """
    ids = link_identity(url)
    for name, value in (
        ("arxiv", ids.arxiv_id),
        ("acl", ids.acl_id),
        ("doi", ids.doi),
        ("openreview", ids.openreview_id),
        ("s2", ids.s2_paper_id),
        ("corpus", ids.s2_corpus_id),
        ("pmid", ids.pmid),
        ("dblp", ids.dblp_id),
    ):
        if value:
            return f"{name}:{value}"
    parts = _split(url)
    if parts is None:
        return None
    host, path = parts.host, parts.path
    if "thecvf.com" in host or "cv-foundation.org" in host:
        match = _CVF.search(path)
        if match:
            return f"cvf:{path.rsplit('/', 1)[1].rsplit('_', 1)[0]}".lower()
    if "ecva.net" in host and (match := _ECVA.search(path)):
        return f"ecva:{match['year']}/{int(match['number'])}"
    if "nips.cc" in host or "neurips.cc" in host:
        if match := _NIPS_HASH.search(path):
            return f"neurips:{match['hash']}"
        if match := _NIPS_NUMBER.search(path):
            return f"neurips:{match['number']}"
    if ("mlr.press" in host or "jmlr.org" in host) and (match := _PMLR.search(path)):
        return f"pmlr:v{match['volume']}/{match['key']}"
    if "ieee" in host and (match := re.search(r"(?:document|arnumber=|/)/?(\d{6,9})", url)):
        return f"ieee:{match[1]}"
    if "aaai.org" in host and (match := re.search(r"/(?:view|download)/(\d+)", path)):
        return f"aaai:{host.split('.')[0]}{path.split('/')[2:3]}/{match[1]}"
    return None
