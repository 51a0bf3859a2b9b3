"""What a mark says of a paper: only what the entry itself leaves out, and how often it is cited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any, Literal
from urllib.parse import quote

from enrich.outputs.export.readable import plain
from enrich.outputs.export.reference import clean, escaped
from enrich.papers.venues import is_preprint, venue_and_year
from enrich.parsing.marks import CLOSE, OPEN
from enrich.records import Entry

Style = Literal["text", "badge"]
# How a mark is written: inside Markdown, inside HTML, or as a line of HTML of its own.
Form = Literal["markdown", "html", "line"]


def wording(entry: Entry, paper: Mapping[str, Any], form: Form, style: Style) -> str | None:
    """The whole mark for an entry, None when there is nothing to add; `paper` is of `papers`."""
    write = _Html() if form != "markdown" else _Markdown()
    parts: list[str] = []
    if paper["is_withdrawn"]:
        parts.append(write.text("withdrawn from arXiv"))
    arxiv_id = paper["arxiv_id"]
    if arxiv_id and not entry.ids.arxiv_id and arxiv_id not in entry.arxiv_ids:
        parts.append(write.link("arXiv", f"https://arxiv.org/abs/{escaped(arxiv_id)}"))
    if where := _where(entry, paper):
        parts.append(write.text(where))
    if (count := paper["citation_count"]) is not None:
        parts.append(_count(write, count, paper, style))
    if not parts:
        return None
    inner = " · ".join(parts)
    return f"{OPEN}<p>{inner}</p>{CLOSE}" if form == "line" else f"{OPEN} · {inner}{CLOSE}"


def _where(entry: Entry, paper: Mapping[str, Any]) -> str | None:
    """Venue and year where the list is silent, or still shows a preprint that was published."""
    venue, year = paper["venue"] and clean(paper["venue"]), paper["year"]
    if is_preprint(venue):
        venue = None
    silent = entry.venue_text is None or is_preprint(entry.venue_text)
    if venue and silent:
        return venue_and_year(venue, year)
    return str(year) if year and entry.year is None and entry.venue_text is None else None


def _count(write: _Markdown | _Html, count: int, paper: Mapping[str, Any], style: Style) -> str:
    told = f"{count:,} citation{'' if count == 1 else 's'}"
    when = paper["counts_observed_at"]
    day = f"{when:%Y-%m-%d}" if isinstance(when, datetime) else ""
    s2 = paper["s2_paper_id"]
    url = f"https://www.semanticscholar.org/paper/{escaped(s2)}" if s2 else None
    if style == "badge":
        label = f"{told}, {day}" if day else told
        badge = f"{_badge(f'citations {day}'.strip())}-{_badge(f'{count:,}')}-blue"
        picture = write.image(label, f"https://img.shields.io/badge/{badge}")
        return write.around(picture, url) if url else picture
    said = write.link(told, url) if url else write.text(told)
    return f"{said} ({day})" if day else said


def _badge(text: str) -> str:
    # shields.io: a dash parts label, message and colour, doubled it is a dash; `_` is a blank.
    return quote(text.replace("-", "--").replace("_", "__").replace(" ", "_"), safe="_-")


class _Markdown:
    """Pieces of a mark inside Markdown."""

    def text(self, text: str) -> str:
        return plain(text)

    def link(self, label: str, url: str) -> str:
        return self.around(plain(label), url)

    def around(self, inner: str, url: str) -> str:
        return f"[{inner}]({url})"

    def image(self, label: str, url: str) -> str:
        return f"![{plain(label)}]({url})"


class _Html:
    """Pieces of a mark inside HTML."""

    def text(self, text: str) -> str:
        return escape(clean(text))

    def link(self, label: str, url: str) -> str:
        return self.around(self.text(label), url)

    def around(self, inner: str, url: str) -> str:
        return f'<a href="{escape(url)}">{inner}</a>'

    def image(self, label: str, url: str) -> str:
        return f'<img src="{escape(url)}" alt="{self.text(label)}">'
