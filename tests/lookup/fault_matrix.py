"""The fault matrix: every fault, both services, each endpoint, always and now and then.

`python -m tests.lookup.fault_matrix` runs all cells and prints the table of docs/fault-matrix.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

from enrich.errors import Misconfigured
from enrich.parsing import parse_list, read_list
from enrich.records import Entry
from enrich.sandbox import Sandbox
from enrich.sandbox.faults import KINDS

from .conftest import REAL_LIST, Bench, statuses

TARGETS = ("arxiv", "s2", "s2/batch", "s2/bulk", "s2/match")
SHARES = (("always", 0), ("30%", 0), ("30%", 1), ("30%", 2))
# Small enough that a cell takes seconds; what is endless is given up after half a second.
VALUES = {
    "slow": "=0.01", "trickle": "=0.05", "huge": "=30", "gzip-bomb": "=30", "drip": "=0.2",
    "drip-headers": "=0.2", "continue": "=0.02", "endless": "=0.02", "nested": "=100000",
    "body": "=nonsense", "lose": "=1904.01766",
}  # fmt: skip
EXCHANGE_SECONDS = 0.5
# A changed title is another title, which no reader can see; only types and ranges are checked.
ALTERING = {"mutate"}
# A service that denies in its own words, now and then, what it has: no client can see that.
UNDETECTABLE = {("unknown", "30%")}
# One service, all its endpoints: the question and its retries, the control question, per endpoint.
MOST_REQUESTS = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a fault, whom it strikes, how often, and the throw of the dice."""

    kind: str
    target: str
    share: str
    seed: int

    def __str__(self) -> str:
        return f"{self.target}:{self.kind}@{self.share} seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a run under a fault came to: entries by outcome, requests, and what was wrong."""

    cell: Cell
    right: int
    pending: int
    wrong: int
    requests: int
    verdict: str
    objections: tuple[str, ...]


def cells(shares: tuple[tuple[str, int], ...] = SHARES) -> Iterator[Cell]:
    """All cells; a fault of XML strikes arXiv only, a match has no batch to lose rows of."""
    for kind in KINDS:
        for target in TARGETS:
            for share, seed in shares:
                yield Cell(kind, target, share, seed)


@lru_cache(maxsize=1)
def _entries() -> tuple[Entry, ...]:
    return parse_list(read_list(str(REAL_LIST))).entries


def run_cell(cell: Cell, folder: Path) -> Result:
    """Run under the fault, then without it; `objections` is empty where everything holds."""
    entries = _entries()
    fault = f"{cell.target}:{cell.kind}{VALUES.get(cell.kind, '')}@{cell.share}"
    objections: list[str] = []
    with (
        patch("enrich.services.connection.EXCHANGE_SECONDS", EXCHANGE_SECONDS),
        Sandbox(limits=False, seed=cell.seed) as box,
    ):
        known = Bench(box, folder / "known", entries)
        right = statuses(known.run())
        bench = Bench(box, folder / "cell", entries)
        box.set_faults([fault])
        bench.asked()
        outcomes: Counter[str] = Counter()
        verdict = "complete"
        try:
            found = bench.run()
        except Misconfigured:
            verdict = "misconfigured"
        else:
            verdict = "incomplete" if found.unasked else "complete"
            for entry_id, outcome in statuses(found).items():
                as_is = "right" if outcome == right[entry_id] else outcome[0]
                outcomes["wrong" if as_is not in ("right", "pending") else as_is] += 1
        requests = box.count(cell.target.partition("/")[0])
        detectable = cell.kind not in ALTERING and (cell.kind, cell.share) not in UNDETECTABLE
        if outcomes["wrong"] and detectable:
            objections.append(f"{outcomes['wrong']} entries are neither right nor pending")
        if requests > MOST_REQUESTS:
            objections.append(f"{requests} requests")
        if any("a-key" in text for text in (*bench.reports.warnings, *bench.reports.waits)):
            objections.append("the key is in a message")
        box.set_faults()
        bench.clock.pass_days(1.01)
        again = bench.run(refresh=cell.kind in ALTERING)
        if detectable and (statuses(again) != right or again.unasked):
            objections.append("the next run does not heal")
        bench.asked()
        bench.run()
        if bench.asked() != (0, 0):
            objections.append("a third run asks again")
        # A day after a good run counts are due: whatever comes, what is known stays known.
        known.clock.pass_days(1.01)
        box.set_faults([fault])
        known.asked()
        if statuses(known.run()) != right and cell.kind not in ALTERING:
            objections.append("what was known is lost")
        if max(known.asked()) > MOST_REQUESTS:
            objections.append("too many requests for counts")
        box.set_faults()
        known.clock.pass_days(1.01)
        if statuses(healed := known.run()) != right or healed.unasked:
            objections.append("counts do not heal")
    return Result(
        cell, outcomes["right"], outcomes["pending"], outcomes["wrong"], requests, verdict,
        tuple(objections),
    )  # fmt: skip


def _run(cell: Cell) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run_cell(cell, Path(folder))
        except Exception as error:
            return Result(cell, 0, 0, 0, 0, "crash", (f"{type(error).__name__}: {error}",))


def main() -> int:
    """Run all cells (or those whose name holds an argument) and print the table."""
    wanted = [c for c in cells() if all(word in str(c) for word in sys.argv[1:])]
    print("| fault | strikes | how often | right | pending | wrong | requests | run | verdict |")
    print("|---|---|---|---|---|---|---|---|---|")
    failed = 0
    with ProcessPoolExecutor(2) as pool:
        for r in pool.map(_run, wanted):
            failed += bool(r.objections)
            often = r.cell.share + (f" seed {r.cell.seed}" if r.cell.share != "always" else "")
            row = (
                r.cell.kind, r.cell.target, often, r.right, r.pending, r.wrong, r.requests,
                r.verdict, "; ".join(r.objections) or "holds",
            )  # fmt: skip
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print(f"\n{len(wanted) - failed} of {len(wanted)} cells hold.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
