"""Run all benchmarks and print their figures in one table: `make bench`, `python -m benchmarks`.

Each runs in its own process. Every line with a figure a benchmark prints is kept, with the
machine's processor and its load when the benchmark began. A benchmark whose data is missing is
reported as skipped; its reason is printed.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

# In order of run time. `mutants` are no benchmarks: they are run by `make mutants`.
BENCHMARKS: Final = (
    "parsing", "snapshots", "request_counts", "index_build", "resolution", "bulk",
)  # fmt: skip
FOLDER: Final = Path(__file__).resolve().parent
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


def run(name: str) -> tuple[str, list[str]]:
    """State (`done`, `skipped`, `failed`) of one benchmark and the lines it printed."""
    try:
        ended = subprocess.run(
            [sys.executable, str(FOLDER / f"{name}.py")],
            capture_output=True, text=True, timeout=_LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "failed", [f"took longer than {_LONGEST:.0f} s"]
    printed = ended.stdout.strip().splitlines()
    last = [*printed, *ended.stderr.strip().splitlines()][-1:]
    if any(sign in line for sign in _MISSING for line in [*printed, *last]):
        return "skipped", last
    if ended.returncode:
        return "failed", last or [f"exit code {ended.returncode}"]
    return "done", [line for line in printed if any(map(str.isdigit, line))]


def main(names: list[str]) -> int:
    """Run the named benchmarks [all] and print the table; 1 if one failed."""
    print(f"{processor()}, Python {platform.python_version()}")
    failed = 0
    for name in names or BENCHMARKS:
        load, began = os.getloadavg()[0], time.monotonic()
        state, lines = run(name)
        failed += state == "failed"
        seconds = time.monotonic() - began
        print(f"{name:16}{state:9}{seconds:7.1f} s   load average {load:.1f}", flush=True)
        for line in lines:
            print(f"    {line}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
