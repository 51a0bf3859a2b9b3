"""The code blocks of the documentation, and what is done with each: run, checked, or left out.

Every block and every command belongs to exactly one kind; what belongs to none is an error.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from tests.paths import REPO

PAGES = [REPO / "README.md", *sorted((REPO / "docs").rglob("*.md"))]

# Commands that cannot be run by a test of this machine alone, and what covers them instead.
NOT_RUN = {
    r"github(\.com|:)": "reads from GitHub; tests/parsing/test_download.py serves the same answers",
    r"^make ": "makes an environment; only the target's name is checked here",
    r"^(prefect|python flows/setup\.py)\b": "needs a Prefect server; tests/flows start one. Only "
    "the options are checked here",
    r"^createdb ": "needs Postgres; tests/flows/test_flows_postgres.py starts one",
    r"^(sudo|journalctl) ": "needs systemd; test_files.py has systemd-analyze check the units",
    r"^docker ": "needs Docker; test_files.py checks compose.yaml",
    r"^(pip install|python -m venv) ": "needs a package index; test_wheel.py installs the wheel",
    r"^(jupyter|datasette) ": "serves pages until it is stopped and is not among the dependencies",
}
# Serves until it is stopped: the first lines that it prints are compared.
SERVES = r"^python -m enrich\.sandbox\b"
# Pages that a test compares with what the code says of itself.
GENERATED = ("docs/reference/", "docs/data-dictionary.md")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, line, language and text, and the language of the block before."""

    page: Path
    line: int
    language: str
    text: str
    after: str = ""

    @property
    def place(self) -> str:
        """Page and line, for messages."""
        return f"{self.page.relative_to(REPO)}:{self.line}"

    @property
    def kind(self) -> str:
        """What is done with the block; "" where nothing is known to be done."""
        if str(self.page.relative_to(REPO)).startswith(GENERATED):
            return "generated"
        if self.language in ("console", "crontab", "python", "sql", "toml", "yaml"):
            return self.language
        if self.language == "text" and self.after == "python":
            return "printed"
        if self.language in ("text", "markdown") and not re.search(r"^\$ ", self.text, re.M):
            return "drawing"
        return ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block, and the output that is shown below it."""

    place: str
    text: str
    shown: str = ""

    @property
    def reason(self) -> str:
        """Why it is not run; "" where it is."""
        if "| jq" in self.text and not shutil.which("jq"):
            return "needs jq, which this machine lacks"
        found = [why for pattern, why in NOT_RUN.items() if re.search(pattern, self.text)]
        return found[0] if found else ""


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    fences = [t for t in tokens if t.type == "fence"]
    made = [
        Block(page, (t.map or [0])[0] + 1, t.info.strip().split(" ")[0], t.content) for t in fences
    ]
    # Only a block that follows at once shows what the one before it prints.
    neighbours = {
        id(b): a.info for a, b in pairwise(tokens) if a.type == "fence" and b.type == "fence"
    }
    return [
        Block(b.page, b.line, b.language, b.text, neighbours.get(id(t), ""))
        for b, t in zip(made, fences, strict=True)
    ]


def commands(block: Block) -> list[Command]:
    """The commands of a console block: lines after `$ `, or all lines where none has a prompt."""
    text = block.text.replace("\\\n", " ")
    if not re.search(r"^\$ ", text, re.M):
        return [Command(block.place, line) for line in text.splitlines() if line.strip()]
    first, *parts = re.split(r"^\$ ", text, flags=re.M)
    assert not first.strip(), f"{block.place}: output before the first command"
    made = []
    for part in parts:
        line, _, shown = part.partition("\n")
        made.append(Command(block.place, line, shown))
    return made
