"""The report's section on citations: drawing, core papers, reading order, what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.outputs.browser import Browser

import enrich
from enrich.graph.layout import positions
from enrich.graph.network import Network, Node
from enrich.outputs.report.citation_part import LETTER_WIDTH, WIDTH, _labelled, citation_part
from enrich.outputs.report.inputs import read_input

LIST = Path(__file__).resolve().parents[3] / "data/raw/awesome-deep-learning-for-video-analysis.md"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> enrich.Snapshot:
    """The real list, run with references against the sandbox."""
    folder = tmp_path_factory.mktemp("citations")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return enrich.run(LIST, sandbox=True, references=True, out=folder / "out")


def test_the_section_shows_the_tables(snapshot: enrich.Snapshot) -> None:
    """Every linked paper is a circle, every citation within the list a line, the best is first."""
    part = citation_part(read_input(snapshot.path))
    assert part is not None
    inside = snapshot.references.dropna(subset=["cited_paper_id"])
    edges = {(a, b) for a, b in zip(inside["paper_id"], inside["cited_paper_id"], strict=True)}
    edges = {(a, b) for a, b in edges if a != b}
    values = part.values
    assert len(set(values["ends"])) == values["citations"] == len(edges)
    assert len(values["circles"]) == len({paper for edge in edges for paper in edge})
    assert len(values["circles"]) + len(values["isolated"]) == len(snapshot.papers)
    assert all(0 < circle.x < WIDTH for circle in values["circles"])
    missing = snapshot.suggestions.query("group == 'missing'")
    assert [m.title for m in values["missing"]] == list(missing["title"][:15])
    assert snapshot.report is not None
    page = snapshot.report.read_text()
    (path,) = re.findall(r'<path class="lines" stroke-width="1.0" d="([^"]+)"', page)
    assert path.count("M") == len(edges) and 'id="citations"' in page


def test_without_references_there_is_no_section(tmp_path: Path) -> None:
    """A snapshot of a run without --references has a report as before."""
    source = tmp_path / "one.md"
    source.write_text("- [A paper](https://arxiv.org/abs/1406.2199)\n")
    made = enrich.run(source, sandbox=True, out=tmp_path / "out")
    assert made.report is not None
    assert 'id="citations"' not in made.report.read_text()


@pytest.mark.parametrize("number", [1, 2, 50])
def test_the_layout_is_repeatable_and_keeps_papers_apart(number: int) -> None:
    """The same network gives the same picture; papers lie within it and not on each other."""
    nodes = tuple(Node(str(n), f"Title {n}", 2000, str(n % 4)) for n in range(number))
    edges = tuple((str(n), str(n // 2)) for n in range(1, number))
    places = positions(Network(nodes, edges))
    assert places == positions(Network(nodes, edges))
    assert set(places) == {name for edge in edges for name in edge}
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places.values())
    assert len(set(places.values())) == len(places)


def star(spokes: int, far: int = 0) -> Network:
    """Papers that all cite one, and a chain of further ones that leads away from it."""
    names = [str(n) for n in range(spokes + far + 1)]
    nodes = tuple(Node(name, f"The paper with the number {name}", 2000, "S") for name in names)
    edges = [(str(n), "0") for n in range(1, spokes + 1)]
    edges += [(str(n), str(n - 1)) for n in range(spokes + 1, spokes + far + 1)]
    return Network(nodes, tuple(edges))


def test_a_few_papers_far_out_leave_room_for_the_others() -> None:
    """Nineteen of twenty papers have at least three fifths of the drawing in each direction."""
    places = sorted(positions(star(60, far=2)).values())
    for axis in (0, 1):
        values = sorted(place[axis] for place in places)
        inner = values[len(values) // 40 : -(len(values) // 40) or None]
        assert inner[-1] - inner[0] > 0.6


def test_labels_do_not_lie_on_each_other() -> None:
    """A label that would lie on another's is left out; all are inside the drawing."""
    nodes = tuple(Node(name, f"The long title of {name}", 2000, "S") for name in "abc")
    places = {"a": (100.0, 100.0), "b": (120.0, 110.0), "c": (120.0, 140.0)}
    half = round(LETTER_WIDTH * len(nodes[0].title) / 2, 1)
    assert _labelled(list(nodes), places) == {"a": 100, "c": 120}
    assert _labelled([nodes[0]], {"a": (3.0, 9.0)}) == {"a": half}
    assert _labelled([nodes[0]], {"a": (WIDTH, 9.0)}) == {"a": pytest.approx(WIDTH - half, abs=0.1)}


@pytest.mark.slow
def test_focus_and_search_in_the_drawing(snapshot: enrich.Snapshot, browser: Browser) -> None:
    """The neighbours of a focused paper stand out; words find papers; nothing is blocked."""
    assert snapshot.report is not None
    browser.open(snapshot.report)
    browser.js("document.querySelector('#network a').focus()")
    near = browser.js("return document.querySelectorAll('#network a.on').length")
    path = browser.js("return document.querySelector('#network .near').getAttribute('d')")
    lines = path.count("M")
    assert 2 <= near <= lines + 1
    browser.js("document.querySelector('#network a').blur()")
    field = browser.driver.find_element("css selector", "#network-search input")
    field.send_keys("look listen")
    assert browser.js("return document.querySelectorAll('#network a.on').length") == 1
    found = browser.js("return document.getElementById('network-found').textContent")
    assert re.fullmatch(r"1 of \d+ papers in the drawing", found)
    assert browser.settle()[1] == []
