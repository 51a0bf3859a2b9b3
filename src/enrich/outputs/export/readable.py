"""A list as Markdown to be read: sections, titles, authors, venues, counts with their dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from enrich.outputs.export.reference import address, clean, escaped, title_text

_MOST_AUTHORS = 4
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~$#!&])")
_OPENER = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def markdown(titles: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> str:
    """All entries by list (slug -> title) and section; `rows` are of `enriched`, in order."""
    lines: list[str] = []
    current: str | None = None
    section: list[str] = []
    for row in rows:
        if row["list"] != current:
            current, section = row["list"], []
            lines += ["", f"# {plain(titles[row['list']])}", ""]
        wanted = row["section"] or []
        if wanted != section:
            shared = next(
                (i for i, (a, b) in enumerate(zip(wanted, section, strict=False)) if a != b),
                min(len(wanted), len(section)),
            )
            for depth, name in enumerate(wanted[shared:], shared + 2):
                lines += ["", f"{'#' * min(depth, 6)} {plain(name)}", ""]
            section = wanted
        lines.append(_bullet(row))
    lines += [
        "",
        "Metadata from [arXiv](https://arxiv.org), citation counts and metadata from "
        "[Semantic Scholar](https://www.semanticscholar.org).",
    ]
    return "\n".join(_single_blanks(lines)) + "\n"


def _bullet(row: Mapping[str, Any]) -> str:
    title = plain(title_text(row["paper_title"] or row["title"]))
    link = address(row) or next(
        (x["url"] for x in row["links"] or [] if x["url"].startswith(("http://", "https://"))), None
    )
    name = f"[{title or 'untitled'}](<{_target(link)}>)" if link else title or "untitled"
    parts = [f"**{name}**"]
    if row["status"] == "resolved":
        if row["authors"]:
            parts.append(_authors([a["name"] for a in row["authors"]]))
        parts.append(" ".join(plain(str(p)) for p in (row["venue"], row["paper_year"]) if p))
        if row["arxiv_id"] and row["doi"]:
            parts.append(f"[arXiv](<https://arxiv.org/abs/{escaped(row['arxiv_id'])}>)")
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
    shown = ", ".join(plain(name) for name in names[:_MOST_AUTHORS])
    return f"{shown} et al." if len(names) > _MOST_AUTHORS else shown


def plain(text: str) -> str:
    """`text` as Markdown that shows it as it is, on one line."""
    return _OPENER.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", clean(text))).replace("\\<", "&lt;")


def _target(url: str) -> str:
    """An address as it may stand in `<...>`, where Markdown and a table see only an address."""
    return "".join(f"%{ord(c):02X}" if c in '<>|\\"`' or c.isspace() else c for c in clean(url))


def _single_blanks(lines: list[str]) -> list[str]:
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return kept[1:] if kept and not kept[0] else kept
