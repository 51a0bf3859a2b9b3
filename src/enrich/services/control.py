"""Control questions: about a paper that a service must know, to see whether its answers count."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from enrich.papers.identifiers import askable_keys
from enrich.papers.titles import title_key
from enrich.records import Record, Service
from enrich.store import Store


@dataclass(frozen=True, slots=True)
class ControlPaper:
    """A paper that a service is known to hold: an identity key and its title."""

    key: str
    title: str

    def is_described_by(self, row: Record) -> bool:
        """Whether a row is this paper's, by an identifier, else by its title."""
        return self.key in askable_keys(row.ids) or title_key(row.title) == title_key(self.title)


# Cited thousands of times since 2018 and 2019: both services will go on having them.
DEFAULTS = (
    ControlPaper(
        "arxiv:1811.08383", "TSM: Temporal Shift Module for Efficient Video Understanding"
    ),
    ControlPaper(
        "arxiv:1906.03327",
        "HowTo100M: Learning a Text-Video Embedding by Watching Hundred Million Narrated Video "
        "Clips",
    ),
)


def control_paper(store: Store, service: Service, avoid: Collection[str] = ()) -> ControlPaper:
    """A paper that `service` answered lately, else one that everybody has.

    Args:
        store: What was answered.
        service: Who is asked.
        avoid: Identity keys and title keys of the questions that are in doubt.
    """
    kind = "arxiv" if service == "arxiv" else "s2"
    for record in store.known_records(service):
        own = {*askable_keys(record.ids), title_key(record.title)}
        if is_plain(record.title) and not own & set(avoid):
            return ControlPaper(f"{kind}:{record.source_id}", record.title)
    sound = [p for p in DEFAULTS if p.key not in avoid and title_key(p.title) not in avoid]
    return (sound or DEFAULTS)[0]


def is_plain(title: str) -> bool:
    """Whether any search engine finds this title as a phrase."""
    words = title.split()
    return (
        5 <= len(words) <= 12
        and len(title) <= 90
        and all(re.fullmatch(r"[A-Za-z]+", word) for word in words)
    )
