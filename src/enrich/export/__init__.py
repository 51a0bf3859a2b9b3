"""A snapshot in the formats of reference managers, spreadsheets and programs."""

from enrich.export.write import FORMATS, render

__all__ = ["FORMATS", "render"]
