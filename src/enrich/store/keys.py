"""Identity keys: a kind and a bare identifier, the names under which papers are asked for."""

from __future__ import annotations

from enrich.papers.identifiers import askable_keys as keys_of
from enrich.records import Record

__all__ = ["identity_keys", "keys_of"]


def identity_keys(record: Record) -> tuple[str, ...]:
    """The identity keys under which `record` answers."""
    return keys_of(record.ids)
