"""The citation network within a list: who cites whom, core papers, isolated ones, reading order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """One paper of the list."""

    paper_id: str
    title: str
    year: int | None = None
    section: str = ""
    citation_count: int | None = None


@dataclass(frozen=True)
class Network:
    """Papers of a list, and the citations among them.

    Attributes:
        nodes: The papers, in the order of the list.
        edges: Pairs (citing, cited) of paper_ids, without repetitions and self-citations.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    @cached_property
    def cited_by(self) -> dict[str, int]:
        """How many papers of the list cite each paper."""
        counts = {node.paper_id: 0 for node in self.nodes}
        for _, cited in self.edges:
            counts[cited] += 1
        return counts

    @property
    def core(self) -> list[Node]:
        """Papers that others of the list cite, the most cited first."""
        cited = [node for node in self.nodes if self.cited_by[node.paper_id]]
        return sorted(cited, key=lambda n: (-self.cited_by[n.paper_id], n.year or 9999, n.title))

    @property
    def isolated(self) -> list[Node]:
        """Papers that neither cite nor are cited by another of the list, in its order."""
        linked = {paper_id for edge in self.edges for paper_id in edge}
        return [node for node in self.nodes if node.paper_id not in linked]

    @property
    def reading_order(self) -> list[Node]:
        """The papers so that each comes after those of the list that it cites.

        Among papers that may come next the older one does. Papers that cite each other in a circle
        are taken by year.
        """
        by_id = {node.paper_id: node for node in self.nodes}
        place = {node.paper_id: n for n, node in enumerate(self.nodes)}
        open_count = dict.fromkeys(by_id, 0)
        citing: dict[str, list[str]] = {paper_id: [] for paper_id in by_id}
        for source, cited in self.edges:
            open_count[source] += 1
            citing[cited].append(source)

        def rank(paper_id: str) -> tuple[int, int, str]:
            return by_id[paper_id].year or 9999, place[paper_id], paper_id

        ready = [rank(paper_id) for paper_id, count in open_count.items() if not count]
        waiting = [rank(paper_id) for paper_id, count in open_count.items() if count]
        heapq.heapify(ready)
        heapq.heapify(waiting)
        done: dict[str, None] = {}
        while ready or waiting:
            # Without a paper that may come next a circle is broken at its oldest paper.
            paper_id = heapq.heappop(ready or waiting)[2]
            if paper_id in done:
                continue
            done[paper_id] = None
            for source in citing[paper_id]:
                open_count[source] -= 1
                if not open_count[source]:
                    heapq.heappush(ready, rank(source))
        return [by_id[paper_id] for paper_id in done]


def network_of(
    papers: Iterable[Mapping[str, Any]],
    references: Iterable[Mapping[str, Any]],
    sections: Mapping[str, str],
) -> Network:
    """The network of a list.

    Args:
        papers: Rows of `papers`.
        references: Rows of `references`; only those within the list become edges.
        sections: The section of each paper, by paper_id.
    """
    nodes = tuple(
        Node(
            row["paper_id"], row["title"] or "", row["year"], sections.get(row["paper_id"], ""),
            row["citation_count"],
        )
        for row in papers
    )  # fmt: skip
    known = {node.paper_id for node in nodes}
    edges = dict.fromkeys(
        (row["paper_id"], row["cited_paper_id"])
        for row in references
        if row["cited_paper_id"] in known
        and row["paper_id"] in known
        and row["cited_paper_id"] != row["paper_id"]
    )
    return Network(nodes, tuple(edges))
