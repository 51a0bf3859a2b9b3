"""Does bulk resolution say of each title what resolving it alone says?

    python benchmarks/bulk_equality.py [--records N] [--scale X] [--seed N]

An index of N real records is asked for titles perturbed as owners of lists do it and for near twins
(benchmarks/title_slices.py), and for titles whose small words differ; half of them with authors, a
third with a year. Every row of `enrich resolve` is compared with `decide` over the candidates that
the index gives for the title alone: status, paper, score, method and title.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.bulk_data import REAL, REAL_FILE
from benchmarks.title_slices import Case, Rows, absent, present

from enrich.clock import SystemClock
from enrich.index import Index, build, resolve_file
from enrich.index.decide import entry, outcome_row
from enrich.observer import Silent
from enrich.papers.title_difference import SMALL_WORDS
from enrich.papers.titles import title_key
from enrich.records import Candidate
from enrich.resolve import RULE_VERSION, decide

SMALL = 600  # titles whose small words differ, at scale 1


def small_words(rows: Rows, seed: int, wanted: int) -> list[Case]:
    """Titles with a small word left out, doubled or changed."""
    chance = random.Random(f"small {seed}")
    ids = sorted(i for i, (t, _, _) in rows.items() if not SMALL_WORDS.isdisjoint(t.split()))
    cases = []
    for arxiv_id in chance.sample(ids, min(wanted, len(ids))):
        title, names, _ = rows[arxiv_id]
        words = title.split()
        at = chance.choice([n for n, w in enumerate(words) if w in SMALL_WORDS])
        words[at : at + 1] = chance.choice(([], ["the", words[at]], ["for"], ["of", "the"]))
        known = names if chance.random() < 0.5 else None
        cases.append(Case("small words", " ".join(words), known, None, arxiv_id, title))
    return cases


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=150_000)
    parser.add_argument("--scale", type=float, default=3.0, help="share of each slice")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-bulk-") as name:
        folder = Path(name)
        table = duckdb.sql(
            f"select * from read_parquet('{REAL / REAL_FILE}')"
            f" order by hash(arxiv_id) limit {given.records}"
        )
        table.write_parquet(f"{folder}/real.parquet", row_group_size=50_000)
        facts = table.select("arxiv_id, title, authors, created").fetchall()
        rows = {i: (" ".join(t.split()), a or "", c) for i, t, a, c in facts if t}
        keys = {title_key(t): [i] for i, (t, _, _) in rows.items()}
        cases = [
            *present(rows, given.seed, given.scale),
            *absent(rows, keys, given.seed, given.scale),
            *small_words(rows, given.seed, round(SMALL * given.scale)),
        ]
        chance = random.Random(f"years {given.seed}")
        asked = [(c.title, c.authors, chance.choice((None, None, 2015))) for c in cases]
        titles, authors, years = zip(*asked, strict=True)
        columns = {"title": titles, "authors": authors, "year": pa.array(years, pa.int64())}
        pq.write_table(pa.table(columns), folder / "titles.parquet")
        build(
            folder / "index",
            {"arxiv": [f"{folder}/real.parquet"]},
            clock=SystemClock(),
            workers=2,
            observer=Silent(),
        )
        resolve_file(
            folder / "titles.parquet",
            folder / "index",
            folder / "out",
            observer=Silent(),
            workers=2,
        )
        out = pq.read_table(folder / "out").to_pylist()
        with Index.open(folder / "index") as opened:
            found = opened.by_titles(list(titles))
    differ: Counter[str] = Counter()
    for q, (case, row, records) in enumerate(zip(cases, out, found, strict=True)):
        candidates = [Candidate(r, "title:index") for r in records]
        alone = outcome_row(q, decide(entry(q, *asked[q]), candidates))
        if any(row[key] != alone[key] for key in alone if key not in ("q", "reason")):
            differ[case.slice] += 1
            print(f"{case.slice}: {asked[q]}\n    bulk {row}\n    alone {alone}")
    print(f"{len(cases):,} titles, {len(rows):,} records, rules {RULE_VERSION}, seed {given.seed}")
    print(f"statuses in bulk: {dict(Counter(row['status'] for row in out))}")
    print(f"rows that differ: {differ.total()} {dict(differ)}")
    return int(differ.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
