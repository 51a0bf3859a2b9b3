"""The story of one entry, put together from a snapshot's rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from enrich.errors import UsageError

Row = dict[str, Any]
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Story:
    """An entry's row with its candidates (best first), its paper and its issues."""

    entry: Row
    candidates: tuple[Row, ...]
    paper: Row | None
    issues: tuple[Row, ...]

    @staticmethod
    def all_of(
        entries: Iterable[Row], candidates: Iterable[Row], papers: Iterable[Row],
        issues: Iterable[Row],
    ) -> list[Story]:  # fmt: skip
        """The stories of all `entries`, in their order; the other rows may be of several lists."""
        weighed: dict[tuple[str, str], list[Row]] = {}
        for row in candidates:
            weighed.setdefault((row["list"], row["entry_id"]), []).append(row)
        by_id = {(row["list"], row["paper_id"]): row for row in papers}
        found: dict[tuple[str, str], list[Row]] = {}
        for row in issues:
            if isinstance(row["entry_id"], str):
                found.setdefault((row["list"], row["entry_id"]), []).append(row)
        return [
            Story(
                entry,
                tuple(sorted(weighed.get(key, ()), key=lambda row: -row["score"])),
                by_id.get((entry["list"], entry["paper_id"])),
                tuple(found.get(key, ())),
            )
            for entry in entries
            for key in [(entry["list"], entry["entry_id"])]
        ]

    @staticmethod
    def id_of(candidate: Row) -> str:
        """The id that an override would pin for a candidate; "" where it has none."""
        for kind, column in (("arxiv", "arxiv_id"), ("s2", "s2_paper_id")):
            if isinstance(candidate[column], str):
                return f"{kind}:{candidate[column]}"
        return ""


def find_entry(wanted: str, stories: Sequence[Story]) -> Story:
    """The one story whose entry_id is `wanted`, or begins with it, or whose title holds it.

    Raises UsageError when none or several fit, naming them.
    """
    exact = [s for s in stories if s.entry["entry_id"] == wanted]
    begun = [s for s in stories if str(s.entry["entry_id"]).startswith(wanted)]
    part = wanted.casefold()
    titled = [s for s in stories if part in str(s.entry["title"]).casefold()]
    for found in (exact, begun, titled):
        if len(found) == 1:
            return found[0]
        if found:
            named = "; ".join(f"{s.entry['entry_id']} ({s.entry['title']})" for s in found[:SHOWN])
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            raise UsageError(f"{len(found)} entries fit {wanted!r}: {named}{more}. Write more.")
    raise UsageError(f"No entry of the newest snapshot has {wanted!r} in its id or title.")
