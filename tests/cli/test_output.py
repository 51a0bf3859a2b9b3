"""Only `cli/console.py` prints: no command writes to the terminal itself, in any encoding."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import enrich.cli

CLI = Path(enrich.cli.__file__).parent


def writes(path: Path) -> set[str]:
    """The calls of a file that print: print, typer.echo, sys.stdout, rich's console."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        if name in ("print", "typer.echo", "typer.secho", "sys.stdout", "sys.stderr"):
            found.add(name)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rich.console"):
            found.add("rich.console")
    return found


@pytest.mark.parametrize("path", sorted(CLI.glob("*.py")), ids=lambda path: path.name)
def test_only_the_console_prints(path: Path) -> None:
    """Every text passes the console, and so `escape.printable`, before it is shown."""
    allowed = {
        "console.py": {"sys.stdout", "rich.console"},
        "exit_codes.py": {"print", "sys.stdout", "sys.stderr"},
        "progress_bars.py": {"rich.console"},
        "main.py": {"typer.echo"},
    }
    assert writes(path) <= allowed.get(path.name, set())


# The narrowest for every commit, the others with the whole systems: each is two processes.
ENCODINGS = (
    "ascii",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("latin-1", "utf-8")),
)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_encoding_of_the_output_works(clean: Path, encoding: str) -> None:
    """A title beyond the encoding is printed as escapes, and --json stays JSON; never an error."""
    title = "Krähenbühl 视频 é"
    (clean / "list.md").write_text(
        f"# {title}\n\n- [{title} of nothing](https://example.org/a)\n", encoding="utf-8"
    )
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    def enrich(*argv: str) -> str:
        command = [sys.executable, "-m", "enrich", *argv]
        done = subprocess.run(command, env=env, capture_output=True)
        assert done.returncode in (0, 3), done.stderr
        return done.stdout.decode(encoding)

    out = enrich("run", "--offline", "list.md")
    assert (title if encoding == "utf-8" else "\\u89c6") in out
    listed = json.loads(enrich("ls", "--json"))["lists"]
    assert [row["title"] for row in listed] == [title]
