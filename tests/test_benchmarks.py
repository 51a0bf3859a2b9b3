"""`make bench` runs every benchmark and finds the ratios that they print."""

from __future__ import annotations

import re

from benchmarks.__main__ import BENCHMARKS, FOLDER, RATIO

# Parts of other scripts, what `make mutants` runs, what needs a network or a folder to write to.
_NOT_BENCHMARKS = {
    "__main__", "bulk_data", "constant_mutants", "near_twins", "newcomer", "parsing_layouts",
    "resolution_live",
    "title_slices", "title_variants",
}  # fmt: skip


def test_every_script_is_run() -> None:
    """A new script is a benchmark or named here as none."""
    assert {path.stem for path in FOLDER.glob("*.py")} - _NOT_BENCHMARKS == set(BENCHMARKS)


def test_every_ratio_that_a_script_prints_comes_into_the_table() -> None:
    """The lines that begin with `ratio` have the form that the table is made of."""
    printed = [
        re.sub(r"\{[^{}]*\.\df\}", "1.50", line)
        for path in FOLDER.glob("*.py")
        for line in re.findall(r'print\(f"(ratio .*)"\)', path.read_text())
    ]
    assert len(printed) >= 5
    for line in printed:
        assert RATIO.fullmatch(re.sub(r"\{[^{}]*\}", "2", line)), line
