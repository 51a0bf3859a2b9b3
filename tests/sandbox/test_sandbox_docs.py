"""docs/sandbox.md lists every fault and deviation with the description from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from enrich.sandbox.deviations import described
from enrich.sandbox.faults import ENDPOINTS, KINDS
from enrich.sandbox.mutate import HOW

TEXT = (Path(__file__).resolve().parents[2] / "docs/sandbox.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "what"), [*((n, kind.what) for n, kind in KINDS.items()), *described().items()]
)
def test_documented(name: str, what: str) -> None:
    """Each fault and each deviation has its row."""
    assert f"| `{name}` | {what} |" in TEXT


@pytest.mark.parametrize("how", HOW)
def test_ways_of_being_wrong(how: str) -> None:
    """Each way in which `mutate` makes a value wrong is named."""
    assert f"`{how}`" in TEXT


def test_options() -> None:
    """Every option of `--help` is in the table of options, and no other."""
    from typer.main import get_command

    from enrich.cli.sandbox import app

    options = {opt for param in get_command(app).params for opt in param.opts} - {"--help"}
    rows = set(re.findall(r"^\| `(--[a-z-]+)", TEXT, re.MULTILINE))
    assert rows == options


@pytest.mark.parametrize("service", ENDPOINTS)
def test_endpoints(service: str) -> None:
    """Each endpoint that a fault can be limited to is named."""
    assert all(f"`{endpoint}`" in TEXT for endpoint in ENDPOINTS[service])
