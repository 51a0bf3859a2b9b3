"""The report's section on citations: the network of the list, and what it is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import pi, sqrt
from urllib.parse import quote

from enrich.graph.layout import positions
from enrich.graph.network import Network, Node, network_of
from enrich.graph.suggestions import RECOMMENDED
from enrich.outputs.addresses import best_address
from enrich.outputs.escape import one_line
from enrich.outputs.report.inputs import ReportInput
from enrich.outputs.report.part import Part
from enrich.outputs.sections import short_names, topic_part
from enrich.papers.identifiers import page_address

# The drawing's size in its own units, and the margin that keeps circles and labels inside.
WIDTH, HEIGHT, MARGIN = 1000, 640, 60
# Labels in the drawing, and papers in the lists beside it.
LABELS, CORE, MISSING, READING = 10, 10, 15, 40
# Sections with a colour of their own; the smaller ones share the last class.
COLOURS = 8
# Share of the drawing that all circles cover at most.
COVERED = 0.12
# From so many citations on lines are thinner, so that together they darken the drawing no more.
THINNER_FROM = 1_600
# The size of labels in the drawing's units: a line, and a letter on average.
LABEL_HEIGHT, LETTER_WIDTH = 17, 7.5


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
    label_x: float
    name: str


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
    note: str


def citation_part(source: ReportInput) -> Part | None:
    """The section; None for a snapshot without references."""
    if "references" not in source.tables:
        return None
    entries = source.tables["entries"].select(["entry_id", "paper_id", "section"]).to_pylist()
    targets, sections = {}, {}
    for row in entries:
        if row["paper_id"] is not None and row["paper_id"] not in targets:
            targets[row["paper_id"]] = f"#entry-{quote(row['entry_id'])}"
            sections[row["paper_id"]] = topic_part(tuple(row["section"] or ()))
    names = short_names(sections.values())
    papers = [p for p in source.tables["papers"].to_pylist() if p["paper_id"] in targets]
    network = network_of(
        papers,
        source.tables["references"].select(["paper_id", "cited_paper_id"]).to_pylist(),
        {paper_id: names[section] for paper_id, section in sections.items()},
    )
    circles, ends, legend = _drawing(network, targets)
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
        "ends": ends,
        "line_width": round(min(1.0, sqrt(THINNER_FROM / max(len(ends), 1))), 2),
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
) -> tuple[list[Circle], list[tuple[int, int]], list[tuple[int, str]]]:
    """Circles, citations as pairs of their numbers (the citing one first), and the legend."""
    places = {
        paper_id: (MARGIN + x * (WIDTH - 2 * MARGIN), MARGIN + y * (HEIGHT - 2 * MARGIN))
        for paper_id, (x, y) in positions(network).items()
    }
    nodes = [node for node in network.nodes if node.paper_id in places]
    common = [name for name, _ in Counter(n.section for n in nodes).most_common(COLOURS - 1)]
    colour = {name: number for number, name in enumerate(common)}
    # The area of a circle grows with the citations, so that it is seen as their number.
    radii = {node.paper_id: 6 + 4 * sqrt(network.cited_by[node.paper_id]) for node in nodes}
    covered = pi * sum(radius**2 for radius in radii.values())
    unit = min(1.0, sqrt(COVERED * WIDTH * HEIGHT / max(covered, 1)))
    labelled = _labelled(network.core, places)
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
                round(x, 1),
                round(y, 1),
                round(radii[node.paper_id] * unit, 1),
                colour.get(node.section, COLOURS - 1),
                _shortened(title) if node.paper_id in labelled else "",
                labelled.get(node.paper_id, 0),
                f"{title}{year}; {node.section}; cited {times} in the list",
            )
        )
    ends = [(at[citing], at[cited]) for citing, cited in network.edges]
    legend = [(number, one_line(name) or "No heading") for name, number in colour.items()]
    if any(circle.colour == COLOURS - 1 for circle in circles):
        legend.append((COLOURS - 1, "Other sections"))
    return circles, ends, legend


def _labelled(core: list[Node], places: dict[str, tuple[float, float]]) -> dict[str, float]:
    """The middle of each label: of the most cited papers whose labels lie on no other label."""
    taken: dict[str, tuple[float, float, float]] = {}
    for node in core:
        if len(taken) == LABELS:
            break
        x, y = places[node.paper_id]
        half = LETTER_WIDTH * len(_shortened(one_line(node.title))) / 2
        x = min(max(x, half), WIDTH - half)
        if all(
            abs(x - other_x) > half + other_half or abs(y - other_y) > LABEL_HEIGHT
            for other_x, other_y, other_half in taken.values()
        ):
            taken[node.paper_id] = x, y, half
    return {paper_id: round(x, 1) for paper_id, (x, _, _) in taken.items()}


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
        # A cited work's numbers stand in columns; what every recommendation says is left out.
        note = row["reason"] if group == "new" and row["reason"] != RECOMMENDED else ""
        s2_id = row["s2_paper_id"]
        address = best_address(row) or (page_address("s2", s2_id) if s2_id else None)
        found.append(
            Missing(
                one_line(row["title"]), address, one_line(place), row["cited_by_count"],
                row["citation_count"], note,
            )
        )  # fmt: skip
    return found
