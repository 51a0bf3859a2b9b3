"""Assumptions about the services that the sandbox can be told to break, one by one, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

URL_LIMIT = 8190  # bytes of a request line; 600-700 arXiv ids in a GET were answered with 414


@dataclass(frozen=True)
class Deviations:
    """Ways in which the services might differ from what was recorded; nothing is on by default.

    Spelled with hyphens on the command line and in `named`: `s2-batch-shuffled`,
    `arxiv-or-max=5`. A number of 0 means no such limit.
    """

    s2_batch_shuffled: bool = False  # rows come in another order than the ids
    s2_unknown_dropped: bool = False  # unknown ids leave no null behind
    s2_unknown_fails: bool = False  # one unknown id fails the whole batch with 400
    s2_batch_max: int = 0  # at most so many ids a batch
    s2_versions_resolved: bool = False  # ARXIV: with a version finds the paper
    s2_bulk_or_empty: bool = False  # `|` between phrases finds nothing
    s2_bulk_or_refused: bool = False  # `|` is answered with 400
    s2_bulk_max_terms: int = 0  # more phrases than that are answered with 400
    s2_bulk_phrase_loose: bool = False  # quotation marks are ignored
    s2_match_empty: bool = False  # a miss is 200 with an empty list, not 404
    s2_match_gone: bool = False  # the endpoint answers 404 "Not Found" to everything
    s2_fields_missing: bool = False  # externalIds, abstract and citationCount are left out
    s2_fields_refused: bool = False  # asking for externalIds is answered with 400
    s2_key_refused: bool = False  # every key is answered with 403
    arxiv_versions_refused: bool = False  # an id with a version fails the list with 400
    arxiv_unknown_fails: bool = False  # an unknown id fails the list with 400
    arxiv_or_refused: bool = False  # a query with OR is answered with 400
    arxiv_or_empty: bool = False  # a query with OR finds nothing
    arxiv_or_max: int = 0  # more terms than that are answered with 400
    arxiv_ids_max: int = 0  # more ids than that are answered with 400
    arxiv_classic: bool = False  # the feed's dialect of before 2025-11
    url_limit: int = URL_LIMIT  # longer request targets are answered with 414

    @classmethod
    def named(cls, names: Iterable[str]) -> Deviations:
        """From names as on the command line; ValueError tells an unknown one and the known."""
        known = {field.name.replace("_", "-"): field for field in fields(cls)}
        values: dict[str, bool | int] = {}
        for given in names:
            name, _, value = given.partition("=")
            if name not in known:
                raise ValueError(
                    f"unknown deviation {name!r}; known are {', '.join(sorted(known))}"
                )
            if known[name].type == "bool":
                if value:
                    raise ValueError(f"the deviation {name} takes no number, {given!r} has one")
                values[known[name].name] = True
            elif value.isdecimal():
                values[known[name].name] = int(value)
            else:
                raise ValueError(f"the deviation {name} needs a number: {name}=5")
        return cls(**values)  # type: ignore[arg-type]  # each name was just checked against its type
