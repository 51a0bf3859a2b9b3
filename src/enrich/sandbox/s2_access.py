"""Open access as Semantic Scholar states it: every status, and addresses that are often no PDF."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from enrich.sandbox.catalogue import Paper, number

# Per cent, status, kind of address, licence: the shares of 1,596 recorded `openAccessPdf`.
_SHARES: tuple[tuple[int, str | None, str, str | None], ...] = (
    (31, "CLOSED", "", None),
    (23, None, "", None),
    (5, "BRONZE", "pdf", None),
    (3, "BRONZE", "pdf", "publisher-specific-oa"),
    (1, "BRONZE", "page", None),
    (1, "BRONZE", "doi", None),
    (6, "GREEN", "arxiv", None),
    (5, "GREEN", "page", "other-oa"),
    (3, "GREEN", "pdf", "CCBY"),
    (2, "GREEN", "pdf", "CCBYNCND"),
    (3, "HYBRID", "pdf", "CCBY"),
    (2, "HYBRID", "doi", "CCBYNC"),
    (1, "HYBRID", "page", "CCBYNCSA"),
    (3, "GOLD", "pdf", "CCBY"),
    (2, "GOLD", "doi", "CCBYNCND"),
    (1, "GOLD", "page", "unspecified-oa"),
    (2, None, "pdf", None),
    (1, None, "page", None),
    (2, "CLOSED", "arxiv", None),
    (2, "CLOSED", "pdf", None),
    (1, "CLOSED", "doi", None),
)


def access(paper: Paper) -> dict[str, Any]:
    """The value of `openAccessPdf`."""
    rng = random.Random(number(paper.key, "access"))  # noqa: S311  # repeatable, not secret
    [(_, status, kind, license_)] = rng.choices(_SHARES, [share for share, *_ in _SHARES])
    elided = () if paper.s2_abstract else ("abstract",)
    return {
        "url": _address(paper, kind),
        "status": status,
        "license": license_,
        "disclaimer": disclaimer(paper, elided),
    }


def disclaimer(paper: Paper, elided: Iterable[str]) -> str:
    """The notice under which Semantic Scholar gives or withholds fields of a paper."""
    fields = ", ".join(f"'{name}'" for name in elided)
    withheld = f"The following paper fields have been elided by the publisher: {{{fields}}}. "
    return (
        f"Notice: {withheld if fields else ''}Paper or abstract available at {_page(paper)}, which "
        "is subject to the license by the author or copyright owner provided with this content. "
        "Please go to the source to verify the license and copyright information for your use."
    )


def _address(paper: Paper, kind: str) -> str:
    name = f"{number(paper.key, 'file'):012x}"
    if kind == "arxiv":
        return f"https://arxiv.org/pdf/{paper.arxiv}" if paper.arxiv else ""
    if kind == "doi":
        return f"https://doi.org/{paper.doi}" if paper.doi else ""
    return {
        "": "",
        "pdf": f"https://repository.example.org/papers/{name}.pdf",
        "page": f"https://repository.example.org/papers/{name}",
    }[kind]


def _page(paper: Paper) -> str:
    if paper.arxiv and paper.s2_arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    return f"https://doi.org/{paper.doi}" if paper.doi else "the publisher's page"
