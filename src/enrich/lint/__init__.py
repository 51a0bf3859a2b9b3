"""A list checked: what is wrong in it, where, what to do, and a patch for what is certain."""

from enrich.lint.fixes import Fixed, fix
from enrich.lint.problems import Found, find_problems

__all__ = ["Fixed", "Found", "find_problems", "fix"]
