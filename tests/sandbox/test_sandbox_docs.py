"""docs/sandbox.md lists every fault and deviation with the description from the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.sandbox.deviations import described
from enrich.sandbox.faults import KINDS

TEXT = (Path(__file__).resolve().parents[2] / "docs/sandbox.md").read_text("utf-8")


@pytest.mark.parametrize(("name", "what"), [*KINDS.items(), *described().items()])
def test_documented(name: str, what: str) -> None:
    """Each fault and each deviation has its row."""
    assert f"| `{name}` | {what} |" in TEXT
