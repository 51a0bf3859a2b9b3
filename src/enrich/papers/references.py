"""The works that a paper references: records between the service, the store and the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from enrich.records import Reference

# What is known of a bibliography; see `paper_records.ReferencesStatus`.
ListStatus = Literal["complete", "none_known", "elided", "failed"]


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The bibliography of one paper as Semantic Scholar answered it, in order.

    `status` is `failed` where fewer works came than the service counts, also when the paper was
    asked for alone.
    """

    status: ListStatus
    observed_at: datetime
    references: tuple[Reference, ...] = ()
