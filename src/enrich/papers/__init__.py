"""Facts about papers, free of I/O: titles, author names, identifiers, venues, identity, merging."""
