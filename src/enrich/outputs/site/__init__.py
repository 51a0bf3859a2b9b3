"""One static site of all lists: an index with a search over all, a report page per list.

combine (pure: papers over lists) -> page (pure) -> write. No server is needed, and no network.
"""
