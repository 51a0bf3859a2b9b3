"""`enrich`: every command answers, says what it is for, and is imported only when asked for."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from tests.paths import REPO

from enrich.cli.main import COMMANDS, main
from enrich.settings import Settings


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`enrich COMMAND --help` is 0, names the part and says what it does."""
    assert main([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Usage: enrich {command} ")
    assert len(said.splitlines()) > 5


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`enrich --help` lists the commands in the order a new user meets them."""
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    places = [said.index(f"\n  {command} ") for command in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_nonsense_option_is_usage(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command answers an unknown option with 2 and no traceback."""
    assert main([command, "--no-such-option"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_unknown_command_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command: 2, and it is named."""
    assert main(["frobnicate"]) == 2
    assert "frobnicate" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["main", "run", "export", "annotate", "lint"])
def test_help_imports_nothing_heavy(module: str) -> None:
    """Help comes without pandas, pyarrow, duckdb, requests or Prefect."""
    program = (
        f"import sys; from enrich.cli.{module} import main; main(['--help']); "
        "print([m for m in ('prefect', 'pandas', 'pyarrow', 'requests', 'duckdb', 'pydantic', "
        "'markdown_it') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip().endswith("[]"), done.stdout[-200:] + done.stderr


def test_the_readme_names_what_is_there() -> None:
    """Each `enrich COMMAND` and ENRICH_… of the README exists."""
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`enrich ([a-z]+)", readme)) <= set(COMMANDS)
    assert set(re.findall(r"ENRICH_([A-Z0-9_]+)", readme)) <= {
        name.upper() for name in Settings.model_fields
    }


def test_the_readme_links_to_what_is_there() -> None:
    """Every relative link and picture of the README and of docs/ leads to a file."""
    for page in [REPO / "README.md", *sorted((REPO / "docs").glob("*.md"))]:
        text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
