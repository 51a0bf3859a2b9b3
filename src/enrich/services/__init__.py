"""The clients of arXiv and Semantic Scholar: requests within the rate limits, checked answers."""

from enrich.services.arxiv_api import Arxiv
from enrich.services.client import ServiceClient
from enrich.services.connection import Connection
from enrich.services.semantic_scholar import SemanticScholar

__all__ = ["Arxiv", "Connection", "SemanticScholar", "ServiceClient"]
