"""The layout of a list, inferred from all its entries: which slot holds title, authors, venue."""
