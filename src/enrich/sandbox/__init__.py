"""The sandbox: a stand-in for arXiv and Semantic Scholar on loopback.

`with Sandbox(scale=1000) as box:` serves at `box.arxiv_url` and `box.s2_url`; `python -m
enrich.sandbox` does the same for a shell.
"""

from enrich.sandbox.catalogue import Catalogue, Paper, embedded
from enrich.sandbox.faults import Fault
from enrich.sandbox.files import read_catalogue
from enrich.sandbox.limits import Rates
from enrich.sandbox.server import LoggedRequest, Sandbox
from enrich.sandbox.synthetic import list_of, synthetic

__all__ = [
    "Catalogue",
    "Fault",
    "LoggedRequest",
    "Paper",
    "Rates",
    "Sandbox",
    "embedded",
    "list_of",
    "read_catalogue",
    "synthetic",
]
