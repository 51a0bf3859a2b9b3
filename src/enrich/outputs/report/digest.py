"""From tables to the report's records. Pure: the same tables give the same report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from enrich.errors import SnapshotError
from enrich.outputs.report.history import changes, growth
from enrich.outputs.report.links import candidate_link, paper_links, safe_url, shown
from enrich.outputs.report.material import Material
from enrich.outputs.report.model import (
    NO_TITLE,
    OPEN_STATUSES,
    CandidateRow,
    EntryRow,
    IssueRow,
    Link,
    PaperRow,
    Report,
    ServiceRow,
)

# How many of the papers weighed for an unsettled entry are worth showing.
CANDIDATES_SHOWN = 3
# Beyond this many characters a link's text is a title or a sentence.
LONGEST_LABEL = 30


def digest(material: Material) -> Report:
    """Everything the page shows of `material`.

    Raises SnapshotError when its manifest is not one of this version.
    """
    try:
        return _digest(material)
    except KeyError as error:
        raise SnapshotError(
            f"Snapshot {material.snapshot} lacks {error}, which a report needs: it was published "
            "by another version of enrich. Run the list again, or use that version."
        ) from error


def _digest(material: Material) -> Report:
    manifest, tables = material.manifest, material.tables
    about = manifest["list"]
    open_ids = _open_entries(tables["entries"])
    return Report(
        slug=about["name"],
        title=shown(about.get("title")) or about["name"],
        location=about["location"],
        snapshot=material.snapshot,
        mode=manifest["mode"],
        finished=datetime.fromisoformat(manifest["finished"]),
        incomplete=bool(manifest.get("incomplete")),
        versions={
            "enrich": manifest["tool_version"],
            "rules": manifest["rule_version"],
            "schema": manifest["schema_version"],
        },
        entries=_entries(tables["entries"], _candidates(tables["candidates"], open_ids)),
        papers={row["paper_id"]: _paper(row) for row in tables["papers"].to_pylist()},
        issues=tuple(_issue(row) for row in tables["issues"].to_pylist()),
        services=tuple(_service(name, told) for name, told in manifest["sources"].items()),
        growth=growth(material),
        changes=changes(material),
        unread=material.unread,
    )


def _entries(
    table: pa.Table, candidates: Mapping[str, tuple[CandidateRow, ...]]
) -> tuple[EntryRow, ...]:
    rows = sorted(table.to_pylist(), key=lambda row: row["position"])
    return tuple(_entry(row, candidates.get(row["entry_id"], ())) for row in rows)


def _entry(row: dict[str, Any], candidates: tuple[CandidateRow, ...]) -> EntryRow:
    return EntryRow(
        entry_id=row["entry_id"],
        position=row["position"],
        line=row["line_start"],
        title=shown(row["title"]) or NO_TITLE,
        kind=row["kind"],
        section=tuple(text for part in row["section"] or () if (text := shown(part))),
        status=row["status"],
        reason=shown(row["reason"]) or "",
        paper_id=row["paper_id"] or row.get("last_paper_id"),
        method=row["method"],
        score=row["score"],
        year=row["year"],
        authors_text=shown(row["authors_text"]),
        venue_text=shown(row["venue_text"]),
        note=shown(row["note"]),
        links=tuple(
            Link(_label(link, row["title"] or ""), url)
            for link in row["links"] or ()
            if (url := safe_url(link["url"]))
        ),
        candidates=candidates,
    )


def _label(link: Mapping[str, str], title: str) -> str:
    """What a link is called: as the list calls it, unless that is the entry's title over again."""
    label = shown(link["label"])
    if label and len(label) <= LONGEST_LABEL and label.casefold() not in title.casefold():
        return label
    return link["role"] if link["role"] != "other" else "link"


def _open_entries(entries: pa.Table) -> frozenset[str]:
    pairs = zip(entries["entry_id"].to_pylist(), entries["status"].to_pylist(), strict=True)
    return frozenset(entry_id for entry_id, status in pairs if status in OPEN_STATUSES)


def _candidates(table: pa.Table, wanted: frozenset[str]) -> Mapping[str, tuple[CandidateRow, ...]]:
    by_entry: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        if row["entry_id"] in wanted:
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
        title=shown(row["title"]) or NO_TITLE,
        year=row["year"],
        score=row["score"],
        reason=shown(row["reason"]),
        link=candidate_link(row),
    )


def _paper(row: dict[str, Any]) -> PaperRow:
    counted: datetime | None = row["counts_observed_at"]
    return PaperRow(
        paper_id=row["paper_id"],
        title=shown(row["title"]) or NO_TITLE,
        abstract=shown(row["abstract"]),
        abstract_source=row["abstract_source"],
        tldr=shown(row["tldr"]),
        authors=tuple(name for a in row["authors"] or () if (name := shown(a["name"]))),
        year=row["year"],
        venue=shown(row["venue"]),
        citations=row["citation_count"],
        influential=row["influential_citation_count"],
        counted_on=counted.date() if counted else None,
        categories=tuple(row["arxiv_categories"] or ()),
        withdrawn=(shown(row["withdrawal_note"]) or "Withdrawn from arXiv.")
        if row["is_withdrawn"]
        else None,
        links=paper_links(row),
    )


def _issue(row: dict[str, Any]) -> IssueRow:
    return IssueRow(
        severity=row["severity"],
        code=row["code"],
        message=shown(row["message"]) or "",
        line=row["line"],
        suggestion=shown(row["suggestion"]),
    )


def _service(name: str, told: Mapping[str, Any]) -> ServiceRow:
    return ServiceRow(
        name=name,
        base_url=told["base_url"],
        requests=told["requests"],
        fetched=told["records_fetched"],
        cached=told["records_from_cache"],
        health=told["health"],
    )
