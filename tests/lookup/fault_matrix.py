"""The fault matrix: every fault, both services, each endpoint, always and now and then.

    python -m tests.lookup.fault_matrix [--markdown FILE] [WORD ...]

Runs all cells, or those whose name holds every word, prints each one that does not hold, and writes
the table of docs/fault-matrix.md.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

from enrich.errors import Misconfigured
from enrich.papers.titles import title_key
from enrich.parsing import parse_list, read_list
from enrich.records import Entry, Findings
from enrich.sandbox import Sandbox
from enrich.sandbox.faults import KINDS

from .conftest import REAL_LIST, Bench, statuses
from .graph_faults import EXCHANGE_SECONDS, bounds_broken, run_under_fault

TARGETS = ("arxiv", "s2", "s2/batch", "s2/bulk", "s2/match")
GRAPH_TARGETS = (
    ("references", "s2/batch"), ("references", "s2/references"),
    ("recommendations", "s2/recommendations"),
)  # fmt: skip
SHARES = (("always", 0), ("30%", 0), ("30%", 1), ("30%", 2))
# Small enough that a cell takes seconds.
VALUES = {
    "slow": "=0.01", "trickle": "=0.05", "huge": "=30", "gzip-bomb": "=30", "drip": "=0.2",
    "drip-headers": "=0.2", "continue": "=0.02", "endless": "=0.02", "nested": "=100000",
    "body": "=nonsense", "lose": "=1904.01766",
}  # fmt: skip
# A changed value is another value, which no reader can see; types, ranges and papers are checked.
ALTERING = {"mutate", "titles"}
# A single search that is denied in the service's own words, now and then, looks like one
# for a title that the service lacks; ids and packed titles have a control paper beside them.
UNDETECTABLE = {
    (kind, target, "30%") for kind in ("unknown", "denied") for target in ("s2", "s2/match")
}
# One service, all its endpoints: the question and its retries, the control question, per endpoint.
MOST_REQUESTS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a fault, its target, its share of requests, the random seed, what is asked for."""

    kind: str
    target: str
    share: str
    seed: int
    subject: str = "entries"

    def __str__(self) -> str:
        return f"{self.subject} {self.target}:{self.kind}@{self.share} seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a run under a fault came to: outcomes, requests, and what was wrong."""

    cell: Cell
    right: int
    pending: int
    wrong: int
    requests: int
    verdict: str
    objections: tuple[str, ...]


def cells(shares: tuple[tuple[str, int], ...] = SHARES) -> Iterator[Cell]:
    """All cells."""
    for kind in KINDS:
        for subject, target in (*(("entries", target) for target in TARGETS), *GRAPH_TARGETS):
            for share, seed in shares:
                yield Cell(kind, target, share, seed, subject)


@lru_cache(maxsize=2)
def _entries(every: int = 1) -> tuple[Entry, ...]:
    return parse_list(read_list(str(REAL_LIST))).entries[::every]


@lru_cache(maxsize=2)
def _good_run(every: int) -> tuple[Findings, bytes, str]:
    """What a run without faults finds, the store it leaves, and the address that it asked."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(limits=False) as box:
        found = Bench(box, Path(folder), _entries(every)).run()
        return found, (Path(folder) / "store.sqlite").read_bytes(), f":{box.port}/"


def _undisturbed(every: int = 1) -> Findings:
    """What a run without faults finds."""
    return _good_run(every)[0]


def _after_a_good_run(box: Sandbox, folder: Path, every: int) -> Bench:
    """A list whose store is that of a good run against this sandbox."""
    _, store, address = _good_run(every)
    folder.mkdir(parents=True)
    (folder / "store.sqlite").write_bytes(store)
    with closing(sqlite3.connect(folder / "store.sqlite")) as db, db:
        # Proofs are kept by the service's address, and each sandbox has a port of its own.
        db.execute("UPDATE learnt SET name = replace(name, ?, ?)", (address, f":{box.port}/"))
    return Bench(box, folder, _entries(every))


def run_cell(cell: Cell, folder: Path, every: int = 1) -> Result:
    """Run under the fault, then without it; `objections` is empty where everything holds.

    With `every` above 1 the list is that many times shorter: each second or third entry.
    """
    return (
        _run_entries(cell, folder, every) if cell.subject == "entries" else _run_graph(cell, folder)
    )


def _run_graph(cell: Cell, folder: Path) -> Result:
    with Sandbox(limits=False, seed=cell.seed) as box:
        found = run_under_fault(
            box, folder, cell.subject, _fault(cell),
            is_sound=cell.kind not in ALTERING, most_requests=MOST_REQUESTS,
        )  # fmt: skip
    right, pending, wrong = (found.outcomes[name] for name in ("right", "pending", "wrong"))
    verdict = "incomplete" if pending else "complete"
    return Result(cell, right, pending, wrong, found.requests, verdict, found.objections)


def _fault(cell: Cell) -> str:
    return f"{cell.target}:{cell.kind}{VALUES.get(cell.kind, '')}@{cell.share}"


def _run_entries(cell: Cell, folder: Path, every: int) -> Result:
    right = statuses(_undisturbed(every))
    fault = _fault(cell)
    detectable = (cell.kind, cell.target, cell.share) not in UNDETECTABLE
    is_sound = cell.kind not in ALTERING
    objections: list[str] = []
    outcomes: Counter[str] = Counter()
    verdict = "complete"
    with (
        patch("enrich.services.connection.EXCHANGE_SECONDS", EXCHANGE_SECONDS),
        Sandbox(limits=False, seed=cell.seed) as box,
    ):
        bench = Bench(box, folder / "cell", _entries(every))
        box.set_faults([fault])
        try:
            found = bench.run()
        except Misconfigured:
            verdict = "misconfigured"
        else:
            verdict = "incomplete" if found.unasked else "complete"
            for entry_id, outcome in statuses(found).items():
                as_is = "right" if outcome == right[entry_id] else outcome[0]
                outcomes["wrong" if as_is not in ("right", "pending") else as_is] += 1
            if cell.kind != "titles" and (foreign := _foreign(found)):
                objections.append(f"{foreign} entries have another paper")
        requests = box.count(cell.target.partition("/")[0])
        if outcomes["wrong"] and detectable and is_sound:
            objections.append(f"{outcomes['wrong']} entries are neither right nor pending")
        objections += bounds_broken(bench, requests, MOST_REQUESTS)
        box.set_faults()
        bench.clock.pass_days(1.01)
        again = bench.run(refresh=not is_sound)
        if detectable and (statuses(again) != right or again.unasked):
            objections.append("the next run does not heal")
        bench.asked()
        bench.run()
        if bench.asked() != (0, 0):
            objections.append("a third run asks again")
        # A day after a good run counts are due: whatever comes, what is known stays known.
        known = _after_a_good_run(box, folder / "known", every)
        known.clock.pass_days(1.01)
        box.set_faults([fault])
        known.asked()
        if statuses(known.run()) != right and is_sound:
            objections.append("what was known is lost")
        if max(known.asked()) > MOST_REQUESTS:
            objections.append("too many requests for counts")
        box.set_faults()
        known.clock.pass_days(1.01)
        healed = known.run(refresh=not is_sound)
        if statuses(healed) != right or healed.unasked:
            objections.append("counts do not heal")
    return Result(
        cell, outcomes["right"], outcomes["pending"], outcomes["wrong"], requests, verdict,
        tuple(objections),
    )  # fmt: skip


def _foreign(found: Findings) -> int:
    """How many entries have a record that is none of their paper's, nor of the same title.

    Semantic Scholar has some papers twice: a row that is lost leaves the other one.
    """
    own = _undisturbed().records
    return sum(
        any(
            (r.source, r.source_id) not in {(o.source, o.source_id) for o in own.get(entry_id, ())}
            and title_key(r.title) not in {title_key(o.title) for o in own.get(entry_id, ())}
            for r in records
        )
        for entry_id, records in found.records.items()
    )


def _run(cell: Cell) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run_cell(cell, Path(folder))
        except Exception as error:
            return Result(cell, 0, 0, 0, 0, "crash", (f"{type(error).__name__}: {error}",))


HEAD = """# The fault matrix

Every fault of the sandbox is applied to each service and endpoint while a run asks for the entries
of the real list, and to the endpoints of references and recommendations: to every request, and to
30 % of the requests under three random seeds. A cell holds when

- no entry is wrong and none has another paper: what is not right is *pending* and asked for again;
- the key is in no message, and the run sends at most {most} requests to the service;
- the next run finds everything, and one after it asks nothing;
- the same fault a day after a good run loses nothing that was known.

What no client can see is measured and not objected to: values that are changed (`mutate`,
`titles`), of which only types, ranges and foreign papers are checked; recommendations of other
papers; and single searches that are denied in the service's own words now and then (`unknown` and
`denied` at 30 % for `s2` and `s2/match`).

{holding} of {all} cells hold. Made by
`python -m tests.lookup.fault_matrix --markdown docs/fault-matrix.md`. There are 48 entries, 30
papers with references and 58 recommendations. The first
three figures are with every request affected, the next three the worst of three seeds at 30 %.

| fault | run for | at | right | pending | requests | right, 30 % | pending | requests | hold |
|---|---|---|--:|--:|--:|--:|--:|--:|---|
"""


def _rows(results: Sequence[Result]) -> Iterator[str]:
    """One row of the table for each fault, subject and endpoint."""
    groups: dict[tuple[str, str, str], list[Result]] = {}
    for r in results:
        groups.setdefault((r.cell.kind, r.cell.subject, r.cell.target), []).append(r)
    for names, group in groups.items():
        figures: list[object] = []
        for is_always in (True, False):
            part = [r for r in group if (r.cell.share == "always") is is_always]
            worst = (
                min((r.right for r in part), default="-"),
                max((r.pending for r in part), default="-"),
                max((r.requests for r in part), default="-"),
            )
            figures += worst
        holding = f"{sum(not r.objections for r in group)} of {len(group)}"
        yield "| " + " | ".join(map(str, (*names, *figures, holding))) + " |\n"


def main() -> int:
    """Run the cells and write the table; 1 when one does not hold."""
    words = sys.argv[1:]
    target = Path(words[1]) if words[:1] == ["--markdown"] else None
    wanted = [c for c in cells() if all(w in str(c) for w in (words[2:] if target else words))]
    results: list[Result] = []
    with ProcessPoolExecutor(2) as pool:
        for result in pool.map(_run, wanted):
            results.append(result)
            if result.objections:
                print(f"{result.cell}: {'; '.join(result.objections)}", flush=True)
    holding = sum(not result.objections for result in results)
    print(f"{holding} of {len(wanted)} cells hold.")
    if target:
        head = HEAD.format(most=MOST_REQUESTS, holding=holding, all=len(wanted))
        target.write_text(head + "".join(_rows(results)), encoding="utf-8")
    return 0 if holding == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
