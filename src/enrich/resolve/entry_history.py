"""Everything a snapshot records about one entry: its row, candidates, paper and issues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from enrich.errors import UsageError
from enrich.papers.identifiers import page_address

Row = dict[str, Any]
# How many entries a question back names, so that it fits on a screen.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """An entry's row with its candidates (best first), its paper and its issues."""

    entry: Row
    candidates: tuple[Row, ...]
    paper: Row | None
    issues: tuple[Row, ...]

    @staticmethod
    def all_of(
        entries: Iterable[Row],
        candidates: Iterable[Row],
        papers: Iterable[Row],
        issues: Iterable[Row],
    ) -> list[EntryHistory]:
        """Join the rows of four tables; they may be of several lists.

        Args:
            entries: Rows of `entries`.
            candidates: Rows of `candidates`.
            papers: Rows of `papers`.
            issues: Rows of `issues`.

        Returns:
            One history per entry, in the order of `entries`.
        """
        candidates_of: dict[tuple[str, str], list[Row]] = {}
        for row in candidates:
            candidates_of.setdefault((row["list"], row["entry_id"]), []).append(row)
        paper_by_id = {(row["list"], row["paper_id"]): row for row in papers}
        issues_of: dict[tuple[str, str], list[Row]] = {}
        for row in issues:
            if isinstance(row["entry_id"], str):
                issues_of.setdefault((row["list"], row["entry_id"]), []).append(row)
        return [
            EntryHistory(
                entry,
                tuple(sorted(candidates_of.get(key, ()), key=lambda row: -row["score"])),
                paper_by_id.get((entry["list"], entry["paper_id"])),
                tuple(issues_of.get(key, ())),
            )
            for entry in entries
            for key in [(entry["list"], entry["entry_id"])]
        ]

    @property
    def place(self) -> str:
        """Where the entry stands: `line 57, Section / Subsection`."""
        first, last = self.entry["line_start"], self.entry["line_end"]
        lines = f"line {first}" if first == last else f"lines {first}-{last}"
        section = self.entry["section"]
        parts = [] if section is None else [str(part) for part in section]
        return f"{lines}, {' / '.join(parts) or 'no section'}"

    @property
    def url(self) -> str:
        """The entry's first paper link, else its first link; "" where it has none."""
        links = self.entry["links"]
        links = [] if links is None else list(links)
        papers = [link for link in links if link["role"] == "paper"]
        return str((papers or links)[0]["url"]) if links else ""


_SERVICE_IDS = (("arxiv", "arxiv_id"), ("s2", "s2_paper_id"))


def override_id(candidate: Row) -> str:
    """The id that an override would pin for a candidate; "" where it has none."""
    ids = (f"{kind}:{candidate[c]}" for kind, c in _SERVICE_IDS if isinstance(candidate[c], str))
    return next(ids, "")


def candidate_url(candidate: Row) -> str:
    """The page of a candidate at its service; "" where it has no id."""
    kind, _, own = override_id(candidate).partition(":")
    return page_address(kind, own) if own else ""


def find_entry(wanted: str, histories: Sequence[EntryHistory]) -> EntryHistory:
    """The one entry that `wanted` names.

    Args:
        wanted: An entry_id, a whole title, the beginning of an id, or part of a title; tried in
            this order, titles in any case and spacing.
        histories: The entries to choose from.

    Returns:
        The only entry that fits at the first step at which any fits.

    Raises:
        UsageError: When none fits, or several fit at one step; it names them.
    """
    part = _plain(wanted)
    ids = [(str(h.entry["entry_id"]), h) for h in histories]
    titles = [(_plain(str(h.entry["title"])), h) for h in histories]
    steps = (
        [h for entry_id, h in ids if entry_id == wanted],
        [h for title, h in titles if title == part],
        [h for entry_id, h in ids if entry_id.startswith(wanted)],
        [h for title, h in titles if part in title],
    )
    found = next((step for step in steps if step), []) if part else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"No entry of the snapshot has {wanted!r} in its id or title.")
    lists = {str(h.entry["list"]) for h in found}
    named = "; ".join(
        f"{h.entry['entry_id']} ({h.entry['title']}, {h.place}"
        + f", {h.entry['list']})" * (len(lists) > 1)
        + ")" * (len(lists) == 1)
        for h in found[:SHOWN]
    )
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    cure = "Give an entry_id or the whole title" + ", or the list with --list" * (len(lists) > 1)
    raise UsageError(f"{len(found)} entries fit {wanted!r}: {named}{more}. {cure}.")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
