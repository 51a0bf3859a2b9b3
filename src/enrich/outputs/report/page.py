"""The page: records in, one string of HTML out. Pure, and the only place that makes HTML.

Text is escaped by Jinja; the data travels as JSON in a block that cannot be left; the policy in the
page allows its own scripts and style by their hashes and nothing else, no network at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from enrich.outputs.escape import json_in_html, safe_url
from enrich.outputs.report.charts import charts
from enrich.outputs.report.headline import CHANGES, change_sentence, day, figures, open_reasons
from enrich.outputs.report.model import LABELS, OPEN_STATUSES, STATUSES, IssueRow, Report
from enrich.outputs.report.page_data import page_data
from enrich.outputs.report.vega import chart_script, inside_script
from enrich.records import SERVICE_NAMES

ISSUES_SHOWN = 200


def build(report: Report) -> str:
    """The whole page. The same report gives the same bytes."""
    environment = _environment()
    drawn = charts(report)
    scripts = [inside_script(_asset("table.js"))]
    if drawn:
        scripts += [chart_script(), inside_script(_asset("charts.js"))]
    style = _asset("report.css")
    return environment.get_template("report.html.j2").render(
        report=report,
        policy=_policy(style, scripts),
        style=Markup(style),  # noqa: S704  # our own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own and Vega's
        data=Markup(json_in_html(page_data(report, drawn))),  # noqa: S704  # escaped by json_in_html
        figures=figures(report),
        reasons=open_reasons(report),
        charts=drawn,
        issues=_by_code(report.issues),
        issues_shown=ISSUES_SHOWN,
        statuses=[s for s in STATUSES if any(e.status == s for e in report.entries)],
        open_count=sum(1 for entry in report.entries if entry.status in OPEN_STATUSES),
        kinds=[kind for kind, _ in Counter(e.kind for e in report.entries).most_common()],
        labels=LABELS,
        services=SERVICE_NAMES,
        change_words=CHANGES,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("enrich.outputs.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: "" if value is None else f"{value:,}"
    environment.filters["day"] = day
    environment.filters["sentence"] = change_sentence
    environment.filters["words"] = lambda code: code.replace("_", " ").replace("arxiv", "arXiv")
    environment.filters["url"] = safe_url
    return environment


@cache
def _asset(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    source: str = environment.loader.get_source(environment, name)[0]
    return source


def _policy(style: str, scripts: list[str]) -> str:
    """The Content-Security-Policy: what is written in the page, by hash, and nothing else."""
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        "trusted-types default"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _by_code(issues: tuple[IssueRow, ...]) -> list[tuple[str, str, list[IssueRow]]]:
    """(severity, code, issues), errors first, then the most frequent."""
    groups: dict[tuple[str, str], list[IssueRow]] = {}
    for issue in issues:
        groups.setdefault((issue.severity, issue.code), []).append(issue)
    rank = {"error": 0, "warning": 1, "info": 2}
    ordered = sorted(groups.items(), key=lambda g: (rank.get(g[0][0], 3), -len(g[1]), g[0][1]))
    return [(severity, code, found) for (severity, code), found in ordered]
