"""The only way to the services and the store: from entries to all that the sources know of them."""

from enrich.lookup.lookup import Lookup, open_lookup
from enrich.lookup.plan import Plan
from enrich.services.assumptions import Check

__all__ = ["Check", "Lookup", "Plan", "open_lookup"]
