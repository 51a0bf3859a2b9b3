"""How well lists of layouts that nobody wrote by hand are read.

`python benchmarks/parsing_layouts.py OUT --facts FOLDER --count 300 --seed 7` writes lists in
random layouts (format, container, order and style of the fields, separators, links, languages) and
their gold records to OUT, scores them with the scorer of FOLDER, and prints macro averages, the
values of each choice that are read worst, and the worst lists. FOLDER holds gold.jsonl and
score.py.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from layouts.facts import read_facts
from layouts.pages import write_list

COLUMNS = ("recall", "precision", "title", "year", "venue", "authors", "ids", "kind")


def load_scorer(folder: Path) -> Any:
    spec = spec_from_file_location("score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


def score(job: tuple[str, Path, list[dict[str, Any]], int]) -> tuple[dict[str, float], list[Any]]:
    """Scores of one list, and what was read wrong."""
    path, folder, gold, last = job
    scorer = sys.modules.get("score") or load_scorer(folder)
    _, _, _, error, counts, bad = scorer.score_one((path, gold, [[1, last]]))
    row = {name: good / total for name, (good, total) in counts.items() if total}
    if error:
        bad.append(("error", None, {"title": error}))
    else:
        row |= score_headings(path, gold, scorer)
    return row, bad


def score_headings(path: str, gold: list[dict[str, Any]], scorer: Any) -> dict[str, float]:
    """Share of entries whose `section_year` and `section_venue` are what the heading states."""
    from enrich.parsing import parse_list, read_list

    wanted = [row for row in gold if row["heading_year"] or row["heading_venue"]]
    if not wanted:
        return {}
    entries = {scorer.norm(entry.title): entry for entry in parse_list(read_list(path)).entries}
    years, venues = [], []
    for row in wanted:
        entry = entries.get(scorer.norm(row["title"]))
        if row["heading_year"]:
            years.append(entry is not None and entry.section_year == row["heading_year"])
        if row["heading_venue"]:
            found = entry.section_venue if entry else None
            venues.append(bool(scorer.venue_ok(row["heading_venue"], found)))
    found = {"heading_year": years, "heading_venue": venues}
    return {name: sum(values) / len(values) for name, values in found.items() if values}


def macro(rows: list[dict[str, float]]) -> str:
    """The columns' averages over lists, each list weighing the same."""
    parts = []
    for column in (*COLUMNS, "heading_year", "heading_venue"):
        values = [row[column] for row in rows if column in row]
        parts.append(f"{sum(values) / len(values):6.3f}" if values else "     -")
    return " ".join(parts)


def overall(row: dict[str, float]) -> float:
    values = [row[column] for column in COLUMNS if column in row]
    return sum(values) / len(values)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument(
        "--facts", type=Path, required=True, help="folder with gold.jsonl, score.py"
    )
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--worst", type=int, default=15, help="lists to show")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    facts = read_facts(options.facts)
    jobs, choices = [], []
    for number in range(options.count):
        name, text, gold, chosen = write_list(random.Random(f"{options.seed}/{number}"), facts)
        path = options.out / f"{number:03}-{name}"
        path.write_text(text, "utf-8")
        gold = [{"file": path.name, **row} for row in gold]
        jobs.append((str(path), options.facts, gold, text.count("\n") + 1))
        choices.append(chosen)
    (options.out / "gold.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for job in jobs for row in job[2])
    )
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(score, jobs, chunksize=8))
    rows = [row for row, _ in results]
    print(f"{'':44}" + " ".join(f"{c[:6]:>6}" for c in (*COLUMNS, "hd.year", "hd.ven")))
    by_choice: dict[str, list[dict[str, float]]] = defaultdict(list)
    for row, chosen in zip(rows, choices, strict=True):
        for item in chosen.items():
            by_choice["=".join(map(str, item))].append(row)
    ranked = sorted(by_choice.items(), key=lambda item: sum(map(overall, item[1])) / len(item[1]))
    for label, members in ranked:
        if len(members) >= max(3, options.count // 100):
            print(f"{label[:38]:38} {len(members):4} {macro(members)}")
    order = sorted(range(len(rows)), key=lambda i: overall(rows[i]))
    for index in order[: options.worst]:
        print(f"{Path(jobs[index][0]).name[:38]:38}      {macro([rows[index]])} {choices[index]}")
    below = sum(row.get("title", 0) < 0.8 for row in rows)
    print(f"{'lists with fewer than .80 of the titles':43} {below} of {len(rows)}")
    print(f"{'macro average':43} {macro(rows)}")
    with (options.out / "wrong.jsonl").open("w") as handle:
        for (path, *_), (_, bad) in zip(jobs, results, strict=True):
            for what, wanted, got in bad:
                row = {"file": Path(path).name, "what": what, "gold": wanted, "entry": got}
                handle.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
