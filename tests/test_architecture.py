"""The house stands as it was drawn: the core is pure, arrows run downwards, nothing goes round."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "enrich"

# What decides, free of I/O: no network, no database, no orchestration.
CORE = {
    "records", "errors", "identifiers", "titles", "authors", "resolve", "identity", "merge",
    "schema", "tables", "gates", "findings", "observations", "carry",
}  # fmt: skip
EFFECTS = {
    "requests", "urllib3", "http", "socket", "sqlite3", "duckdb", "pandas", "prefect", "arxiv",
    "subprocess", "rich", "typer", "dask", "distributed",
}  # fmt: skip


def modules() -> dict[str, Path]:
    """Dotted name below `enrich` -> file."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, *, lazy: bool) -> set[str]:
    """The modules that a file imports; those inside functions count when `lazy`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if lazy else ast.iter_child_nodes(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            if node.module == "enrich":
                found.update(f"enrich.{alias.name}" for alias in node.names)
    return found


def room(module: str) -> str:
    """The top-level part of the house that a dotted name below `enrich` belongs to."""
    return module.split(".")[0]


MODULES = modules()


def rooms(wanted: set[str]) -> set[str]:
    """The parts of the house among the imported names."""
    parts = {room(w.removeprefix("enrich.")) for w in wanted if w.startswith("enrich.")}
    return parts & {room(name) for name in MODULES}


@pytest.mark.parametrize("name", [m for m in MODULES if room(m) in CORE])
def test_the_core_is_pure(name: str) -> None:
    """What decides knows no service, no database, no terminal, and no part of the house above."""
    wanted = imports(MODULES[name], lazy=True)
    assert not {w.split(".")[0] for w in wanted} & EFFECTS
    assert rooms(wanted) <= CORE


def test_prefect_wraps_and_is_never_needed() -> None:
    """The library never imports Prefect, not even lazily."""
    assert [m for m, p in MODULES.items() if "prefect" in str(imports(p, lazy=True))] == []


def test_no_import_goes_round() -> None:
    """The parts of the house form an acyclic graph of what each imports on loading."""
    graph: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        if not name:
            continue
        wanted = rooms(imports(path, lazy=False))
        graph.setdefault(room(name), set()).update(wanted - {room(name)})
    assert list(TopologicalSorter(graph).static_order())


def test_files_hold_one_idea() -> None:
    """No source file is longer than 350 lines."""
    long = {m: n for m, p in MODULES.items() if (n := len(p.read_text().splitlines())) > 350}
    assert long == {}


def test_every_error_is_drawn_in_the_tree() -> None:
    """The tree in errors.py's docstring names every error class, and nothing that is not there."""
    from enrich import errors

    drawn = {word for word in (errors.__doc__ or "").replace("─", " ").split() if word[0].isupper()}
    classes = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception)
    }
    assert classes <= drawn
