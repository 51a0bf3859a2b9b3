"""Build an index from JSON lines, as a ratio to bare DuckDB: `python benchmarks/index_build.py`.

The dump is generated: titles, abstracts and authors of made-up words in the form of arXiv's
snapshot. Bare DuckDB reads the same fields with `read_json`, sorts them by id and writes zstd
Parquet. Both run in the same process tree, one after the other; seconds are of processor.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_FIELDS: Final = {
    "id": "VARCHAR", "title": "VARCHAR", "abstract": "VARCHAR", "comments": "VARCHAR",
    "journal-ref": "VARCHAR", "doi": "VARCHAR", "categories": "VARCHAR",
    "update_date": "VARCHAR", "versions": "STRUCT(version VARCHAR, created VARCHAR)[]",
    "authors_parsed": "VARCHAR[][]",
}  # fmt: skip
_SYLLABLES: Final = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "tion",
    "ing",
    "al",
    "er",
)
_BARE: Final = """
import sys, duckdb
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
con.execute(
    f"copy (from read_json('{sys.argv[1]}', format = 'newline_delimited', columns = {sys.argv[2]})"
    f" order by id) to '{sys.argv[3]}' (format parquet, compression zstd)"
)
"""


def write_dump(path: Path, count: int, seed: int = 1) -> None:
    """Write `count` made-up records in the form of arXiv's metadata snapshot, gzip by the name."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(60_000)]
    with gzip.open(path, "wb", 6) if path.suffix == ".gz" else path.open("wb") as file:
        for number in range(count):
            month, year = 1 + number // 60_000 % 12, 15 + number // 720_000
            names = [[word.title() for word in draw.choices(words, k=2)] for _ in range(3)]
            line = {
                "id": f"{year:02d}{month:02d}.{number % 60_000 + 1:05d}",
                "submitter": " ".join(names[0]),
                "authors": ", ".join(" ".join(name) for name in names),
                "title": " ".join(draw.choices(words, k=9)).capitalize(),
                "comments": "12 pages" if number % 2 else None,
                "journal-ref": None,
                "doi": f"10.1000/made.{number}" if number % 3 == 0 else None,
                "categories": "cs.CV cs.LG",
                "abstract": "  "
                + "\n".join(" ".join(draw.choices(words, k=12)) for _ in range(11)),
                "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
                "update_date": f"20{year:02d}-{month:02d}-25",
                "authors_parsed": [[name[1], name[0], ""] for name in names],
            }
            file.write(json.dumps(line).encode() + b"\n")


def processor_seconds(command: Sequence[str]) -> float:
    """Processor seconds of a command and all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print processor seconds and the ratio, for a plain and a gzip dump."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=200_000)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-build-"))
    columns = "{" + ", ".join(f"'{name}': '{type_}'" for name, type_ in _FIELDS.items()) + "}"
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        for name in ("arxiv.json", "arxiv.json.gz"):
            dump, index = folder / name, folder / f"index-{name}"
            write_dump(dump, args.records)
            command = [sys.executable, "-c", _BARE, str(dump), columns, str(folder / "bare")]
            bare = processor_seconds(command)
            build = [sys.executable, "-m", "enrich.index", "build", "--quiet"]
            ours = processor_seconds([*build, "--arxiv", str(dump), "--out", str(index)])
            print(
                f"{name}, {args.records:,} records: build {ours:.1f} s of processor, bare DuckDB"
                f" {bare:.1f} s"
            )
            print(f"ratio build of {name} to bare DuckDB: {ours / bare:.2f} (at most 2.0)")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
