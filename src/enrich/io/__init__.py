"""Input and output that several packages share: bounded HTTP, atomic files, addresses, pyarrow."""
