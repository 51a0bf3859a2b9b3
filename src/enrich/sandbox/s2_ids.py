"""Ids of papers as Semantic Scholar takes them: prefixes and DOIs in any case, addresses too."""

from __future__ import annotations

import re

from enrich.sandbox.catalogue import MERGED_CORPUS, Catalogue, merged_sha
from enrich.sandbox.deviations import Deviations

# The sites whose addresses the service documents as ids.
_HOSTS = r"(?:www\.)?(?:semanticscholar|arxiv|aclweb|acm|biorxiv)\.org"


def position_of(catalogue: Catalogue, ident: str, deviations: Deviations) -> int | None:
    """Look up a paper by an id of any kind.

    Args:
        catalogue: The papers.
        ident: The id as it stands in a request, percent-decoded.
        deviations: Whether ids with a version are resolved.

    Returns:
        The position in the catalogue, None for an unknown id.
    """
    index = catalogue.by_s2_id
    if re.fullmatch(r"[0-9a-fA-F]{40}", ident):
        sha = ident.lower()
        return index.get(f"sha:{sha}", index.get(f"sha:{merged_sha(sha)}"))
    if ident.startswith("10."):
        return index.get(f"doi:{ident.lower()}")
    prefix, _, rest = ident.partition(":")
    prefix, rest = prefix.lower(), rest.lower()
    if prefix == "url":
        return _from_url(catalogue, rest, deviations)
    if prefix == "arxiv" and deviations.s2_versions_resolved:
        rest = re.sub(r"v\d+$", "", rest)
    if prefix == "corpusid" and rest.isdecimal() and int(rest) > MERGED_CORPUS:
        return index.get(f"corpusid:{int(rest) - MERGED_CORPUS}")
    return index.get(f"{prefix}:{rest}")


def _from_url(catalogue: Catalogue, url: str, deviations: Deviations) -> int | None:
    match = re.fullmatch(rf"https?://{_HOSTS}/(.+)", url)
    if match is None:
        return None
    if sha := re.search(r"[0-9a-f]{40}", match[1]):
        return catalogue.by_s2_id.get(f"sha:{sha[0]}")
    rest = re.sub(r"^(?:abs|pdf|html)/|\.pdf$", "", match[1])
    return position_of(catalogue, f"arxiv:{rest}", deviations)
