"""The artifacts of a run: a summary and a table of entries. Pure text.

Both user interfaces of the server render the Markdown of a summary, HTML in it included; the older
one renders table cells too, the newer one shows them as they are. So everything that came from a
list or a service is escaped, and a table's cells no further than they must be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import shorten

from enrich.cli.run_summary import incomplete_sentence
from enrich.errors import HeldBack
from enrich.lookup import Plan
from enrich.outputs.escape import markdown_link, markdown_text, safe_url, table_cell
from enrich.papers.identifiers import page_address
from enrich.pipeline import Job, Outcome
from enrich.records import SERVICE_NAMES, Entry, ListRun, Resolution, Status
from enrich.snapshot.compare import HEADINGS, Change, What

# A page stays readable and quick; everything stands in the snapshot.
MOST_ROWS = 500
MOST_LINES = 20
# At this length status, reason, entry and an arXiv link are all seen on a page of 1,500 pixels;
# addresses cannot be cut, so their column comes last of the four.
CELL_LETTERS = 40
# What needs a person comes first.
ORDER: tuple[Status, ...] = (
    "conflict",
    "ambiguous",
    "unresolved",
    "pending",
    "resolved",
    "not_a_paper",
)


def summary(outcome: Outcome, plan: Plan, sandbox: bool, report: Path | None) -> str:
    """What an operator wants to know of a published list, as Markdown.

    Args:
        outcome: The list and its snapshot.
        plan: The requests that were expected.
        sandbox: Whether the data is invented.
        report: The HTML report, if one was written.

    Returns:
        Markdown with counts, paths, requests beside the plan, open entries and gates.
    """
    run, published = outcome.run, outcome.published
    statuses = Counter(r.status for r in run.resolutions)
    parts = [f"# {markdown_text(run.list_title)}", ""]
    if run.incomplete:
        parts += [f"**Warning, {incomplete_sentence(run)}**", ""]
    if sandbox:
        parts += ["This is sandbox data: invented counts and texts, for trying things out.", ""]
    parts += _table(
        ("entries", *(status for status in ORDER if statuses[status]), "distinct papers"),
        [(len(run.parsed.entries), *(statuses[s] for s in ORDER if statuses[s]), len(run.papers))],
    )
    parts += ["", f"Snapshot `{published.snapshot}` in `{published.path}`."]
    parts += [f"Report: `{report}`.", ""] if report else [""]
    parts += ["## Requests", ""]
    parts += _table(
        ("service", "planned", "made", "retries", "throttled", "from store", "health"),
        [
            (SERVICE_NAMES[t.service], plan.total(t.service), t.total, t.retries, t.throttled,
             t.records_from_cache, t.health)
            for t in run.traffic
        ],
    )  # fmt: skip
    if plan.at_most:
        parts += ["", f"The plan allows {plan.at_most} more for what the planned ones do not find."]
    parts += ["", f"What changed: artifact `{published.list}-changes`."]
    for status in ("conflict", "ambiguous", "unresolved"):
        parts += _open(run, status)
    marked = [gate for gate in published.gates if gate.verdict == "marked"]
    if marked:
        parts += [
            "",
            "## Gates",
            "",
            *(f"- {markdown_text(g.name)}: {markdown_text(g.message)}" for g in marked),
        ]
    return "\n".join(parts) + "\n"


def failure(name: str, error: Exception, cure: str = "") -> str:
    """Why a list has no new snapshot, and what to do, as Markdown."""
    parts = [f"# {markdown_text(name)}", "", f"**{markdown_text(str(error))}**"]
    parts += ["", markdown_text(cure)] if cure else []
    if isinstance(error, HeldBack):
        parts += ["", *(f"- {markdown_text(sentence)}" for sentence in error.failures)]
    return "\n".join(parts) + "\n"


def entries_table(job: Job, outcome: Outcome) -> list[dict[str, str | int | None]]:
    """Rows of the entries, those that need a person first, at most MOST_ROWS.

    The columns that say what to do come first, cut short: the page shows as many as fit beside
    each other, and whole sentences would leave no room for the entry itself.
    """
    run = outcome.run
    papers = {paper.paper_id: paper for paper in run.papers}
    pairs = sorted(
        zip(job.parsed.entries, run.resolutions, strict=True),
        key=lambda pair: (ORDER.index(pair[1].status), pair[0].position),
    )
    rows: list[dict[str, str | int | None]] = []
    for entry, resolution in pairs[:MOST_ROWS]:
        paper = papers.get(run.paper_of.get(entry.entry_id, ""))
        rows.append(
            {
                "status": resolution.status,
                "reason": table_cell(shorten(resolution.reason, CELL_LETTERS, placeholder=" …")),
                "entry": table_cell(shorten(entry.title, CELL_LETTERS, placeholder=" …")),
                "link": _address(entry, paper.ids.arxiv_id if paper else None),
                "line": entry.line_start,
                "citations": paper.citation_count if paper else None,
                "method": resolution.method,
            }
        )
    return rows


def entries_caption(total: int) -> str:
    """What stands above the table of entries."""
    shown_rows = min(total, MOST_ROWS)
    left = "" if total <= MOST_ROWS else f" The other {total - MOST_ROWS} are in the snapshot."
    return f"{shown_rows} of {total} entries, those that need a person first.{left}"


def _address(entry: Entry, arxiv_id: str | None) -> str | None:
    if arxiv_id:
        return page_address("arxiv", arxiv_id)
    papers = (link.url for link in entry.links if link.role == "paper")
    url = safe_url(next(papers, entry.links[0].url if entry.links else None))
    return table_cell(url) if url else None


def changes_page(lists: Sequence[tuple[Outcome, Sequence[Change] | None]]) -> str:
    """What is new and what moved since the last snapshots, as Markdown.

    Args:
        lists: Each list with its changes; None where it had no snapshot before.

    Returns:
        One section per list: a sentence that sums it up, then each kind of change with its titles.
    """
    parts: list[str] = []
    for outcome, changes in lists:
        parts += [f"# {markdown_text(outcome.run.list_title)}", "", *_news(changes), ""]
    return "\n".join(parts)


def _news(changes: Sequence[Change] | None) -> list[str]:
    if changes is None:
        return ["This is the list's first snapshot."]
    if not changes:
        return ["Nothing changed since the snapshot before."]
    by_kind: dict[What, list[Change]] = {}
    for change in changes:
        by_kind.setdefault(change.what, []).append(change)
    ordered = [(what, by_kind[what]) for what in HEADINGS if what in by_kind]
    gained = sum(_gain(change) for change in by_kind.get("citations", ()))
    counts = [f"{HEADINGS[what].lower()}: {len(rows)}" for what, rows in ordered]
    found = [f"**{', '.join(counts)}**" + (f" ({gained:+,} citations)" if gained else "")]
    for what, rows in ordered:
        found += ["", f"## {HEADINGS[what]}: {len(rows)}", ""]
        if what == "citations":
            rows = sorted(rows, key=lambda change: -abs(_gain(change)))
            found += _table(
                ("paper", "before", "now", "change"),
                [(c.title, c.before, c.after, f"{_gain(c):+,}") for c in rows[:MOST_LINES]],
            )
        else:
            found += _bullets([_title_and_values(change) for change in rows])
    return found


def _gain(change: Change) -> int:
    before, after = change.before, change.after
    return after - before if isinstance(before, int) and isinstance(after, int) else 0


def _title_and_values(change: Change) -> str:
    """The title, with what it was and is where that says something."""
    values = [str(v) for v in (change.before, change.after) if v not in (None, change.title)]
    return f"{change.title} ({' → '.join(values)})" if values else change.title


def _bullets(titles: Sequence[str]) -> list[str]:
    lines = [f"- {markdown_text(title)}" for title in titles[:MOST_LINES]]
    if len(titles) > MOST_LINES:
        lines.append(f"- and {len(titles) - MOST_LINES} more")
    return lines


def _open(run: ListRun, status: str) -> list[str]:
    pairs: list[tuple[Entry, Resolution]] = [
        (entry, resolution)
        for entry, resolution in zip(run.parsed.entries, run.resolutions, strict=True)
        if resolution.status == status
    ]
    if not pairs:
        return []
    lines = ["", f"## {status.capitalize()}: {len(pairs)}", ""]
    for entry, resolution in pairs[:MOST_LINES]:
        url = _address(entry, None)
        lines.append(
            f"- line {entry.line_start}: {markdown_link(entry.title, url)} – "
            f"{markdown_text(resolution.reason)}"
        )
    if len(pairs) > MOST_LINES:
        lines.append(f"- and {len(pairs) - MOST_LINES} more, in the table of entries")
    return lines


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [
        f"| {' | '.join(columns)} |",
        f"|{' --- |' * len(columns)}",
        *(f"| {' | '.join(markdown_text(str(value)) for value in row)} |" for row in rows),
    ]
