"""Lists in random layouts with gold records, to measure the parser on what nobody tuned it for."""
