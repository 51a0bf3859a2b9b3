"""Find identifiers in running text: `arXiv:1906.03327`, DOIs, CorpusID, PMID, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from enrich.papers.identifiers.grammar import (
    ARXIV,
    arxiv_from_match,
    normalise_corpus_id,
    normalise_number,
    normalise_pmcid,
    parse_arxiv_id,
    trim_closers,
    trim_doi,
)
from enrich.papers.identifiers.links import link_identity
from enrich.records import Identifiers

URL = re.compile(r"https?://[^\s<>\"'`|\\^{}（），。；、）】」]+", re.IGNORECASE)
_SHORTEST = len("https://a")
_ARXIV = re.compile(
    r"(?<![a-z0-9])(?:corr(?=[\s,:]{1,3}(?:vol(?:ume|\.)?\s*)?abs/)|arxiv)(?:\s*(?:e-?prints?|preprint))?\s*[:.\-/,]?\s*(?:arxiv\s*[:.]?\s*)?(?:vol(?:ume|\.)?\s*)?(?:abs/)?"
    + ARXIV,
    re.IGNORECASE | re.ASCII,
)
# `[1605.06431] Title`: in square brackets a number of this form is meant as an identifier.
_BOXED = re.compile(rf"\[{ARXIV}\]", re.IGNORECASE | re.ASCII)
_DOI = re.compile(
    r"(?:(?<![\w./])|(?<=doi\.org/))10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"<>\\^`{}|，。；）]{1,300}",
    re.ASCII,
)
_CORPUS = re.compile(r"\bcorpus\s?id\s*:?\s*(\d{1,12})\b", re.IGNORECASE)
_PMID = re.compile(r"\b(?:pmid|pubmed\s?id)\s*:?\s*(\d{1,9})\b", re.IGNORECASE)
_PMCID = re.compile(r"\bpmc(?:\s?id\s*:?\s*(?:pmc)?|(?=\d{5}))\s*(\d{4,9})\b", re.IGNORECASE)
_QUICK = re.compile(
    r"\[\d{4}\.\d|arxiv|corr|10\.\d{4}|corpus\s?id|pmid|pmc|pubmed\s?id|https?:", re.IGNORECASE
)


def _arxiv(match: re.Match[str]) -> Identifiers:
    found = arxiv_from_match(match)
    return Identifiers(arxiv_id=found[0], arxiv_version=found[1]) if found else Identifiers()


def _doi(match: re.Match[str]) -> Identifiers:
    doi = trim_doi(match.group())
    if not doi or not doi.startswith("10.48550/arxiv."):
        return Identifiers(doi=doi or None)
    own = parse_arxiv_id(doi)
    return Identifiers(arxiv_id=own[0], arxiv_version=own[1]) if own else Identifiers()


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Identifiers]], ...] = (
    (_ARXIV, _arxiv),
    (_BOXED, _arxiv),
    (_DOI, _doi),
    (_CORPUS, lambda match: Identifiers(s2_corpus_id=normalise_corpus_id(match[1]))),
    (_PMID, lambda match: Identifiers(pmid=normalise_number(match[1]))),
    (_PMCID, lambda match: Identifiers(pmcid=normalise_pmcid(match[1]))),
)


def text_identities(text: str) -> tuple[Identifiers, ...]:
    """Every identifier that stands in `text`, one record each, in order of appearance."""
    if not _QUICK.search(text):
        return ()
    urls = list(find_urls(text))
    found = [(start, link_identity(url)) for start, url in urls]
    if urls:
        text = blank(text, [(start, start + len(url)) for start, url in urls])
    for pattern, read in _READERS:
        found += [(match.start(), read(match)) for match in pattern.finditer(text)]
    unique = dict.fromkeys(ids for _, ids in sorted(found, key=lambda item: item[0]))
    unique.pop(Identifiers(), None)
    return tuple(unique)


def find_urls(text: str) -> Iterator[tuple[int, str]]:
    """(position, address) of every address written in a text, without the punctuation after it."""
    for match in URL.finditer(text):
        url = trim_closers(match.group(), ".,;:!?*_'\"~")
        if len(url) > _SHORTEST:
            yield match.start(), url


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with the given ranges turned to spaces, so that positions stay what they were."""
    parts, last = [], 0
    for start, end in spans:
        parts.append(text[last:start])
        parts.append(" " * (end - start))
        last = end
    parts.append(text[last:])
    return "".join(parts)
