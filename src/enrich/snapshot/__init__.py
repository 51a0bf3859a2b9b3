"""Snapshots: published whole or not at all, and loaded with one call."""

from enrich.snapshot.gates import Gate, GateLimits
from enrich.snapshot.publishing import Published, claim_root, publish
from enrich.snapshot.reading import history, lists, load, published_identities

__all__ = [
    "Gate",
    "GateLimits",
    "Published",
    "claim_root",
    "history",
    "lists",
    "load",
    "publish",
    "published_identities",
]
