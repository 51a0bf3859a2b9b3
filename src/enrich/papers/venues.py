"""Venues: which of them are preprint servers, and the acronyms that lists write for long names."""

from __future__ import annotations

import re
from typing import Final

# The servers by the names under which Semantic Scholar, DBLP and lists know them.
PREPRINT_SERVERS: Final = (
    r"(?:(?:bio|med|chem|psy|tech)\s)?\w*r\s?xiv|corr|ssrn|social science research network"
    r"|research square|authorea|openrxiv|osf"
)
_PREPRINT_SERVER: Final = re.compile(rf"\b(?:{PREPRINT_SERVERS}|preprints?)\b", re.IGNORECASE)
# DOI prefixes of preprint servers as Crossref and DataCite register them. bioRxiv and medRxiv share
# 10.1101 with journals of Cold Spring Harbor, whose DOIs name the journal (`10.1101/gr.1239303`).
_PREPRINT_DOI: Final = re.compile(
    r"10\.(?:48550/arxiv\.|1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,}|2139/ssrn\.|26434/|21203/rs\.|36227/"
    r"|31234/|31235/|31219/|20944/preprints|22541/|55458/)",
    re.IGNORECASE,
)
_ACRONYMS: Final = {
    "aaai conference on artificial intelligence": "AAAI",
    "acm multimedia": "ACM MM",
    "annual international acm sigir conference on research and development in information "
    "retrieval": "SIGIR",
    "annual meeting of the association for computational linguistics": "ACL",
    "british machine vision conference": "BMVC",
    "computer vision and pattern recognition": "CVPR",
    "conference on empirical methods in natural language processing": "EMNLP",
    "european conference on computer vision": "ECCV",
    "ieee international conference on acoustics, speech, and signal processing": "ICASSP",
    "ieee international conference on computer vision": "ICCV",
    "ieee international conference on robotics and automation": "ICRA",
    "ieee transactions on image processing": "TIP",
    "ieee transactions on multimedia": "TMM",
    "ieee transactions on pattern analysis and machine intelligence": "TPAMI",
    "ieee workshop/winter conference on applications of computer vision": "WACV",
    "interspeech": "Interspeech",
    "international conference on artificial intelligence and statistics": "AISTATS",
    "international conference on computational linguistics": "COLING",
    "international conference on learning representations": "ICLR",
    "international conference on machine learning": "ICML",
    "international joint conference on artificial intelligence": "IJCAI",
    "international journal of computer vision": "IJCV",
    "journal of machine learning research": "JMLR",
    "knowledge discovery and data mining": "KDD",
    "neural information processing systems": "NeurIPS",
    "north american chapter of the association for computational linguistics": "NAACL",
    "the web conference": "WWW",
}
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# The conference took its present acronym in 2018.
_NEURIPS_SINCE: Final = 2018


def is_preprint(venue: str | None, doi: str | None = None) -> bool:
    """Whether `venue` names a preprint server or, without a venue, `doi` is one's."""
    if venue:
        return bool(_PREPRINT_SERVER.search(venue))
    return bool(doi and _PREPRINT_DOI.match(doi))


def publication(venue: str | None, doi: str | None) -> tuple[str | None, str | None]:
    """Venue and DOI of a paper's publication: what only names a preprint server is None."""
    return (
        venue if venue and not is_preprint(venue) else None,
        doi if doi and not is_preprint(None, doi) else None,
    )


def venue_and_year(venue: str, year: int | None) -> str:
    """`ICCV 2019`; a venue that names a year itself keeps that one."""
    short = _ACRONYMS.get(venue.casefold(), venue)
    if short == "NeurIPS" and year is not None and year < _NEURIPS_SINCE:
        short = "NIPS"
    return short if year is None or _YEAR.search(short) else f"{short} {year}"


def short_venue(venue: str, year: int | None) -> str:
    """The venue as lists write it, without the year."""
    return venue_and_year(venue, year).removesuffix(f" {year}")
