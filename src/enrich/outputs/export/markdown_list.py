"""A whole list as readable Markdown: sections, titles, authors, venues, counts with their dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from enrich.outputs.addresses import best_address
from enrich.outputs.attribution import MARKDOWN_CREDIT
from enrich.outputs.escape import markdown_link, markdown_text, safe_url
from enrich.outputs.export.reference import title_text
from enrich.papers.identifiers import page_address

# Names before `et al.`.
_MOST_AUTHORS = 4


def markdown(titles: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> str:
    """All entries by list (slug -> title) and section; `rows` are of `enriched`, in order."""
    lines: list[str] = []
    current: str | None = None
    section: list[str] = []
    for row in rows:
        if row["list"] != current:
            current, section = row["list"], []
            lines += ["", f"# {markdown_text(titles[row['list']])}", ""]
        wanted = row["section"] or []
        if wanted != section:
            shared = next(
                (i for i, (a, b) in enumerate(zip(wanted, section, strict=False)) if a != b),
                min(len(wanted), len(section)),
            )
            for depth, name in enumerate(wanted[shared:], shared + 2):
                lines += ["", f"{'#' * min(depth, 6)} {markdown_text(name)}", ""]
            section = wanted
        lines.append(_bullet(row))
    lines += [
        "",
        MARKDOWN_CREDIT,
    ]
    return "\n".join(_single_blanks(lines)) + "\n"


def _bullet(row: Mapping[str, Any]) -> str:
    title = title_text(row["paper_title"] or row["title"]) or "untitled"
    links = (x["url"] for x in row["links"] or [] if safe_url(x["url"]))
    parts = [f"**{markdown_link(title, best_address(row) or next(links, None))}**"]
    if row["status"] == "resolved":
        if row["authors"]:
            parts.append(_authors([a["name"] for a in row["authors"]]))
        parts.append(
            " ".join(markdown_text(str(p)) for p in (row["venue"], row["paper_year"]) if p)
        )
        if row["arxiv_id"] and row["doi"]:
            parts.append(markdown_link("arXiv", page_address("arxiv", row["arxiv_id"])))
        if row["is_withdrawn"]:
            parts.append("**withdrawn**")
        if row["citation_count"] is not None:
            when = row["counts_observed_at"]
            day = f" ({when:%Y-%m-%d})" if when else ""
            parts.append(f"{row['citation_count']:,} citations{day}")
    elif row["status"] != "not_a_paper":
        parts.append(f"*{row['status']}*")
    return f"- {' · '.join(part for part in parts if part)}"


def _authors(names: list[str]) -> str:
    shown = ", ".join(markdown_text(name) for name in names[:_MOST_AUTHORS])
    return f"{shown} et al." if len(names) > _MOST_AUTHORS else shown


def _single_blanks(lines: list[str]) -> list[str]:
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return kept[1:] if kept and not kept[0] else kept
