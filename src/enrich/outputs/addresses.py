"""Where a paper can be read: the one list of addresses for the report, exports and marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from enrich.outputs.escape import safe_url
from enrich.papers.identifiers import BY_NAME, page_address

# Kind of identifier and what its page is called; the published version comes first.
_PLACES = {
    "doi": "DOI",
    "arxiv": "arXiv",
    "acl": "ACL",
    "openreview": "OpenReview",
    "s2": "Semantic Scholar",
}


class Address(NamedTuple):
    """An http(s) address and what it is called."""

    label: str
    url: str


def paper_addresses(row: Mapping[str, Any]) -> tuple[Address, ...]:
    """Where the paper of a row of `papers`, `enriched` or `candidates` can be read, best first."""
    found = [
        Address(label, page_address(kind, row[BY_NAME[kind].field]))
        for kind, label in _PLACES.items()
        if row.get(BY_NAME[kind].field)
    ]
    if pdf := safe_url(row.get("open_access_pdf")):
        found.append(Address("PDF", pdf))
    return tuple(found)


def best_address(row: Mapping[str, Any]) -> str | None:
    """The published version of a paper if known, else the next best place, else None."""
    found = paper_addresses(row)
    return found[0].url if found else None
