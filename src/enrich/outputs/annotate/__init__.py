"""The owner's own Markdown with counts, venues and arXiv links added, everything else untouched.

places (where) -> wording (what) -> edit (bytes in, bytes out), proven by proof
"""
