"""One reader per source format; each returns the blocks of a document."""
