"""The owner's own Markdown with counts, venues and arXiv links added, everything else untouched."""

from enrich.annotate.edit import Annotated, annotate, papers_of, strip

__all__ = ["Annotated", "annotate", "papers_of", "strip"]
