"""Derive issues from a run: duplicates, dead ids, withdrawn and newly published papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from enrich.papers.identifiers import page_address
from enrich.papers.titles import title_key
from enrich.papers.venues import is_preprint, publication
from enrich.records import Entry, Issue, IssueCode, ListRun, Paper, Resolution, Severity
from enrich.snapshot.schema import Tables

# The columns of a paper that are compared with the previous snapshot.
_COMPARED = ("paper_id", "arxiv_version", "doi", "venue", "is_withdrawn", "s2_paper_id")
Last = Mapping[str, Mapping[str, Any]]


def derive(run: ListRun, previous: Tables | None) -> tuple[Issue, ...]:
    """All issues of the run, ordered by line, without duplicates."""
    papers = {paper.paper_id: paper for paper in run.papers}
    before, was = _before(previous)
    first_entry: dict[str, Entry] = {}
    issues: list[Issue] = []
    by_id = {resolution.entry_id: resolution for resolution in run.resolutions}
    for entry in run.parsed.entries:
        resolution = by_id[entry.entry_id]
        if resolution.status == "conflict":
            issues.append(_issue(entry, "error", "id_conflict", resolution.reason))
        asked = resolution.status == "unresolved" and resolution.method != "override"
        if asked and entry.ids.arxiv_id:
            text = f"No source knows the arXiv id {entry.ids.arxiv_id} of “{entry.title}”."
            issues.append(_issue(entry, "error", "dead_id", text, "Correct the id."))
        paper_id = run.paper_of.get(entry.entry_id)
        if resolution.status != "resolved" or paper_id not in papers:
            continue
        paper = papers[paper_id]
        issues += _of_paper(entry, resolution, paper)
        issues += _since(entry, paper, before.get(entry.entry_id), was)
        first = first_entry.setdefault(paper_id, entry)
        if first is not entry:
            where = f"line {first.line_start}"
            text = f"“{entry.title}” is the same paper as the entry at {where}."
            hint = f"Remove one of the two, or name {where} in this one."
            issues.append(_issue(entry, "warning", "duplicate_entry", text, hint))
    reported = {(issue.code, issue.entry_id) for issue in run.issues}
    issues = [issue for issue in issues if (issue.code, issue.entry_id) not in reported]
    return tuple(sorted({*run.issues, *issues}, key=_place))


def _place(issue: Issue) -> tuple[bool, int, str, str, str]:
    line = issue.line
    return line is None, line or 0, issue.code, issue.entry_id or "", issue.message


def _issue(
    entry: Entry, severity: Severity, code: IssueCode, message: str, suggestion: str | None = None
) -> Issue:
    return Issue(severity, code, message, entry.entry_id, entry.line_start, suggestion)


def _of_paper(entry: Entry, resolution: Resolution, paper: Paper) -> Iterator[Issue]:
    if resolution.method != "override" and title_key(entry.title) != title_key(paper.title):
        text = f"The list says “{entry.title}”, the paper's title is “{paper.title}”."
        yield _issue(entry, "info", "title_differs", text, paper.title)
    arxiv_id, listed = paper.ids.arxiv_id, entry.ids.arxiv_id
    by_title = resolution.method is not None and resolution.method.startswith("title:")
    if by_title and arxiv_id and listed and f"arxiv:{listed}" not in paper.aliases:
        text = f"The arXiv id {listed} is not that of “{entry.title}”, which is {arxiv_id}."
        hint = page_address("arxiv", arxiv_id)
        yield _issue(entry, "error", "dead_id", text, hint)
    if arxiv_id and not entry.ids.arxiv_id and arxiv_id not in entry.arxiv_ids:
        text = f"“{entry.title}” is on arXiv, and the entry does not link it."
        hint = page_address("arxiv", arxiv_id)
        yield _issue(entry, "info", "missing_arxiv_link", text, hint)
    if paper.is_withdrawn:
        text = f"“{paper.title}” was withdrawn from arXiv: {paper.withdrawal_note or 'no reason'}"
        yield _issue(entry, "warning", "withdrawn", text, "Say so in the list, or remove it.")
    if is_preprint(entry.venue_text) and (published := _published(paper.venue, paper.ids.doi)):
        text = f"The list shows “{entry.title}” as a preprint; it was published: {published}."
        yield _issue(entry, "info", "now_published", text, published)


def _published(venue: str | None, doi: str | None) -> str | None:
    """Venue and DOI as text; None for a preprint."""
    venue, doi = publication(venue, doi)
    return ", ".join(part for part in (venue, doi and page_address("doi", doi)) if part) or None


def _before(
    previous: Tables | None,
) -> tuple[Mapping[str, str | None], Last]:
    """entry_id -> its paper in the last snapshot, and paper_id -> what it was then."""
    if previous is None:
        return {}, {}
    entries = previous["entries"].select(["entry_id", "paper_id"]).to_pydict()
    papers = previous["papers"].select(list(_COMPARED)).to_pylist()
    return (
        dict(zip(entries["entry_id"], entries["paper_id"], strict=True)),
        {row["paper_id"]: row for row in papers},
    )


def _since(entry: Entry, paper: Paper, before: str | None, was: Last) -> Iterator[Issue]:
    """Changes to the entry's paper since the previous snapshot."""
    if before is not None and before != paper.paper_id and before not in paper.aliases:
        text = f"“{entry.title}” was {before} in the last snapshot and is {paper.paper_id} now."
        yield _issue(entry, "warning", "identity_changed", text, "Check which one is meant.")
    last = was.get(paper.paper_id)
    if last is None:
        return
    old, new = last["arxiv_version"], paper.ids.arxiv_version
    if old is not None and new is not None and new > old:
        text = f"“{paper.title}” went from version {old} to version {new} on arXiv."
        yield _issue(entry, "info", "new_version", text)
    if not _published(last["venue"], last["doi"]) and (
        published := _published(paper.venue, paper.ids.doi)
    ):
        text = f"“{paper.title}” was published since the last snapshot: {published}."
        yield _issue(entry, "info", "now_published", text, published)
    old_s2, new_s2 = last["s2_paper_id"], paper.ids.s2_paper_id
    if old_s2 and new_s2 and old_s2 != new_s2:
        text = f"Semantic Scholar merged “{paper.title}”: {old_s2} is {new_s2} now."
        yield _issue(entry, "info", "merged_ids", text)
