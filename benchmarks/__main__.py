"""Run all benchmarks and print their ratios in one table: `make bench`, `python -m benchmarks`.

    python -m benchmarks [--quick] [NAME …]

Each runs in its own process. Every line with a figure a benchmark prints is kept; those of the form
`ratio WHAT: VALUE (AIM)` make the table at the end, with the machine's processor and its load when
the benchmark began. `--quick` measures less data. A benchmark whose data is missing is reported as
skipped, with the reason.
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
# Name, arguments, further arguments of `--quick`; in order of run time. Not here: `newcomer.py`,
# which needs a package index, and `parsing_layouts.py`, which needs a folder to write lists to.
BENCHMARKS: Final[dict[str, tuple[list[str], list[str]]]] = {
    "index_build": ([], ["--records", "100000"]),
    "snapshots": ([], ["--entries", "20000"]),
    "suggestions": (
        [str(FOLDER.parent / "../shared/data/citations")], ["--splits", "2"],
    ),
    "parsing": ([], []),
    "request_counts": ([], ["--sizes", "0", "--without-packages"]),
    "bulk": ([], ["--records", "600000", "--titles", "200000"]),
    "bulk_equality": ([], ["--records", "30000", "--scale", "0.3"]),
    "parsing_growth": ([], ["markdown"]),
    "resolution": ([], ["--tuned-only"]),
}  # fmt: skip
RATIO: Final = re.compile(r"ratio (?P<what>.+): (?P<value>\d+\.\d+) \((?P<aim>.+)\)")
_LONGEST: Final = 3_600.0
# How a benchmark says that its data is absent.
_MISSING: Final = ("is not there", "FileNotFoundError", "No such file or directory")


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


def run(name: str, *, quick: bool) -> tuple[str, list[str]]:
    """State (`done`, `skipped`, `failed`) of one benchmark and the lines it printed."""
    usual, less = BENCHMARKS[name]
    try:
        ended = subprocess.run(
            [sys.executable, str(FOLDER / f"{name}.py"), *usual, *(less if quick else [])],
            capture_output=True, text=True, timeout=_LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "failed", [f"took longer than {_LONGEST:.0f} s"]
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
    parser.add_argument("--quick", action="store_true", help="measure less data")
    args = parser.parse_args()
    if unknown := set(args.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    machine = f"{processor()}, Python {platform.python_version()}{', --quick' * args.quick}"
    print(machine, flush=True)
    table = ["| ratio | measured | aim | load average |", "|---|--:|---|--:|"]
    failed = 0
    for name in args.names or BENCHMARKS:
        load, began = os.getloadavg()[0], time.monotonic()
        state, lines = run(name, quick=args.quick)
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
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
