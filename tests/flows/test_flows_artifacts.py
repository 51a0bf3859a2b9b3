"""The artifacts of a run on its page."""

from __future__ import annotations

from pathlib import Path

import artifacts

from enrich import pipeline
from enrich.clock import SystemClock
from enrich.observer import Silent
from enrich.settings import load_settings


def test_caption_says_what_is_omitted() -> None:
    """Rule: a table that is cut says so and where the rest is."""
    assert artifacts.entries_caption(3) == "3 of 3 entries, those that need a person first."
    assert "other 9500 are in the snapshot" in artifacts.entries_caption(10_000)


def test_no_cell_leaves_the_others_without_room(work: Path) -> None:
    """Rule: status, reason, entry and link come first, texts of at most 40 letters."""
    title = "A study of " + "very " * 40 + "long titles"
    path = work / "data/raw/long.md"
    path.write_text(f"# Long\n\n- [{title}](https://example.org/x)\n", encoding="utf-8")
    settings = load_settings(offline=True)
    (job,), _ = pipeline.prepare([str(path)], Silent())
    clock = SystemClock()
    with pipeline.open_services(settings, clock, Silent()) as (pointed, lookup):
        outcome = pipeline.enrich_list(job, pointed, lookup, clock, Silent())
    (row,) = artifacts.entries_table(job, outcome)
    assert list(row)[:4] == ["status", "reason", "entry", "link"]
    assert row["link"] == "https://example.org/x"
    assert str(row["entry"]).endswith("very …")
    assert 30 < len(str(row["entry"])) <= 40
    assert len(str(row["reason"])) <= 40
