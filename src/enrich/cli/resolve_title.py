"""`enrich resolve TITLE`: one title, from a local index or from the services."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrich.cli.console import Console
from enrich.cli.exit_codes import COMPLETE, INCOMPLETE
from enrich.cli.explain import print_candidates
from enrich.clock import SystemClock
from enrich.errors import UsageError
from enrich.records import Candidate, Entry, Resolution, Weighed
from enrich.resolve import decide
from enrich.settings import load_settings


@dataclass(frozen=True, slots=True)
class TitleQuery:
    """A title and what is known besides; with `index` no service is asked."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    index: Path | None = None
    sandbox: bool = False


def resolve_title(query: TitleQuery, console: Console) -> int:
    """Resolve one title by the rules of a run and print what was found.

    Returns:
        The exit code: 0, or 3 when a service that was needed could not be asked.
    """
    if not query.title.strip():
        raise UsageError("The title is empty.")
    entry = Entry(
        entry_id="title",
        position=0,
        section=(),
        line_start=1,
        line_end=1,
        raw=query.title,
        title=query.title.strip(),
        kind="paper",
        kind_reason="given as a title",
        authors_text=", ".join(query.authors) or None,
        year=query.year,
    )
    resolution = _from_index(entry, query.index) if query.index else _live(entry, query, console)
    if console.as_json:
        console.json(_as_json(resolution))
    else:
        console.print(f"{resolution.status}: {resolution.reason}")
        print_candidates(console, tuple(_row(weighed) for weighed in resolution.weighed))
    return INCOMPLETE if resolution.status == "pending" else COMPLETE


def _from_index(entry: Entry, index: Path) -> Resolution:
    from enrich.index import Index

    with Index.open(index) as opened:
        (records,) = opened.by_titles([entry.title])
    return decide(entry, [Candidate(record, "title:index") for record in records])


def _live(entry: Entry, query: TitleQuery, console: Console) -> Resolution:
    from enrich.pipeline import open_services

    settings = load_settings(sandbox=query.sandbox or None)
    with open_services(settings, SystemClock(), console, publishing=False) as (_, lookup):
        return lookup.resolve([entry], {}).resolutions[0]


def _row(weighed: Weighed) -> dict[str, Any]:
    """A candidate in the shape of the table `candidates`, best first as `decide` returns them."""
    record = weighed.candidate.record
    return {
        "decision": weighed.decision,
        "score": weighed.score,
        "title": record.title,
        "year": record.year,
        "first_author": record.authors[0].name if record.authors else None,
        "arxiv_id": record.ids.arxiv_id,
        "s2_paper_id": record.ids.s2_paper_id,
        "doi": record.ids.doi,
        "reason": weighed.reason,
    }


def _as_json(resolution: Resolution) -> dict[str, object]:
    return {
        "status": resolution.status,
        "reason": resolution.reason,
        "method": resolution.method,
        "score": resolution.score,
        "paper": _row(next(w for w in resolution.weighed if w.decision == "accepted"))
        if resolution.chosen
        else None,
        "candidates": [_row(weighed) for weighed in resolution.weighed],
    }
