"""Read the address of a link: the identifiers that it spells out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import parse_qs, unquote

from enrich.papers.identifiers.addresses import REMEMBERED, Address, of_host, split_address
from enrich.papers.identifiers.article_pages import derived_doi
from enrich.papers.identifiers.grammar import (
    ARXIV,
    arxiv_from_match,
    normalise_acl_id,
    normalise_corpus_id,
    normalise_dblp_id,
    normalise_doi,
    normalise_number,
    normalise_openreview_id,
    normalise_pmcid,
    parse_arxiv_id,
)
from enrich.records import Identifiers

NOTHING = Identifiers()
_ARXIV = re.compile(ARXIV, re.IGNORECASE | re.ASCII)
# Any site may name an arXiv paper in its path: /arxiv/1906.03327, /papers/arxiv:1906.03327
_ARXIV_NAMED = re.compile(r"arxiv(?:\.org)?[/:.]+(?:abs/|pdf/)?" + ARXIV, re.IGNORECASE | re.ASCII)
# arXiv, its mirrors (one per country, `arxiv.53yu.com`) and sites that show its papers by id.
_ARXIV_HOSTS = re.compile(
    r"(?:^|\.)(?:arxiv\.org|xxx\.lanl\.gov|128\.84\.\d+\.\d+|alphaxiv\.org|ar5iv\.org|arxiv-vanity\.com|"
    r"arxiv\.[a-z0-9\-]+\.[a-z]+)$"
)
_HUGGING_FACE = frozenset({"huggingface.co", "hf.co"})
_ARXIV_PLACES = re.compile(r"/(?:abs|pdf|html|format|ps|src|e-print|overview|forum|papers|ftp)/")
_DOI_IN_URL = re.compile(r"(?:/|=|doi:|doi/)(10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"<>?#&]{1,300})")
# What publishers append to a DOI in an address: a form of the text, a part of the page, a session.
_DOI_TAIL = re.compile(
    r"(?:v\d{1,2})?(?:\.(?:full|abstract|short))?(?:[.+](?:full-text|pdf|html|xml|full))+$"
    r"|/(?:full|abstract|pdf|epdf|html|meta|fulltext|references|summary|xml|tables?|figures?|"
    r"metrics|related|supp[\w\-]*|asset|pdfft|epub|media)(?:/.*)?$"
    r"|;jsessionid.*$|/+$",
    re.IGNORECASE,
)
# `/article/doi/10.1162/tacl_a_00638/119630/A-Title`: the platform adds its own number.
_PLATFORM_NUMBER = re.compile(r"^(10\.\d{4,9}/.+?)/\d{3,}(?:/.*)?$")
_ACL_LETTERS = "PNDK"
_ACL_VOLUMES = re.compile(
    r"20\d\d\.(?:acl|emnlp|naacl|eacl|aacl|findings|conll)-(?:main|long|short|demos?|srw|industry|"
    r"tutorials?|acl|emnlp|naacl|eacl|aacl)\."
)
_DBLP_ARXIV = re.compile(r"journals/corr/abs-(?:(\d{4})-(\d{4,5})|([a-z\-]+)-(\d{7}))$")
_BIBCODE = re.compile(
    r"/(?:19|20)\d\darXiv(\d{4})(\d{5})[A-Za-z.]|/(?:19|20)\d\darXiv(\d{4}\.\d{4})[A-Z]"
)


@lru_cache(maxsize=REMEMBERED)
def link_identity(url: str) -> Identifiers:
    """The identifiers that an address spells out; empty when it names no paper.

    A DOI is given where the address contains it or where the publisher derives it from the address
    (Nature, ACL Anthology since 2016, …). arXiv's own DOI becomes an arXiv identifier.
    """
    address = split_address(url)
    if address is None:
        return NOTHING
    arxiv = _arxiv(address)
    if arxiv:
        return Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])
    read = of_host(address.host, _READERS)
    ids = read(address) if read else None
    if ids is not None:
        return ids
    derived = derived_doi(address)
    return Identifiers(doi=normalise_doi(derived)) if derived else _doi(address)


def normalise_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """(bare identifier, version or None) of one arXiv identifier, however it is written.

    Takes what `parse_arxiv_id` takes, and addresses that lead to a paper of arXiv.
    """
    if "://" not in text:
        return parse_arxiv_id(text)
    ids = link_identity(text)
    return (ids.arxiv_id, ids.arxiv_version) if ids.arxiv_id else None


def malformed_link(url: str) -> str | None:
    """What is wrong with an address that means a paper but names none, in a few words."""
    address = split_address(url)
    if address is None or link_identity(url) != NOTHING:
        return None
    host, path = address.host, address.path
    if _ARXIV_HOSTS.search(host) and _ARXIV_PLACES.search(path + "/"):
        return f"{path.strip('/')!r} is no arXiv identifier"
    if (host == "doi.org" or host.endswith(".doi.org")) and path.strip("/"):
        return f"{path.strip('/')!r} is no DOI"
    return None


def _arxiv(address: Address) -> tuple[str, int | None] | None:
    host, path = address.host, address.path
    own = _ARXIV_HOSTS.search(host) and not path.startswith(("/a/", "/list/", "/archive/"))
    if own or (host in _HUGGING_FACE and "/papers/" in path):
        match = _ARXIV.search(path)
    else:
        match = _ARXIV_NAMED.search(path) if "arxiv" in path.lower() else None
    return arxiv_from_match(match) if match else None


def _acl(address: Address) -> Identifiers | None:
    for piece in reversed(address.path.strip("/").split("/")):
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


def _openreview(address: Address) -> Identifiers | None:
    if address.path.startswith(("/forum", "/pdf", "/attachment")):
        for value in parse_qs(address.query).get("id", []):
            found = normalise_openreview_id(value)
            if found:
                return Identifiers(openreview_id=found)
    return None


def _semantic_scholar(address: Address) -> Identifiers | None:
    match = re.search(r"corpusid:?\s*(\d{1,12})", address.path, re.IGNORECASE)
    if match:
        corpus = normalise_corpus_id(match[1])
        return Identifiers(s2_corpus_id=corpus) if corpus else None
    match = re.search(r"/([0-9a-f]{40})(?:/|$)", address.path, re.IGNORECASE)
    return Identifiers(s2_paper_id=match[1].lower()) if match else None


def _pubmed(address: Address) -> Identifiers | None:
    match = re.search(r"/articles?/(?:PMC/)?PMC(\d{1,9})\b", address.path, re.IGNORECASE)
    if match:
        return Identifiers(pmcid=normalise_pmcid(match[1]))
    match = re.search(
        r"^(?:/pubmed|/(?:article|abstract)/med)?/(\d{1,9})/?$", address.path, re.IGNORECASE
    )
    return Identifiers(pmid=normalise_number(match[1])) if match else None


def _dblp(address: Address) -> Identifiers | None:
    match = re.search(r"/rec/(?:html/|bib/|bibtex/|xml/|rdf/)?([\w\-/+]+)", address.path)
    key = normalise_dblp_id(match[1]) if match else None
    if key is None:
        return None
    arxiv = _DBLP_ARXIV.search(key)
    if arxiv:
        written = f"{arxiv[1]}.{arxiv[2]}" if arxiv[1] else f"{arxiv[3]}/{arxiv[4]}"
        found = parse_arxiv_id(written)
        return Identifiers(arxiv_id=found[0] if found else None, dblp_id=key)
    return Identifiers(dblp_id=key)


def _ads(address: Address) -> Identifiers | None:
    """The Astrophysics Data System names arXiv papers by bibcodes: `2017arXiv170603762V`."""
    match = _BIBCODE.search(address.path)
    if match is None:
        return None
    found = parse_arxiv_id(match[3] or f"{match[1]}.{match[2]}")
    return Identifiers(arxiv_id=found[0]) if found else None


_READERS: dict[str, Callable[[Address], Identifiers | None]] = {
    "aclanthology.org": _acl,
    "aclanthology.info": _acl,
    "aclweb.org": _acl,
    "adsabs.harvard.edu": _ads,
    "dblp.org": _dblp,
    "dblp.dagstuhl.de": _dblp,
    "dblp.uni-trier.de": _dblp,
    "europepmc.org": _pubmed,
    "ncbi.nlm.nih.gov": _pubmed,
    "openreview.net": _openreview,
    "pubmed.gov": _pubmed,
    "semanticscholar.org": _semantic_scholar,
}


def _doi(address: Address) -> Identifiers:
    path = address.path
    if "10." not in path and "10." not in address.query:
        return NOTHING
    match = _DOI_IN_URL.search(path if "10." in path else unquote(address.query))
    if not match:
        return NOTHING
    doi = match[1]
    if "doi.org" not in address.host:
        doi = _DOI_TAIL.sub("", doi)
        if re.search(r"/article(?:-\w+)?/doi/", path) and (own := _PLATFORM_NUMBER.match(doi)):
            doi = own[1]
    found = normalise_doi(doi)
    return Identifiers(doi=found) if found else NOTHING
