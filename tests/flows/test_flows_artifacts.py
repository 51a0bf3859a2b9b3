"""The artifacts of a run on its page."""

from __future__ import annotations

import artifacts


def test_caption_says_what_is_omitted() -> None:
    """Rule: a table that is cut says so and where the rest is."""
    assert artifacts.entries_caption(3) == "3 of 3 entries, those that need a person first."
    assert "other 9500 are in the snapshot" in artifacts.entries_caption(10_000)
