"""`Proof`: without one no miss can be stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from enrich.records import Service


@dataclass(frozen=True, slots=True)
class Proof:
    """That an endpoint answered a question whose answer it must know, at `proven_at`.

    An endpoint at a wrong address, or one that answers everything with nothing, never gives one.
    """

    service: Service
    endpoint: str
    proven_at: datetime
