"""The citation network within a list, and its exports."""

from __future__ import annotations

import io
import json
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.graph.network import Network, Node, network_of
from enrich.outputs.export.network_formats import cytoscape, gexf, graphml


def paper(name: str, year: int | None = 2020) -> dict[str, Any]:
    return {"paper_id": name, "title": f"Title of {name}", "year": year, "citation_count": 7}


def net(papers: dict[str, int | None], *edges: str) -> Network:
    """A network of papers with their years and of edges `citing>cited`."""
    pairs = [edge.split(">") for edge in edges]
    references = [{"paper_id": a, "cited_paper_id": b} for a, b in pairs]
    return network_of([paper(*p) for p in papers.items()], references, {"a": "Video"})


def names(nodes: list[Node]) -> list[str]:
    return [node.paper_id for node in nodes]


def test_only_citations_within_the_list_count_once() -> None:
    """Repeated references, self-citations and works outside the list are no edges."""
    graph = net({"a": 2020, "b": 2019}, "a>b", "a>b", "a>a", "a>outside")
    assert graph.edges == (("a", "b"),)
    assert (graph.cited_by, graph.nodes[0].section) == ({"a": 0, "b": 1}, "Video")


def test_core_papers_and_isolated_ones() -> None:
    """The most cited within the list first, the older of equals; isolated ones in list order."""
    graph = net({"d": 2020, "a": 2020, "b": 2019, "c": 2018, "e": 1990}, "a>b", "a>c", "b>c")
    assert names(graph.core) == ["c", "b"]
    assert names(graph.isolated) == ["d", "e"]


def test_the_reading_order_begins_with_what_others_build_on() -> None:
    """A paper comes after those that it cites, whatever the years say; else the older first."""
    graph = net({"a": 2015, "b": 2019, "c": 2010, "d": None}, "a>b")
    assert names(graph.reading_order) == ["c", "b", "a", "d"]
    circle = net({"a": 2020, "b": 2019}, "a>b", "b>a")
    assert names(circle.reading_order) == ["b", "a"]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40))
def test_every_paper_is_read_once_and_after_what_it_cites(edges: list[tuple[int, int]]) -> None:
    """The order is a permutation, topological when there is no circle."""
    graph = net({str(n): 2000 for n in range(13)}, *(f"{a}>{b}" for a, b in edges))
    order = {name: place for place, name in enumerate(names(graph.reading_order))}
    assert len(order) == 13
    reference = networkx.DiGraph(list(graph.edges))
    if networkx.is_directed_acyclic_graph(reference):
        assert all(order[cited] < order[citing] for citing, cited in graph.edges)


@pytest.mark.parametrize("title", ["Plain", "<b>&amp; \x1b[31m \x00 “quoted” ☃"])
def test_every_format_is_read_by_other_programs(title: str) -> None:
    """networkx reads all three; odd characters in titles break none of them."""
    nodes = (Node("a", title, 2020, "Video / A & B", 5), Node("b", "B"))
    graph = Network(nodes, (("a", "b"),))
    read = networkx.parse_graphml(graphml(graph))
    assert read.is_directed() and list(read.edges) == [("a", "b")]
    assert read.nodes["a"]["year"] == 2020 and read.nodes["b"]["cited_in_list"] == 1
    assert "year" not in read.nodes["b"]
    root = ElementTree.fromstring(gexf(graph))
    assert len(root.findall(".//{http://gexf.net/1.3}node")) == 2
    assert len(root.findall(".//{http://gexf.net/1.3}edge")) == 1
    for read in (
        networkx.read_gexf(io.BytesIO(gexf(graph).encode())),
        networkx.cytoscape_graph(json.loads(cytoscape(graph))),
    ):
        assert read.is_directed() and list(read.edges) == [("a", "b")]
        assert read.nodes["b"]["label"] == "B" and read.nodes["a"]["section"] == "Video / A & B"
    elements = json.loads(cytoscape(graph))["elements"]
    assert [n["data"]["id"] for n in elements["nodes"]] == ["a", "b"]
    assert elements["edges"][0]["data"] == {"id": "0", "source": "a", "target": "b"}
