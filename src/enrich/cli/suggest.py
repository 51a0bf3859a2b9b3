"""`enrich suggest [LIST]`: works that a list is missing, and new ones that belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from enrich.cli.console import Console
from enrich.cli.entry_point import entry_point, new_app
from enrich.cli.options import (
    AsJson,
    ListArgument,
    OfSandbox,
    Root,
    SnapshotName,
    flag,
    option,
    snapshots_root,
)
from enrich.errors import UsageError
from enrich.papers.identifiers import page_address

if TYPE_CHECKING:
    from enrich.graph.suggestions import Suggestion
    from enrich.snapshot.schema import TableName

app = new_app()

_HEADINGS = {
    "missing": "Cited by papers of the list and not in it",
    "widely_cited": "Widely cited anyway",
    "new": "New",
}


@dataclass(frozen=True, slots=True)
class _List:
    """A snapshot with references: where it is, its tables, and titles by paper_id."""

    slug: str
    folder: Path
    tables: dict[TableName, Any]

    @property
    def coverage(self) -> str:
        """What share of the papers has known references."""
        papers = self.tables["papers"]
        known = len(set(self.tables["references"]["paper_id"].to_pylist()))
        share = known / len(papers) if len(papers) else 0.0
        return f"The references of {known} of {len(papers)} papers are known ({share:.0%})."

    def titles(self) -> dict[str, str]:
        """The title of each paper."""
        columns = self.tables["papers"].select(["paper_id", "title"]).to_pydict()
        return dict(zip(columns["paper_id"], columns["title"], strict=True))


@app.command()
def suggest(
    list_name: ListArgument = None,
    new: Annotated[
        bool, flag("--new", "Ask both services for new papers that belong to it too.")
    ] = False,
    top: Annotated[int, typer.Option(min=0, help="How many of each group to show; 0 is all.")] = 20,
    decline: Annotated[
        str | None,
        option(
            "Never suggest this work again: an id or its title; kept in the overrides file.", "WORK"
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is declined.", show_default=False)] = "",
    raw: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the lists and their overrides.")
    ] = Path("data/raw"),
    snapshot: SnapshotName = "latest",
    root: Root = None,
    sandbox: OfSandbox = False,
    markdown: Annotated[bool, flag("--markdown", "Markdown, for an issue.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a list is missing: works that several of its papers cite.

    Needs a snapshot of a run with --references. With --new also recent papers, those that were not
    recommended before first.
    """
    from enrich.resolve.declines import load_declined, write_decline
    from enrich.resolve.overrides import FILE
    from enrich.snapshot.graph_tables import suggestions_of

    folder = snapshots_root(root, sandbox, list_name)
    chosen = _open(list_name, snapshot, folder)
    # Markdown is written to a file as a rule: nothing else may be on stdout.
    console = Console(as_json=as_json or markdown)
    if decline is not None:
        write_decline(raw / f"{chosen.slug}.{FILE}", decline, reason)
        console.note(f"Noted in {raw / f'{chosen.slug}.{FILE}'}.")
    declined = load_declined(raw, chosen.slug)
    recommendations = _ask(chosen, root, sandbox, console) if new else ()
    found = suggestions_of(chosen.tables, declined, recommendations)
    if as_json:
        console.json(_as_json(chosen, found))
    elif markdown:
        console.write(_as_markdown(chosen, found, top))
    else:
        _print(console, chosen, found, top)


def _open(list_name: str | None, snapshot: str, folder: Path) -> _List:
    from enrich.snapshot.reading import read_table
    from enrich.snapshot.snapshot import open_snapshot

    chosen = open_snapshot(list_name, snapshot, folder)
    if not (chosen.path / "references.parquet").exists():
        raise UsageError(
            f"{chosen.list} has no references in {chosen.name}: run it with --references first."
        )
    names: tuple[TableName, ...] = ("entries", "papers", "references")
    return _List(chosen.list, chosen.path, {n: read_table(chosen.path, n) for n in names})


def _ask(chosen: _List, root: Path | None, sandbox: bool, console: Console) -> Sequence[Any]:
    """New papers for the list, from the services or from earlier answers."""
    from enrich.clock import SystemClock
    from enrich.pipeline import open_services
    from enrich.settings import load_settings
    from enrich.snapshot.graph_tables import subject_of

    sections: dict[str, list[str]] = {}
    columns = chosen.tables["papers"].select(["paper_id", "s2_paper_id"]).to_pydict()
    s2_ids = dict(zip(columns["paper_id"], columns["s2_paper_id"], strict=True))
    for row in chosen.tables["entries"].select(["paper_id", "section"]).to_pylist():
        if s2_id := s2_ids.get(row["paper_id"]):
            sections.setdefault(" / ".join(row["section"] or ()), []).append(s2_id)
    settings = load_settings(out=root, sandbox=sandbox or None)
    with console, open_services(settings, SystemClock(), console) as (_, lookup):
        return lookup.recommend(chosen.slug, sections, subject_of(chosen.tables))


def _ids(s: Suggestion) -> str:
    ids = s.work.ids
    named = ids.arxiv_id and f"arxiv:{ids.arxiv_id}", ids.doi and f"doi:{ids.doi}"
    return next((name for name in named if name), f"s2:{ids.s2_paper_id}")


def _url(s: Suggestion) -> str:
    ids = s.work.ids
    if ids.arxiv_id:
        return page_address("arxiv", ids.arxiv_id)
    if ids.doi:
        return page_address("doi", ids.doi)
    return page_address("s2", ids.s2_paper_id or "")


def _groups(found: list[Suggestion]) -> list[tuple[str, list[Suggestion]]]:
    groups = [(name, [s for s in found if s.group == name]) for name in _HEADINGS]
    return [(name, group) for name, group in groups if group]


def _print(console: Console, chosen: _List, found: list[Suggestion], top: int) -> None:
    console.print(f"{chosen.slug}: {chosen.coverage}", style="bold")
    if not found:
        console.print("Nothing is missing: no further work is cited by enough of the papers.")
    for name, group in _groups(found):
        rows = [
            (
                str(rank),
                (s.work.title or "", _ids(s)),
                "" if s.work.year is None else str(s.work.year),
                str(len(s.cited_by)) if s.cited_by else "",
                "" if s.work.citation_count is None else f"{s.work.citation_count:,}",
                s.section or "",
            )
            for rank, s in enumerate(group[: top or None], 1)
        ]
        columns = ("#", "work", "year", "cited by", "citations", "section")
        console.table(f"{_HEADINGS[name]} ({len(group)})", columns, rows, box=False)
        if top and len(group) > top:
            console.print(f"… and {len(group) - top} more; --top 0 shows all.")


def _as_json(chosen: _List, found: list[Suggestion]) -> dict[str, object]:
    papers = chosen.tables["papers"]
    return {
        "list": chosen.slug,
        "snapshot": chosen.folder.name,
        "papers": len(papers),
        "papers_with_references": len(set(chosen.tables["references"]["paper_id"].to_pylist())),
        "suggestions": [
            {
                "group": s.group,
                "id": _ids(s),
                "url": _url(s),
                "title": s.work.title,
                "authors": list(s.work.authors),
                "year": s.work.year,
                "venue": s.work.venue,
                "citation_count": s.work.citation_count,
                "cited_by": list(s.cited_by),
                "section": s.section,
                "score": round(s.score, 4),
                "reason": s.reason,
                "first_seen": s.seen[0].isoformat() if s.seen else None,
                "last_seen": s.seen[1].isoformat() if s.seen else None,
            }
            for s in found
        ],
    }


def _as_markdown(chosen: _List, found: list[Suggestion], top: int) -> str:
    """An issue for the list's owner: each work with its reason and the papers that cite it."""
    from enrich.outputs.escape import markdown_link, markdown_text

    titles = chosen.titles()
    lines = [f"# What {markdown_text(chosen.slug)} may be missing", "", chosen.coverage]
    for name, group in _groups(found):
        lines += ["", f"## {_HEADINGS[name]}", ""]
        for s in group[: top or None]:
            year = "" if s.work.year is None else f" ({s.work.year})"
            lines.append(f"- {markdown_link(s.work.title or '', _url(s))}{year}")
            lines.append(f"  {markdown_text(s.reason)}")
            if s.section:
                lines.append(f"  Most of these papers are in “{markdown_text(s.section)}”.")
            cited = [markdown_text(titles[p]) for p in s.cited_by[:3] if titles.get(p)]
            if cited:
                more = f" and {len(s.cited_by) - 3} more" if len(s.cited_by) > 3 else ""
                lines.append(f"  Cited by: {'; '.join(cited)}{more}.")
    return "\n".join(lines) + "\n"


main = entry_point(app, "enrich suggest")
