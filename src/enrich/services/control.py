"""Control questions: about a paper that a service must know, to see whether its answers count."""

from __future__ import annotations

import re
from dataclasses import dataclass

from enrich.records import Service
from enrich.store import Store

# Published in 2018 and cited thousands of times: both services will go on having it.
DEFAULT_ID = "1811.08383"
DEFAULT_TITLE = "TSM: Temporal Shift Module for Efficient Video Understanding"


@dataclass(frozen=True, slots=True)
class ControlPaper:
    """A paper that a service is known to hold: an identity key and its title."""

    key: str
    title: str


DEFAULT = ControlPaper(f"arxiv:{DEFAULT_ID}", DEFAULT_TITLE)


def control_paper(store: Store, service: Service) -> ControlPaper:
    """A paper that `service` answered lately, else one that everybody has."""
    kind = "arxiv" if service == "arxiv" else "s2"
    for record in store.known_records(service):
        if is_plain(record.title):
            return ControlPaper(f"{kind}:{record.source_id}", record.title)
    return DEFAULT


def is_plain(title: str) -> bool:
    """Whether any search engine finds this title as a phrase."""
    words = title.split()
    return (
        5 <= len(words) <= 12
        and len(title) <= 90
        and all(re.fullmatch(r"[A-Za-z]+", word) for word in words)
    )
