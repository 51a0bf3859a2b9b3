"""Build the site's index page. Pure: the same lists give the same bytes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from enrich.outputs.escape import json_in_html
from enrich.outputs.report import html
from enrich.outputs.report.headline import Figure
from enrich.outputs.report.rankings import sparkline
from enrich.outputs.report.vega import inside_script
from enrich.outputs.site.combine import Combined, SharedPaper

MOST_CITED_SHOWN = 10
# Rows in the document; the search finds the others.
SHARED_SHOWN = 200
AUTHORS_IN_ROW = 3


def build_index(site: Combined, title: str) -> str:
    """The index page: figures, lists, papers of several lists, most cited, search over all.

    Args:
        site: All lists.
        title: Its heading.

    Returns:
        HTML that needs no network and no other file but the lists' pages it links.
    """
    scripts = [inside_script(html.asset("site.js"))]
    style = html.asset("report.css")
    shared = [paper for paper in site.papers if len(paper.lists) > 1]
    shared.sort(key=lambda p: (-len(p.lists), -(p.paper.citations or 0), p.paper.title))
    cited = sorted(
        (paper for paper in site.papers if paper.paper.citations),
        key=lambda p: (-(p.paper.citations or 0), p.paper.title),
    )
    return (
        html.environment()
        .get_template("site.html.j2")
        .render(
            title=title,
            site=site,
            policy=html.policy(style, scripts),
            style=Markup(style),  # noqa: S704  # our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own
            data=Markup(json_in_html(_search_data(site))),  # noqa: S704  # escaped
            figures=_figures(site, len(shared)),
            lines=[sparkline(one.history) for one in site.lists],
            shared=shared[:SHARED_SHOWN],
            shared_total=len(shared),
            cited=cited[:MOST_CITED_SHOWN],
            address=lambda place: f"{quote(site.lists[place[0]].page)}#entry-{quote(place[1])}",
            first_places=_first_places,
            sandbox=any(one.report.mode == "sandbox" for one in site.lists),
        )
    )


def _first_places(paper: SharedPaper) -> list[tuple[int, str]]:
    """The first entry of a paper in each of its lists."""
    first: dict[int, str] = {}
    for index, entry_id in paper.places:
        first.setdefault(index, entry_id)
    return list(first.items())


def _figures(site: Combined, shared: int) -> tuple[Figure, ...]:
    entries = sum(len(one.report.entries) for one in site.lists)
    resolved = sum(one.resolved for one in site.lists)
    wanted = sum(one.lookups for one in site.lists)
    counts = [p.paper.citations for p in site.papers if p.paper.citations is not None]
    return (
        Figure("Lists", f"{len(site.lists):,}", f"with {entries:,} entries"),
        Figure(
            "Papers",
            f"{len(site.papers):,}",
            f"distinct; {resolved:,} of {wanted:,} entries that are looked up have theirs",
        ),
        Figure("In several lists", f"{shared:,}", "papers that two or more lists hold"),
        Figure(
            "Citations",
            f"{sum(counts):,}" if counts else "unknown",
            f"of {len(counts):,} papers, each counted once",
        ),
    )


def _search_data(site: Combined) -> dict[str, Any]:
    """What the search reads: lists, and rows of title, byline, year, citations and places."""
    rows: list[list[Any]] = [
        [
            one.paper.title,
            _byline(one.paper.authors),
            one.paper.venue,
            one.paper.year,
            one.paper.citations,
            one.places,
        ]
        for one in site.papers
    ]
    rows += [
        [entry.title, entry.authors_text, entry.venue_text, entry.year, None,
         [(index, entry.entry_id)]]
        for index, entry in site.others
    ]  # fmt: skip
    return {
        "lists": [[one.report.title, quote(one.page)] for one in site.lists],
        "rows": rows,
    }


def _byline(authors: tuple[str, ...]) -> str:
    more = len(authors) - AUTHORS_IN_ROW
    return ", ".join(authors[:AUTHORS_IN_ROW]) + (f" +{more}" if more > 0 else "")
