"""Where a paper can be read: the one list of addresses for the report, exports and marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from enrich.outputs.escape import in_address, safe_url

# Column of `papers` or `enriched`, name of the place, address; the published version comes first.
# Semantic Scholar asks that links made from its data carry utm_source=api.
_PLACES = (
    ("doi", "DOI", "https://doi.org/{}"),
    ("arxiv_id", "arXiv", "https://arxiv.org/abs/{}"),
    ("acl_id", "ACL", "https://aclanthology.org/{}/"),
    ("openreview_id", "OpenReview", "https://openreview.net/forum?id={}"),
    ("s2_paper_id", "Semantic Scholar", "https://www.semanticscholar.org/paper/{}?utm_source=api"),
)


class Address(NamedTuple):
    """An http(s) address and what it is called."""

    label: str
    url: str


def paper_addresses(row: Mapping[str, Any]) -> tuple[Address, ...]:
    """Where the paper of a row of `papers`, `enriched` or `candidates` can be read, best first."""
    found = [
        Address(label, form.format(in_address(row[column])))
        for column, label, form in _PLACES
        if row.get(column)
    ]
    if pdf := safe_url(row.get("open_access_pdf")):
        found.append(Address("PDF", pdf))
    return tuple(found)


def best_address(row: Mapping[str, Any]) -> str | None:
    """The published version of a paper if known, else the next best place, else None."""
    found = paper_addresses(row)
    return found[0].url if found else None


def arxiv_address(arxiv_id: str) -> str:
    """The abstract page of an arXiv id."""
    return f"https://arxiv.org/abs/{in_address(arxiv_id)}"


def semantic_scholar_address(paper_id: str) -> str:
    """The page of a paper at Semantic Scholar."""
    return f"https://www.semanticscholar.org/paper/{in_address(paper_id)}?utm_source=api"
