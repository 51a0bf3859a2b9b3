"""What a list's owner should know: duplicates, malformed ids, entries without links, odd labels."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.papers.identifiers import link_key, malformed_link, names_paper
from enrich.parsing.inline import title_identity
from enrich.parsing.labels import label_role
from enrich.parsing.layout.check import Correction
from enrich.parsing.layout.describe import place_name
from enrich.parsing.linking import url_role
from enrich.records import Entry, Identifiers, Issue, StrayLink

_TITLE_WORDS = 3


def find_issues(entries: Sequence[Entry]) -> list[Issue]:
    """Issues that the list alone shows, in the order of the lines."""
    issues = [issue for entry in entries for issue in _of_entry(entry)]
    issues += _duplicates(entries)
    return sorted(issues, key=lambda issue: (issue.line or 0, issue.code, issue.message))


def unread_links(strays: Sequence[StrayLink], entries: Sequence[Entry]) -> list[Issue]:
    """An issue for every link that names a paper and is in no entry, with its line and reason."""
    held = {link.url for entry in entries for link in entry.links}
    held |= {key for url in held if (key := link_key(url))}
    return [
        Issue(
            "info", "unread_link",
            f"The link {stray.label or stray.url!r} to a paper is in no entry ({stray.reason}): "
            f"{stray.url}",
            None, stray.line, "Give the paper an entry of its own, in the form of the others.",
        )
        for stray in strays
        if names_paper(stray.url) and stray.url not in held and link_key(stray.url) not in held
    ]  # fmt: skip


def layout_corrected(correction: Correction, first: Entry) -> Issue:
    """An issue for titles that were read from the slot in which known titles stand."""
    return Issue(
        "info", "layout_corrected",
        f"{correction.agreeing} of {correction.known} known titles stand in "
        f"{place_name(correction.key)}, {correction.read} in what was read as the title: the "
        "titles of all entries of this form are now read there.",
        None, first.line_start, "Check the titles of this list once.",
    )  # fmt: skip


def _of_entry(entry: Entry) -> list[Issue]:
    found: list[Issue] = []

    def add(severity: str, code: str, message: str, suggestion: str, line: int = 0) -> None:
        found.append(
            Issue(severity, code, message, entry.entry_id, line or entry.line_start, suggestion)  # type: ignore[arg-type]
        )

    known = entry.ids != Identifiers()
    if not entry.links and entry.kind == "paper" and not known:
        add("info", "no_link", f"{entry.title!r} has no link.", "Add a link to the paper.")
    if not entry.title and not entry.links and not known:
        add("warning", "malformed_entry", "No title can be read here.", "Check the line's markup.")
    for link in entry.links:
        wrong = malformed_link(link.url)
        if wrong:
            add(
                "warning", "malformed_id", f"The link [{link.label}] leads nowhere: {wrong}.",
                "Correct the identifier in the link.", link.line,
            )  # fmt: skip
        by_url = url_role(link.url)
        labelled = label_role(link.label)
        if labelled == "code" and by_url == "paper" and link_key(link.url):
            add(
                "info", "label_mismatch",
                f"The link labelled [{link.label}] leads to a paper: {link.url}",
                "Change the label or the link.", link.line,
            )  # fmt: skip
        elif labelled == "paper" and by_url in ("code", "video"):
            add(
                "info", "label_mismatch",
                f"The link labelled [{link.label}] leads to {by_url}, not to a paper: {link.url}",
                "Change the label or the link.", link.line,
            )  # fmt: skip
    return found


def _duplicates(entries: Sequence[Entry]) -> list[Issue]:
    issues: list[Issue] = []
    by_paper: dict[str, Entry] = {}
    by_title: dict[str, Entry] = {}
    for entry in entries:
        keys = {key for link in entry.links if link.role == "paper" and (key := link_key(link.url))}
        if entry.ids.arxiv_id:
            keys.add(f"arxiv:{entry.ids.arxiv_id}")
        title = title_identity(entry.title)
        if len(title.split()) < _TITLE_WORDS:
            title = ""
        twin = by_title.get(title) if title else None
        same = next((by_paper[key] for key in sorted(keys) if key in by_paper), None)
        if same is not None and title_identity(same.title) != title and twin is None:
            issues.append(
                Issue(
                    "warning",
                    "duplicate_entry",
                    f"{entry.title!r} links the same paper as {same.title!r} on line "
                    f"{same.line_start}.",
                    entry.entry_id,
                    entry.line_start,
                    "One of the two links is probably wrong.",
                )
            )
        elif same is not None or twin is not None:
            first = twin or same
            assert first is not None
            other = same is None and bool(keys) and bool(first.links)
            issues.append(
                Issue(
                    "info",
                    "duplicate_entry",
                    f"{entry.title!r} stands already on line {first.line_start}"
                    + (", under another link." if other else "."),
                    entry.entry_id,
                    entry.line_start,
                    "Keep one of the two.",
                )
            )
        for key in keys:
            by_paper.setdefault(key, entry)
        if title:
            by_title.setdefault(title, entry)
    return issues
