"""The live part of benchmarks/resolution.py: titles resolved as a run resolves them.

The sandbox serves the whole catalogue as both services; every entry goes through the same look-up
as in a run (packed queries, other words, authors, one-title search, `decide`). Two sets: entries of
real lists whose id is hidden, with catalogue papers present and taken away (`lists`), and catalogue
titles perturbed as owners do it, with near twins that no catalogue has (`slices`). Seeds below 100
are for tuning; figures to quote come from a seed that nothing was tuned on.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
from benchmarks.resolution import SHARED, Query, publish, queries, record_of, wilson
from benchmarks.title_slices import Case, absent, present

from enrich.clock import SystemClock
from enrich.lookup import open_lookup
from enrich.observer import Silent
from enrich.papers.same_paper import one_work
from enrich.papers.titles import title_key
from enrich.records import Entry, Findings, Resolution
from enrich.resolve import RULE_VERSION
from enrich.sandbox import Sandbox
from enrich.sandbox.catalogue import Catalogue, Paper
from enrich.settings import Settings

Rows = dict[str, tuple[str, str, str | None]]
Keys = dict[str, list[str]]
# The paper by which a service is asked whether it answers at all.
CONTROL = Paper(
    "TSM: Temporal Shift Module for Efficient Video Understanding",
    ("Ji Lin", "Chuang Gan", "Song Han"), "1811.08383", ("2018-11-20T00:00:00Z",), ("cs.CV",),
)  # fmt: skip
LISTS = 1000  # entries that are present, and as many that were taken away


def run_live(
    seed: int, scale: float, sets: str, *, thorough: bool, shown: str | None, docs: bool
) -> None:
    """Print recall, precision, false accepts and requests per slice.

    Args:
        seed: Draws papers and perturbations.
        scale: Share of each slice.
        sets: `lists`, `slices` or both.
        thorough: Search every title that was not found one at a time.
        shown: A slice whose misses are printed, `all` or None.
        docs: Whether to write the tables to docs/resolution.md.
    """
    began = time.monotonic()
    rows = read_rows()
    keys: Keys = {}
    for i, (title, _, _) in rows.items():
        keys.setdefault(title_key(title), []).append(i)
    chosen: dict[str, list[Case]] = {}
    if "slices" in sets:
        chosen["Perturbed titles and near twins"] = [
            *present(rows, seed, scale),
            *absent(rows, keys, seed, scale),
        ]
    if "lists" in sets:
        chosen["List entries, and papers taken away"] = _list_cases(
            rows, keys, seed, round(LISTS * scale)
        )
    for cases in chosen.values():
        random.Random(f"order {seed}").shuffle(cases)
    with Sandbox(catalogue=_catalogue_of(rows), limits=False, scale=1000.0) as box:
        lines = [f"{len(rows):,} papers, seed {seed}, rules {RULE_VERSION}.", ""]
        print(f"{lines[0]} Ready after {time.monotonic() - began:.0f} s.", flush=True)
        for name, cases in chosen.items():
            began = time.monotonic()
            found = _resolve(cases, box, thorough)
            lines += _report(name, cases, found, rows, keys, shown)
            print(f"{time.monotonic() - began:.0f} s", flush=True)
    if docs:
        publish("live", lines)


def read_rows() -> Rows:
    """Title, authors and day of every paper of the catalogue, by arXiv id."""
    folder = SHARED / "catalogue"
    found = duckdb.sql(
        f"""
        SELECT arxiv_id, title, array_to_string(authors, ', '), created
        FROM '{folder}/arxiv_oai_cs_201603_meta.parquet'
        UNION ALL
        SELECT arxiv_id, title, authors, created
        FROM '{folder}/arxiv_archive_partial_2020_titles.parquet'
        WHERE arxiv_id NOT IN
            (SELECT arxiv_id FROM '{folder}/arxiv_oai_cs_201603_meta.parquet')
        """
    ).fetchall()
    return {i: (" ".join(t.split()), a or "", c) for i, t, a, c in found if t}


def _catalogue_of(rows: Rows) -> Catalogue:
    papers = (
        Paper(
            title,
            tuple(name for name in names.split(", ") if name),
            arxiv_id,
            (f"{day}T00:00:00Z",) if day else (),
            ("cs.XX",),
            year=int(day[:4]) if day else None,
        )
        for arxiv_id, (title, names, day) in rows.items()
    )
    return Catalogue([CONTROL, *papers])


def _list_cases(rows: Rows, keys: Keys, seed: int, size: int) -> list[Case]:
    """Entries of real lists and catalogue titles, present, and as many that were taken away.

    The papers of the absent half are removed from `rows`.
    """
    chance = random.Random(f"lists {seed}")
    asked: list[Query] = [q for q in queries() if q.truth in rows]
    chance.shuffle(asked)
    cases = [
        Case("list entry", q.entry.title, q.entry.authors_text, q.entry.year, q.truth,
             rows[q.truth][0])
        for q in asked[: size // 2]
    ]  # fmt: skip
    listed = {q.truth for q in asked}
    ids = [i for i in sorted(rows) if rows[i][1] and i not in listed]
    chance.shuffle(ids)

    def case(kind: str, arxiv_id: str, truth: str | None) -> Case:
        title, names, _ = rows[arxiv_id]
        return Case(kind, title, names if chance.random() < 0.5 else None, None, truth, title)

    cases += [case("catalogue title", i, i) for i in ids[: size - len(cases)]]
    gone = ids[size : 2 * size]
    cases += [case("taken away", i, None) for i in gone]
    for arxiv_id in gone:
        for twin in _twins(rows, keys, arxiv_id) if arxiv_id in rows else ():
            del rows[twin]
    return cases


def _twins(rows: Rows, keys: Keys, arxiv_id: str) -> set[str]:
    """The paper and further postings of it: same title by the same people."""
    own = record_of(arxiv_id, rows[arxiv_id])
    held = {i for i in keys[title_key(own.title)] if i in rows}
    return {i for i in held if i == arxiv_id or one_work(own, record_of(i, rows[i]))}


def _resolve(cases: Sequence[Case], box: Sandbox, thorough: bool) -> Findings:
    """Every case through one run over an empty store."""
    entries = [
        Entry(
            f"e{n}", n, (), n + 1, n + 1, c.title, c.title, "paper", "benchmark",
            authors_text=c.authors, year=c.year,
        )
        for n, c in enumerate(cases)
    ]  # fmt: skip
    box.reset()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            arxiv_url=box.arxiv_url, s2_url=box.s2_url, arxiv_interval=0.0, s2_interval=0.0,
            store=Path(folder) / "store.sqlite", patience=3600.0,
            title_searches=1.0 if thorough else 0.125,
        )  # fmt: skip
        with open_lookup(settings, SystemClock(), Silent()) as lookup:
            found = lookup.resolve(entries, {})
    if found.unasked:
        print(f"warning: {len(found.unasked)} entries could not be asked")
    return found


def _report(
    name: str, cases: Sequence[Case], found: Findings, rows: Rows, keys: Keys, shown: str | None
) -> list[str]:
    tally: dict[str, Counter[str]] = {}
    for case, resolution in zip(cases, found.resolutions, strict=True):
        what = _outcome(case, resolution, rows, keys)
        for counts in (tally.setdefault("all", Counter()), tally.setdefault(case.slice, Counter())):
            counts["present" if case.truth else "absent"] += 1
            counts[what] += 1
        missed = what.startswith("missed") and shown in (case.slice, "all")
        if missed or what in ("wrong", "false accept"):
            _show(what, case, resolution)
    columns = ("right", "wrong", "missed, seen", "missed, unseen", "absent", "false accept")
    lines = [
        f"**{name}**", "", f"| slice | present | recall | {' | '.join(columns)} |",
        "|---|" + "--:|" * (2 + len(columns)),
    ]  # fmt: skip
    for slice_name, counts in sorted(tally.items(), key=lambda item: (item[0] != "all", item[0])):
        recall = f"{counts['right'] / counts['present']:.3f}" if counts["present"] else "-"
        cells = (f"{counts[column]:,}" for column in columns)
        lines.append(f"| {slice_name} | {counts['present']:,} | {recall} | {' | '.join(cells)} |")
    total = tally["all"]
    said = total["right"] + total["wrong"] + total["false accept"]
    low, high = wilson(total["right"], said)
    requests = "; ".join(f"{t.service} {t.total} {dict(t.requests)}" for t in found.traffic)
    lines += [
        "", f"Precision of all answers: {total['right']} of {said} [{low:.4f} {high:.4f}].",
        f"Requests: {requests}. Not yet searched on their own: {len(found.deferred)} titles.", "",
    ]  # fmt: skip
    print("\n".join(["", *lines]), flush=True)
    return lines


def _outcome(case: Case, resolution: Resolution, rows: Rows, keys: Keys) -> str:
    chosen = resolution.chosen.record.ids.arxiv_id if resolution.chosen else None
    if case.truth is None:
        return "false accept" if chosen else "rejected"
    if chosen is None:
        seen = any(w.candidate.record.ids.arxiv_id == case.truth for w in resolution.weighed)
        return "missed, seen" if seen else "missed, unseen"
    return "right" if chosen in _twins(rows, keys, case.truth) else "wrong"


def _show(what: str, case: Case, resolution: Resolution) -> None:
    print(f"{what}, {case.slice}: {case.title!r} by {case.authors!r}, made of {case.source!r}")
    print(f"    {resolution.status}: {resolution.reason}")
    best = max(resolution.weighed, key=lambda w: w.score, default=None)
    if best:
        print(f"    best {best.score} {best.candidate.record.title!r}: {best.reason}")
