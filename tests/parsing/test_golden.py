"""Whole pages against golden records that were checked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parsing.support import GOLDEN, HERE, check_golden, parse

from enrich.parsing import parse_list, read_list

PAGES = sorted(path.name for path in (HERE / "pages").iterdir())
REAL = Path(__file__).resolve().parents[2] / "data/raw/awesome-deep-learning-for-video-analysis.md"

KINDS = {
    "Tutorial": ["tutorial", "list"],
    "Dataset": ["dataset", "dataset", "dataset", "paper", "dataset", "code", "post"],
    "Tool": ["code"] * 6,
    "Video Classification (Spatiotemporal Features)": ["paper"] * 9 + ["code"],
    "Multimodal For video Analysis": ["list"] + ["paper"] * 6 + ["post"],
    "Video Moment Localization": ["paper"],
    "Video Retrieval": ["paper"] * 6,
    "Video Advertisement (Also include some image advertisement paper)": ["paper"] * 4,
    "Visual Commonsense Reasoning": ["paper"],
    "Video Highlight Prediction": ["paper"],
    "Object Tracking": ["code"],
    "Audio-Visual Dialog": ["paper"],
}
ARXIV_IDS = [
    "1811.00347",
    "1811.08383",
    "1812.05038",
    "1609.06782",
    "1903.07593",
    "1904.01766",
    "1701.00599",
    "1705.08168",
    "1712.06651",
    "1804.01665",
    "1708.01641",
    "1906.03327",
    "1804.02516",
    "1810.07212",
    "1501.02530",
    "1811.10830",
    "1901.09107",
]


@pytest.mark.parametrize("name", PAGES)
def test_page_of_each_style(name: str) -> None:
    """A page of each style gives exactly the records that were read and approved by a person."""
    check_golden(name, parse((HERE / "pages" / name).read_bytes(), name))


def test_real_list_golden() -> None:
    """Every field of the 48 entries of the real list is as checked by hand."""
    check_golden("real-list", parse_list(read_list(str(REAL))))


def test_real_list_counts() -> None:
    """The real list holds 48 entries, each section its own, each of its kind."""
    entries = parse_list(read_list(str(REAL))).entries
    assert len(entries) == 48
    kinds: dict[str, list[str]] = {}
    for entry in entries:
        kinds.setdefault(entry.section[-1], []).append(entry.kind)
    assert kinds == KINDS


def test_real_list_identifiers() -> None:
    """The 17 arXiv ids of the real list stand in their entries, nested ones too, in order."""
    entries = parse_list(read_list(str(REAL))).entries
    assert [i for entry in entries for i in entry.arxiv_ids] == ARXIV_IDS
    by_id = {entry.ids.arxiv_id: entry.title for entry in entries}
    assert by_id["1906.03327"].startswith("HowTo100M: Learning a Text-Video Embedding")
    assert by_id["1901.09107"] == "Audio-Visual Scene-Aware Dialog"


def test_no_golden_is_unused() -> None:
    """A golden record that no test reads would rot unseen."""
    assert {path.stem for path in GOLDEN.iterdir()} == {*PAGES, "real-list"}
