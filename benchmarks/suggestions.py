"""How many of a list's hidden works the suggestions find, on systematic reviews.

    python benchmarks/suggestions.py ../shared/data/citations

The works that a review included stand for a curated list. A fifth of them is hidden, works are
suggested from what the others reference, and the hidden ones are searched among the suggestions:
recall among the first 10 and the mean reciprocal rank of the first hit, over random splits of
every review with at least 15 included works. Means of 20 splits each are printed with the least and
the greatest of them, which shows how much of a figure is chance. Data: SYNERGY
(github.com/asreview/synergy-dataset, CC0), as two Parquet files; see `read`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log10, sqrt
from pathlib import Path

import pandas as pd

from enrich.graph import suggestions
from enrich.graph.matching import KnownWorks
from enrich.records import Identifiers, Reference

SPLITS, SEEDS, HIDDEN, FEWEST = 20, 10, 0.2, 15
Formula = Callable[[int, int | None], float]
FORMULAS: Mapping[str, Formula] = {
    "k / (1 + log10(1 + C))": suggestions.score,
    "k": lambda k, c: k,
    "k / sqrt(C)": lambda k, c: k / sqrt(max(c or 0, 1)),
    "k / C": lambda k, c: k / max(c or 0, 1),
    "k / log10(10 + C)": lambda k, c: k / log10(10 + (c or 0)),
}


Data = tuple[dict[str, Reference], dict[str, list[str]], dict[str, set[str]]]


def read(folder: Path) -> Data:
    """The works by id, what they reference, and the works that each review included."""
    works = pd.read_parquet(folder / "synergy_works.parquet")
    labels = pd.read_parquet(folder / "synergy_labels.parquet")
    cites = {row.id: list(row.referenced_works) for row in works.itertuples()}
    counts: dict[str, int] = {}
    for cited in cites.values():
        for one in cited:
            counts[one] = counts.get(one, 0) + 1
    titles = {
        row.id: row.title if isinstance(row.title, str) else row.id for row in works.itertuples()
    }
    every = {
        one: Reference(
            titles.get(one, one),
            Identifiers(s2_paper_id=one),
            citation_count=counts.get(one, 0),
        )
        for one in {*titles, *counts}
    }
    included = labels[labels["included"]].groupby("review")["id"].agg(set).to_dict()
    return every, cites, included


def suggested(
    kept: Sequence[str], works: Mapping[str, Reference], cites: Mapping[str, Sequence[str]]
) -> list[str]:
    """The ids suggested for a list of the works `kept`."""
    known = KnownWorks()
    for one in kept:
        known.add_paper(one, works[one].title, [f"s2:{one}"])
    references = {one: [works[cited] for cited in cites.get(one, ())] for one in kept}
    found = suggestions.suggest(references, known, papers=len(kept), sections={})
    return [str(s.work.ids.s2_paper_id) for s in found]


@dataclass(frozen=True)
class Measured:
    """Means over reviews and splits, and how many suggestions were in the list."""

    recall: float
    rank: float
    ceiling: float
    in_list: int


def measure(data: Data, splits: range) -> Measured:
    """Recall among the first 10, mean reciprocal rank and ceiling over some splits."""
    works, cites, included = data
    recalls, ranks, ceilings, wrong = [], [], [], 0
    for review, ids in sorted(included.items()):
        if len(ids) < FEWEST:
            continue
        for split in splits:
            chance = random.Random(f"{review} {split}")
            order = sorted(ids)
            chance.shuffle(order)
            hidden = set(order[: max(1, round(len(order) * HIDDEN))])
            kept = [one for one in order if one not in hidden]
            found = suggested(kept, works, cites)
            wrong += len(set(found) & set(kept))
            recalls.append(len(hidden & set(found[:10])) / len(hidden))
            first = next((n for n, one in enumerate(found, 1) if one in hidden), None)
            ranks.append(1 / first if first else 0.0)
            reachable = {cited for one in kept for cited in cites.get(one, ())}
            ceilings.append(len(hidden & reachable) / len(hidden))
    means = (statistics.mean(values) for values in (recalls, ranks, ceilings))
    return Measured(*means, wrong)


def main() -> int:
    """Print a table of all formulas; 1 when the one in use misses its aims."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--splits", type=int, default=SPLITS, help="random splits for one mean")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many means")
    parser.add_argument("--compare", action="store_true", help="measure other formulas too")
    arguments = parser.parse_args()
    data = read(arguments.folder)
    print(f"{'formula':<24} {'R@10':<20} {'MRR':<20} {'ceiling':>8} {'in the list':>12}")
    good = []
    for name, formula in list(FORMULAS.items())[: None if arguments.compare else 1]:
        suggestions.score = formula  # type: ignore[assignment]  # the formula is what is compared
        size = arguments.splits
        found = [measure(data, range(n * size, (n + 1) * size)) for n in range(arguments.seeds)]
        recall, rank = [m.recall for m in found], [m.rank for m in found]
        ceiling, wrong = statistics.mean(m.ceiling for m in found), sum(m.in_list for m in found)
        print(f"{name:<24} {spread(recall)} {spread(rank)} {ceiling:8.2f} {wrong:12d}")
        good.append(
            statistics.mean(recall) >= 0.125 and statistics.mean(rank) >= 0.24 and not wrong
        )
    return 0 if good[0] else 1


def spread(values: Sequence[float]) -> str:
    """The mean with the least and the greatest value."""
    return f"{statistics.mean(values):.3f} ({min(values):.3f}-{max(values):.3f})".ljust(20)


if __name__ == "__main__":
    sys.exit(main())
