"""Build the report's page: records in, one string of HTML out. Pure.

Jinja escapes all text; the data block is JSON that cannot end its element; the policy in the page
allows its own scripts and style by their hashes and nothing else, no network at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from enrich.outputs.escape import json_in_html
from enrich.outputs.report import html
from enrich.outputs.report.charts import (
    Chart,
    by_outcome,
    by_section,
    by_venue,
    citations_by_year,
    papers_by_year,
    resolved_papers,
)
from enrich.outputs.report.headline import CHANGES, figures, open_reasons
from enrich.outputs.report.model import (
    LABELS,
    OPEN_STATUSES,
    STATUSES,
    PaperRow,
    Report,
)
from enrich.outputs.report.page_data import page_data
from enrich.outputs.report.part import Part
from enrich.outputs.report.rankings import frequent_authors, most_cited
from enrich.outputs.report.time_charts import citations_a_year, growth
from enrich.outputs.report.vega import chart_script, inside_script
from enrich.records import SERVICE_NAMES, Issue

# Of one code; the table `issues` holds the others too.
ISSUES_SHOWN = 200
# Groups of at most this many issues are unfolded from the start.
ISSUES_UNFOLDED = 5


def build(report: Report, parts: Sequence[Part] = (), home: str | None = None) -> str:
    """The whole page; the same input gives the same bytes.

    Args:
        report: What the page shows.
        parts: Its extra sections.
        home: Address of the page of all lists, None where there is none.
    """
    papers = resolved_papers(report)
    charts = _charts(report, papers)
    # A page without charts does not carry the charts' script.
    scripts = [inside_script(html.asset("table.js"))]
    if charts:
        scripts += [chart_script(), inside_script(html.asset("charts.js"))]
    scripts += [inside_script(html.asset(part.script)) for part in parts if part.script]
    style = html.asset("report.css")
    return (
        html.environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            home=home,
            parts=parts,
            policy=html.policy(style, scripts),
            style=Markup(style),  # noqa: S704  # our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own and Vega's
            data=Markup(json_in_html(page_data(report, charts, parts))),  # noqa: S704  # escaped
            figures=figures(report),
            reasons=open_reasons(report),
            charts=charts,
            most_cited=most_cited(report, papers),
            authors=frequent_authors(papers),
            issues=_by_code(report.issues),
            issues_shown=ISSUES_SHOWN,
            issues_unfolded=ISSUES_UNFOLDED,
            statuses=[s for s in STATUSES if any(e.status == s for e in report.entries)],
            open_count=sum(1 for entry in report.entries if entry.status in OPEN_STATUSES),
            kinds=[kind for kind, _ in Counter(e.kind for e in report.entries).most_common()],
            venues=sorted({paper.venue for paper in papers if paper.venue}, key=str.casefold),
            has_bibtex=any(paper.bibtex for paper in papers),
            labels=LABELS,
            services=SERVICE_NAMES,
            change_words=CHANGES,
        )
    )


def _charts(report: Report, papers: Sequence[PaperRow]) -> tuple[Chart, ...]:
    """The charts there is something to show for, in reading order."""
    made = (
        papers_by_year(papers),
        citations_by_year(papers),
        by_section(report.entries, report.papers),
        by_venue(papers),
        citations_a_year(papers),
        by_outcome(report.entries),
        growth(report.growth),
    )
    return tuple(chart for chart in made if chart is not None)


def _by_code(issues: tuple[Issue, ...]) -> list[tuple[str, str, list[Issue]]]:
    """(severity, code, issues), errors first, then the most frequent."""
    groups: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.severity, issue.code), []).append(issue)
    rank = {"error": 0, "warning": 1, "info": 2}
    ordered = sorted(groups.items(), key=lambda g: (rank.get(g[0][0], 3), -len(g[1]), g[0][1]))
    return [(severity, code, found) for (severity, code), found in ordered]
