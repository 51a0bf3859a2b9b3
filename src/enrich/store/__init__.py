"""What was fetched, when, by whom, and what was not there: one SQLite file for the machine."""

from enrich.store.store import Held, Pace, Searched, Store

__all__ = ["Held", "Pace", "Searched", "Store"]
