"""enrich: turn a curated list of papers into data."""

__version__ = "0.1.0"
