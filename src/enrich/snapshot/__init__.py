"""Snapshots: build the tables of a run, check them, publish them whole or not at all, load them.

Import from the modules: `schema` (tables and columns), `publishing`, `gates`, `reading`, `compare`.
"""
