"""The owner's own Markdown with counts, venues and arXiv links added, everything else unchanged.

places (where) -> mark_text (what) -> edit (bytes in, bytes out), checked by equivalence
"""
