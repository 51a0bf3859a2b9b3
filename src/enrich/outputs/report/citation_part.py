"""The report's section on citations: the network of the list, and what it is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from urllib.parse import quote

from enrich.graph.layout import positions
from enrich.graph.network import Network, Node, network_of
from enrich.outputs.addresses import best_address, semantic_scholar_address
from enrich.outputs.escape import one_line
from enrich.outputs.report.inputs import ReportInput
from enrich.outputs.report.part import Part
from enrich.outputs.sections import short_names, telling_part

# The drawing's size in its own units, and the margin that keeps circles and labels inside.
WIDTH, HEIGHT, MARGIN = 1000, 640, 60
LABELS, CORE, MISSING, READING = 10, 10, 15, 40
# Sections with a colour of their own; the smaller ones share the last class.
COLOURS = 8


@dataclass(frozen=True, slots=True)
class Circle:
    """One paper in the drawing."""

    title: str
    target: str
    x: float
    y: float
    radius: float
    colour: int
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One citation in the drawing; `ends` are numbers of circles, the citing one first."""

    x1: float
    y1: float
    x2: float
    y2: float
    ends: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """A paper of the list in one of the section's lists."""

    title: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A suggested work."""

    title: str
    address: str | None
    byline: str
    cited_by: int
    citations: int | None
    reason: str


def citation_part(source: ReportInput) -> Part | None:
    """The section; None for a snapshot without references."""
    if "references" not in source.tables:
        return None
    entries = source.tables["entries"].select(["entry_id", "paper_id", "section"]).to_pylist()
    targets, sections = {}, {}
    for row in entries:
        if row["paper_id"] is not None and row["paper_id"] not in targets:
            targets[row["paper_id"]] = f"#entry-{quote(row['entry_id'])}"
            sections[row["paper_id"]] = telling_part(tuple(row["section"] or ()))
    names = short_names(sections.values())
    papers = [p for p in source.tables["papers"].to_pylist() if p["paper_id"] in targets]
    network = network_of(
        papers,
        source.tables["references"].select(["paper_id", "cited_paper_id"]).to_pylist(),
        {paper_id: names[section] for paper_id, section in sections.items()},
    )
    circles, lines, legend = _drawing(network, targets)
    known = sum(bool(p["references_known"]) for p in papers)

    def items(nodes: list[Node]) -> list[Item]:
        return [
            Item(one_line(n.title), targets[n.paper_id], network.cited_by[n.paper_id])
            for n in nodes
        ]

    isolated = {node.paper_id for node in network.isolated}
    reading = [node for node in network.reading_order if node.paper_id not in isolated]
    values = {
        "known": known,
        "papers": len(papers),
        "citations": len(network.edges),
        "width": WIDTH,
        "height": HEIGHT,
        "circles": circles,
        "lines": lines,
        "legend": legend,
        "core": items(network.core[:CORE]),
        "isolated": items(network.isolated),
        "reading": items(reading[:READING]),
        "missing": _suggested(source, "missing")[:MISSING],
        "widely_cited": _suggested(source, "widely_cited")[:MISSING],
        "new": _suggested(source, "new")[:MISSING],
    }
    return Part("citations", "Citations", "citations.html.j2", values, script="citations.js")


def _drawing(
    network: Network, targets: dict[str, str]
) -> tuple[list[Circle], list[Line], list[tuple[int, str]]]:
    places = positions(network)
    nodes = [node for node in network.nodes if node.paper_id in places]
    common = [name for name, _ in Counter(n.section for n in nodes).most_common(COLOURS - 1)]
    colour = {name: number for number, name in enumerate(common)}
    labelled = {node.paper_id for node in network.core[:LABELS]}
    # Circles of a large network are smaller, so that they stay apart.
    unit = min(1.0, sqrt(120 / max(len(nodes), 1)))
    circles: list[Circle] = []
    at: dict[str, int] = {}
    for node in nodes:
        x, y = places[node.paper_id]
        cited = network.cited_by[node.paper_id]
        title = one_line(node.title)
        year = f", {node.year}" if node.year else ""
        times = "once" if cited == 1 else f"{cited} times"
        at[node.paper_id] = len(circles)
        circles.append(
            Circle(
                title,
                targets[node.paper_id],
                round(MARGIN + x * (WIDTH - 2 * MARGIN), 1),
                round(MARGIN + y * (HEIGHT - 2 * MARGIN), 1),
                round((6 + 4 * sqrt(cited)) * unit, 1),
                colour.get(node.section, COLOURS - 1),
                _shortened(title) if node.paper_id in labelled else "",
                f"{title}{year}; {node.section}; cited {times} in the list",
            )
        )
    lines = [
        Line(a.x, a.y, b.x, b.y, (at[citing], at[cited]))
        for citing, cited in network.edges
        for a, b in [(circles[at[citing]], circles[at[cited]])]
    ]
    legend = [(number, one_line(name) or "No heading") for name, number in colour.items()]
    if any(circle.colour == COLOURS - 1 for circle in circles):
        legend.append((COLOURS - 1, "Other sections"))
    return circles, lines, legend


def _shortened(title: str) -> str:
    """The part of a title before its colon, at most 32 characters."""
    short = title.split(":")[0]
    return short if len(short) <= 32 else f"{short[:31].rstrip()}…"


def _suggested(source: ReportInput, group: str) -> list[Missing]:
    if "suggestions" not in source.tables:
        return []
    found = []
    for row in source.tables["suggestions"].to_pylist():
        if row["group"] != group:
            continue
        authors = [*(row["authors"] or ())]
        by = authors[0] + (" et al." if len(authors) > 1 else "") if authors else ""
        place = ", ".join(str(part) for part in (by, row["venue"], row["year"]) if part)
        s2_id = row["s2_paper_id"]
        address = best_address(row) or (semantic_scholar_address(s2_id) if s2_id else None)
        found.append(
            Missing(
                one_line(row["title"]), address, one_line(place), row["cited_by_count"],
                row["citation_count"], row["reason"],
            )
        )  # fmt: skip
    return found
