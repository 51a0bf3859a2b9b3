"""What a run would ask, counted without asking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests by service and endpoint, about how many seconds they take, and what is at hand.

    `at_most` is the number of further requests that look for what the others do not find.
    """

    requests: tuple[tuple[str, str, int], ...]
    seconds: float
    from_store: int
    at_most: int = 0

    def total(self, service: str) -> int:
        """Requests to one service."""
        return sum(count for name, _, count in self.requests if name == service)

    @property
    def arxiv(self) -> int:
        """Requests to arXiv."""
        return self.total("arxiv")

    @property
    def semantic_scholar(self) -> int:
        """Requests to Semantic Scholar."""
        return self.total("semantic_scholar")
