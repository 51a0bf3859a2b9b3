"""The two services, asked politely: one line to each, and what they say as records."""

from enrich.services.arxiv_api import Arxiv
from enrich.services.rate_limit import Line
from enrich.services.semantic_scholar import SemanticScholar

__all__ = ["Arxiv", "Line", "SemanticScholar"]
