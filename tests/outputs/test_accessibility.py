"""axe-core finds nothing wrong with any page, at any width, in light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.outputs.browser import Browser, required_or_skip
from tests.outputs.lists import REAL, REPO
from tests.outputs.report.tables import FIRST, SECOND, entry, paper, write_snapshot

import enrich
from enrich.cli.site import main as site
from enrich.outputs.report import write_report

pytestmark = pytest.mark.slow

AXE = REPO / "node_modules" / "axe-core" / "axe.min.js"
RUN = (
    "const done = arguments[0]; axe.run().then("
    "(result) => done(result.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])),"
    "(error) => done([String(error)]))"
)
UNFOLD = (
    "document.querySelectorAll('#rows .unfold').forEach((b, i) => i < 3 && b.click());"
    "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
)
FIND = (
    "const q = document.querySelector('[name=q]'); q.value = 'paper';"
    "q.dispatchEvent(new Event('input', { bubbles: true }))"
)


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.is_file():
        required_or_skip(
            f"axe-core is missing: npm install --no-save axe-core (in {AXE.parents[2]})"
        )
    return AXE.read_text()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report with history, changes, issues and candidates; an empty one; one with citations and
    suggestions; a site of two lists and one of its lists' pages.
    """
    root = tmp_path_factory.mktemp("pages")
    statuses = ("resolved", "resolved", "unresolved", "ambiguous", "not_a_paper")
    entries = [
        entry(n, section=["Papers", f"Part {n % 6}"], status=statuses[n % 5]) for n in range(60)
    ]
    papers = [paper(n) for n in range(60) if n % 5 < 2]
    grown = [paper(n, citation_count=12 * n) for n in range(60) if n % 5 < 2]
    issue = {"severity": "warning", "code": "dead_id", "line": 3, "message": "The id is dead.",
             "suggestion": "https://arxiv.org/abs/2001.00001"}  # fmt: skip
    candidate = {"entry_id": "e2", "source": "arxiv", "source_id": "x", "arxiv_id": "2001.00001",
                 "score": 0.5, "title": "Other", "reason": "Other authors.",
                 "decision": "rejected"}  # fmt: skip
    write_snapshot(root, entries[:50], papers, name=FIRST, mode="sandbox")
    full = write_snapshot(
        root, entries, grown, name=SECOND, mode="sandbox", issues=[issue], candidates=[candidate]
    )
    write_snapshot(root, entries[:9], papers[:5], name=FIRST, slug="other")
    empty = write_snapshot(root / "nothing", [], [])
    assert site(["--root", str(root), "-o", str(root / "site")]) == 0
    cited = enrich.run(REAL, sandbox=True, references=True, out=root / "cited", report=False)
    assert site(["--root", str(root / "cited"), "-o", str(root / "cited-site")]) == 0
    return {
        "citations": write_report(cited.path),
        "list of a site": root / "cited-site" / "lists" / f"{cited.list}.html",
        "report": write_report(full),
        "empty": write_report(empty),
        "site": root / "site" / "index.html",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("report", UNFOLD),
        ("empty", ""),
        ("citations", UNFOLD),
        ("list of a site", UNFOLD),
        ("site", FIND),
    ],
)
def test_no_violations(
    name: str,
    script: str,
    width: int,
    scheme: str,
    browser: Browser,
    axe: str,
    pages: dict[str, Path],
) -> None:
    """All of axe-core's rules hold, with rows and details unfolded and a search made."""
    browser.width(width)
    browser.emulate(prefers_color_scheme=scheme)
    browser.open(pages[name])
    browser.js(script)
    browser.js(axe)
    browser.driver.set_script_timeout(60)
    assert browser.driver.execute_async_script(RUN) == []
