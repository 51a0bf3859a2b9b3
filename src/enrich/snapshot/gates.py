"""Checks that must pass before a snapshot is published. Pure: tables in, verdicts out.

A gate that fails holds the snapshot back. A gate with the verdict `marked` lets it through and the
manifest says so: an outage of a service is no reason to publish nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from enrich.papers.titles import title_key
from enrich.records import SERVICE_NAMES, ListRun
from enrich.settings import Settings
from enrich.snapshot.carry_forward import unavailable
from enrich.snapshot.schema import TableName, Tables

# The statuses of entries that the services were asked for and answered.
_ANSWERED = ("resolved", "unresolved", "conflict", "ambiguous")


@dataclass(frozen=True, slots=True)
class GateLimits:
    """How much may change between two snapshots before one is held back; shares are 0-1.

    A share counts only when more than `grace` rows are affected, or all of at least two.
    """

    # Of the entries resolved before and asked for again, how many may no longer be resolved.
    lost_share: float = 0.10
    # By how much a paper's citation count, or the sum of all, may fall.
    count_drop: float = 0.10
    # Of the papers, how many may fall by more than that, or lose their count.
    fallen_share: float = 0.10
    # A share counts only when more rows than this are affected (or all of at least two).
    grace: int = 2
    # Whether a snapshot must share at least one entry with the last one of its name.
    same_list: bool = True

    @classmethod
    def of(cls, settings: Settings) -> GateLimits:
        """The limits of these settings."""
        return cls(
            settings.gate_lost_share,
            settings.gate_count_drop,
            settings.gate_fallen_share,
            same_list=settings.gate_same_list,
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate, its verdict, and the reason in one sentence."""

    name: str
    verdict: Literal["passed", "marked", "held"]
    message: str


def check(
    run: ListRun,
    tables: Tables,
    previous: Tables | None,
    limits: GateLimits,
) -> tuple[Gate, ...]:
    """The verdict of every gate, in a fixed order.

    Args:
        run: The run that is to be published.
        tables: Its tables.
        previous: Tables of the previous snapshot, None for the first.
        limits: How much may change.
    """
    return (
        _rows(run, tables),
        _unique(tables),
        _references(tables),
        _same_list(tables, previous, limits),
        _coverage(tables, previous, limits),
        _counts_fall(tables, previous, limits),
        _counts_lost(run, tables, previous, limits),
        _services(run),
    )


def _gate(name: str, failures: list[str], passed: str) -> Gate:
    return Gate(name, "held", " ".join(failures)) if failures else Gate(name, "passed", passed)


def _rows(run: ListRun, tables: Tables) -> Gate:
    entries = len(run.parsed.entries)
    wrong = [
        f"`{name}` has {len(tables[name])} rows and the list has {entries} entries."
        for name in ("entries", "enriched")
        if len(tables[name]) != entries
    ]
    return _gate("rows", wrong, f"{entries} rows for {entries} entries.")


# Columns whose values are unique: two rows with the same identifier describe the same thing.
_UNIQUE: Mapping[TableName, tuple[str, ...]] = {
    "entries": ("entry_id",),
    "papers": ("paper_id", "arxiv_id", "s2_paper_id", "s2_corpus_id"),
}


def _unique(tables: Tables) -> Gate:
    failures = []
    for table, columns in _UNIQUE.items():
        for column in columns:
            counts = pc.value_counts(tables[table][column].drop_null())
            twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values").to_pylist()
            if twice:
                shown = ", ".join(str(value) for value in twice[:3])
                failures.append(
                    f"{len(twice)} ids occur twice in `{table}.{column}`, such as {shown}."
                )
    missing = [
        f"`{table}.{columns[0]}` is missing in a row."
        for table, columns in _UNIQUE.items()
        if tables[table][columns[0]].null_count
    ]
    return _gate("ids", failures + missing, "Every id is unique.")


def _references(tables: Tables) -> Gate:
    entries, papers = tables["entries"], tables["papers"]
    failures = []
    pointers: tuple[tuple[TableName, str, pa.ChunkedArray], ...] = (
        ("entries", "paper_id", papers["paper_id"]),
        ("authors", "paper_id", papers["paper_id"]),
        ("candidates", "entry_id", entries["entry_id"]),
    )
    if "references" in tables:
        cited = tables["references"]
        pointers += (
            ("references", "paper_id", papers["paper_id"]),
            ("references", "cited_paper_id", papers["paper_id"]),
        )
        counted = Counter(cited["paper_id"].to_pylist())
        known = zip(
            papers["paper_id"].to_pylist(), papers["references_known"].to_pylist(), strict=True
        )
        wrong = sum(counted[paper_id] != (count or 0) for paper_id, count in known)
        if wrong:
            failures.append(f"{wrong} papers have another number of references than rows.")
    for table, column, target in pointers:
        values = tables[table][column].drop_null()
        lost = pc.sum(pc.invert(pc.is_in(values, target.combine_chunks()))).as_py() or 0
        if lost:
            failures.append(f"{lost} rows of `{table}` name a {column} that no row has.")
    resolved = pc.equal(entries["status"], "resolved")
    if not pc.all(pc.equal(resolved, pc.is_valid(entries["paper_id"])), min_count=0).as_py():
        failures.append("An entry is resolved without a paper, or has one without being resolved.")
    return _gate("references", failures, "Every row that is referred to is there.")


def _same_list(tables: Tables, previous: Tables | None, limits: GateLimits) -> Gate:
    """Two lists published under one name would become one series: "33 new, 48 gone"."""
    if previous is None:
        return Gate("same list", "passed", "There is no earlier snapshot to compare with.")
    before, now = len(previous["entries"]), len(tables["entries"])
    shared = any(
        _values(previous["entries"], column) & _values(tables["entries"], column)
        for column in ("entry_id", "paper_id")
    ) or bool(_title_keys(previous["entries"]) & _title_keys(tables["entries"]))
    # A list of one entry may replace it; a list that was empty has nothing to share.
    if shared or before == 0 or max(before, now) == 1 or not limits.same_list:
        return Gate("same list", "passed", "It continues the last snapshot.")
    cure = (
        "if it is another list, run again with --name; if it is this one, run again with "
        "ENRICH_GATE_SAME_LIST=0"
    )
    return Gate(
        "same list",
        "held",
        f"None of its {now} entries shares an id, a paper or a title with the {before} entries of "
        f"the last snapshot of this name ({cure}).",
    )


def _values(table: pa.Table, column: str) -> set[str]:
    return set(table[column].drop_null().to_pylist())


def _title_keys(entries: pa.Table) -> set[str]:
    return {key for title in _values(entries, "title") if (key := title_key(title))}


def _too_many(changed: int, known: int, share: float, grace: int) -> bool:
    return changed > share * known and (changed > grace or changed == known > 1)


def _coverage(tables: Tables, previous: Tables | None, limits: GateLimits) -> Gate:
    if previous is None:
        return Gate("coverage", "passed", "There is no earlier snapshot to compare with.")
    last = previous["entries"]
    before = dict(zip(last["entry_id"].to_pylist(), last["status"].to_pylist(), strict=True))
    entries = tables["entries"]
    now = zip(entries["entry_id"].to_pylist(), entries["status"].to_pylist(), strict=True)
    # Pending entries do not count: during an outage nothing was found out about them.
    both = [status for entry_id, status in now if before.get(entry_id) == "resolved"]
    asked = [status for status in both if status in _ANSWERED]
    lost = sum(status != "resolved" for status in asked)
    sentence = f"{lost} of the {len(asked)} entries resolved in the last snapshot no longer are"
    if _too_many(lost, len(asked), limits.lost_share, limits.grace):
        cure = "if that is right, run again with ENRICH_GATE_LOST_SHARE=1"
        return Gate("coverage", "held", f"{sentence}; {limits.lost_share:.0%} may ({cure}).")
    return Gate("coverage", "passed", f"{sentence}.")


def _counts(tables: Tables) -> dict[str, int | None]:
    papers = tables["papers"]
    return dict(
        zip(papers["paper_id"].to_pylist(), papers["citation_count"].to_pylist(), strict=True)
    )


def _counts_fall(tables: Tables, previous: Tables | None, limits: GateLimits) -> Gate:
    if previous is None:
        return Gate("counts", "passed", "There is no earlier snapshot to compare with.")
    before, now = _counts(previous), _counts(tables)
    pairs = [
        (old, new)
        for paper_id, new in now.items()
        if new is not None and (old := before.get(paper_id)) is not None
    ]
    fallen = sum(new < old * (1 - limits.count_drop) for old, new in pairs)
    old_sum, new_sum = sum(old for old, _ in pairs), sum(new for _, new in pairs)
    sentence = (
        f"Citation counts of {fallen} of {len(pairs)} papers fell by more than "
        f"{limits.count_drop:.0%}, their sum went from {old_sum} to {new_sum}"
    )
    in_mass = _too_many(fallen, len(pairs), limits.fallen_share, limits.grace)
    in_sum = len(pairs) > limits.grace and new_sum < old_sum * (1 - limits.count_drop)
    if in_mass or in_sum:
        cure = "if that is right, run again with ENRICH_GATE_COUNT_DROP=1"
        return Gate("counts", "held", f"{sentence} ({cure}).")
    return Gate("counts", "passed", f"{sentence}.")


def _counts_lost(
    run: ListRun,
    tables: Tables,
    previous: Tables | None,
    limits: GateLimits,
) -> Gate:
    if previous is None:
        return Gate("missing counts", "passed", "There is no earlier snapshot to compare with.")
    before, now = _counts(previous), _counts(tables)
    known = [paper_id for paper_id in now if before.get(paper_id) is not None]
    lost = sum(now[paper_id] is None for paper_id in known)
    sentence = f"{lost} of {len(known)} papers that had a citation count have none now"
    if not _too_many(lost, len(known), limits.fallen_share, limits.grace):
        return Gate("missing counts", "passed", f"{sentence}.")
    if "semantic_scholar" in unavailable(run):
        return Gate("missing counts", "marked", f"{sentence}.")
    cure = "if that is right, run again with ENRICH_GATE_FALLEN_SHARE=1"
    return Gate("missing counts", "held", f"{sentence} ({cure}).")


def _services(run: ListRun) -> Gate:
    pending = sum(r.status == "pending" for r in run.resolutions)
    failed = {o.paper_id for o in run.failed_observations if o.status in ("throttled", "error")}
    names = sorted(SERVICE_NAMES[service] for service in unavailable(run))
    down = ", ".join(names) or "no service"
    if run.incomplete or unavailable(run):
        return Gate(
            "services",
            "marked",
            f"Incomplete: {pending} entries are pending and {len(failed)} papers' counts are not "
            f"fresh; not answering: {down}.",
        )
    return Gate("services", "passed", "Every service that was needed answered.")
