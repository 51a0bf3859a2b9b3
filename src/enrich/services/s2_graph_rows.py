"""Rows of Semantic Scholar's citation graph -> `Reference`, `ReferenceList`. Pure.

Four outcomes of a bibliography are kept apart: complete, none known, elided by the publisher, and
incomplete. `docs/citations.md` says how the service shows each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from enrich.records import NO_IDENTIFIERS, Reference
from enrich.services.fields import INT64, Faults, FieldReader
from enrich.services.s2_records import identifiers_of, paper_id_of

_ELIDED = re.compile(r"elided by the publisher: \{[^}]*'references'")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What one row says of a paper's references.

    Attributes:
        paper_id: The paper's own id, None where the row has none.
        corpus_id: The same for the corpus id.
        expected: How many references the service counts.
        references: Those in the row, in order.
        is_elided: The publisher withholds them.
    """

    paper_id: str | None
    corpus_id: int | None
    expected: int | None
    references: tuple[Reference, ...]
    is_elided: bool

    @property
    def works(self) -> tuple[Reference, ...]:
        """The references; where there are more than counted, those that come twice count once."""
        if self.expected is None or len(self.references) <= self.expected:
            return self.references
        numbered = enumerate(self.references)
        return tuple({w.ids.s2_paper_id or w.title or n: w for n, w in numbered}.values())

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing: the service cuts long answers without saying so."""
        return self.is_elided or (self.expected is not None and len(self.works) >= self.expected)


def bibliography_of(row: Mapping[str, Any], now: datetime, faults: Faults) -> Bibliography:
    """The references nested in the row of a paper.

    Args:
        row: A paper with nested references.
        now: When it was received.
        faults: Counts the fields that cannot be used.
    """
    reader = FieldReader(row, faults)
    notice = reader.row("openAccessPdf").text("disclaimer")
    expected = reader.number("referenceCount")
    # A row without the field says nothing of them.
    withheld = row.get("references", ()) is None and bool(expected or is_elided(notice))
    return Bibliography(
        paper_id_of(reader),
        reader.number("corpusId", 1, INT64),
        expected,
        tuple(reference_of(cited, now) for cited in reader.rows("references")),
        withheld,
    )


def is_elided(notice: str | None) -> bool:
    """Whether the service's notice names the references among what the publisher withholds."""
    return bool(notice and _ELIDED.search(notice))


def reference_of(reader: FieldReader, now: datetime) -> Reference:
    """One referenced work; without an id where the service could not resolve it."""
    paper_id = paper_id_of(reader)
    # Nested in a paper it is text, in pages a number.
    corpus = reader.number("corpusId", 1, INT64, or_text=True)
    external = reader.row("externalIds")
    names = (author.text("name") for author in reader.rows("authors"))
    return Reference(
        title=reader.text("title"),
        ids=identifiers_of(external, paper_id, corpus) if paper_id else NO_IDENTIFIERS,
        year=reader.year("year", now),
        venue=reader.text("venue"),
        citation_count=reader.number("citationCount"),
        authors=tuple(name for name in names if name),
    )
