"""From an entry and its candidates to one outcome with its evidence. Pure: no I/O, no clock.

`decide` is the only judge: whatever a service's own score says, a candidate is accepted by the
rules here or not at all.
"""

from enrich.resolve.decision import RULE_VERSION, decide
from enrich.resolve.eligibility import wants_lookup

__all__ = ["RULE_VERSION", "decide", "wants_lookup"]
