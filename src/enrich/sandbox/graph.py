"""A made-up but plausible citation graph over a catalogue, the same one for the same catalogue.

Papers fall into communities by their category; four of five references stay inside, all go to
earlier papers, much-cited papers are cited more. Some references are works that the service could
not resolve, some papers have none, some publishers elide them. Shares: contract notes on recorded
answers (5-12 % unresolved in machine learning, a third in economics).
"""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from enrich.sandbox.catalogue import Catalogue, Paper, number

COMMUNITY = 40  # papers in a community, about
INSIDE = 0.8  # share of references that stay in the community
_FEWEST, _MOST = 8, 48  # references that a paper draws; the same ones collapse
_WORDS = (
    "Foundations", "Handbook", "Proceedings", "Notes", "Report", "Theory", "Methods", "Signals",
    "Systems", "Perception", "Learning", "Statistics", "Motion", "Language", "Vision", "Memory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a bibliography: a paper of the catalogue, or a title nobody could resolve."""

    position: int | None
    title: str = ""
    year: int | None = None


class Graph:
    """References and citations between the papers that Semantic Scholar has."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._references: dict[int, tuple[Reference, ...]] = {}

    def references(self, position: int) -> tuple[Reference, ...]:
        """The bibliography of a paper, unresolved works last."""
        if position not in self._references:
            self._references[position] = self._drawn(position)
        return self._references[position]

    def is_elided(self, position: int) -> bool:
        """Whether the publisher withholds the references: about one in twenty with a DOI."""
        paper = self._catalogue.papers[position]
        published = bool(paper.doi) and not paper.arxiv
        return paper.elided or (published and number(paper.key, "elided") % 8 == 0)

    def served(self, position: int) -> tuple[Reference, ...]:
        """What a batch gives of the bibliography: for one paper in 180 silently too little."""
        whole = self.references(position)
        paper = self._catalogue.papers[position]
        return whole[: -len(whole) // 3] if number(paper.key, "cut") % 180 == 0 else whole

    @cached_property
    def cited_by(self) -> dict[int, list[int]]:
        """Positions of the papers that cite a paper, the inverse of `references`."""
        index: dict[int, list[int]] = {}
        for i, paper in enumerate(self._catalogue.papers):
            if paper.s2:
                for reference in self._drawn(i):  # not kept: a large catalogue has millions
                    if reference.position is not None:
                        index.setdefault(reference.position, []).append(i)
        return index

    def community(self, position: int) -> str:
        """The name of a paper's community."""
        paper = self._catalogue.papers[position]
        category = paper.categories[0] if paper.categories else "cs.CV"
        parts = max(1, self._sizes.get(category, 0) // COMMUNITY)
        return f"{category} {number(paper.key, 'community') % parts}"

    # --

    @cached_property
    def _sizes(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for paper in self._catalogue.papers:
            category = paper.categories[0] if paper.categories else "cs.CV"
            sizes[category] = sizes.get(category, 0) + 1
        return sizes

    @cached_property
    def _counts(self) -> list[int]:
        """Citations of each paper: a made-up count is a hash, and each is compared many times."""
        return [paper.count for paper in self._catalogue.papers]

    @cached_property
    def _by_date(self) -> dict[str, list[tuple[str, int]]]:
        """Dates and positions of each community's papers, earliest first; "" is all of them."""
        groups: dict[str, list[tuple[str, int]]] = {"": []}
        for i, paper in enumerate(self._catalogue.papers):
            if paper.s2:
                groups.setdefault(self.community(i), []).append((paper.published, i))
                groups[""].append((paper.published, i))
        return {name: sorted(group) for name, group in groups.items()}

    def _drawn(self, position: int) -> tuple[Reference, ...]:
        paper = self._catalogue.papers[position]
        rng = random.Random(number(paper.key, "references"))  # noqa: S311  # repeatable
        if number(paper.key, "no references") % 15 == 0 and not self.is_elided(position):
            return ()
        wanted = rng.randint(_FEWEST, _MOST)
        unresolved = rng.uniform(0.05, 0.12) if rng.random() < 0.9 else 1 / 3
        groups = [self._by_date.get(self.community(position), []), self._by_date[""]]
        earlier = [bisect_left(group, (paper.published, position)) for group in groups]
        cited: dict[int, None] = {}
        for _ in range(wanted):
            k = 0 if earlier[0] and rng.random() < INSIDE else 1
            if earlier[k]:
                cited[self._preferred(rng, groups[k], earlier[k])] = None
        cited.pop(position, None)
        lost = round(len(cited) * unresolved)
        return (
            *(Reference(i) for i in cited),
            *(
                Reference(None, _title(rng), paper_year(paper) - rng.randint(1, 30))
                for _ in range(lost)
            ),
        )

    def _preferred(self, rng: random.Random, group: list[tuple[str, int]], earlier: int) -> int:
        """The more cited of two random earlier papers."""
        one, other = (group[rng.randrange(earlier)][1] for _ in range(2))
        return one if self._counts[one] >= self._counts[other] else other


def paper_year(paper: Paper) -> int:
    """The year of publication, else of the first version."""
    return paper.year or int(paper.published[:4])


def _title(rng: random.Random) -> str:
    """A made-up title that no paper of a catalogue has."""
    return f"{rng.choice(_WORDS)} of {rng.choice(_WORDS).lower()}, part {rng.randint(1, 99)}"
