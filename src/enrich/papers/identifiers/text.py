"""Find identifiers in running text: `arXiv:1906.03327`, DOIs, CorpusID, PMID, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def text_identities(text: str) -> tuple[Identifiers, ...]:
    """Every identifier that stands in `text`, one record each, in order of appearance."""
    if not _QUICK.search(text):
        return ()
    found: list[tuple[int, Identifiers]] = []
    spans: list[tuple[int, int]] = []
    for start, url in find_urls(text):
        spans.append((start, start + len(url)))
        ids = link_identity(url)
        if ids != Identifiers():
            found.append((start, ids))
    if spans:
        text = blank(text, spans)
    for match in _ARXIV.finditer(text):
        arxiv = arxiv_from_match(match)
        if arxiv:
            found.append((match.start(), Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])))
    for match in _BOXED.finditer(text):
        arxiv = arxiv_from_match(match)
        if arxiv:
            found.append((match.start(), Identifiers(arxiv_id=arxiv[0], arxiv_version=arxiv[1])))
    for match in _DOI.finditer(text):
        doi = trim_doi(match.group())
        if doi and doi.startswith("10.48550/arxiv."):
            own = parse_arxiv_id(doi)
            if own:
                found.append((match.start(), Identifiers(arxiv_id=own[0], arxiv_version=own[1])))
        elif doi:
            found.append((match.start(), Identifiers(doi=doi)))
    for match in _CORPUS.finditer(text):
        found.append((match.start(), Identifiers(s2_corpus_id=normalise_corpus_id(match[1]))))
    for match in _PMID.finditer(text):
        found.append((match.start(), Identifiers(pmid=normalise_number(match[1]))))
    for match in _PMCID.finditer(text):
        found.append((match.start(), Identifiers(pmcid=normalise_pmcid(match[1]))))
    found.sort(key=lambda item: item[0])
    unique: dict[Identifiers, None] = {}
    for _, ids in found:
        unique.setdefault(ids, None)
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
