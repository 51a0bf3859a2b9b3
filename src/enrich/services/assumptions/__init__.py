"""Check what the design assumes about the services: one table of assumptions per service.

`check_services` asks each question within the services' limits and says which assumptions hold.
"""

from __future__ import annotations

from datetime import datetime

from enrich.services.arxiv_api import Arxiv
from enrich.services.assumptions.arxiv import ArxivProbe
from enrich.services.assumptions.arxiv import assumptions as arxiv_assumptions
from enrich.services.assumptions.check import Check, State, check_all
from enrich.services.assumptions.semantic_scholar import S2Probe
from enrich.services.assumptions.semantic_scholar import assumptions as s2_assumptions
from enrich.services.semantic_scholar import SemanticScholar

__all__ = ["Check", "State", "check_services"]


def check_services(arxiv: Arxiv, s2: SemanticScholar, now: datetime) -> list[Check]:
    """Check every assumption about both services, in about twenty requests.

    Args:
        arxiv: The client of arXiv.
        s2: The client of Semantic Scholar.
        now: The time that records of sample answers are given.

    Returns:
        One check per assumption that could be asked about, in the order of the tables.
    """
    s2_probe, arxiv_probe = S2Probe(s2, now), ArxivProbe(arxiv)
    return [
        *check_all("semantic_scholar", s2_probe, s2_assumptions(s2_probe)),
        *check_all("arxiv", arxiv_probe, arxiv_assumptions(arxiv_probe)),
    ]
