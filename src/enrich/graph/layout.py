"""Place the papers of a network on a plane so that papers that cite each other are near. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from enrich.graph.network import Network

# Iterations of the force model; fewer for large networks, whose cost grows with the square.
_ITERATIONS, _ITERATIONS_OF_MANY, _MANY = 300, 80, 300
# How strongly everything is drawn to the middle, so that unconnected parts do not drift away.
_GRAVITY = 0.06
# The constant C of the model's distance between linked papers, C * sqrt(area / papers).
_SPREAD = 1.25
# A paper with one citation is pushed far out: what lies beyond this share of the papers is drawn
# nearer, so that the others have room.
_INNER_SHARE, _BEYOND = 0.95, 0.3


def positions(network: Network) -> dict[str, tuple[float, float]]:
    """Coordinates between 0 and 1 for every paper that cites or is cited within the list.

    Force-directed (Fruchterman and Reingold, 1991): all papers repel each other, citations pull.
    The same network always gives the same coordinates. A thousand papers take a second or two.
    """
    isolated = {node.paper_id for node in network.isolated}
    nodes = [node for node in network.nodes if node.paper_id not in isolated]
    if not nodes:
        return {}
    place = {node.paper_id: n for n, node in enumerate(nodes)}
    ends = np.array([[place[a], place[b]] for a, b in network.edges])
    ends = np.unique(np.sort(ends, axis=1), axis=0)
    # Papers of one section begin side by side: sections end up together where citations allow it.
    order = sorted(range(len(nodes)), key=lambda n: (nodes[n].section, n))
    angle = np.empty(len(nodes))
    angle[order] = np.linspace(0, 2 * np.pi, len(nodes), endpoint=False)
    radius = 0.5 + 0.1 * np.cos(7 * angle)
    at = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).astype(np.float32)
    at = _settled(at, ends, _ITERATIONS if len(nodes) <= _MANY else _ITERATIONS_OF_MANY)
    at = _drawn_in(at)
    low, high = at.min(axis=0), at.max(axis=0)
    scaled = (at - low) / np.where(high > low, high - low, 1)
    return {
        node.paper_id: (round(float(x), 4), round(float(y), 4))
        for node, (x, y) in zip(nodes, scaled, strict=True)
    }


def _drawn_in(at: NDArray[np.float32]) -> NDArray[np.float32]:
    """The coordinates with the outermost papers nearer: beyond the inner ones distance is a log."""
    away = at - np.median(at, axis=0)
    reach = np.quantile(np.abs(away), _INNER_SHARE, axis=0)
    away = away / np.maximum(reach, 1e-9)
    far = np.sign(away) * (1 + _BEYOND * np.log(np.maximum(np.abs(away), 1)))
    return np.asarray(np.where(np.abs(away) > 1, far, away), np.float32)


def _settled(
    at: NDArray[np.float32], ends: NDArray[np.int64], iterations: int
) -> NDArray[np.float32]:
    """The coordinates after all forces have been applied with falling strength."""
    distance = _SPREAD / np.sqrt(len(at))
    for step in range(iterations):
        # Sums over all pairs as products of matrices: many times faster than pair by pair.
        length = (at**2).sum(axis=1)
        squared = length[:, None] + length[None, :] - 2 * (at @ at.T)
        repulsion = distance**2 / np.maximum(squared, 1e-4)
        move = at * repulsion.sum(axis=1, keepdims=True) - repulsion @ at
        along = at[ends[:, 0]] - at[ends[:, 1]]
        pull = along * (np.linalg.norm(along, axis=1, keepdims=True) / distance)
        np.add.at(move, ends[:, 0], -pull)
        np.add.at(move, ends[:, 1], pull)
        move -= _GRAVITY * at / distance
        size = np.maximum(np.linalg.norm(move, axis=1, keepdims=True), 1e-9)
        at = at + move / size * np.minimum(size, 0.12 * (1 - step / iterations) + 0.002)
    return at
