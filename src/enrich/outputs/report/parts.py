"""The extra sections of the report, in the order in which the page shows them.

A module with a section has one function that takes the report's input and returns a `Part`, or None
when there is nothing to show; it is added to `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable

from enrich.outputs.report.citation_part import citation_part
from enrich.outputs.report.inputs import ReportInput
from enrich.outputs.report.part import Part

PARTS: tuple[Callable[[ReportInput], Part | None], ...] = (citation_part,)


def parts_of(source: ReportInput) -> tuple[Part, ...]:
    """The extra sections there is something to show for."""
    return tuple(part for make in PARTS if (part := make(source)) is not None)
