"""Build an index from JSON lines, as a ratio to bare DuckDB: `python benchmarks/index_build.py`.

    python benchmarks/index_build.py [--records N] [--repeat N]

The dumps are generated: made-up words in the form of arXiv's snapshot (with abstracts) and of
Semantic Scholar's `papers`; plain, gzip and zstd. Bare DuckDB reads the same fields with
`read_json`, sorts them by id and writes zstd Parquet. Both run in processes of their own, in turn;
seconds are of processor, start included, the least of several times.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

Line = dict[str, Any]
_FIELDS: Final = {
    "arxiv": {
        "id": "VARCHAR", "title": "VARCHAR", "abstract": "VARCHAR", "comments": "VARCHAR",
        "journal-ref": "VARCHAR", "doi": "VARCHAR", "categories": "VARCHAR",
        "update_date": "VARCHAR", "versions": "STRUCT(version VARCHAR, created VARCHAR)[]",
        "authors_parsed": "VARCHAR[][]",
    },
    "s2-papers": {
        "corpusid": "BIGINT", "title": "VARCHAR", "url": "VARCHAR", "venue": "VARCHAR",
        "externalids": "STRUCT(ACL VARCHAR, DBLP VARCHAR, ArXiv VARCHAR, MAG VARCHAR,"
        " PubMed VARCHAR, DOI VARCHAR)",
        "authors": "STRUCT(authorId VARCHAR, name VARCHAR)[]", "year": "BIGINT",
        "referencecount": "BIGINT", "citationcount": "BIGINT",
        "influentialcitationcount": "BIGINT", "isopenaccess": "BOOLEAN",
        "s2fieldsofstudy": "STRUCT(category VARCHAR, source VARCHAR)[]",
        "publicationtypes": "VARCHAR[]", "publicationdate": "VARCHAR",
    },
}  # fmt: skip
_SYLLABLES: Final = "ba,ce,di,fo,gu,ka,le,mi,no,pu,tion,ing,al,er".split(",")  # noqa: SIM905
_BARE: Final = """
import sys, duckdb
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
con.execute(
    f"copy (from read_json('{sys.argv[1]}', format = 'newline_delimited', columns = {sys.argv[2]})"
    f" order by 1) to '{sys.argv[3]}' (format parquet, compression zstd)"
)
"""


def arxiv_line(number: int, draw: random.Random, words: Sequence[str]) -> Line:
    """A made-up record in the form of arXiv's metadata snapshot."""
    month, year = 1 + number // 60_000 % 12, 15 + number // 720_000
    names = [[word.title() for word in draw.choices(words, k=2)] for _ in range(3)]
    return {
        "id": f"{year:02d}{month:02d}.{number % 60_000 + 1:05d}",
        "submitter": " ".join(names[0]),
        "authors": ", ".join(" ".join(name) for name in names),
        "title": " ".join(draw.choices(words, k=9)).capitalize(),
        "comments": "12 pages" if number % 2 else None,
        "journal-ref": None,
        "doi": f"10.1000/made.{number}" if number % 3 == 0 else None,
        "categories": "cs.CV cs.LG",
        "abstract": "  " + "\n".join(" ".join(draw.choices(words, k=12)) for _ in range(11)),
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
        "update_date": f"20{year:02d}-{month:02d}-25",
        "authors_parsed": [[name[1], name[0], ""] for name in names],
    }


def s2_line(number: int, draw: random.Random, words: Sequence[str]) -> Line:
    """A made-up record in the form of Semantic Scholar's `papers`."""
    names = [" ".join(word.title() for word in draw.choices(words, k=2)) for _ in range(3)]
    corpus_id = number * 7919 % 100_000_007 + 1
    return {
        "corpusid": corpus_id,
        "externalids": {
            "ACL": None, "DBLP": f"conf/made/{number}" if number % 4 == 0 else None,
            "ArXiv": None, "MAG": str(2_000_000_000 + number), "CorpusId": str(corpus_id),
            "PubMed": None, "DOI": f"10.1000/made.{number}" if number % 3 else None,
            "PubMedCentral": None,
        },
        "url": f"https://www.semanticscholar.org/paper/{draw.getrandbits(160):040x}",
        "title": " ".join(draw.choices(words, k=9)).capitalize(),
        "authors": [{"authorId": str(draw.randrange(10**8)), "name": name} for name in names],
        "venue": "Journal of Made-up Words" if number % 2 else "",
        "publicationvenueid": None,
        "year": 1990 + number % 35,
        "referencecount": number % 60,
        "citationcount": number % 90,
        "influentialcitationcount": number % 9,
        "isopenaccess": number % 2 == 0,
        "s2fieldsofstudy": [{"category": "Computer Science", "source": "s2-fos-model"}],
        "publicationtypes": ["JournalArticle"] if number % 2 else None,
        "publicationdate": f"{1990 + number % 35}-0{1 + number % 9}-11",
        "journal": None,
    }  # fmt: skip


_LINES: Final[dict[str, Callable[[int, random.Random, Sequence[str]], Line]]] = {
    "arxiv": arxiv_line, "s2-papers": s2_line,
}  # fmt: skip


def write_dump(path: Path, kind: str, count: int) -> None:
    """Write `count` made-up records of `kind`."""
    draw = random.Random(1)
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(60_000)]
    with path.open("wb") as file:
        for number in range(count):
            file.write(json.dumps(_LINES[kind](number, draw, words)).encode() + b"\n")


def pack(plain: Path, packed: Path) -> None:
    """Compress a file as the suffix of `packed` says."""
    with plain.open("rb") as source, pa.output_stream(str(packed)) as target:
        shutil.copyfileobj(source, target, 2**20)


def processor_seconds(command: Sequence[str]) -> float:
    """Processor seconds of a command and all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print processor seconds and the ratio, for each form of dump."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=2)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-build-"))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        for kind, fields in _FIELDS.items():
            plain = folder / f"{kind}.json"
            write_dump(plain, kind, args.records)
            for name in (plain.name, f"{plain.name}.gz", f"{plain.name}.zst"):
                if name != plain.name:
                    pack(plain, folder / name)
                compare(kind, fields, folder / name, args.records, args.repeat)
    finally:
        shutil.rmtree(folder)


def compare(kind: str, fields: dict[str, str], dump: Path, records: int, repeat: int) -> None:
    """Print the least times of a build from `dump` and of bare DuckDB, and their ratio."""
    columns = "{" + ", ".join(f"'{name}': '{type_}'" for name, type_ in fields.items()) + "}"
    bare, build = [], []
    for _ in range(repeat):
        index = dump.parent / "index"
        shutil.rmtree(index, ignore_errors=True)
        command = [sys.executable, "-c", _BARE, str(dump), columns, str(dump.parent / "bare")]
        bare.append(processor_seconds(command))
        command = [
            sys.executable,
            "-m",
            "enrich.index",
            "build",
            "--quiet",
            "--released",
            "2025-08-19",
        ]
        build.append(processor_seconds([*command, "--out", str(index), f"--{kind}", str(dump)]))
    print(
        f"{dump.name}, {records:,} records: build {min(build):.1f} s of processor,"
        f" bare DuckDB {min(bare):.1f} s"
    )
    print(f"ratio build of {dump.name} to bare DuckDB: {min(build) / min(bare):.2f} (at most 2.0)")


if __name__ == "__main__":
    main()
