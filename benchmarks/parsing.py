"""How well and how fast lists are read: `python benchmarks/parsing.py [LISTS_DIR] [-v]`.

Recall and precision of (title, arXiv id) against the pairs in `title_arxiv_pairs.jsonl` (found by
heuristics, so not all true); throughput beside bare markdown-it on the same text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from rapidfuzz.fuzz import ratio

from enrich.parsing import parse_list, read_list
from enrich.records import ParsedList

DEFAULT = Path(__file__).resolve().parents[1] / "../shared/data/lists"
SAME_TITLE = 92
ARXIV = re.compile(r"(?<![\d.])(?:0[7-9]|[12]\d)(?:0[1-9]|1[0-2])\.\d{4,5}(?!\d)")


def forget() -> None:
    """Empty every cache of the package: a list is read once, not three times."""
    for name, module in list(sys.modules.items()):
        if name.startswith("enrich."):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def best(work: Callable[[], object]) -> float:
    """Processor seconds of the fastest of three runs: the one least disturbed by other work."""
    times = []
    for _ in range(3):
        forget()
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def fold(title: str) -> str:
    return re.sub(r"[\W_]+", " ", title.casefold()).strip()


def compare(parsed: ParsedList, pairs: list[dict[str, Any]], verbose: bool) -> tuple[int, int, int]:
    """(pairs found, pairs, entries with an id that some pair holds with another title)."""
    by_id: dict[str, list[str]] = defaultdict(list)
    for entry in parsed.entries:
        for arxiv_id in entry.arxiv_ids:
            by_id[arxiv_id].append(entry.title)
    wanted: dict[str, list[str]] = defaultdict(list)
    found = 0
    for pair in pairs:
        # The pairs keep `(ICLR 2020)` behind titles; it is venue, not title.
        pair["title"] = re.sub(r"\s*\([^()]*(?:19|20)\d\d\)$", "", pair["title"])
        wanted[pair["arxiv_id"]].append(pair["title"])
        titles = by_id.get(pair["arxiv_id"], [])
        wanted[pair["arxiv_id"]].extend(pair["known_titles"] or ())
        if any(
            ratio(fold(w), fold(t)) >= SAME_TITLE
            for w in [pair["title"], *(pair["known_titles"] or ())]
            for t in titles
        ):
            found += 1
        elif verbose:
            print(
                f"  - {pair['line']:5} {pair['arxiv_id']} {pair['title']!r}\n          got {titles}"
            )
    other = 0
    for entry in parsed.entries:
        if entry.ids.arxiv_id in wanted and not any(
            ratio(fold(entry.title), fold(t)) >= SAME_TITLE for t in wanted[entry.ids.arxiv_id]
        ):
            other += 1
    return found, len(pairs), other


GOLD_COLUMNS = ("recall", "precision", "title", "year", "venue", "authors", "ids", "kind")


def half(name: str) -> str:
    """`A` (rules are tuned on it) or `B` (held out), by the hash of the list's name."""
    return "AB"[hashlib.sha256(name.encode()).digest()[0] % 2]


def score_gold(folder: Path) -> int:
    """Print each list's scores and the macro averages of both halves, by the folder's scorer."""
    if not (folder / "score.py").is_file():
        print(f"{folder} holds no score.py: nothing to measure against")
        return 2
    command = [sys.executable, "score.py", "lists", "gold.jsonl"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    lists = json.loads(run.stdout.splitlines()[-1])["per_list"]
    print(f"{'list':50} half " + " ".join(f"{column[:6]:>6}" for column in GOLD_COLUMNS))

    def show(label: str, mark: str, rows: list[dict[str, float]]) -> None:
        means = []
        for column in GOLD_COLUMNS:
            values = [row[column] for row in rows if column in row]
            means.append(f"{sum(values) / len(values):6.3f}" if values else "     -")
        print(f"{label[:50]:50} {mark:4} " + " ".join(means))

    for name in sorted(lists, key=lambda name: (half(name), name)):
        show(name, half(name), [lists[name]])
    for mark in ("A", "B", "AB"):
        show("macro average", mark, [row for name, row in lists.items() if half(name) in mark])
    return 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    arguments.add_argument("-v", "--verbose", action="store_true")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--gold", type=Path, help="folder of lists/, gold.jsonl and score.py")
    options = arguments.parse_args()
    if options.gold is not None:
        return score_gold(options.gold)
    if not options.folder.is_dir():
        print(f"{options.folder} is not there: nothing to measure against")
        return 2
    pairs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (options.folder / "title_arxiv_pairs.jsonl").read_text().splitlines():
        pair = json.loads(line)
        pairs[pair["file"]].append(pair)
    total = [0, 0, 0]
    entries = size = 0
    spent = bare = 0.0
    print(f"{'list':52} {'entries':>7} {'recall':>13} {'precision':>9} {'ids lost':>8}")
    for path in sorted([*options.folder.glob("*.md"), *options.folder.glob("*.rst")]):
        if options.only not in path.name:
            continue
        text = read_list(str(path))
        parsed = parse_list(text)
        content = text.data.decode("utf-8")
        if path.suffix == ".md":
            markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
            bare += best(partial(markdown.parse, content))
            spent += best(partial(parse_list, text))
            size += len(text.data)
            entries += len(parsed.entries)
        found, wanted, other = compare(parsed, pairs[path.name], options.verbose)
        held = {i for entry in parsed.entries for i in entry.arxiv_ids}
        strays = " ".join(stray.url for stray in parsed.stray_links)
        lost = [i for i in sorted(set(ARXIV.findall(content)) - held) if i not in strays]
        if options.verbose and lost:
            print("  lost", lost)
        total = [total[0] + found, total[1] + wanted, total[2] + other]
        print(
            f"{path.name[:52]:52} {len(parsed.entries):7} {found:5}/{wanted:<5} "
            f"{found / max(1, wanted):.0%} {found / max(1, found + other):8.1%} {len(lost):8}"
        )
    print(
        f"{'total':52} {'':7} {total[0]:5}/{total[1]:<5} {total[0] / max(1, total[1]):.1%} "
        f"{total[0] / max(1, total[0] + total[2]):8.1%}"
    )
    print(f"{entries / spent:,.0f} entries/s, {size / spent / 1e6:.2f} MB/s")
    print(f"ratio parse of lists to bare markdown-it: {spent / bare:.2f} (no aim)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
