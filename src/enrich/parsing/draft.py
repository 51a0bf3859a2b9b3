"""One entry on its way: cut out of the document or a row of data, not yet understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from enrich.parsing.document import Piece
from enrich.records import Identifiers, Kind


@dataclass(eq=False, slots=True)
class Draft:
    """One entry as it stands: its leading line(s), what is nested below, and where."""

    form: str
    section: tuple[str, ...]
    lead: list[Piece]
    line_start: int
    line_end: int
    more: list[list[Piece]] = field(default_factory=list)
    columns: dict[str, list[Piece]] = field(default_factory=dict)
    cells: list[tuple[str, list[Piece]]] = field(default_factory=list)  # of a table's row
    title: str | None = None  # set where the format has a field for it; "" when it is empty
    ids: list[Identifiers] = field(default_factory=list)
    kind: Kind | None = None  # set where the format says what the entry is
    extra: list[tuple[str, str]] = field(default_factory=list)  # named values without a column
