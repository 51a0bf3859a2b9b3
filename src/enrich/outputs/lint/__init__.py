"""A list checked: what is wrong in it, where, what to do, and a patch for what is certain.

problems (what is wrong now) -> formats (lines, annotations, JSON); fixes (the certain cures)
"""
