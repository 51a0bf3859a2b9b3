"""The citation graph of a list: what its papers reference, what it is missing, which
papers are its core. Pure: records in, records out.
"""
