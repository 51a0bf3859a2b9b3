"""The text of a mark: what the entry itself leaves out, and how often its paper is cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import quote

from enrich.outputs.attribution import SEMANTIC_SCHOLAR_URL
from enrich.outputs.escape import html_text, markdown_text, one_line
from enrich.papers.identifiers import page_address
from enrich.papers.venues import is_preprint, publication, venue_and_year
from enrich.parsing.marks import CLOSE, OPEN
from enrich.records import Entry

Style = Literal["text", "badge"]
# How a mark is written: inside Markdown, inside HTML, or as a line of HTML of its own.
Form = Literal["markdown", "html", "line"]


def mark_text(
    entry: Entry, paper: Mapping[str, Any], form: Form, style: Style, *, dates: bool = False
) -> str | None:
    """The whole mark of an entry.

    Args:
        entry: The entry as the list writes it.
        paper: Its paper, a row of `papers`.
        form: How the mark is written at its place.
        style: Citation counts as text or as a picture.
        dates: Whether the count carries the day on which it was observed.

    Returns:
        The mark with its opening and closing comment; None when there is nothing to add.
    """
    write = _Html() if form != "markdown" else _Markdown()
    parts: list[str] = []
    if paper["is_withdrawn"]:
        parts.append(write.text("withdrawn from arXiv"))
    arxiv_id = paper["arxiv_id"]
    if arxiv_id and not entry.ids.arxiv_id and arxiv_id not in entry.arxiv_ids:
        parts.append(write.link("arXiv", page_address("arxiv", arxiv_id)))
    if where := _where(entry, paper):
        parts.append(write.text(where))
    if paper["citation_count"] is not None:
        parts.append(_count(write, paper, style, dates))
    if not parts:
        return None
    # The comments around it let the next run find and renew exactly this text.
    inner = " · ".join(parts)
    return f"{OPEN}<p>{inner}</p>{CLOSE}" if form == "line" else f"{OPEN} · {inner}{CLOSE}"


def credit_mark(papers: Iterable[Mapping[str, Any]]) -> str | None:
    """The mark at the end of a list: whose counts they are and when they were observed.

    It stands once in the list, so that a nightly run changes this line and those with new counts.
    """
    days = sorted({day for paper in papers if (day := _counted_on(paper))})
    if not days:
        return None
    when = f"on {days[0]}" if len(days) == 1 else f"between {days[0]} and {days[-1]}"
    link = _Html().link("Semantic Scholar", SEMANTIC_SCHOLAR_URL)
    return f"{OPEN}<p>Citation counts: {link}, observed {when}.</p>{CLOSE}"


def _where(entry: Entry, paper: Mapping[str, Any]) -> str | None:
    """Venue and year where the list is silent, or still shows a preprint that was published."""
    venue, _ = publication(paper["venue"] and one_line(paper["venue"]), None)
    year = paper["year"]
    silent = entry.venue_text is None or is_preprint(entry.venue_text)
    if venue and silent:
        return venue_and_year(venue, year)
    return str(year) if year and entry.year is None and entry.venue_text is None else None


def _count(write: _Markdown | _Html, paper: Mapping[str, Any], style: Style, dates: bool) -> str:
    count = paper["citation_count"]
    text = f"{count:,} citation{'' if count == 1 else 's'}"
    day = _counted_on(paper) if dates else None
    s2 = paper["s2_paper_id"]
    url = page_address("s2", s2) if s2 else None
    if style == "badge":
        label = f"{text}, {day}" if day else text
        name = _badge(f"citations {day}" if day else "citations")
        picture = write.image(
            label, f"https://img.shields.io/badge/{name}-{_badge(f'{count:,}')}-blue"
        )
        return write.around(picture, url) if url else picture
    linked = write.link(text, url) if url else write.text(text)
    return f"{linked} ({day})" if day else linked


def _counted_on(paper: Mapping[str, Any]) -> date | None:
    when = paper["counts_observed_at"]
    counted = isinstance(when, datetime) and paper["citation_count"] is not None
    return when.date() if counted else None


def _badge(text: str) -> str:
    # shields.io: a dash separates label, message and colour, doubled it is a dash; `_` is a blank.
    return quote(text.replace("-", "--").replace("_", "__").replace(" ", "_"), safe="_-")


class _Markdown:
    """Pieces of a mark inside Markdown."""

    def text(self, text: str) -> str:
        return markdown_text(text)

    def link(self, label: str, url: str) -> str:
        return self.around(markdown_text(label), url)

    def around(self, inner: str, url: str) -> str:
        return f"[{inner}]({url})"

    def image(self, label: str, url: str) -> str:
        return f"![{markdown_text(label)}]({url})"


class _Html:
    """Pieces of a mark inside HTML."""

    def text(self, text: str) -> str:
        return html_text(text)

    def link(self, label: str, url: str) -> str:
        return self.around(self.text(label), url)

    def around(self, inner: str, url: str) -> str:
        return f'<a href="{html_text(url)}">{inner}</a>'

    def image(self, label: str, url: str) -> str:
        return f'<img src="{html_text(url)}" alt="{self.text(label)}">'
