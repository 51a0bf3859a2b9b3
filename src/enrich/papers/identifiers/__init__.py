"""Identifiers of papers, read from text and from link addresses; pure functions.

`normalise_*` check one value against its grammar and give the bare form or None; `link_identity`
reads an address, `text_identities` running text, `link_hints` the facts a proceedings address
spells out, `link_key` one name for all addresses of the same paper.
"""

from enrich.papers.identifiers.grammar import (
    normalise_acl_id,
    normalise_arxiv_id,
    normalise_doi,
    normalise_openreview_id,
    normalise_s2_id,
)
from enrich.papers.identifiers.links import (
    link_hints,
    link_identity,
    link_key,
    malformed_link,
    names_paper,
)
from enrich.papers.identifiers.text import find_urls, text_identities

__all__ = [
    "find_urls",
    "link_hints",
    "link_identity",
    "link_key",
    "malformed_link",
    "names_paper",
    "normalise_acl_id",
    "normalise_arxiv_id",
    "normalise_doi",
    "normalise_openreview_id",
    "normalise_s2_id",
    "text_identities",
]
