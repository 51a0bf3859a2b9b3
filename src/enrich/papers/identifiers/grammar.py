"""The grammars of identifiers, as their issuers publish them.

arXiv: https://info.arxiv.org/help/arxiv_identifier.html; DOI: https://www.doi.org/doi-handbook/
section 3.2; ACL Anthology: https://aclanthology.org/info/ids/; Semantic Scholar: 40 hex digits.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

# Archives that gave out identifiers before April 2007, when the scheme changed.
ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|"
    "nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_YEAR_MONTH = r"(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])"
ARXIV = (
    rf"(?:(?P<new>{_YEAR_MONTH}\.\d{{4,5}})(?!\d)"
    rf"|(?P<archive>{ARCHIVES})(?:\.[a-zA-Z]{{2}})?/(?P<number>\d{{2}}(?:0[1-9]|1[0-2])\d{{3}})(?!\d))"
    r"(?:v(?P<version>[1-9]\d{0,2})(?!\d))?"
)
_ARXIV_WHOLE = re.compile(
    r"(?:(?:doi:\s*)?10\.48550/)?(?:arxiv\s*[.:/]?\s*)?"
    + ARXIV
    + r"(?:\.pdf)?(?:\s*\[[\w.\-]+\])?",
    re.IGNORECASE | re.ASCII,
)
_ARXIV_BARE = re.compile(ARXIV, re.ASCII)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"<>\\^`{}|\x00-\x1f]{1,300}", re.ASCII)
_DOI_PREFIX = re.compile(r"\s*(?:https?://(?:dx\.|www\.)?doi\.org/|doi\s*[:=]?\s*)", re.IGNORECASE)
# bioRxiv and medRxiv: a version and what part of the page is shown are no part of the DOI.
_POSTED = re.compile(
    r"(10\.(?:1101|64898)/(?:\d{4}\.\d{2}\.\d{2}\.)?\d{6,9})(?:v\d{1,2})?(?:[./+][a-z\-.+/]*)?",
    re.ASCII | re.IGNORECASE,
)
_CLOSERS = {")": "(", "]": "[", ">": "<"}
_ACL = re.compile(
    r"(?:[A-Z]\d{2}-\d{4,5}|(?:19[5-9]|20[0-4])\d\.[a-z0-9_]+(?:-[a-z0-9_]+)*\.\d{1,4})", re.ASCII
)
_OPENREVIEW = re.compile(r"[A-Za-z0-9_\-]{5,24}", re.ASCII)
_S2 = re.compile(r"[0-9a-f]{40}", re.ASCII)
_NUMBER = re.compile(r"0*([1-9]\d{0,18})", re.ASCII)
_DBLP = re.compile(
    r"(?:conf|journals|books|phd|series|reference|tr|ms|persons|homepages|data)/[\w\-/+]{1,80}",
    re.ASCII,
)
_MAX_CORPUS_ID = 2**63 - 1  # what an int64 column holds


def arxiv_from_match(match: re.Match[str]) -> tuple[str, int | None] | None:
    """Identifier and version of a match of `ARXIV`; None when its digits fit no month's scheme."""
    version = int(match["version"]) if match["version"] else None
    if match["archive"]:
        return f"{match['archive'].lower()}/{match['number']}", version
    month, number = match["new"].split(".")
    # Four digits from 0704 to 1412, five since 1501.
    if month < "0704" or (len(number) == 4) != (month < "1501") or int(number) == 0:
        return None
    return match["new"], version


def parse_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """(bare identifier, version or None) of one arXiv identifier, with or without its label.

    Takes `1906.03327v2`, `arXiv:1906.03327`, `10.48550/arXiv.1906.03327`, `cs.CV/0501001` and
    `1906.03327.pdf`; None for anything else. `normalise_arxiv_id` takes addresses as well.
    """
    match = _ARXIV_WHOLE.fullmatch(text.strip())
    return arxiv_from_match(match) if match else None


def bare_arxiv_id(text: str) -> str | None:
    """The identifier without version if `text` is one and nothing else; None if not."""
    match = _ARXIV_BARE.fullmatch(text)
    found = arxiv_from_match(match) if match else None
    return found[0] if found else None


def normalise_doi(text: str) -> str | None:
    """The bare DOI in lower case, without resolver, label or closing punctuation; None if none.

    arXiv's own DOIs (10.48550/arxiv.…) are DOIs here too; callers that keep them apart call
    `normalise_arxiv_id` first.
    """
    text = text.strip()
    prefix = _DOI_PREFIX.match(text)
    if prefix:
        text = text[prefix.end() :]
    if "%" in text:
        text = unquote(text)
    match = _DOI.match(text)
    return trim_doi(match.group()) if match else None


def trim_doi(text: str) -> str | None:
    """A DOI cut out of running text, without the punctuation that closes the sentence around it."""
    text = trim_closers(text)
    posted = _POSTED.fullmatch(text)
    if posted:
        text = posted[1]
    return text.lower() if _DOI.fullmatch(text) and text.isprintable() else None


def trim_closers(text: str, marks: str = ".,;:'*_") -> str:
    """`text` without punctuation at its end and without closing brackets that open nowhere in it.

    Takes time proportional to the length of the text.
    """
    if not text or (text[-1] not in marks and text[-1] not in _CLOSERS):
        return text
    surplus = {close: text.count(close) - text.count(start) for close, start in _CLOSERS.items()}
    end = len(text)
    while end and (text[end - 1] in marks or surplus.get(text[end - 1], 0) > 0):
        end -= 1
        if text[end] in surplus:
            surplus[text[end]] -= 1
    return text[:end]


def normalise_acl_id(text: str) -> str | None:
    """An ACL Anthology identifier (`P18-1234`, `2020.acl-main.1`); None if it is none."""
    text = text.strip()
    if text.upper().startswith("ACL:"):
        text = text[4:]
    if len(text) > 3 and text[1:3].isdigit() and text[3] == "-":
        text = text.upper()
    return text if _ACL.fullmatch(text) else None


def normalise_openreview_id(text: str) -> str | None:
    """An OpenReview forum identifier (case matters); None if it is none."""
    return text if _OPENREVIEW.fullmatch(text) else None


def normalise_s2_id(text: str) -> str | None:
    """A Semantic Scholar paper identifier, 40 hex digits in lower case; None if it is none."""
    text = text.strip().lower()
    return text if _S2.fullmatch(text) else None


def normalise_number(text: str) -> str | None:
    """An identifier that is a positive whole number (PubMed, MAG), without leading zeros."""
    match = _NUMBER.fullmatch(text.strip())
    return match[1] if match else None


def normalise_pmcid(text: str) -> str | None:
    """A PubMed Central identifier as digits (`PMC3531190` -> `3531190`); None if it is none."""
    text = text.strip()
    return normalise_number(text[3:] if text[:3].upper() == "PMC" else text)


def normalise_corpus_id(text: str) -> int | None:
    """A Semantic Scholar corpus identifier as a number; None if it is none."""
    number = normalise_number(text)
    return int(number) if number and int(number) <= _MAX_CORPUS_ID else None


def normalise_dblp_id(text: str) -> str | None:
    """A DBLP record key such as `conf/nips/VaswaniSPUJGKP17` (case matters); None if it is none."""
    text = text.strip()
    return text if _DBLP.fullmatch(text) else None
