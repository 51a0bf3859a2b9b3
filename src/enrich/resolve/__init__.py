"""Decide which candidate is an entry's paper, with the evidence. Pure: no I/O, no clock.

No score of a service is read: a candidate is accepted by the rules of `decide` or not at all.
"""

from enrich.resolve.decision import RULE_VERSION, decide
from enrich.resolve.eligibility import wants_lookup
from enrich.resolve.scoring import denies, reworded

__all__ = ["RULE_VERSION", "decide", "denies", "reworded", "wants_lookup"]
