"""What was fetched, when and from whom, and what was not there: one SQLite file for the machine."""

from enrich.store.limits import Circuit
from enrich.store.proof import Proof
from enrich.store.store import Held, Searched, Store

__all__ = ["Circuit", "Held", "Proof", "Searched", "Store"]
