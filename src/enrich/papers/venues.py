"""Venues as lists of papers write them: `CVPR 2019` for Semantic Scholar's long names."""

from __future__ import annotations

import re

_SHORT = {
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
_YEAR = re.compile(r"(?:19|20)\d\d")


def venue_and_year(venue: str, year: int | None) -> str:
    """`ICCV 2019`; a venue that names a year itself keeps that one."""
    # The conference took its present abbreviation in 2018.
    short = _SHORT.get(venue.casefold(), venue)
    if short == "NeurIPS" and year is not None and year < 2018:
        short = "NIPS"
    return short if year is None or _YEAR.search(short) else f"{short} {year}"


def short_venue(venue: str, year: int | None) -> str:
    """The venue as lists write it, without the year."""
    return venue_and_year(venue, year).removesuffix(f" {year}")
