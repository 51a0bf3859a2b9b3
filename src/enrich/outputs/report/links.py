"""Links out, and text in: what may be followed and what may be shown."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from enrich.outputs.report.model import Link

# Direction overrides and isolates can make a line read as something it is not.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Controls, line and paragraph separators.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def safe_url(url: str | None) -> str | None:
    """`url` if it is an http or https address with a host, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if good and url.isprintable() and " " not in url else None


def shown(text: str | None) -> str | None:
    """`text` without control characters and direction overrides; None when nothing is left."""
    if not text:
        return None
    return _BREAKS.sub(" ", _BIDI.sub("", text)).strip() or None


def paper_links(paper: dict[str, Any]) -> tuple[Link, ...]:
    """Where a row of `papers` can be read, the published version first."""
    # Semantic Scholar asks that links from its data carry utm_source=api.
    places = (
        ("DOI", "https://doi.org/{}", paper["doi"]),
        ("arXiv", "https://arxiv.org/abs/{}", paper["arxiv_id"]),
        ("ACL", "https://aclanthology.org/{}/", paper["acl_id"]),
        ("Semantic Scholar", "https://www.semanticscholar.org/paper/{}?utm_source=api",
         paper["s2_paper_id"]),
    )  # fmt: skip
    found = [
        Link(label, form.format(quote(value, safe="/"))) for label, form, value in places if value
    ]
    if pdf := safe_url(paper["open_access_pdf"]):
        found.append(Link("PDF", pdf))
    return tuple(found)


def candidate_link(candidate: dict[str, Any]) -> Link | None:
    """Where a row of `candidates` can be read, None when it has no known address."""
    if candidate["arxiv_id"]:
        return Link("arXiv", f"https://arxiv.org/abs/{quote(candidate['arxiv_id'], safe='/')}")
    if candidate["s2_paper_id"]:
        page = quote(candidate["s2_paper_id"], safe="")
        return Link(
            "Semantic Scholar", f"https://www.semanticscholar.org/paper/{page}?utm_source=api"
        )
    return None
