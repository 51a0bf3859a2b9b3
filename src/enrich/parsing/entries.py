"""Make entries of drafts: fields, identifiers and kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from enrich.papers.identifiers import id_keys, link_hints, link_identity, text_identities
from enrich.parsing.draft import Draft
from enrich.parsing.entry_ids import KnownEntry, assign_entry_ids
from enrich.parsing.entry_kind import decide_kind
from enrich.parsing.fields import Fields
from enrich.parsing.inline import plain
from enrich.parsing.layout.read import Reading, read_all
from enrich.parsing.layout.sections import Sections
from enrich.parsing.linking import read_links
from enrich.records import Entry, Identifiers, Link

_ARXIV_MONTH = re.compile(r"arxiv[\s:\-]*(\d{4})", re.IGNORECASE)


def make_entries(
    drafts: Sequence[Draft],
    lines: Sequence[str],
    previous: Sequence[KnownEntry] = (),
    known_titles: Mapping[str, str] = MappingProxyType({}),
) -> tuple[tuple[Entry, ...], Reading]:
    """(one entry per draft, in document order; how they were read).

    Args:
        drafts: What was cut out of the list.
        lines: The lines of the list.
        previous: The entries of the list's last snapshot, whose ids are kept.
        known_titles: Titles by identifier key (`arxiv:1706.03762`), to check the layout with.
    """
    ordered = sorted(drafts, key=lambda draft: draft.line_start)
    known = [_known_title(draft, known_titles) for draft in ordered] if known_titles else []
    reading = read_all(ordered, known)
    sections = Sections(draft.section for draft in ordered)
    entries = assign_entry_ids(
        [
            _entry(position, draft, fields, lines, sections)
            for position, (draft, fields) in enumerate(zip(ordered, reading.fields, strict=True))
        ],
        previous,
    )
    return entries, reading


def _known_title(draft: Draft, known_titles: Mapping[str, str]) -> str | None:
    """The title that is known for an identifier of a draft."""
    links = [link for line in [draft.lead, *draft.more] for link in read_links(line)]
    ids, _ = collect_ids(links, _text(draft), draft.ids)
    return next((known_titles[key] for key in id_keys(ids) if key in known_titles), None)


def _text(draft: Draft) -> str:
    return "\n".join(plain(line) for line in [draft.lead, *draft.more, *draft.columns.values()])


def _entry(
    position: int, draft: Draft, fields: Fields, lines: Sequence[str], sections: Sections
) -> Entry:
    ids, arxiv_ids = collect_ids(fields.links, _text(draft), draft.ids)
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
        section_year=sections.year(draft.section) if fields.year is None else None,
        section_venue=sections.venue(draft.section) if fields.venue is None else None,
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
