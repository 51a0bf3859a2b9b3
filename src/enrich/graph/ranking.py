"""The score of a suggested work."""

from __future__ import annotations

from math import log10


def score(cited_by: int, citations: int | None) -> float:
    """How strongly a list points at a work: k / (1 + log10(1 + C)).

    Measured by `benchmarks/suggestions.py` on eight systematic reviews of the SYNERGY data set
    beside k alone, k / sqrt(C) and k / C: stronger penalties for well-known works lose most of
    what reviewers included.

    Args:
        cited_by: How many papers of the list cite the work (k).
        citations: How often it is cited overall (C); None counts as `cited_by`.
    """
    return cited_by / (1 + log10(1 + max(citations or 0, cited_by)))
