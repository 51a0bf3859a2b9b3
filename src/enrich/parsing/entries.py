"""Make entries of drafts: fields, identifiers and kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.papers.identifiers import link_hints, link_identity, text_identities
from enrich.parsing.draft import Draft
from enrich.parsing.entry_ids import KnownEntry, assign_entry_ids
from enrich.parsing.entry_kind import decide_kind
from enrich.parsing.fields import Fields
from enrich.parsing.inline import plain
from enrich.parsing.layout.read import read_all
from enrich.records import Entry, Identifiers, Link

_ARXIV_MONTH = re.compile(r"arxiv[\s:\-]*(\d{4})", re.IGNORECASE)


def make_entries(
    drafts: Sequence[Draft], lines: Sequence[str], previous: Sequence[KnownEntry] = ()
) -> tuple[Entry, ...]:
    """One entry per draft, in document order.

    Args:
        drafts: What was cut out of the list.
        lines: The lines of the list.
        previous: The entries of the list's last snapshot, whose ids are kept.
    """
    ordered = sorted(drafts, key=lambda draft: draft.line_start)
    read = read_all(ordered)
    return assign_entry_ids(
        [
            _entry(position, draft, fields, lines)
            for position, (draft, fields) in enumerate(zip(ordered, read, strict=True))
        ],
        previous,
    )


def _entry(position: int, draft: Draft, fields: Fields, lines: Sequence[str]) -> Entry:
    text = "\n".join(plain(line) for line in [draft.lead, *draft.more, *draft.columns.values()])
    ids, arxiv_ids = collect_ids(fields.links, text, draft.ids)
    if fields.year is not None and _is_month(fields.venue, arxiv_ids):
        fields.year = None
    kind, reason = decide_kind(fields, ids, draft.section, draft.kind)
    hints: dict[str, str] = {}
    for link in fields.links:
        for key, value in link_hints(link.url):
            hints.setdefault(key, value)
    raw = "\n".join(lines[draft.line_start - 1 : draft.line_end]).rstrip()
    return Entry(
        entry_id="",
        position=position,
        section=draft.section,
        line_start=draft.line_start,
        line_end=draft.line_end,
        raw=raw,
        title=fields.title,
        kind=kind,
        kind_reason=reason,
        authors_text=fields.authors,
        venue_text=fields.venue,
        year=fields.year,
        note="; ".join(dict.fromkeys(fields.notes)) or None,
        links=tuple(fields.links),
        ids=ids,
        arxiv_ids=arxiv_ids,
        hints=tuple(hints.items()),
        extra=tuple(draft.extra),
    )


def _is_month(venue: str | None, arxiv_ids: Sequence[str]) -> bool:
    """Whether `arXiv 2009` is the year and month of an identifier (2009.09774), not a year."""
    match = _ARXIV_MONTH.fullmatch(venue or "")
    return match is not None and any(found.startswith(f"{match[1]}.") for found in arxiv_ids)


def collect_ids(
    links: Sequence[Link], text: str, given: Sequence[Identifiers] = ()
) -> tuple[Identifiers, tuple[str, ...]]:
    """(identifiers of the entry's own paper, all arXiv ids); the first of each kind wins."""
    found = [
        *given,
        *(link_identity(link.url) for link in links if link.role == "paper"),
        *text_identities(text),
        *(link_identity(link.url) for link in links if link.role != "paper"),
    ]
    merged: dict[str, object] = {}
    arxiv: dict[str, None] = {}
    for ids in found:
        if ids.arxiv_id:
            arxiv.setdefault(ids.arxiv_id)
        for name in Identifiers.__slots__:
            value = getattr(ids, name)
            if value is not None and name != "arxiv_version":
                if name == "arxiv_id" and name not in merged and ids.arxiv_version:
                    merged["arxiv_version"] = ids.arxiv_version
                merged.setdefault(name, value)
    return Identifiers(**merged), tuple(arxiv)  # type: ignore[arg-type]
