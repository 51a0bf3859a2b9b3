"""Build the report's records from tables. Pure: the same tables give the same report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from enrich.errors import SnapshotError
from enrich.outputs.addresses import Address, paper_addresses
from enrich.outputs.escape import one_line, safe_url
from enrich.outputs.export.bibliography import bibtex
from enrich.outputs.export.reference import reference
from enrich.outputs.report.history import changes, count_history, growth
from enrich.outputs.report.inputs import ReportInput
from enrich.outputs.report.model import (
    NO_TITLE,
    OPEN_STATUSES,
    CandidateRow,
    EntryRow,
    PaperRow,
    Report,
)
from enrich.papers.venues import publication, short_venue
from enrich.records import Issue

# A person who decides an open entry looks at no more candidates than these.
CANDIDATES_SHOWN = 3
# A link text longer than this many characters is a title or a sentence.
LONGEST_LABEL = 30


def assemble(tables: ReportInput) -> Report:
    """Everything the page shows of a snapshot.

    Raises SnapshotError when its manifest is of another version.
    """
    try:
        return _assemble(tables)
    except KeyError as error:
        raise SnapshotError(
            f"Snapshot {tables.snapshot} lacks {error}, which a report needs: it was published "
            "by another version of enrich. Run the list again, or use that version."
        ) from error


def _assemble(source: ReportInput) -> Report:
    manifest, tables = source.manifest, source.tables
    about = manifest["list"]
    finished = datetime.fromisoformat(manifest["finished"])
    days, history = count_history(source)

    def make_paper(row: dict[str, Any]) -> PaperRow:
        key = (source.citation_keys or {}).get(row["paper_id"])
        counts = history.get(row["paper_id"], ()) if len(days) > 1 else ()
        return _paper(row, history=counts, in_year=finished.year, key=key)

    rows = sorted(tables["entries"].to_pylist(), key=lambda row: row["position"])
    candidates = _candidates(tables["candidates"], rows)
    return Report(
        slug=about["name"],
        title=_text(about.get("title")) or about["name"],
        location=_public(about["location"]),
        snapshot=source.snapshot,
        mode=manifest["mode"],
        finished=finished,
        incomplete=bool(manifest.get("incomplete")),
        versions={
            "enrich": manifest["tool_version"],
            "rules": manifest["rule_version"],
            "schema": manifest["schema_version"],
        },
        entries=tuple(_entry(row, candidates.get(row["entry_id"], ())) for row in rows),
        papers={row["paper_id"]: make_paper(row) for row in tables["papers"].to_pylist()},
        issues=tuple(_issue(row) for row in tables["issues"].to_pylist()),
        services=manifest["sources"],
        growth=growth(source),
        days=days,
        changes=changes(source),
        unread=source.unread,
    )


def _entry(row: dict[str, Any], candidates: tuple[CandidateRow, ...]) -> EntryRow:
    return EntryRow(
        entry_id=row["entry_id"],
        position=row["position"],
        line=row["line_start"],
        title=_text(row["title"]) or NO_TITLE,
        kind=row["kind"],
        section=tuple(text for part in row["section"] or () if (text := _text(part))),
        status=row["status"],
        reason=_text(row["reason"]) or "",
        paper_id=row["paper_id"] or row.get("last_paper_id"),
        method=row["method"],
        score=row["score"],
        year=row["year"],
        authors_text=_text(row["authors_text"]),
        venue_text=_text(row["venue_text"]),
        note=_text(row["note"]),
        links=tuple(
            Address(_label(link, row["title"] or ""), url)
            for link in row["links"] or ()
            if (url := safe_url(link["url"]))
        ),
        candidates=candidates,
    )


def _label(link: Mapping[str, str], title: str) -> str:
    """A link's own text, or its role where the text repeats the entry's title or is too long."""
    label = _text(link["label"])
    if label and len(label) <= LONGEST_LABEL and label.casefold() not in title.casefold():
        return label
    return link["role"] if link["role"] != "other" else "link"


def _candidates(
    table: pa.Table, entries: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[CandidateRow, ...]]:
    """The best candidates of each open entry."""
    is_open = {row["entry_id"] for row in entries if row["status"] in OPEN_STATUSES}
    by_entry: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        if row["entry_id"] in is_open:
            by_entry[row["entry_id"]].append(row)
    return {
        entry_id: tuple(
            _candidate(row)
            for row in sorted(rows, key=lambda row: -(row["score"] or 0))[:CANDIDATES_SHOWN]
        )
        for entry_id, rows in by_entry.items()
    }


def _candidate(row: dict[str, Any]) -> CandidateRow:
    return CandidateRow(
        title=_text(row["title"]) or NO_TITLE,
        year=row["year"],
        score=row["score"],
        reason=_text(row["reason"]),
        link=next(iter(paper_addresses(row)), None),
    )


def _public(location: str) -> str:
    """The list's address, or its file's name: paths of this machine are not shown."""
    is_address = "://" in location or location.startswith("github:")
    return location if is_address else re.split(r"[\\/]", location)[-1]


def _paper(
    row: dict[str, Any], *, history: tuple[int | None, ...], in_year: int, key: str | None
) -> PaperRow:
    """A row of `papers` for the page.

    Args:
        row: The row.
        history: Its citation counts over the list's snapshots.
        in_year: The year in which its age is counted.
        key: Its citation key; None leaves BibTeX out.
    """
    venue, _ = publication(_text(row["venue"]), None)
    count, year = row["citation_count"], row["year"]
    counted: datetime | None = row["counts_observed_at"]
    return PaperRow(
        paper_id=row["paper_id"],
        title=_text(row["title"]) or NO_TITLE,
        abstract=_text(row["abstract"]),
        abstract_source=row["abstract_source"],
        tldr=_text(row["tldr"]),
        authors=tuple(name for a in row["authors"] or () if (name := _text(a["name"]))),
        year=row["year"],
        venue=short_venue(venue, None) if venue else None,
        venue_name=_text(row["venue"]),
        citations=count,
        rate=count / max(1, in_year - year + 1) if count is not None and year else None,
        history=history,
        influential=row["influential_citation_count"],
        counted_on=counted.date() if counted else None,
        categories=tuple(row["arxiv_categories"] or ()),
        withdrawn=(_text(row["withdrawal_note"]) or "Withdrawn from arXiv.")
        if row["is_withdrawn"]
        else None,
        bibtex=bibtex([replace(reference(row), abstract=None, key=key)]) if key else None,
        links=paper_addresses(row),
        aliases=tuple(row["aliases"] or ()),
    )


def _issue(row: dict[str, Any]) -> Issue:
    return Issue(
        row["severity"],
        row["code"],
        _text(row["message"]) or "",
        line=row["line"],
        suggestion=_text(row["suggestion"]),
    )


def _text(text: str | None) -> str | None:
    return one_line(text) or None
