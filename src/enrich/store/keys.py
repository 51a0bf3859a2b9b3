"""Identity keys: a kind and a bare identifier, the names under which papers are asked for."""

from __future__ import annotations

from enrich.records import Identifiers, Record


def identity_keys(record: Record) -> tuple[str, ...]:
    """The identity keys under which `record` answers."""
    return keys_of(record.ids)


def keys_of(ids: Identifiers) -> tuple[str, ...]:
    """The identity keys of some identifiers, those of the services themselves first."""
    pairs = (
        ("s2", ids.s2_paper_id), ("corpus", ids.s2_corpus_id), ("arxiv", ids.arxiv_id),
        ("doi", ids.doi), ("acl", ids.acl_id), ("pmid", ids.pmid), ("mag", ids.mag_id),
    )  # fmt: skip
    return tuple(f"{kind}:{value}" for kind, value in pairs if value is not None)
