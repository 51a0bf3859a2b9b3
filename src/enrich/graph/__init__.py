"""The citation graph of a list: what its papers reference, what it is missing, how it hangs
together. Pure: records in, records out.
"""
