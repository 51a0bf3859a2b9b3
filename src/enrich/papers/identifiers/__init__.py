"""Identifiers of papers, read from text and from link addresses; pure functions.

`kinds` is the one table of what kinds there are. `normalise_*` check one value against its grammar
and give the bare form or None; `link_identity` reads an address, `text_identities` running text,
`link_hints` the facts that a proceedings address spells out; `link_key` gives one name for all
addresses of the same paper.
"""

from enrich.papers.identifiers.grammar import (
    bare_arxiv_id,
    normalise_acl_id,
    normalise_corpus_id,
    normalise_dblp_id,
    normalise_doi,
    normalise_number,
    normalise_openreview_id,
    normalise_pmcid,
    normalise_s2_id,
)
from enrich.papers.identifiers.kinds import (
    ASKABLE,
    BY_NAME,
    KINDS,
    IdKind,
    askable_keys,
    id_keys,
    in_address,
    page_address,
    parse_key,
    wire_id,
)
from enrich.papers.identifiers.link_keys import is_supplement, link_key, names_data, names_paper
from enrich.papers.identifiers.links import link_identity, malformed_link, normalise_arxiv_id
from enrich.papers.identifiers.proceedings import link_hints
from enrich.papers.identifiers.text import find_urls, text_identities

__all__ = [
    "ASKABLE",
    "BY_NAME",
    "KINDS",
    "IdKind",
    "askable_keys",
    "bare_arxiv_id",
    "find_urls",
    "id_keys",
    "in_address",
    "is_supplement",
    "link_hints",
    "link_identity",
    "link_key",
    "malformed_link",
    "names_data",
    "names_paper",
    "normalise_acl_id",
    "normalise_arxiv_id",
    "normalise_corpus_id",
    "normalise_dblp_id",
    "normalise_doi",
    "normalise_number",
    "normalise_openreview_id",
    "normalise_pmcid",
    "normalise_s2_id",
    "page_address",
    "parse_key",
    "text_identities",
    "wire_id",
]
