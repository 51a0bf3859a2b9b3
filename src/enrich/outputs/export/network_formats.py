"""The citation network of lists as GraphML, GEXF or Cytoscape JSON, for Gephi and its kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from enrich.errors import UsageError
from enrich.graph.network import Network, Node, network_of
from enrich.outputs.escape import one_line
from enrich.outputs.export.selection import EntryFilter
from enrich.snapshot.reading import read_table

# Attribute of a node -> its type in GraphML and GEXF.
_ATTRIBUTES = {
    "label": "string",
    "year": "int",
    "section": "string",
    "citation_count": "int",
    "cited_in_list": "int",
}
_PAPERS = ["paper_id", "title", "year", "citation_count"]


def network(selected: Sequence[Path], wanted: EntryFilter) -> Network:
    """The citations among the papers of the selected snapshots.

    Raises:
        UsageError: A snapshot has no references.
    """
    papers: dict[str, dict[str, Any]] = {}
    references: list[dict[str, Any]] = []
    sections: dict[str, str] = {}
    for path in selected:
        if not (path / "references.parquet").exists():
            raise UsageError(
                f"{path.parent.name} has no references in {path.name}: run it with --references."
            )
        for row in read_table(path, "enriched").to_pylist():
            if row["paper_id"] and wanted.fits(row):
                sections.setdefault(row["paper_id"], " / ".join(row["section"] or ()))
        for row in read_table(path, "papers").select(_PAPERS).to_pylist():
            if row["paper_id"] in sections:
                papers.setdefault(row["paper_id"], row)
        columns = ["paper_id", "cited_paper_id"]
        references += read_table(path, "references").select(columns).to_pylist()
    return network_of(papers.values(), references, sections)


def graphml(graph: Network) -> str:
    """GraphML 1.0: one directed graph, an edge from the citing to the cited paper."""
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for name, kind in _ATTRIBUTES.items():
        key = {"id": name, "for": "node", "attr.name": name, "attr.type": kind}
        ElementTree.SubElement(root, "key", key)
    body = ElementTree.SubElement(root, "graph", id="citations", edgedefault="directed")
    for node in graph.nodes:
        element = ElementTree.SubElement(body, "node", id=node.paper_id)
        for name, value in _texts(graph, node):
            ElementTree.SubElement(element, "data", key=name).text = value
    for citing, cited in graph.edges:
        ElementTree.SubElement(body, "edge", source=citing, target=cited)
    return _written(root)


def gexf(graph: Network) -> str:
    """GEXF 1.3, Gephi's own format."""
    root = ElementTree.Element("gexf", xmlns="http://gexf.net/1.3", version="1.3")
    body = ElementTree.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    attributes = ElementTree.SubElement(body, "attributes", {"class": "node"})
    types = {"int": "integer", "string": "string"}
    for name, kind in _ATTRIBUTES.items():
        ElementTree.SubElement(attributes, "attribute", id=name, title=name, type=types[kind])
    nodes = ElementTree.SubElement(body, "nodes")
    for node in graph.nodes:
        label = one_line(node.title)
        element = ElementTree.SubElement(nodes, "node", id=node.paper_id, label=label)
        values = ElementTree.SubElement(element, "attvalues")
        for name, value in _texts(graph, node):
            ElementTree.SubElement(values, "attvalue", {"for": name, "value": value})
    edges = ElementTree.SubElement(body, "edges")
    for number, (citing, cited) in enumerate(graph.edges):
        ElementTree.SubElement(edges, "edge", id=str(number), source=citing, target=cited)
    return _written(root)


def cytoscape(graph: Network) -> str:
    """JSON in the form of Cytoscape, Cytoscape.js and networkx, whose nodes have a `value`."""
    nodes = [
        {
            "data": {
                "id": node.paper_id,
                "value": node.paper_id,
                "name": one_line(node.title),
                **_values(graph, node),
            }
        }
        for node in graph.nodes
    ]
    edges = [
        {"data": {"id": str(number), "source": citing, "target": cited}}
        for number, (citing, cited) in enumerate(graph.edges)
    ]
    document = {
        "data": {"name": "citations"},
        "directed": True,
        "multigraph": False,
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _texts(graph: Network, node: Node) -> list[tuple[str, str]]:
    """A node's attributes as text; those that are unknown are left out."""
    known = _values(graph, node).items()
    return [(name, str(value)) for name, value in known if value not in (None, "")]


def _values(graph: Network, node: Node) -> dict[str, str | int | None]:
    return {
        "label": one_line(node.title),
        "year": node.year,
        "section": one_line(node.section),
        "citation_count": node.citation_count,
        "cited_in_list": graph.cited_by[node.paper_id],
    }


def _written(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    return "<?xml version='1.0' encoding='UTF-8'?>\n" + ElementTree.tostring(root, "unicode") + "\n"
