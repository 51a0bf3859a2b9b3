"""The kinds of identifiers of papers: one table of their names, order, prefixes and grammars.

An identifier travels as a key `kind:value` (`arxiv:1811.08383`, `doi:10.1145/12.34`). Whatever
has to list the kinds, order them, spell them for a service or check a value reads this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from enrich.papers.identifiers.grammar import (
    normalise_acl_id,
    normalise_corpus_id,
    normalise_dblp_id,
    normalise_doi,
    normalise_number,
    normalise_openreview_id,
    normalise_pmcid,
    normalise_s2_id,
)
from enrich.papers.identifiers.links import normalise_arxiv_id
from enrich.records import Identifiers, Method


@dataclass(frozen=True, slots=True)
class IdKind:
    """One kind of identifier.

    Attributes:
        name: The kind in keys, as in `arxiv:1811.08383`.
        field: The attribute of `Identifiers` that holds the value.
        normalise: Text to the bare value, None where the text does not follow the grammar.
        method: The resolution method of a record found by such an identifier.
        example: A key of this kind, for messages.
        wire: The prefix with which Semantic Scholar's Graph API takes it (its documentation,
            "paper_id"); None where it cannot be asked for.
        address: The address of a paper's page, the value at `{}`; None where there is none.
    """

    name: str
    field: str
    normalise: Callable[[str], str | int | None]
    method: Method
    example: str
    wire: str | None = None
    address: str | None = None


def _arxiv(text: str) -> str | None:
    found = normalise_arxiv_id(text)
    return found[0] if found else None


def _publisher_doi(text: str) -> str | None:
    """A DOI that is not arXiv's own, which is an arXiv identifier and kept as one."""
    doi = normalise_doi(text)
    return None if doi is None or normalise_arxiv_id(doi) else doi


# Semantic Scholar asks that links made from its data carry utm_source=api.
# Strongest first: the order in which an identifier is trusted to name a paper.
KINDS: Final = (
    IdKind("arxiv", "arxiv_id", _arxiv, "id:arxiv", "arxiv:1811.08383",
           "ARXIV:", "https://arxiv.org/abs/{}"),
    IdKind("doi", "doi", _publisher_doi, "id:doi", "doi:10.1038/nature14539",
           "DOI:", "https://doi.org/{}"),
    IdKind("corpus", "s2_corpus_id", normalise_corpus_id, "id:s2", "corpus:13756489",
           "CorpusId:", "https://api.semanticscholar.org/CorpusID:{}"),
    IdKind("s2", "s2_paper_id", normalise_s2_id, "id:s2", "s2:<40 hex digits>",
           "", "https://www.semanticscholar.org/paper/{}?utm_source=api"),
    IdKind("acl", "acl_id", normalise_acl_id, "id:acl", "acl:P18-1209",
           "ACL:", "https://aclanthology.org/{}/"),
    IdKind("openreview", "openreview_id", normalise_openreview_id, "id:url",
           "openreview:OOsR8BzCnl5", None, "https://openreview.net/forum?id={}"),
    IdKind("dblp", "dblp_id", normalise_dblp_id, "id:url", "dblp:conf/nips/VaswaniSPUJGKP17",
           None, "https://dblp.org/rec/{}"),
    IdKind("pmid", "pmid", normalise_number, "id:url", "pmid:26017442",
           "PMID:", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    IdKind("pmcid", "pmcid", normalise_pmcid, "id:url", "pmcid:3531190",
           "PMCID:", "https://pmc.ncbi.nlm.nih.gov/articles/PMC{}/"),
    IdKind("mag", "mag_id", normalise_number, "id:url", "mag:2963403868", "MAG:"),
)  # fmt: skip
BY_NAME: Final = {kind.name: kind for kind in KINDS}
# Kinds that Semantic Scholar can be asked for; its own identifiers first, which never need
# to be looked up there.
ASKABLE: Final = tuple(
    sorted((kind for kind in KINDS if kind.wire is not None),
           key=lambda kind: {"s2": 0, "corpus": 1}.get(kind.name, 2))
)  # fmt: skip


@lru_cache(maxsize=16_384)  # asked again for the same records after every step of a run
def id_keys(ids: Identifiers) -> tuple[str, ...]:
    """All identifiers as keys `kind:value`, strongest first."""
    return _keys(ids, KINDS)


@lru_cache(maxsize=16_384)
def askable_keys(ids: Identifiers) -> tuple[str, ...]:
    """The keys under which a service can be asked for the paper, its own identifiers first."""
    return _keys(ids, ASKABLE)


def _keys(ids: Identifiers, kinds: tuple[IdKind, ...]) -> tuple[str, ...]:
    found = ((kind.name, getattr(ids, kind.field)) for kind in kinds)
    return tuple(f"{name}:{value}" for name, value in found if value is not None)


def parse_key(text: str) -> str | None:
    """A key as a person writes it, in normal form; None where kind or value is not valid.

    `arXiv: 1811.08383v2` gives `arxiv:1811.08383`.
    """
    name, _, value = text.strip().partition(":")
    kind = BY_NAME.get(name.strip().lower())
    bare = kind.normalise(value.strip()) if kind else None
    return None if kind is None or bare is None else f"{kind.name}:{bare}"


def page_address(name: str, value: str | int) -> str:
    """The address of a paper's page by one identifier: `("doi", "10.1/x")`.

    Raises KeyError for a kind that does not exist and ValueError for one without pages.
    """
    address = BY_NAME[name].address
    if address is None:
        raise ValueError(f"There are no pages by {name!r}.")
    return address.format(in_address(str(value)))


def in_address(value: str) -> str:
    """A value for use inside an address: what could end or open something is percent-encoded."""
    return "".join(
        "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace"))
        if c in '%{}\\<>"^`|#?[]()' or c.isspace() or not c.isprintable()
        else c
        for c in value
    )


def wire_id(key: str) -> str:
    """A key as Semantic Scholar spells it: `arxiv:1811.08383` -> `ARXIV:1811.08383`.

    Raises KeyError for a kind that does not exist and ValueError for one that cannot be asked.
    """
    name, _, value = key.partition(":")
    prefix = BY_NAME[name].wire
    if prefix is None:
        raise ValueError(f"Semantic Scholar cannot be asked for {key!r}.")
    return prefix + value
