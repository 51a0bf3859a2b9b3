"""The structure of the package: what may import what, and where side effects may live."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "enrich"

# Lowest first. A module imports from its own layer or from lower ones, never from higher ones.
LAYERS = (
    {"version", "errors", "records", "paper_records", "io", "clock", "observer"},
    {"settings"},
    {"papers", "parsing", "sandbox"},
    {"resolve", "services", "store"},
    {"graph", "snapshot", "lookup", "index"},
    {"pipeline", "outputs"},
    {"cli"},
    {"", "api", "run", "doctor", "__main__", "sandbox.__main__", "index.__main__"},  # entry points
)
PURE = {"records", "paper_records", "errors", "papers", "resolve", "graph"}
EFFECTS = {
    "requests", "urllib3", "http", "socket", "sqlite3", "duckdb", "pandas", "prefect", "arxiv",
    "subprocess", "rich", "typer", "dask", "distributed",
}  # fmt: skip


def modules() -> dict[str, Path]:
    """Dotted name below `enrich` -> file; the package itself is ''."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@cache
def imports(path: Path) -> frozenset[str]:
    """Everything a file imports: at the top, inside functions and under TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            inside = {s for s in submodules if s.removeprefix("enrich.") in MODULES}
            found.update(inside)
            if len(inside) < len(submodules):
                found.add(node.module)
    return frozenset(found)


def own(wanted: frozenset[str]) -> set[str]:
    """The names below `enrich` among imported names."""
    return {
        "" if name == "enrich" else name.removeprefix("enrich.")
        for name in wanted
        if name == "enrich" or name.startswith("enrich.")
    }


def layer(module: str) -> int:
    """The layer of a dotted name below `enrich`."""
    for name in (module, module.split(".")[0]):
        for rank, members in enumerate(LAYERS):
            if name in members:
                return rank
    raise AssertionError(f"'{module}' is in no layer: add it to LAYERS")


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_downwards(name: str) -> None:
    """No module imports from a higher layer, not even lazily or for types alone."""
    climbing = {w for w in own(imports(MODULES[name])) if layer(w) > layer(name)}
    assert not climbing


@pytest.mark.parametrize("name", [m for m in MODULES if m.split(".")[0] in PURE])
def test_the_core_is_pure(name: str) -> None:
    """What decides imports no network, database, terminal or orchestration library."""
    assert not {w.split(".")[0] for w in imports(MODULES[name])} & EFFECTS


@pytest.mark.parametrize(("library", "package"), [("typer", "cli"), ("rich", "cli")])
def test_only_one_package_knows_the_terminal(library: str, package: str) -> None:
    """Typer and rich are imported by the command line alone."""
    users = {m for m, p in MODULES.items() if library in {w.split(".")[0] for w in imports(p)}}
    assert {m.split(".")[0] for m in users} == {package}


def test_prefect_is_never_imported() -> None:
    """Prefect wraps the library; the library does not know it."""
    assert [m for m, p in MODULES.items() if any("prefect" in w for w in imports(p))] == []


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """The nodes of one import circle; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_two_files_import_each_other() -> None:
    """The files form an acyclic graph; a package's `__init__` stands for what it exports."""
    graph = {name: own(imports(path)) - {name} for name, path in MODULES.items()}
    assert cycle(graph) == []


def test_no_two_packages_import_each_other() -> None:
    """The top-level packages form an acyclic graph."""
    graph: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        if layer(name) == len(LAYERS) - 1:
            continue
        top = name.split(".")[0]
        graph.setdefault(top, set()).update({w.split(".")[0] for w in own(imports(path))} - {top})
    assert cycle(graph) == []


def test_files_are_short() -> None:
    """No source file is longer than 350 lines."""
    long = {m: n for m, p in MODULES.items() if (n := len(p.read_text().splitlines())) > 350}
    assert long == {}


def test_the_error_tree_is_complete() -> None:
    """The tree in errors.py's docstring names exactly the error classes that exist."""
    from enrich import errors

    classes = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception)
    }
    lines = (errors.__doc__ or "").splitlines()
    drawn = {
        line.lstrip(" │├└─").split()[0]
        for line in lines
        if line.lstrip(" │").startswith(("├", "└"))
    }
    assert drawn | {"EnrichError"} == classes
