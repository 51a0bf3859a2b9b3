"""The only way to the services and the store: from entries to all that the sources know of them."""

from enrich.lookup.checkup import Check
from enrich.lookup.lookup import Lookup, open_lookup
from enrich.lookup.plan import Plan

__all__ = ["Check", "Lookup", "Plan", "open_lookup"]
