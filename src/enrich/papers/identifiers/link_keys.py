"""Which paper an address leads to: one key for all addresses of the same paper."""

from __future__ import annotations

import re
from functools import lru_cache

from enrich.papers.identifiers.addresses import REMEMBERED, of_host, split_address
from enrich.papers.identifiers.article_pages import is_article_page
from enrich.papers.identifiers.kinds import id_keys
from enrich.papers.identifiers.links import link_identity
from enrich.papers.identifiers.proceedings import proceedings_key

# Registrants whose DOIs name data: Dataverse, Zenodo, figshare, Dryad, UCI, IEEE DataPort,
# Mendeley Data, ICPSR, GBIF, Hugging Face.
_DATA_DOI = (
    "10.7910/", "10.5281/", "10.6084/", "10.5061/", "10.24432/", "10.21227/", "10.17632/",
    "10.3886/", "10.15468/", "10.57967/",
)  # fmt: skip
_DATA_KEYS = tuple(f"doi:{prefix}" for prefix in _DATA_DOI)
# Files that go with a paper: its supplement, code, slides, or a citation of it.
_SUPPLEMENT = re.compile(
    r"supp(?:l|lement|lemental|lementary|lementary[-_ ]material)?s?\.(?:pdf|zip)$|_supplemental\."
    r"|-supplemental|/attachments?(?:/|$|\?)|\.(?:bib|bibtex|ris|enw|xml|zip|pptx?|mp4)$"
    r"|article-metrics|supplementary-material|/supp_file|/suppl/",
    re.IGNORECASE,
)
_IEEE = re.compile(r"(?:document/|arnumber=|/iel\d/.*/)0*(\d{6,9})(?!\d)")
_AAAI = re.compile(r"^/(?:index\.php/)?(?:ocs/index\.php/)?(.*?)/?(?:view|download)\w*/(\d+)")


@lru_cache(maxsize=REMEMBERED)
def link_key(url: str) -> str | None:
    """One name for all addresses of the same paper (`arxiv:…`, `doi:…`, `cvf:…`); None if unknown.

    Two links with the same key are the same paper; two with different keys may be the same, too.
    """
    keys = id_keys(link_identity(url))
    if keys:
        return keys[0]
    address = split_address(url)
    if address is None:
        return None
    found = proceedings_key(address)
    if found is not None:
        return found
    target = f"{address.path}?{address.query}" if address.query else address.path
    if of_host(address.host, {"ieee.org": True}) and (match := _IEEE.search(target)):
        return f"ieee:{match[1]}"
    if of_host(address.host, {"aaai.org": True}) and (match := _AAAI.search(address.path)):
        return f"aaai:{address.host}/{match[1]}/{match[2]}".lower()
    return None


@lru_cache(maxsize=REMEMBERED)
def names_paper(url: str) -> bool:
    """Whether an address by itself proves that it leads to a paper.

    An identifier of a paper proves it, and so does the page of an article at a publisher or an
    archive. The DOI of a data set does not, nor does a supplement or a citation file.
    """
    address = split_address(url)
    if address is None or is_supplement(url):
        return False
    key = link_key(url)
    if key is not None:
        return not key.startswith(_DATA_KEYS)
    return is_article_page(address)


def names_data(url: str) -> bool:
    """Whether the DOI in an address is one that an archive of data gives out."""
    return (link_key(url) or "").startswith(_DATA_KEYS)


def is_supplement(url: str) -> bool:
    """Whether an address leads to a file that goes with a paper, not to the paper."""
    address = split_address(url)
    if address is None:
        return False
    if address.host == "openreview.net" and address.path.startswith("/attachment"):
        return "name=pdf" not in address.query
    return bool(_SUPPLEMENT.search(address.path))
