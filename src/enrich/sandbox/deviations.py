"""Assumptions about the services that the sandbox can break, each by a named switch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

URL_LIMIT = 8190  # bytes of a request line; 600-700 arXiv ids in a GET were answered with 414


def _switch(what: str) -> Any:
    return field(default=False, metadata={"what": what})


def _most(what: str, default: int = 0) -> Any:
    return field(default=default, metadata={"what": what})


@dataclass(frozen=True)
class Deviations:
    """Ways in which the services might differ from what was recorded; nothing is on by default.

    Spelled with hyphens on the command line and in `named`: `s2-batch-shuffled`,
    `arxiv-or-max=5`. A number of 0 is no limit.
    """

    s2_batch_shuffled: bool = _switch("rows of a batch come in another order than its ids")
    s2_unknown_dropped: bool = _switch("unknown ids are left out of a batch instead of being null")
    s2_unknown_fails: bool = _switch("one unknown id fails the whole batch with 400")
    s2_batch_max: int = _most("a batch of more ids is answered with 400")
    s2_versions_resolved: bool = _switch("`ARXIV:` with a version finds the paper")
    s2_bulk_or_empty: bool = _switch("bulk search with `|` finds nothing")
    s2_bulk_or_refused: bool = _switch("bulk search with `|` is answered with 400")
    s2_bulk_max_terms: int = _most("bulk search with more words or phrases is answered with 400")
    s2_bulk_phrase_loose: bool = _switch("bulk search ignores quotation marks")
    s2_match_empty: bool = _switch("a title that nothing matches is 200 with an empty list")
    s2_match_gone: bool = _switch("match answers 404 to everything")
    s2_fields_missing: bool = _switch("externalIds, abstract and citationCount are left out")
    s2_fields_null: bool = _switch("all fields but paperId and title are null")
    s2_fields_refused: bool = _switch("asking for externalIds is answered with 400")
    s2_field_added: bool = _switch("rows have an undocumented field")
    s2_key_refused: bool = _switch("every key is answered with 403")
    arxiv_versions_refused: bool = _switch("an id with a version fails its list with 400")
    arxiv_unknown_fails: bool = _switch("an unknown id fails its list with 400")
    arxiv_or_refused: bool = _switch("a query with OR is answered with 400")
    arxiv_or_empty: bool = _switch("a query with OR finds nothing")
    arxiv_or_max: int = _most("a query of more terms is answered with 400")
    arxiv_ids_max: int = _most("a list of more ids is answered with 400")
    arxiv_element_added: bool = _switch("entries have an undocumented element")
    arxiv_classic: bool = _switch("feeds are in the dialect of before 2025-11")
    arxiv_interval: int = _most("arXiv wants N s between requests, not 3")
    s2_interval: int = _most("Semantic Scholar wants N s between requests, key or not")
    url_limit: int = _most("longer request targets are answered with 414", URL_LIMIT)

    @classmethod
    def named(cls, names: Iterable[str] | str) -> Deviations:
        """From names as on the command line; raises ValueError for an unknown one."""
        known = {f.name.replace("_", "-"): f for f in fields(cls)}
        values: dict[str, bool | int] = {}
        for given in [names] if isinstance(names, str) else names:
            name, _, value = given.partition("=")
            if name not in known:
                names_known = ", ".join(sorted(known))
                raise ValueError(f"unknown deviation {name!r}; known are {names_known}")
            if known[name].type == "bool":
                if value:
                    raise ValueError(f"the deviation {name} takes no number, {given!r} has one")
                values[known[name].name] = True
            elif value.isdecimal():
                values[known[name].name] = int(value)
            else:
                raise ValueError(f"the deviation {name} needs a number: {name}=5")
        return cls(**values)  # type: ignore[arg-type]  # each name was just checked against its type


def described() -> dict[str, str]:
    """Each deviation as it is spelled, with what it does."""
    return {
        f.name.replace("_", "-") + ("" if f.type == "bool" else "=N"): f.metadata["what"]
        for f in fields(Deviations)
    }
