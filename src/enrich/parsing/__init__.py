"""Curated lists: found, fetched and read into entries; nothing of a list is lost."""

from enrich.parsing.entry_ids import KnownEntry
from enrich.parsing.parse import parse_list
from enrich.parsing.source import ListText, find_lists, read_list

__all__ = ["KnownEntry", "ListText", "find_lists", "parse_list", "read_list"]
