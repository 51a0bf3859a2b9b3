"""Run all benchmarks and print their ratios in one table: `make bench`, `python -m benchmarks`.

    python -m benchmarks [--quick] [--large] [--write PAGE] [NAME …]

Each runs in its own process. Every line with a figure a benchmark prints is kept; those of the form
`ratio WHAT: VALUE (AIM)` make the table at the end, with the machine's processor and its load when
the benchmark began. `--quick` measures less data, `--large` indexes up to 30 million records (an
hour more). `--write` replaces a page of the documentation by the table. A benchmark whose data is
missing is reported as skipped, with the reason.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
# Name, arguments, further arguments of `--quick`. Not here: `newcomer.py`, which needs a package
# index, and `parsing_layouts.py`, which needs a folder to write lists to.
BENCHMARKS: Final[dict[str, tuple[list[str], list[str]]]] = {
    "index_build": ([], ["--records", "20000", "--repeat", "1"]),
    "bulk": ([], ["--sizes", "50000,100000", "--titles", "20000"]),
    "bulk_dask": ([], ["--records", "1000000", "--titles", "20000"]),
    "bulk_equality": (["--records", "60000", "--scale", "0.5"], ["--records", "20000"]),
    "snapshots": ([], ["--entries", "20000"]),
    "suggestions": (
        [str(FOLDER.parent / "../shared/data/citations"), "--seeds", "2"], ["--seeds", "1"],
    ),
    "parsing": ([], []),
    "request_counts": (["--sizes", "0,500"], ["--sizes", "0", "--without-packages"]),
    "parsing_growth": (["markdown"], []),
    "resolution": (["--tuned-only"], []),
}  # fmt: skip
RATIO: Final = re.compile(r"ratio (?P<what>.+): (?P<value>\d+\.\d+) \((?P<aim>.+)\)")
# Seconds after which a benchmark is given up, and with `--large`.
_LONGEST, _LONGEST_LARGE = 600.0, 7_200.0
# How a benchmark says that its data is absent.
_MISSING: Final = ("is not there", "FileNotFoundError", "No such file or directory")
_HEAD: Final = """<!-- Written by `make bench`: run it again instead of changing this page. -->

# Benchmarks

Each ratio compares with the bare engine underneath, or with an aim, in one run on one machine. The
load average is that when the benchmark began: more than the cores have other work to do. What a
benchmark measures is explained by `python benchmarks/NAME.py --help`.
"""


def processor() -> str:
    """The name of the machine's processor and its number of cores."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")
        ]
        name = models[0].partition(":")[2].strip() if models else name
    return f"{name}, {os.cpu_count()} cores"


def run(name: str, *, quick: bool, large: bool) -> tuple[str, list[str]]:
    """State (`done`, `skipped`, `failed`) of one benchmark and the lines it printed."""
    usual, less = BENCHMARKS[name]
    more = ["--large"] if large and name == "bulk" else less if quick else []
    longest = _LONGEST_LARGE if large else _LONGEST
    try:
        ended = subprocess.run(
            [sys.executable, str(FOLDER / f"{name}.py"), *usual, *more],
            capture_output=True, text=True, timeout=longest, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "failed", [f"took longer than {longest:.0f} s"]
    printed = ended.stdout.strip().splitlines()
    last = [*printed, *ended.stderr.strip().splitlines()][-1:]
    if any(sign in line for sign in _MISSING for line in [*printed, *last]):
        return "skipped", last
    figures = [line for line in printed if any(map(str.isdigit, line))]
    if ended.returncode:
        return "failed", [*figures, *last, f"exit code {ended.returncode}"]
    return "done", figures


def main() -> int:
    """Run the named benchmarks [all] and print the table; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="measure less data")
    size.add_argument("--large", action="store_true", help="index up to 30 million records")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the table to this file")
    args = parser.parse_args()
    if unknown := set(args.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    options = f"{' --quick' * args.quick}{' --large' * args.large}"
    machine = f"{processor()}, Python {platform.python_version()}; python -m benchmarks{options}"
    print(machine, flush=True)
    table = ["| ratio | measured | aim | load average |", "|---|--:|---|--:|"]
    failed = 0
    for name in args.names or BENCHMARKS:
        load, began = os.getloadavg()[0], time.monotonic()
        state, lines = run(name, quick=args.quick, large=args.large)
        failed += state == "failed"
        seconds = time.monotonic() - began
        print(f"{name:16}{state:9}{seconds:7.1f} s   load average {load:.1f}", flush=True)
        for line in lines:
            print(f"    {line}", flush=True)
            if found := RATIO.fullmatch(line.strip()):
                table.append(
                    f"| {found['what']} | {found['value']} | {found['aim']} | {load:.1f} |"
                )
        if state != "done":
            table.append(f"| {name} | {state} | | {load:.1f} |")
    print("\n".join(["", machine, "", *table]))
    if args.write:
        args.write.write_text("\n".join([_HEAD, f"Machine: {machine}.", "", *table, ""]))
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
