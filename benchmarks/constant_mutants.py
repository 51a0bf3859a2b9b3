"""Which constants of the rules may change without a test failing?

    python benchmarks/constant_mutants.py [--list] [--only NAME]

mutmut changes function bodies; this changes what stands beside them, one at a time, in a copy of
the sources: every module-level number, every number of a module-level table, and the named changes
below. A change that no test notices is printed; the exit code is 1 when there is one that is not
excused in `ACCEPTED`.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Modules whose constants are changed, and the tests that must notice.
SCOPE = {
    "papers/author_names.py": ("tests/papers", "tests/resolve"),
    "papers/merge.py": ("tests/papers",),
    "papers/same_paper.py": ("tests/papers", "tests/resolve"),
    "papers/title_difference.py": ("tests/papers", "tests/resolve"),
    "papers/title_forms.py": ("tests/papers", "tests/resolve", "tests/services"),
    "papers/venues.py": ("tests/papers",),
    "resolve/decision.py": ("tests/resolve",),
    "resolve/eligibility.py": ("tests/resolve",),
    "resolve/scoring.py": ("tests/resolve",),
    "resolve/title_relation.py": ("tests/resolve",),
    "snapshot/gates.py": ("tests/snapshot/test_gates.py",),
    "services/rate_limit.py": ("tests/services",),
    "services/retry.py": ("tests/services",),
    "services/circuit_breaker.py": ("tests/services",),
}
_RATES = ("tests/services/test_connection.py",)
_LOOKUP = ("tests/lookup/test_economy.py", "tests/lookup/test_questions.py")
# (file, text, replacement[, tests]): changes that went unnoticed once.
NAMED: tuple[tuple[Any, ...], ...] = (
    ("papers/title_difference.py", "    if numbers != others:", "    if False:"),
    ("papers/title_difference.py", "    return another_text(frozenset(one.words)",
     "    return None if one else another_text(frozenset(one.words)"),
    ("papers/title_difference.py", "    return another_text(words)",
     "    return None if words else another_text(words)"),
    ("papers/same_paper.py", "if not same_title or _two_arxiv_ids(one.ids, other.ids):",
     "if not same_title:"),
    ("services/rate_limit.py", "MARGIN, MARGIN_SECONDS = 1.02, 0.01",
     "MARGIN, MARGIN_SECONDS = 1.0, 0.0", _RATES),
    ("services/rate_limit.py", "MARGIN, MARGIN_SECONDS = 1.02, 0.01",
     "MARGIN, MARGIN_SECONDS = 1.02, 0.0", _RATES),
    ("services/circuit_breaker.py", "* 2.0 ** (times - 1)", "* 1.0", _RATES),
    ("services/connection.py", 'health = "degraded" if self.stats.is_proven else "down"',
     'health = "down"', _RATES),
    ("services/arxiv_api.py", "            if sent < announced:", "            if False:",
     ("tests/lookup/test_faults.py",)),
    ("lookup/questions.py", "return abs(self.began - moment) >= age",
     "return self.began - moment >= age", _LOOKUP),
    ("settings.py", "title_searches: Share = Field(\n        0.125,",
     "title_searches: Share = Field(\n        0.5,", _LOOKUP),
    ("snapshot/gates.py", "(changed > grace or", "(changed >= grace or",
     ("tests/snapshot/test_gates.py",)),
    ("lookup/batches.py", ".bit_length() + 2", ".bit_length() - 2",
     ("tests/lookup/test_judgement.py",)),
    ("services/semantic_scholar.py", "_MOST_DENIED = 8", "_MOST_DENIED = 0",
     ("tests/lookup/test_deviations.py",)),
    ("resolve/decision.py", "PLAUSIBLE: Final = 0.8", "PLAUSIBLE: Final = 0.7"),
    ("resolve/scoring.py", "YEARS_LATE: Final = 2", "YEARS_LATE: Final = 3"),
    ("papers/author_names.py", "AGREE: Final = 0.6", "AGREE: Final = 0.5"),
    ("papers/author_names.py", "CONFLICT: Final = 0.34", "CONFLICT: Final = 0.2"),
    ("resolve/title_relation.py", "NEAR: Final = 0.85", "NEAR: Final = 0.80"),
    ("resolve/scoring.py", "SIBLING: Final = 0.75", "SIBLING: Final = 0.85"),
    ("papers/same_paper.py", "SAME_PEOPLE: Final = 0.5", "SAME_PEOPLE: Final = 0.2"),
)  # fmt: skip
# Changes that make no difference, with the reason.
ACCEPTED: dict[str, str] = {
    "resolve/scoring.py: _BASE 0.81 -> 0.8586": "a shortened title never has so few words",
    "resolve/scoring.py: _BASE 0.81 -> 0.7614": "a shortened title never has so few words",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one file, and the tests that should fail because of it."""

    name: str
    file: str
    source: str
    tests: tuple[str, ...]


def changes() -> Iterator[Change]:
    """All changes, the named ones first."""
    for file, old, new, *tests in NAMED:
        text = (ROOT / "src/enrich" / file).read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{file} has no {old!r}: correct NAMED.")
        yield Change(
            f"{file}: {old} -> {new}",
            file,
            text.replace(old, new, 1),
            tests[0] if tests else SCOPE[file],
        )
    for file, tests in SCOPE.items():
        text = (ROOT / "src/enrich" / file).read_text(encoding="utf-8")
        for name, node in _numbers(ast.parse(text)):
            value = node.value
            for new in _others(value):
                lines = text.splitlines(keepends=True)
                line = lines[node.lineno - 1].encode()
                changed = line[: node.col_offset] + repr(new).encode() + line[node.end_col_offset :]
                lines[node.lineno - 1] = changed.decode()
                yield Change(f"{file}: {name} {value!r} -> {new!r}", file, "".join(lines), tests)


def _numbers(module: ast.Module) -> Iterator[tuple[str, ast.Constant]]:
    for statement in module.body:
        if isinstance(statement, ast.AnnAssign | ast.Assign) and statement.value is not None:
            target = (
                statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
            )
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                    yield ast.unparse(target), node


def _others(value: float) -> tuple[float, ...]:
    if isinstance(value, int):
        return (value + 1, value - 1)
    return (round(value * 1.06, 4), round(value * 0.94, 4))


def survives(change: Change, folder: Path) -> bool:
    """Whether the tests pass although the change is made."""
    target = folder / "src/enrich" / change.file
    before = target.read_text(encoding="utf-8")
    target.write_text(change.source, encoding="utf-8")
    try:
        ran = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
             "-m", "not slow and not exhaustive", *change.tests],
            cwd=folder, capture_output=True, timeout=900,
            env={**os.environ, "PYTHONPATH": str(folder / "src")},
        )  # fmt: skip
    finally:
        target.write_text(before, encoding="utf-8")
    return ran.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the changes and run nothing")
    parser.add_argument("--only", default="", help="only changes whose name has this text")
    given = parser.parse_args()
    wanted = [change for change in changes() if given.only in change.name]
    if given.list:
        print("\n".join(change.name for change in wanted))
        return 0
    survivors = []
    with tempfile.TemporaryDirectory(prefix="enrich-mutants-") as name:
        folder = Path(name)
        for part in ("src", "tests", "benchmarks", "data"):
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "pyproject.toml", folder)
        for change in wanted:
            if survives(change, folder):
                survivors.append(change.name)
                print(f"survives: {change.name}", flush=True)
    killed = len(wanted) - len(survivors)
    print(f"{killed} of {len(wanted)} changes are noticed ({killed / max(1, len(wanted)):.1%}).")
    return 1 if set(survivors) - set(ACCEPTED) else 0


if __name__ == "__main__":
    sys.exit(main())
